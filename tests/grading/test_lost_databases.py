"""A gradebook that is lost while a class is graded, through the command: one line, and a rerun completes."""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import REPOSITORY, hand_in
from tests.gradebook.postgresql import server
from tests.gradebook.rows import rows
from tests.grading.conftest import start, wait_for_the_first

SOLUTION = REPOSITORY / "solutions" / "backprop" / "backprop.ipynb"
STUDENTS = 30


@pytest.fixture
def full_class(course: Path) -> Path:
    """Thirty solutions handed in, none graded."""
    for number in range(STUDENTS):
        hand_in(course, f"student-{number:02}", SOLUTION, "backprop")
    return course


@contextlib.contextmanager
def held(path: Path) -> Iterator[None]:
    """Another program has the database at `path` to itself."""
    other = sqlite3.connect(path, timeout=30, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    try:
        yield
    finally:
        other.close()


def told(grading: subprocess.Popen[bytes]) -> str:
    """The line with which a grading ends that could not go on."""
    said, _ = grading.communicate()
    assert grading.returncode == 1
    (line,) = said.decode().strip().splitlines()
    return line


def require_completed(course: Path, url: str, calm: str) -> None:
    """A rerun ends with the gradebook of an undisturbed run."""
    finishing = start(course, url)
    said, _ = finishing.communicate()
    assert finishing.returncode == 0, said
    assert rows(url) == rows(calm)
    assert len(rows(url)["digests"]) == STUDENTS


def test_a_locked_database_is_one_line_and_a_rerun_completes(full_class: Path, tmp_path: Path) -> None:
    """Locked when grading begins, and locked when the first scores are about to be entered."""
    calm, path = f"sqlite:///{tmp_path / 'calm.db'}", tmp_path / "locked.db"
    url = f"sqlite:///{path}?timeout=1"
    with held(path):
        line = told(start(full_class, url))
    assert "locked.db" in line and "(database is locked)" in line and "Another program is using the gradebook" in line
    grading = start(full_class, url)
    wait_for_the_first(full_class, grading)
    with held(path):
        line = told(grading)
    assert "locked.db" in line and "(database is locked)" in line and "run the command again" in line
    assert start(full_class, calm, "--again").wait() == 0
    require_completed(full_class, url, calm)


def test_a_stopped_server_is_one_line_and_a_rerun_completes(full_class: Path) -> None:
    """PostgreSQL, stopped before the first scores are entered, and started again."""
    with server() as running:
        calm, stormy = running.url("calm"), running.url("stormy")
        assert start(full_class, calm).wait() == 0
        shutil.rmtree(full_class / "grading" / "autograded")
        grading = start(full_class, stormy)
        wait_for_the_first(full_class, grading)
        running.stop()
        line = told(grading)
        assert "stormy" in line and "the gradebook cannot be used" in line and "Check that the database server" in line
        running.start()
        require_completed(full_class, stormy, calm)
