"""Grading an answer to one function of an assignment that is otherwise solved, by that function's checks alone."""

from __future__ import annotations

import copy
from functools import cache

import nbformat

from autograder.judge.run import examine
from autograder.models import Limits, Verdict
from autograder.sandbox import ForkServer
from tests.conftest import REPOSITORY, cell


def graded(
    fork_server: ForkServer, assignment: str, function: str, answer: str, *more: nbformat.NotebookNode
) -> list[Verdict]:
    """The verdicts of the checks of `function` on `answer`, and of `more` checks after them."""
    notebook = copy.deepcopy(_cells(assignment, function))
    cell(notebook, function).source = answer
    notebook.cells += more
    return examine(notebook, Limits(), fork_server.start, assignment=assignment)


def failing_check(function: str) -> nbformat.NotebookNode:
    """A check of `function` that nobody passes, so that whatever was asked of the function gets a diagnosis."""
    metadata = {"grade_id": f"{function}-never-hidden", "grade": True, "solution": False, "locked": True, "points": 1}
    return nbformat.v4.new_code_cell("assert False", metadata={"nbgrader": metadata})


@cache
def _cells(assignment: str, function: str) -> nbformat.NotebookNode:
    notebook = nbformat.read(REPOSITORY / "source" / assignment / f"{assignment}.ipynb", as_version=4)
    notebook.cells = [part for part in notebook.cells if _is_needed(part.metadata.get("nbgrader", {}), function)]
    return notebook


def _is_needed(metadata: dict[str, object], function: str) -> bool:
    return bool(metadata) and (not metadata["grade"] or str(metadata["grade_id"]).split("-")[0] == function)
