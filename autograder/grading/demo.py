"""A demonstration class: the example submissions, laid out as an instructor would find them."""

from __future__ import annotations

import shutil
from pathlib import Path

import nbformat

from autograder.models import CourseError
from autograder.notebook import CONFIG_FILE, assignments, fill_in

_MARKER = ".demonstration-class"
_SHORT = """
# One of the examples never ends, and nobody should wait long for it.
get_config().Examine.cell_seconds = 2
"""


def set_up(root: Path, target: Path) -> list[str]:
    """Make a class in `target` from the course below `root` and its `examples/submissions/`.

    Answers files (`.py`) are filled into the released notebook, anything else is handed in as it is. Returns the
    assignments with submissions. Replaces `target` when it is an earlier demonstration class, and raises
    CourseError when it is anything else.
    """
    examples = root / "examples" / "submissions"
    if not examples.is_dir():
        raise CourseError("missing.", examples, "Run this from the folder that holds source/ and examples/.")
    if target.exists() and any(target.iterdir()):
        if not (target / _MARKER).exists() or target in (root, *root.parents):
            raise CourseError(
                "is not empty and was not made by this command.", target, "Give an empty folder with --into."
            )
        shutil.rmtree(target)
    submitted = target / "grading" / "submitted"
    submitted.mkdir(parents=True)
    (target / _MARKER).touch()
    for folder in ("source", "answers"):
        if (root / folder).is_dir():
            shutil.copytree(root / folder, target / folder, ignore=shutil.ignore_patterns("__pycache__"))
    settings = (root / CONFIG_FILE).read_text(encoding="utf-8")
    (target / CONFIG_FILE).write_text(settings + _SHORT, encoding="utf-8")
    for student in sorted(examples.iterdir()):
        for example in sorted(student.iterdir()):
            _hand_in(root, example, submitted / student.name / (example.name if example.is_dir() else example.stem))
    return [name for name in assignments(root) if any(submitted.glob(f"*/{name}"))]


def _hand_in(root: Path, example: Path, folder: Path) -> None:
    """Hand in a file or a folder; in a folder, answers go by the notebook's name, alone by the assignment's."""
    release = root / "release" / folder.name
    if example.is_dir():
        shutil.copytree(example, folder)
        for path in sorted(folder.glob("*.py")):
            if (notebook := release / f"{path.stem}.ipynb").exists():
                nbformat.write(fill_in(notebook, path), folder / notebook.name)
                path.unlink()
        return
    folder.mkdir(parents=True)
    if example.suffix == ".py":
        notebook = min(release.glob("*.ipynb"))
        nbformat.write(fill_in(notebook, example), folder / notebook.name)
    else:
        shutil.copy(example, folder / example.name)
