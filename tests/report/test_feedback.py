"""Feedback for a class: a page for everybody, the same through both doors, and one clear line where there is none."""

from __future__ import annotations

import os
import subprocess
import sys
from functools import partial
from pathlib import Path

import nbformat
import pytest

from autograder.config import course_config
from autograder.models import CourseError
from autograder.report.feedback import prepare, write
from autograder.source import read_source
from tests.conftest import REPOSITORY, edit, hand_in
from tests.report.conftest import notebook_of, page_of

STUDENTS = ("blank", "document", "grace")


def mark(digest: str, notebook: nbformat.NotebookNode) -> None:
    """Say under which version a notebook was graded."""
    notebook.metadata["autograder"] = {"digest": digest}


def problems(course: Path) -> dict[str, str]:
    """What prevented a page, by student."""
    return {each.student: each.problem for each in write(prepare(course, "backprop")) if each.problem}


def test_nbgraders_own_command_writes_the_same_bytes(graded: Path) -> None:
    """`nbgrader generate_feedback`, run as an instructor runs it."""
    assert problems(graded) == {}
    ours = {student: page_of(graded, student).read_bytes() for student in STUDENTS}
    for student in STUDENTS:
        page_of(graded, student).unlink()
    nbgrader = Path(sys.executable).with_name("nbgrader")
    environment = {**os.environ, "PATH": "/usr/bin:/bin"}
    done = subprocess.run(
        [nbgrader, "generate_feedback", "backprop", "--force"],
        cwd=graded, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert {student: page_of(graded, student).read_bytes() for student in STUDENTS} == ours


def test_nothing_is_graded_yet(course: Path) -> None:
    """Before grading, and before anybody handed in; no gradebook is made."""
    with pytest.raises(CourseError, match=r"no submission of backprop\. Put them into"):
        prepare(course, "backprop")
    hand_in(course, "ada", REPOSITORY / "release" / "backprop" / "backprop.ipynb", "backprop")
    with pytest.raises(CourseError, match=r"not graded yet\. Run `autograder grade backprop` first\."):
        prepare(course, "backprop")
    assert not (course / "grading" / "gradebook.db").exists()


def test_an_unknown_assignment_is_told_with_the_known_ones(graded: Path) -> None:
    """A slip of the finger."""
    with pytest.raises(CourseError, match=r"there is no such assignment\. The course has: backprop\."):
        prepare(graded, "bakprop")


@pytest.mark.parametrize("content", [None, b"{", b"\xff\xfe", b'{"cells": 3}'])
def test_a_graded_notebook_that_is_lost_costs_only_its_own_page(graded: Path, content: bytes | None) -> None:
    """Though the gradebook has scores; the page that was there before stays."""
    assert problems(graded) == {}
    before = page_of(graded, "grace").read_bytes()
    page_of(graded, "document").unlink()
    path = notebook_of(graded, "grace")
    path.unlink()
    if content is not None:
        path.write_bytes(content)
    found = problems(graded)
    assert list(found) == ["grace"]
    assert str(path) in found["grace"] and "Grade again: `autograder grade backprop --again`." in found["grace"]
    assert "\n" not in found["grace"]
    assert page_of(graded, "grace").read_bytes() == before and page_of(graded, "document").exists()


def test_what_older_checks_graded_is_to_be_graded_again(graded: Path) -> None:
    """A page would speak of checks that are not those of today; the present ones get theirs."""
    source = graded / "source" / "backprop" / "backprop.ipynb"
    present = read_source(course_config(graded), source).digest
    for student, digest in (("grace", "an older one"), ("document", present)):
        notebook_of(graded, student).chmod(0o644)
        edit(notebook_of(graded, student), partial(mark, digest))
    found = problems(graded)
    assert list(found) == ["grace"] and "graded by an older version of the checks. Grade again" in found["grace"]
    edit(source, lambda notebook: notebook.cells[0].update(source="# Another title"))
    assert sorted(problems(graded)) == ["blank", "document", "grace"]


def test_a_page_that_cannot_be_written_is_told(graded: Path) -> None:
    """In a line with the place."""
    (graded / "grading" / "feedback").write_text("in the way")
    with pytest.raises(CourseError, match=r"feedback.*cannot be written"):
        problems(graded)
