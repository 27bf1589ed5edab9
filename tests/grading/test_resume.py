"""Grading that is killed, and started again."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import nbformat
import pytest

from autograder.config import course_config
from tests.conftest import REPOSITORY, cell, copy_course, edit, hand_in
from tests.gradebook.postgresql import server
from tests.gradebook.rows import rows
from tests.grading.conftest import start, wait_for_the_first

FEW, MANY = 3, 20
"""How often a grading is killed, and how often in `make thorough`."""

ANSWERS = sorted((REPOSITORY / "tests" / "wrong").glob("backprop-*.py"))[::2]
SOLUTION = REPOSITORY / "solutions" / "backprop" / "backprop.ipynb"


@dataclass(frozen=True)
class Calm:
    """A class of wrong answers after an undisturbed grading: the seconds it took, its rows, and further databases."""

    course: Path
    seconds: float
    rows: dict[str, list[tuple[object, ...]]]
    url: Callable[[str], str]


@pytest.fixture(
    scope="module",
    params=[pytest.param(kind, marks=pytest.mark.xdist_group(f"resume {kind}")) for kind in ("sqlite", "postgresql")],
)
def calm(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Calm]:
    """Such a class on each of the two databases."""
    folder = tmp_path_factory.mktemp("calm")
    course = copy_course(folder / "course", "backprop")
    for answer in ANSWERS:
        name = answer.name.split("-")[1]
        path = hand_in(course, answer.stem, SOLUTION, "backprop")
        edit(path, partial(_answer, name, answer.read_text()))
    with server() if request.param == "postgresql" else contextlib.nullcontext() as running:
        url = running.url if running else lambda name: f"sqlite:///{folder / name}.db"
        undisturbed, begun = url("calm"), time.monotonic()
        assert start(course, undisturbed).wait() == 0
        yield Calm(course, time.monotonic() - begun, rows(undisturbed), url)


def _answer(name: str, text: str, notebook: nbformat.NotebookNode) -> None:
    cell(notebook, name).source = text


@pytest.mark.parametrize("kills", [FEW, pytest.param(MANY, marks=pytest.mark.thorough)])
def test_a_killed_grading_leaves_nothing_that_a_rerun_does_not_mend(calm: Calm, kills: int) -> None:
    """Killed at random moments while it grades everything again, it ends as if nothing had happened."""
    course, stormy = calm.course, calm.url(f"stormy{kills}")
    moments = random.Random(7)
    for number in range(kills):
        grading = start(course, stormy, *(["--again"] if number % 2 else []))
        time.sleep(moments.uniform(0.3, 1.0) * calm.seconds)
        os.killpg(grading.pid, signal.SIGKILL)
        grading.wait()
    finishing = start(course, stormy)
    said, _ = finishing.communicate()
    assert finishing.returncode == 0, said
    assert rows(stormy) == calm.rows
    autograded = course / "grading" / "autograded"
    assert sorted(path.name for path in autograded.iterdir()) == [answer.stem for answer in ANSWERS]
    assert not [path for path in autograded.rglob("*") if path.is_file() and path.name != "backprop.ipynb"]


def test_two_graders_at_once_lose_nothing(calm: Calm) -> None:
    """Both write the same rows into one gradebook, which ends as one grader's would."""
    stormy = calm.url("both")
    both = [start(calm.course, stormy, "--workers", "1") for _ in range(2)]
    for grading in both:
        said, _ = grading.communicate()
        assert grading.returncode == 0, said
    assert rows(stormy) == calm.rows


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
