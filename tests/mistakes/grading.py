"""Grading answers to functions of an assignment that is otherwise solved, by the checks of these functions alone."""

from __future__ import annotations

import copy
import itertools
from collections.abc import Iterable, Iterator, Mapping
from functools import cache

import nbformat

from autograder.cells import function_of
from autograder.judge.run import examine
from autograder.models import Limits, Verdict
from autograder.sandbox import ForkServer
from tests.conftest import REPOSITORY, cell
from tests.quality.mutants import Answer


def graded(
    fork_server: ForkServer, assignment: str, function: str, answer: str, *more: nbformat.NotebookNode
) -> list[Verdict]:
    """The verdicts of the checks of `function` on `answer`, and of `more` checks after them."""
    notebook = _notebook(assignment, {function: answer})
    notebook.cells += more
    return examine(notebook, Limits(), fork_server.start, assignment=assignment)


def graded_together(fork_server: ForkServer, answers: Iterable[Answer]) -> Iterator[tuple[Answer, list[Verdict]]]:
    """Each of these answers to one assignment, and the verdicts of the checks of its function.

    A notebook holds an answer to each function, since a check puts the reference in place of what its function builds
    on: no verdict depends on the other answers. A failed check gives no hint where others are wrong, too, which a
    diagnosis has to do without.
    """
    of_each: dict[str, list[Answer]] = {}
    for answer in answers:
        of_each.setdefault(answer.function, []).append(answer)
    for beside in itertools.zip_longest(*of_each.values()):
        together = {answer.function: answer for answer in beside if answer}
        assignment = next(iter(together.values())).assignment
        notebook = _notebook(assignment, {function: answer.source for function, answer in together.items()})
        verdicts = examine(notebook, Limits(), fork_server.start, assignment=assignment)
        for function, answer in together.items():
            yield answer, [verdict for verdict in verdicts if function_of(verdict.grade_id) == function]


def failing_check(function: str) -> nbformat.NotebookNode:
    """A check of `function` that nobody passes, so that whatever was asked of the function gets a diagnosis."""
    metadata = {"grade_id": f"{function}-never-hidden", "grade": True, "solution": False, "locked": True, "points": 1}
    return nbformat.v4.new_code_cell("assert False", metadata={"nbgrader": metadata})


def _notebook(assignment: str, answers: Mapping[str, str]) -> nbformat.NotebookNode:
    """The solved assignment with these answers, and with no checks but those of their functions."""
    notebook = copy.deepcopy(_cells(assignment, frozenset(answers)))
    for function, source in answers.items():
        cell(notebook, function).source = source
    return notebook


@cache
def _cells(assignment: str, functions: frozenset[str]) -> nbformat.NotebookNode:
    notebook = nbformat.read(REPOSITORY / "source" / assignment / f"{assignment}.ipynb", as_version=4)
    notebook.cells = [part for part in notebook.cells if _is_needed(part.metadata.get("nbgrader", {}), functions)]
    return notebook


def _is_needed(metadata: dict[str, object], functions: frozenset[str]) -> bool:
    return bool(metadata) and (not metadata["grade"] or function_of(str(metadata["grade_id"])) in functions)
