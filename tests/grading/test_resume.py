"""Grading that is killed, and started again."""

from __future__ import annotations

import os
import random
import signal
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import nbformat
import pytest

from autograder.config import course_config
from tests.conftest import REPOSITORY, cell, edit, hand_in
from tests.gradebook.postgresql import server
from tests.gradebook.rows import rows
from tests.grading.conftest import start, wait_for_the_first

FEW, MANY = 8, 20
"""How often a grading is killed, and how often in `make thorough`."""

ANSWERS = sorted((REPOSITORY / "tests" / "wrong").glob("backprop-*.py"))
SOLUTION = REPOSITORY / "solutions" / "backprop" / "backprop.ipynb"


@pytest.fixture(params=["sqlite", "postgresql"])
def courses(request: pytest.FixtureRequest, course: Path, tmp_path: Path) -> Iterator[tuple[Path, str, str]]:
    """A class of wrong answers, and the databases of an undisturbed and of a disturbed grading."""
    for answer in ANSWERS:
        name = answer.name.split("-")[1]
        path = hand_in(course, answer.stem, SOLUTION, "backprop")
        edit(path, partial(_answer, name, answer.read_text()))
    if request.param == "sqlite":
        yield course, f"sqlite:///{tmp_path / 'calm.db'}", f"sqlite:///{tmp_path / 'stormy.db'}"
        return
    with server() as running:
        yield course, running.url("calm"), running.url("stormy")


def _answer(name: str, text: str, notebook: nbformat.NotebookNode) -> None:
    cell(notebook, name).source = text


@pytest.mark.parametrize("kills", [FEW, pytest.param(MANY, marks=pytest.mark.thorough)])
def test_a_killed_grading_leaves_nothing_that_a_rerun_does_not_mend(courses: tuple[Path, str, str], kills: int) -> None:
    """Killed at random moments while it grades everything again, it ends as if nothing had happened."""
    course, calm, stormy = courses
    begun = time.monotonic()
    assert start(course, calm).wait() == 0
    whole = time.monotonic() - begun
    moments = random.Random(7)
    for number in range(kills):
        grading = start(course, stormy, *(["--again"] if number % 2 else []))
        time.sleep(moments.uniform(0.3, 1.0) * whole)
        os.killpg(grading.pid, signal.SIGKILL)
        grading.wait()
    finishing = start(course, stormy)
    said, _ = finishing.communicate()
    assert finishing.returncode == 0, said
    assert rows(stormy) == rows(calm)
    autograded = course / "grading" / "autograded"
    assert sorted(path.name for path in autograded.iterdir()) == [answer.stem for answer in ANSWERS]
    assert not [path for path in autograded.rglob("*") if path.is_file() and path.name != "backprop.ipynb"]


def test_two_graders_at_once_lose_nothing(courses: tuple[Path, str, str]) -> None:
    """Both write the same rows into one gradebook, which ends as one grader's would."""
    course, calm, stormy = courses
    assert start(course, calm).wait() == 0
    both = [start(course, stormy, "--workers", "1") for _ in range(2)]
    for grading in both:
        said, _ = grading.communicate()
        assert grading.returncode == 0, said
    assert rows(stormy) == rows(calm)


def test_an_interrupt_ends_in_a_line_and_keeps_what_was_done(course: Path) -> None:
    """Ctrl-C at the terminal: exit status 130, no traceback, and the rest can follow."""
    for number in range(40):
        hand_in(course, f"student {number:02}", SOLUTION, "backprop")
    url = course_config(course).CourseDirectory.db_url
    grading = start(course, url, "--workers", "2")
    wait_for_the_first(course, grading)
    os.killpg(grading.pid, signal.SIGINT)
    said, _ = grading.communicate()
    assert grading.returncode == 130, said
    assert b"Traceback" not in said
    assert b"run the command again for the rest" in said
    assert start(course, url).wait() == 0
    assert len(rows(url)["digests"]) == 40
