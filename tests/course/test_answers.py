"""Every right answer earns full marks however it is written; every wrong one loses what its file name says.

A file of `tests/right/` or `tests/wrong/` is what one student put into one answer cell, the others being solved:
`<assignment>-<function>-<what it is>[-<marks lost>].py`. One mistake is paid for once, so what is lost is lost in the
checks of that function.
"""

from __future__ import annotations

import copy
from functools import cache
from pathlib import Path

import nbformat
import pytest

from autograder.judge.run import examine
from autograder.models import Limits, Verdict
from autograder.sandbox import ForkServer
from tests.conftest import REPOSITORY, cell

FAIR = sorted((REPOSITORY / "tests" / "right").glob("*.py"))
WRONG = sorted((REPOSITORY / "tests" / "wrong").glob("*.py"))


@cache
def source(assignment: str) -> nbformat.NotebookNode:
    """The instructor's cells of an assignment, solved, hidden tests included."""
    notebook = nbformat.read(REPOSITORY / "source" / assignment / f"{assignment}.ipynb", as_version=4)
    notebook.cells = [part for part in notebook.cells if "nbgrader" in part.metadata]
    return notebook


def lost_marks(fork_server: ForkServer, answer: Path) -> list[Verdict]:
    """The verdicts of the checks that did not give full marks."""
    assignment, function, _ = answer.name.split("-", 2)
    notebook = copy.deepcopy(source(assignment))
    cell(notebook, function).source = answer.read_text()
    verdicts = examine(notebook, Limits(), fork_server.start)
    return [verdict for verdict in verdicts if verdict.points < verdict.max_points]


def test_the_corpora_are_there() -> None:
    """Sixty right answers and more, over a hundred wrong ones."""
    assert len(FAIR) >= 60
    assert len(WRONG) >= 100


@pytest.mark.parametrize("answer", FAIR, ids=lambda path: path.stem)
def test_a_right_answer_loses_nothing(fork_server: ForkServer, answer: Path) -> None:
    """Other libraries, other types, other structure; prints, warnings, helpers with a test's names."""
    assert lost_marks(fork_server, answer) == []


@pytest.mark.parametrize("answer", WRONG, ids=lambda path: path.stem)
def test_a_wrong_answer_loses_what_it_should(fork_server: ForkServer, answer: Path) -> None:
    """A hidden test finds it, no other function pays for it, and the sum is the one in the name."""
    function = answer.name.split("-")[1]
    lost = lost_marks(fork_server, answer)
    assert any(verdict.grade_id.endswith("-hidden") for verdict in lost)
    assert {verdict.grade_id.split("-")[0] for verdict in lost} == {function}
    assert sum(verdict.max_points - verdict.points for verdict in lost) == float(answer.stem.rsplit("-", 1)[1])
