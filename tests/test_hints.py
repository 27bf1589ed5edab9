"""Hints in the notebook: common mistakes are recognised while a student works."""

from __future__ import annotations

import base64
import json
import re
import zlib
from typing import Any

import nbformat
import pytest

from autograder.hints import with_hints
from autograder.judge.mistakes import Catalogue, catalogue_at
from tests.conftest import ASSIGNMENTS, REPOSITORY


def _known(assignment: str) -> Catalogue:
    known = catalogue_at(REPOSITORY, assignment)
    assert known is not None
    return known


def _names(assignment: str) -> dict[str, Any]:
    """What a student's notebook knows once all its functions are right."""
    notebook = nbformat.read(REPOSITORY / "release" / assignment / f"{assignment}.ipynb", as_version=4)
    names: dict[str, Any] = {"__name__": "__main__"}
    for cell in notebook.cells:
        if str(cell.metadata.get("nbgrader", {}).get("grade_id", "")).startswith("given-"):
            exec(cell.source, names)
    for solution in _known(assignment).solutions.values():
        exec(solution.source, names)
    return names


@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_every_mistake_that_was_written_down_is_recognised_in_the_notebook(assignment: str) -> None:
    """As this mistake, or as one that does the same in all of these calls; so is its half that does not fail."""
    known, names = _known(assignment), _names(assignment)
    silent = []
    for mistake in known.mistakes.values():
        right = names[mistake.function]
        exec(mistake.source, names)
        if not names["_recognised"](mistake.function) and known.solutions[mistake.function].calls:
            silent.append(mistake.name)
        names[mistake.function] = right
    assert not silent


@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_a_right_answer_is_no_mistake(assignment: str) -> None:
    """The solutions themselves."""
    known, names = _known(assignment), _names(assignment)
    assert not [function for function in known.solutions if names["_recognised"](function)]


@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_hints_hold_no_line_of_a_solution(assignment: str) -> None:
    """Codes, calls and sentences only."""
    notebook = (REPOSITORY / "release" / assignment / f"{assignment}.ipynb").read_text()
    (packed,) = re.findall(r'_HINTS = \\"([A-Za-z0-9+/=]+)\\"', notebook)
    text = zlib.decompress(base64.b64decode(packed)).decode()
    assert json.loads(text).keys() <= _known(assignment).solutions.keys()
    for solution in _known(assignment).solutions.values():
        for line in solution.source.splitlines()[1:]:
            assert len(line.strip()) < len("return states") or line.strip() not in text


def test_tools_without_a_place_for_hints_stay_as_they_are() -> None:
    """A course may have tools of its own, or know no mistakes."""
    assert with_hints("def check(): ...\n", _known("lstm"), []) == "def check(): ...\n"
    assert with_hints('_HINTS = ""\n', None, []) == '_HINTS = ""\n'
