"""Storage that fails while a class is graded, through the command: one line, nothing lost, and a rerun completes."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import REPOSITORY, copy_course, hand_in

SOLUTION = REPOSITORY / "solutions" / "backprop" / "backprop.ipynb"
STUDENTS = [f"student-{number}" for number in range(12)]


@contextlib.contextmanager
def disk(folder: Path, size: str) -> Iterator[None]:
    """A file system of its own at `folder`, so small that it fills up; needs root."""
    folder.mkdir(exist_ok=True)
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)], capture_output=True)
    if mounted.returncode:
        pytest.skip("file systems cannot be mounted here")
    try:
        yield
    finally:
        subprocess.run(["umount", str(folder)], check=True)


def remount(folder: Path, options: str) -> None:
    """Change how the file system at `folder` is mounted."""
    subprocess.run(["mount", "-o", f"remount,{options}", str(folder)], check=True)


def grade(course: Path) -> subprocess.CompletedProcess[str]:
    """`autograder grade backprop`, as typed."""
    command = [str(Path(sys.executable).with_name("autograder")), "grade", "backprop"]
    return subprocess.run(command, cwd=course, capture_output=True, text=True, check=False)


def told(done: subprocess.CompletedProcess[str]) -> str:
    """The one line of a command that failed."""
    assert done.returncode == 1 and "Traceback" not in done.stdout + done.stderr
    (line,) = done.stderr.strip().splitlines()
    return line


@pytest.fixture
def full_class(tmp_path: Path) -> Path:
    """A course with twelve solutions handed in, none graded."""
    if os.geteuid() != 0:
        pytest.skip("needs root")
    course = copy_course(tmp_path / "course", "backprop")
    for student in STUDENTS:
        hand_in(course, student, SOLUTION, "backprop")
    return course


def test_a_full_disk_is_one_line_and_a_rerun_completes(full_class: Path) -> None:
    """The disk with the graded notebooks fills up in the middle of the class, and is made larger."""
    graded = full_class / "grading" / "autograded"
    with disk(graded, "200k"):
        line = told(grade(full_class))
        assert "grading/autograded/" in line and "No space left on device" in line and "run the command again" in line
        assert any(graded.iterdir())
        remount(graded, "size=64m")
        done = grade(full_class)
        assert done.returncode == 0 and done.stdout.count("20 / 20") == len(STUDENTS)


def test_a_gradebook_that_cannot_be_written_is_one_line_and_a_rerun_completes(full_class: Path) -> None:
    """Its disk turns read-only after the first grading, and writable again."""
    place = full_class / "scores"
    settings = full_class / "nbgrader_config.py"
    settings.write_text(settings.read_text() + f'\nc.CourseDirectory.db_url = "sqlite:///{place}/gradebook.db"\n')
    with disk(place, "16m"):
        assert grade(full_class).returncode == 0
        submitted = full_class / "grading" / "submitted" / STUDENTS[0] / "backprop" / "backprop.ipynb"
        submitted.write_bytes(submitted.read_bytes() + b"\n")
        remount(place, "ro")
        line = told(grade(full_class))
        assert "gradebook.db" in line and "cannot be used" in line and "can be written" in line
        remount(place, "rw")
        done = grade(full_class)
        assert done.returncode == 0 and done.stdout.count("20 / 20") == len(STUDENTS)
