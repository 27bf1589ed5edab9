"""Running the checks of the course on an answer in this process: quick, and enough where nobody cheats."""

from __future__ import annotations

import time
import types
import warnings
from enum import Enum
from functools import cache
from typing import Any

import nbformat
import numpy as np

from autograder.timeouts import Alarm, Overdue
from tests.conftest import REPOSITORY
from tests.quality.mutants import Answer

_SECONDS = 1


class Found(Enum):
    """What checks find in an answer."""

    NOTHING = "nothing"
    MISTAKE = "a mistake"
    NO_END = "it takes too long"


def found(answer: Answer, kind: str) -> Found:
    """What the checks of this kind, `shown` or `hidden`, find in an answer."""
    code = compile(answer.source, "<answer>", "exec", dont_inherit=True)
    checks = [
        source
        for grade_id, source in cells(answer.assignment, graded=True).items()
        if grade_id.split("-")[0] == answer.function and grade_id.endswith(f"-{kind}")
    ]
    findings = (_found_by(_compiled(check), answer, code) for check in checks)
    return next((finding for finding in findings if finding is not Found.NOTHING), Found.NOTHING)


def is_killed(answer: Answer, kind: str) -> bool:
    """Whether a check of this kind finds an answer wrong; one that never ends is wrong too."""
    return found(answer, kind) is not Found.NOTHING


def solutions(assignment: str) -> dict[str, str]:
    """The instructor's own answers by function."""
    return cells(assignment, solution=True)


def others(answer: Answer) -> dict[str, Any]:
    """The names of an assignment in which all but this answer is the instructor's."""
    names = given.__wrapped__(answer.assignment)  # what the checks' tools set must not outlive this answer
    for function, source in solutions(answer.assignment).items():
        if function != answer.function:
            exec(_compiled(source), names)
    return names


def _found_by(check: types.CodeType, answer: Answer, code: types.CodeType) -> Found:
    names, alarm = others(answer), Alarm()
    with warnings.catch_warnings(action="ignore"), np.errstate(all="ignore"):
        try:
            with alarm.set_for(time.monotonic() + _SECONDS), alarm.exposed():
                exec(code, names)
                exec(check, names)
        except Overdue:
            return Found.NO_END
        except Exception:
            return Found.MISTAKE
    return Found.NOTHING


@cache
def given(assignment: str) -> dict[str, Any]:
    """The names that locked cells define."""
    names: dict[str, Any] = {"__name__": "__main__"}
    for source in cells(assignment).values():
        exec(_compiled(source), names)
    return names


@cache
def cells(assignment: str, graded: bool = False, solution: bool = False) -> dict[str, str]:
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
