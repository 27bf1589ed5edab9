"""Reading an assignment: all that the grading of its submissions needs to know."""

from __future__ import annotations

from pathlib import Path

import nbformat
from traitlets.config import Config

from autograder.gradebook.register import kernelspec, master_cells
from autograder.gradebook.session import limits
from autograder.grading.soundness import unsound
from autograder.notebooks.attachments import plain_files
from autograder.notebooks.reading import read, require_assignment
from autograder.notebooks.version import version
from autograder.records import Assignment


def load(config: Config, name: str) -> tuple[Assignment, nbformat.NotebookNode]:
    """The assignment `name` of the course, and its source notebook.

    Raises CourseError when there is none, or when it cannot be read or run.
    """
    path = require_assignment(Path(config.CourseDirectory.root), name)
    source = read(path)
    master = master_cells(config, source)
    bounds = limits(config)
    files = plain_files(path.parent)
    digest = version(path, bounds)
    return Assignment(name, master, kernelspec(source), files, bounds, unsound(path, bounds), digest), source
