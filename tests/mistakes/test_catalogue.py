"""The catalogue itself: complete, consistent with the course, and written so that it helps without telling."""

from __future__ import annotations

import ast
from functools import cache

import nbformat
import pytest

from answers.backprop import mistakes as backprop
from answers.feedforward import mistakes as feedforward
from answers.lstm import mistakes as lstm
from autograder.judge.mistakes import Mistake, Solution, named
from autograder.models import Outcome
from autograder.sandbox import ForkServer
from tests.conftest import CATALOGUES, REPOSITORY
from tests.mistakes.grading import graded

MODULES = {"feedforward": feedforward, "lstm": lstm, "backprop": backprop}
SOLUTIONS = [(assignment, solution) for assignment, module in MODULES.items() for solution in module.SOLUTIONS]
KNOWN = [(assignment, known) for assignment, module in MODULES.items() for known in module.MISTAKES]


@cache
def headings(assignment: str) -> list[str]:
    """The section headings of the notebook that students get, without their points."""
    notebook = nbformat.read(REPOSITORY / "release" / assignment / f"{assignment}.ipynb", as_version=4)
    lines = [line for cell in notebook.cells if cell.cell_type == "markdown" for line in cell.source.splitlines()]
    return [line.removeprefix("## ").rpartition(" (")[0] for line in lines if line.startswith("## ")]


def test_there_are_many_and_each_is_found_by_its_name() -> None:
    """A hundred and more; no name stands for two, and none is known that is not there."""
    assert len(KNOWN) >= 100
    assert all(named(assignment, known.name) == known for assignment, known in KNOWN)
    assert named("lstm", "relu-abs") is None
    assert named("lists", "relu-abs") is None


@pytest.mark.parametrize(("assignment", "solution"), SOLUTIONS, ids=lambda value: getattr(value, "function", value))
def test_the_right_answer_they_slip_from_is_right(fork_server: ForkServer, assignment: str, solution: Solution) -> None:
    """It earns full marks, so what differs from it is what is wrong."""
    verdicts = graded(fork_server, assignment, solution.function, solution.source)
    assert {verdict.outcome for verdict in verdicts} == {Outcome.PASSED}


@pytest.mark.parametrize("assignment", CATALOGUES)
def test_every_function_of_the_course_has_some(assignment: str) -> None:
    """Five at least for each answer cell of code."""
    notebook = nbformat.read(REPOSITORY / "source" / assignment / f"{assignment}.ipynb", as_version=4)
    answers = [
        cell.metadata["nbgrader"] for cell in notebook.cells if cell.cell_type == "code" and "nbgrader" in cell.metadata
    ]
    functions = [metadata["grade_id"] for metadata in answers if metadata["solution"]]
    assert list(CATALOGUES[assignment].solutions) == functions
    assert min(len(CATALOGUES[assignment].of(function)) for function in functions) >= 5


@pytest.mark.parametrize(("assignment", "known"), KNOWN, ids=lambda value: getattr(value, "name", value))
def test_a_sentence_helps_without_telling(assignment: str, known: Mistake) -> None:
    """It is short, sends the reader to a section that exists, and quotes no term of the right answer."""
    assert known.place in headings(assignment)
    assert known.sentence[-1] in ".?" and len(known.sentence) <= 120
    right = CATALOGUES[assignment].solutions[known.function].source
    terms = [ast.unparse(node) for node in ast.walk(ast.parse(right)) if isinstance(node, ast.BinOp | ast.Call)]
    assert not [term for term in terms if term in known.sentence]


def test_a_slip_from_nowhere_is_refused() -> None:
    """A wrong line must take the place of one that is there, or the answer would be right."""
    with pytest.raises(ValueError, match="relu has no"):
        feedforward.RELU.variant("nowhere", "A sentence.", ("np.minimum", "np.maximum"))
