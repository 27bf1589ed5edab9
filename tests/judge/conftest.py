"""Notebooks of a few cells, and what runs and judges them."""

from __future__ import annotations

from collections.abc import Callable

import nbformat
import pytest

from autograder.judge.run import examine
from autograder.models import Limits, Outcome, Trial, Verdict
from autograder.sandbox import ForkServer

PASSED, FAILED = Outcome.PASSED, Outcome.FAILED
Run = Callable[..., list[Verdict]]


def code(source: str, grade_id: str = "", points: float = 2, graded: bool = True) -> nbformat.NotebookNode:
    """A code cell; with a grade id a check, or a locked cell when it is not graded."""
    metadata = {"grade_id": grade_id, "grade": graded, "solution": False, "locked": True, "points": points}
    return nbformat.v4.new_code_cell(source, metadata={"nbgrader": metadata} if grade_id else {})


@pytest.fixture
def run(fork_server: ForkServer) -> Run:
    """Examine a notebook of the given cells."""

    def run_cells(
        *cells: nbformat.NotebookNode, limits: Limits | None = None, trial: Trial | None = None
    ) -> list[Verdict]:
        notebook = nbformat.v4.new_notebook(cells=list(cells))
        return examine(notebook, limits or Limits(), fork_server.start, trial or Trial())

    return run_cells


def answer(source: str, function: str) -> nbformat.NotebookNode:
    """A cell in which the student answers."""
    metadata = {"grade_id": function, "grade": False, "solution": True, "locked": False}
    return nbformat.v4.new_code_cell(source, metadata={"nbgrader": metadata})
