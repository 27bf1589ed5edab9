"""Running the checks of the course on an answer in this process: quick, and enough where nobody cheats."""

from __future__ import annotations

import time
import types
import warnings
from functools import cache
from typing import Any

import nbformat
import numpy as np

from autograder.examine.alarm import Alarm, Overdue
from tests.conftest import REPOSITORY
from tests.quality.mutants import Answer

_SECONDS = 1


def is_killed(answer: Answer, kind: str) -> bool:
    """Whether a check of this kind, `shown` or `hidden`, finds an answer wrong; one that never ends is wrong too."""
    code = _compiled(answer.source)
    checks = [
        source
        for grade_id, source in _cells(answer.assignment, graded=True).items()
        if grade_id.split("-")[0] == answer.function and grade_id.endswith(f"-{kind}")
    ]
    return any(_fails(answer, code, _compiled(check)) for check in checks)


def solutions(assignment: str) -> dict[str, str]:
    """The instructor's own answers by function."""
    return _cells(assignment, solution=True)


def _fails(answer: Answer, code: types.CodeType, check: types.CodeType) -> bool:
    names = dict(_given(answer.assignment))
    with warnings.catch_warnings(action="ignore"), np.errstate(all="ignore"):
        for function, source in solutions(answer.assignment).items():
            if function != answer.function:
                exec(_compiled(source), names)
        try:
            with Alarm().set_for(time.monotonic() + _SECONDS):
                exec(code, names)
                exec(check, names)
        except (Exception, Overdue):
            return True
    return False


@cache
def _given(assignment: str) -> dict[str, Any]:
    """The names that locked cells define."""
    names: dict[str, Any] = {"__name__": "__main__"}
    for source in _cells(assignment).values():
        exec(_compiled(source), names)
    return names


@cache
def _cells(assignment: str, graded: bool = False, solution: bool = False) -> dict[str, str]:
    """The instructor's code cells of one kind, by grade id."""
    notebook = nbformat.read(REPOSITORY / "source" / assignment / f"{assignment}.ipynb", as_version=4)
    cells = [(cell, cell.metadata.get("nbgrader")) for cell in notebook.cells if cell.cell_type == "code"]
    return {
        metadata["grade_id"]: cell.source
        for cell, metadata in cells
        if metadata and (metadata["grade"], metadata["solution"]) == (graded, solution)
    }


@cache
def _compiled(source: str) -> types.CodeType:
    return compile(source, "<cell>", "exec", dont_inherit=True)
