"""Doing once what libraries do on their first use, so that no fork of a grader has to: grading a submission of our own.

nbformat generates its validator, numpy imports its testing, decoders of messages are made: together they take longer
than most gradings.
"""

from __future__ import annotations

import nbformat

from autograder.grading.submission import grade
from autograder.records import Assignment, HandedIn, Limits, MasterCell
from autograder.sandbox.nursery import Nursery

_GIVEN = "import numpy as np"
_ANSWER = """\
def answer(values, more):
    more.append(next(iter(values)))
    print(values, more)
    return np.array(values) / 0, more, 1.5
"""
_CHECK = """\
values, more = np.ones(3), []
with np.testing.assert_raises(AssertionError):
    np.testing.assert_allclose(answer(values, more)[0], [1, 2, 3])
with np.errstate(all="ignore"):
    assert math.isclose(answer([1, 2], more)[2], 2), "this fails"
"""


def warm_up(nursery: Nursery) -> None:
    """Grade it, with a check that passes nobody."""
    cells = {
        "given": _cell("given", _GIVEN, locked=True),
        "answer": _cell("answer", "", solution=True),
        "answer-shown": _cell("answer-shown", f"import math\n{_CHECK}", locked=True, grade=True),
        "answer-hidden": _cell(
            "answer-hidden", f"### BEGIN HIDDEN TESTS\nimport math\n{_CHECK}### END HIDDEN TESTS", True, grade=True
        ),
    }
    sources = {"given": _GIVEN, "answer": _ANSWER}
    handed_in = nbformat.v4.new_notebook(
        cells=[
            nbformat.v4.new_code_cell(sources.get(name, cell.source), metadata={"nbgrader": cell.metadata})
            for name, cell in cells.items()
        ]
    )
    assignment = Assignment("warming up", cells, {}, {}, Limits(), "")
    grade(assignment, HandedIn("nobody", nbformat.writes(handed_in).encode(), {}), nursery)


def _cell(
    grade_id: str, source: str, locked: bool = False, *, solution: bool = False, grade: bool = False
) -> MasterCell:
    metadata = {
        "grade_id": grade_id,
        "schema_version": 3,
        "cell_type": "code",
        "task": False,
        "points": 1,
        "grade": grade,
        "solution": solution,
        "locked": locked,
    }
    return MasterCell(grade_id, "code", source, locked, dict[str, object](metadata))
