"""A copy of a course in which nbgrader's own converters can work: nothing of the course itself changes."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from pathlib import Path

import nbformat
from traitlets.config import Config

from autograder.cells import role
from autograder.folders import CONFIG_FILE, source_folder
from autograder.gradebook.database import engine
from autograder.notebook import parse_at
from autograder.source_notebook import complete

_FOLDERS = {
    "source_directory": "source",
    "release_directory": "release",
    "solution_directory": "solutions",
    "submitted_directory": "submitted",
    "autograded_directory": "autograded",
    "feedback_directory": "feedback",
}


def copy_source(root: Path, scratch: Path) -> None:
    """Copy the folder of source notebooks of the course below `root`, and make `scratch` look like a course."""
    shutil.copytree(source_folder(root), scratch / "source", ignore=shutil.ignore_patterns(".ipynb_checkpoints"))
    (scratch / "grading").mkdir()
    (scratch / CONFIG_FILE).touch()


def move(config: Config, root: Path, scratch: Path, names: Iterable[str]) -> None:
    """Let `config`, which was of the course below `root`, be of its copy, and complete the copied notebooks.

    They get all that the course adds to these assignments: metadata of today, header and footer, tests that nbgrader
    writes. Raises CourseError when one of them cannot be used.
    """
    for name in names:
        for copy in sorted((scratch / "source" / name).glob("[!.]*.ipynb")):
            _complete(config, source_folder(root) / name / copy.name, copy)
    url = f"sqlite:///{scratch / 'grading' / 'gradebook.db'}"
    engine(url).dispose()  # nbgrader asks another program about a gradebook that it makes itself
    config.CourseDirectory.update({"root": str(scratch), "db_url": url, **_FOLDERS})
    config.IncludeHeaderFooter.update({"header": "", "footer": ""})


def _complete(config: Config, place: Path, copy: Path) -> None:
    """Write the notebook in `copy`, which belongs at `place`, as nbgrader needs it, if that is not how it is."""
    stored = parse_at(place, copy.read_bytes())
    cells = [(cell.source, dict(role(cell).metadata)) for cell in stored.cells]
    whole = complete(config, place, stored)
    if cells != [(cell.source, dict(role(cell).metadata)) for cell in whole.cells]:
        nbformat.write(whole, copy)
