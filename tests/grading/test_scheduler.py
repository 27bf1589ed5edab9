"""A submission that ends or hangs the process that grades it is refused, and no other."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from autograder.grading import pool, submission
from autograder.grading.classroom import begin, grade, prepare
from autograder.grading.pool import local
from autograder.models import Assignment, Graded, HandedIn, Result
from autograder.sandbox import ForkServer
from tests.conftest import REPOSITORY, hand_in

SOLUTION = REPOSITORY / "solutions" / "backprop" / "backprop.ipynb"
_RESULT = msgspec.json.Decoder(Result)
STUDENTS = ("ada", "grace", "kai", "mallory", "noor", "oleg", "pia", "rené", "sam", "tomás")


def die() -> None:
    """As a process does that the kernel ends for want of memory."""
    os.kill(os.getpid(), signal.SIGKILL)


def hang() -> None:
    """Longer than anybody waits."""
    time.sleep(3600)


def graded_with(course: Path, harm: Callable[[], None], monkeypatch: pytest.MonkeyPatch) -> dict[str, Result]:
    """The results of a class in which the grading of one submission does harm to the process that grades it."""
    for student in STUDENTS:
        hand_in(course, student, SOLUTION, "backprop")

    def harmed(assignment: Assignment, handed_in: HandedIn, fork_server: ForkServer, in_fork: bool = False) -> Graded:
        if handed_in.student == "mallory":
            harm()
        return submission.grade(assignment, handed_in, fork_server, in_fork)

    monkeypatch.setattr("autograder.grading.pool.grade", harmed)  # workers are forked from this process
    with local(2) as hands:
        results = list(grade(begin([prepare(course, "backprop")], hands), hands))
    return {result.student: result for result in results}


def require_all_but_mallory(results: dict[str, Result], how: str) -> None:
    """Everybody has full marks, and the one submission a sentence."""
    assert set(results) == set(STUDENTS)
    assert results.pop("mallory").problem.endswith(f"the process that graded it {how}. Grade again.")
    assert all(result.score and result.score.points == result.score.max_points for result in results.values())


def test_a_submission_that_kills_its_grading_process_stops_no_other(
    course: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It has a process of its own."""
    require_all_but_mallory(
        graded_with(course, die, monkeypatch), "was killed, perhaps because the machine had no memory left"
    )


def test_a_submission_that_hangs_its_grading_process_stops_no_other(
    course: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When it takes longer than all limits together, its process is ended."""
    (course / "nbgrader_config.py").write_text(
        (course / "nbgrader_config.py").read_text() + "\nc.Examine.notebook_seconds = 2.0\n"
    )
    monkeypatch.setattr(pool, "_SPARE_SECONDS", 1.0)
    require_all_but_mallory(graded_with(course, hang, monkeypatch), "took longer than 3 s")


_FORK_SERVERS_END = """\
import contextlib, os, sys
from pathlib import Path
import msgspec, psutil
from autograder.grading import pool, submission
from autograder.grading.classroom import begin, grade, prepare

own = os.getpid()

def graded(assignment, handed_in, fork_server, in_fork=False):
    if handed_in.student == "mallory" and not Path(sys.argv[1], "ended").exists():
        Path(sys.argv[1], "ended").touch()
        for process in psutil.Process(own).children(recursive=True):
            with contextlib.suppress(psutil.Error):
                if "autograder.student" in process.cmdline():
                    process.kill()
    return submission.grade(assignment, handed_in, fork_server, in_fork)

pool.grade = graded
with pool.local(2) as hands:
    for result in grade(begin([prepare(Path(sys.argv[1]), "backprop")], hands), hands):
        print(msgspec.json.encode(result).decode())
"""
"""A program that grades a class while one submission ends all fork servers, as the kernel does without memory."""


def test_a_fork_server_that_ends_is_started_again(course: Path) -> None:
    """Whoever is graded at that moment is graded once more."""
    for student in STUDENTS:
        hand_in(course, student, SOLUTION, "backprop")
    done = subprocess.run(
        [sys.executable, "-c", _FORK_SERVERS_END, str(course)], capture_output=True, text=True, check=True
    )
    results = {result.student: result for result in map(_RESULT.decode, done.stdout.splitlines())}
    assert set(results) == set(STUDENTS)
    assert all(result.score and result.score.points == result.score.max_points for result in results.values())
