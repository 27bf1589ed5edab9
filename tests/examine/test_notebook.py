"""Running a notebook: verdicts, time limits, and what one cell may leave to the next."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest
from jupyter_client.kernelspec import NoSuchKernel

from autograder.examine.notebook import examine
from autograder.records import CourseError, Limits, Outcome, Verdict

PASSED, FAILED = Outcome.PASSED, Outcome.FAILED


def code(source: str, grade_id: str = "", points: float = 2) -> nbformat.NotebookNode:
    """A code cell, graded when it has a grade id."""
    metadata = {"grade_id": grade_id, "grade": True, "solution": False, "locked": True, "points": points}
    return nbformat.v4.new_code_cell(source, metadata={"nbgrader": metadata} if grade_id else {})


def run(tmp_path: Path, *cells: nbformat.NotebookNode, limits: Limits | None = None) -> list[Verdict]:
    """Examine a notebook of these cells."""
    return examine(nbformat.v4.new_notebook(cells=list(cells)), limits or Limits(), tmp_path)


def test_verdicts_follow_what_the_cells_do(tmp_path: Path) -> None:
    """Silence passes, an exception fails with its message; prints, warnings and results decide nothing."""
    cells = [
        code("import warnings, sys\nx = 1"),
        code("assert x == 1", "silent"),
        code("assert x == 2, 'x should be 2'", "wrong"),
        code("warnings.warn('careful')\nprint('hello', file=sys.stderr)\n0", "noisy", 3),
        code("0.5", "low"),
        code("5.0", "high"),
        code("undefined", "raises"),
    ]
    verdicts = examine(nbformat.v4.new_notebook(cells=cells), Limits(), tmp_path)
    assert [(verdict.grade_id, verdict.outcome, verdict.points) for verdict in verdicts] == [
        ("silent", PASSED, 2),
        ("wrong", FAILED, 0),
        ("noisy", PASSED, 3),
        ("low", PASSED, 2),
        ("high", PASSED, 2),
        ("raises", FAILED, 0),
    ]
    assert verdicts[1].message == "AssertionError: x should be 2"
    noisy = cells[3].outputs
    assert [output.output_type for output in noisy] == ["stream", "execute_result"]
    assert noisy[0].name == "stdout" and "careful" in noisy[0].text and "hello" in noisy[0].text
    assert noisy[1].data["text/plain"] == "3"


def test_a_stand_in_lasts_for_one_grade_cell(tmp_path: Path) -> None:
    """Names the student has are put back, also after a failure; a test's own new names stay for the next."""
    verdicts = run(
        tmp_path,
        code("w = 1\ndef f():\n    return w\ndef g():\n    return f()"),
        code("w = 7\nassert g() == 7\nf = lambda: 3\nassert g() == 3\nown = 5\nassert False", "assigns"),
        code("assert g() == 1 and own == 5", "sees"),
    )
    assert [verdict.outcome for verdict in verdicts] == [FAILED, PASSED]


def test_an_endless_loop_costs_its_own_checks_only(tmp_path: Path) -> None:
    """The cell is stopped with a sentence, and the next one runs."""
    verdicts = run(
        tmp_path,
        code("def f():\n    while True:\n        pass"),
        code("f()", "endless"),
        code("assert True", "next"),
        limits=Limits(cell_seconds=1),
    )
    assert [verdict.outcome for verdict in verdicts] == [FAILED, PASSED]
    assert "Is there a loop that never ends?" in verdicts[0].message


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("import os\nos._exit(1)", "kernel stopped"),
        ("import signal\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\nwhile True: pass", "could not be stopped"),
    ],
)
def test_when_nothing_more_can_run_the_rest_is_told_why(tmp_path: Path, source: str, told: str) -> None:
    """A dead kernel, a loop that swallows interrupts: what passed before stays passed."""
    verdicts = run(
        tmp_path,
        code("assert True", "before"),
        code(source),
        code("assert True", "after"),
        limits=Limits(cell_seconds=1),
    )
    assert [verdict.outcome for verdict in verdicts] == [PASSED, FAILED]
    assert told in verdicts[1].message


def test_a_notebook_that_takes_too_long_is_cut_off(tmp_path: Path) -> None:
    """Many cells within their own limit, but too many."""
    cells = [code("import time\ntime.sleep(0.9)", f"cell{number}") for number in range(6)]
    verdicts = run(tmp_path, *cells, limits=Limits(cell_seconds=2, notebook_seconds=2))
    assert verdicts[0].outcome is PASSED
    assert "longer than 2 s in all" in verdicts[-1].message


def test_a_kernel_that_cannot_start_is_nobodys_zero(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The examiner's own failure is an error to mend, not a verdict."""

    def refuse(manager: object, name: str) -> None:
        raise NoSuchKernel(name)

    monkeypatch.setattr("jupyter_client.kernelspec.KernelSpecManager.get_kernel_spec", refuse)
    with pytest.raises(CourseError, match="kernel could not be started"):
        run(tmp_path, code("assert True", "check"))
