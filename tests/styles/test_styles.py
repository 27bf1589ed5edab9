"""A grade cell gets the same verdict from the grader as in one process, whichever way it is written.

In one process means: all cells run in one namespace, one after the other, as a kernel would.
"""

from __future__ import annotations

import ast
import asyncio
import contextlib
import inspect
import io
import linecache
import re
import warnings
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import nbformat
import numpy as np
import pytest

from autograder.judge.run import examine, try_out
from autograder.models import Limits, Outcome
from autograder.sandbox import ForkServer
from tests.conftest import REPOSITORY
from tests.styles.cases import Case, read

CASES = read()
ALIKE = [case for case in CASES if case.theme != "different"]
DIFFERENT = [case for case in CASES if case.theme == "different"]
PAGE = REPOSITORY / "docs" / "authors" / "writing-tests.md"


def passes_in_one_process(case: Case, answer: str, check: str) -> bool:
    """Whether the grade cell goes through where everything shares a namespace."""
    namespace: dict[str, Any] = {"__name__": "__main__"}
    cells = [case.cells.get("given", ""), case.cells[answer], case.cells[check]]
    with contextlib.redirect_stdout(io.StringIO()), warnings.catch_warnings(), np.errstate():
        try:
            for number, source in enumerate(cells):
                name = f"<cell {number}>"
                linecache.cache[name] = (len(source), None, source.splitlines(keepends=True), name)
                code = compile(source, name, "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT, dont_inherit=True)
                waiting = eval(code, namespace)
                if inspect.iscoroutine(waiting):
                    asyncio.run(waiting)
        except (Exception, SystemExit, pytest.fail.Exception):
            return False
        finally:
            plt.close("all")
    return True


def passes_in_the_examiner(case: Case, answer: str, check: str, fork_server: ForkServer) -> bool:
    """Whether the grade cell, once it was tried on the right answer, goes through with the student's cell elsewhere."""
    trial = try_out(_notebook(case, "right", check), Limits(), fork_server.start)
    (verdict,) = examine(_notebook(case, answer, check), Limits(), fork_server.start, trial)
    return verdict.outcome is Outcome.PASSED


def _notebook(case: Case, answer: str, check: str) -> nbformat.NotebookNode:
    names = case.answers
    cells = [_cell("given", case.cells.get("given", ""), locked=True)]
    cells += [_cell(name, case.cells[answer] if name == names[0] else "", solution=True) for name in names]
    cells.append(_cell("check", case.cells[check], grade=True, locked=True))
    return nbformat.v4.new_notebook(cells=cells)


def _cell(grade_id: str, source: str, **flags: bool) -> nbformat.NotebookNode:
    metadata = {"grade": False, "solution": False, "locked": False, "points": 1, "grade_id": grade_id} | flags
    return nbformat.v4.new_code_cell(source, metadata={"nbgrader": metadata})


def test_there_are_at_least_ninety_styles() -> None:
    """And of those that differ no more than one in twenty."""
    assert len(CASES) >= 90
    assert len({case.title for case in CASES}) == len(CASES)
    assert len(DIFFERENT) <= 0.05 * len(CASES)


@pytest.mark.parametrize("case", ALIKE, ids=str)
def test_a_style_is_judged_as_in_one_process(
    case: Case, fork_server: ForkServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The right answer passes here and there, the wrong one fails here and there."""
    monkeypatch.chdir(tmp_path)  # some write a file
    assert passes_in_one_process(case, "right", "check")
    assert not passes_in_one_process(case, "wrong", "check")
    assert passes_in_the_examiner(case, "right", "check", fork_server)
    assert not passes_in_the_examiner(case, "wrong", "check", fork_server)


@pytest.mark.parametrize("case", DIFFERENT, ids=lambda case: case.title)
def test_a_style_that_differs_still_does_and_the_page_says_what_to_write(
    case: Case, fork_server: ForkServer, tmp_path: Path
) -> None:
    """It passes in one process only; what the page says to write instead is judged alike."""
    assert passes_in_one_process(case, "right", "check")
    assert not passes_in_the_examiner(case, "right", "check", fork_server)
    for answer, passes in (("right", True), ("wrong", False)):
        assert passes_in_one_process(case, answer, "instead") is passes
        assert passes_in_the_examiner(case, answer, "instead", fork_server) is passes
    page = PAGE.read_text()
    assert f"### {case.title}\n" in page
    assert _dense(case.cells["check"]) in _dense(page) and _dense(case.cells["instead"]) in _dense(page)


def _dense(text: str) -> str:
    """Without empty lines: the page is formatted, the corpus is short."""
    return "\n".join(line for line in text.splitlines() if line.strip())


def test_the_page_counts_the_styles() -> None:
    """The figures in its first lines are those of the corpus."""
    page = PAGE.read_text()
    assert f"tries {len(CASES)} ways" in page
    assert f"{len(ALIKE)} are judged the same; the other {len(DIFFERENT)} are" in page
    headings = re.findall(r"^### ", re.sub(r"^```.*?^```", "", page, flags=re.MULTILINE | re.DOTALL), re.MULTILINE)
    assert len(headings) == len(DIFFERENT)
