"""Reading an assignment: all that the grading of its submissions needs to know, but whether its checks are sound."""

from __future__ import annotations

from pathlib import Path

import nbformat
from traitlets.config import Config

from autograder.gradebook.register import kernelspec, master_cells
from autograder.gradebook.session import limits
from autograder.notebooks.attachments import plain_files
from autograder.notebooks.version import version
from autograder.records import Assignment


def load(config: Config, path: Path, source: nbformat.NotebookNode) -> Assignment:
    """The assignment whose source notebook is `source`, at `path`."""
    master = master_cells(config, source)
    bounds = limits(config)
    files = plain_files(path.parent)
    digest = version(path, bounds)
    return Assignment(path.stem, master, kernelspec(source), files, bounds, digest)
