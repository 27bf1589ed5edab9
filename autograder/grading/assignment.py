"""Reading an assignment: all that the grading of its submissions needs to know, but whether its checks are sound."""

from __future__ import annotations

from pathlib import Path

import nbformat
from traitlets.config import Config

from autograder.gradebook.register import kernelspec, master_cells
from autograder.gradebook.session import limits
from autograder.notebooks.attachments import plain_files
from autograder.notebooks.reading import require_assignment
from autograder.notebooks.version import version
from autograder.records import Assignment


def load(config: Config, name: str, source: nbformat.NotebookNode) -> Assignment:
    """The assignment `name` of the course, whose source notebook is `source`."""
    path = require_assignment(Path(config.CourseDirectory.root), name)
    master = master_cells(config, source)
    bounds = limits(config)
    files = plain_files(path.parent)
    digest = version(path, bounds)
    return Assignment(name, master, kernelspec(source), files, bounds, digest)
