"""Feedback for a class: a page for everybody, the same through both doors, and one clear line where there is none."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from functools import partial
from html import unescape
from pathlib import Path

import nbformat
import pytest

from autograder.config import course_config
from autograder.gradebook.read import Marks
from autograder.late_policy import Policy
from autograder.models import CourseError
from autograder.report.assignment import outline
from autograder.report.feedback import Sheet, page, prepare, write
from autograder.source import read_source
from tests.conftest import REPOSITORY, edit, hand_in
from tests.report.conftest import gradebook, notebook_of, page_of, tell

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


SECRETS = (
    "BEGIN HIDDEN",
    "autograder.reference",
    "reference.backward",
    "default_rng",
    "assert_allclose",
    "Mismatched elements",
    "DESIRED",
    "/autograder/",
)


def written(course: Path, student: str) -> str:
    """The page of `student`, written now, as text."""
    assert not [each.problem for each in write(prepare(course, "backprop")) if each.problem]
    return unescape(
        re.sub(r"\s+", " ", re.sub(r"<style>.*?</style>|<[^>]+>", "", page_of(course, student).read_text()))
    )


def test_marks_stand_for_each_part_and_in_all(graded: Path) -> None:
    """What the gradebook says, by function, for shown and for further checks."""
    text = written(graded, "document")
    assert "15 of 24 points" in text
    assert "forward 2 / 2 4 / 4 6 / 6" in text
    assert "back_to_z1 0 / 1 0 / 2 0 / 3" in text and "backward 0 / 1 2 / 3 2 / 4" in text
    assert "Not yet Further checks: inactive 0 / 1" in text


def test_a_course_without_further_checks_reads_nothing_of_them() -> None:
    """Nor has it a column for them."""
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(text) for text in ("area = 3", "assert area")])
    usual = {"schema_version": 3, "locked": False, "points": 1}
    notebook.cells[0].metadata["nbgrader"] = {**usual, "grade_id": "area", "grade": False, "solution": True}
    notebook.cells[1].metadata["nbgrader"] = {**usual, "grade_id": "test", "grade": True, "solution": False}
    sheet = Sheet("ps1", [outline("ps1", notebook, "ps1")], {}, False, Policy())
    made = page(sheet, Marks("ada", "", {}, {}, 0.0), {"ps1": notebook})
    assert "Further" not in made and '<tr><th scope="row">Total</th><td' in made
    assert made.count('<th scope="col"') == 2


def test_hidden_tests_stand_on_no_page(graded: Path) -> None:
    """No source, no expected value, nothing that a hidden check put out, however a student did."""
    for student in ("grace", "document", "blank"):
        written(graded, student)
        page = page_of(graded, student).read_text()
        assert [secret for secret in SECRETS if secret in page] == []


def test_a_failed_check_says_what_was_told(graded: Path) -> None:
    """In the words of the grader, its divergence included."""
    found = {
        "outcome": "failed",
        "student_message": "With the unit off, dloss_w1 should be 0 < 1.",
        "divergence": "z_1 agrees.",
    }
    tell(graded, "document", "backward-inactive-hidden", **found)
    text = written(graded, "document")
    assert "With the unit off, dloss_w1 should be 0 < 1." in text
    assert "z_1 agrees." in text


def test_without_words_of_the_examiner_a_neutral_sentence_stands_there(graded: Path) -> None:
    """As in a notebook that an older version graded."""
    tell(graded, "document", "backward-inactive-hidden")
    assert "Your answer does not pass here yet." in written(graded, "document")
    tell(
        graded,
        "document",
        "backward-inactive-hidden",
        outcome=7,
        student_message=["?"],
        mistakes="off",
        divergence=None,
    )
    assert "Your answer does not pass here yet." in written(graded, "document")


@pytest.mark.usefixtures("known")
def test_the_likely_misconception_is_told_with_the_place_to_read_again(graded: Path) -> None:
    """As long as somebody knows it."""
    tell(graded, "document", "backward-shown", outcome="failed", mistakes=[])
    tell(graded, "document", "backward-inactive-hidden", outcome="failed", mistakes=["off-unit"])
    text = written(graded, "document")
    assert "This looks like: A unit that is off still passes its derivative on." in text
    assert "Read again: section 2, relu'(z)" in text
    tell(graded, "document", "backward-inactive-hidden", outcome="failed", mistakes=["forgotten"])
    assert "A unit that is off" not in written(graded, "document")


@pytest.mark.usefixtures("known")
def test_of_two_misconceptions_neither_is_told_since_one_would_be_false(graded: Path) -> None:
    """Whether one check names both or each of two checks another one."""
    tell(graded, "document", "backward-inactive-hidden", outcome="failed", mistakes=["off-unit", "wrong-sign"])
    text = written(graded, "document")
    assert "A unit that is off" not in text and "The derivative has the opposite sign." not in text
    tell(graded, "blank", "backward-inactive-hidden", outcome="failed", mistakes=["off-unit"])
    tell(graded, "blank", "backward-hidden", outcome="failed", mistakes=["wrong-sign"])
    assert "This looks like" not in written(graded, "blank")


@pytest.mark.usefixtures("known")
def test_a_passed_check_blames_nobody(graded: Path) -> None:
    """Whatever stands in the notebook, the gradebook decides."""
    tell(graded, "grace", "backward-hidden", outcome="failed", student_message="Wrong!", mistakes=["off-unit"])
    text = written(graded, "grace")
    assert "Wrong!" not in text and "This looks like" not in text


def test_an_answer_in_words_waits_for_a_person_and_then_has_a_mark_and_a_comment(graded: Path) -> None:
    """As the person gave them in formgrader."""
    assert "To be marked by hand In words – / 4" in written(graded, "grace")
    with gradebook(graded) as book:
        names = ("question-inactive", "backprop", "backprop", "grace")
        grade, comment = book.find_grade(*names), book.find_comment(*names)
        grade.manual_score, grade.needs_manual_grade = 3, False
        comment.manual_comment = "Well *seen*."
        book.db.commit()
    text = written(graded, "grace")
    assert "Marked In words 3 / 4" in text and "Well seen." in text and "23 of 24 points" in text


def test_a_penalty_for_lateness_is_taken_off_and_told(graded: Path) -> None:
    """Otherwise the sum would not be the sum."""
    with gradebook(graded) as book:
        book.find_submission_notebook("backprop", "backprop", "document").late_submission_penalty = 2
        book.db.commit()
    text = written(graded, "document")
    assert "13 of 24 points" in text and "Handed in late. 2 points are taken off." in text


def test_a_students_own_cells_and_their_outputs_stand_with_the_answer_before_them(graded: Path) -> None:
    """Code, what it displayed, and notes; cells of the instructor's that displayed nothing do not."""
    text = written(graded, "document")
    assert "Loss wrt w1: 2.081" in text and "Try it where you tried forward." in text
    assert "BytesIO" not in text


@pytest.mark.parametrize(("days", "shown"), [(-1, True), (1, False), (None, False)])
def test_hidden_tests_are_shown_only_when_wanted_and_due(graded: Path, days: int | None, shown: bool) -> None:
    """The instructor's choice, and not before everybody has handed in; an extension counts."""
    settings = graded / "nbgrader_config.py"
    settings.write_text(settings.read_text().replace("tests_after_due = False", "tests_after_due = True"))
    with gradebook(graded) as book:
        now = datetime.now(UTC).replace(tzinfo=None)
        due = None if days is None else now + timedelta(days=days)
        book.update_or_create_assignment("backprop", duedate=due)
    assert ("What this check runs" in written(graded, "document")) is shown
    if shown:
        with gradebook(graded) as book:
            book.find_submission("backprop", "grace").extension = timedelta(days=3)
            book.db.commit()
        assert "What this check runs" not in written(graded, "document")


def test_a_name_is_text(graded: Path) -> None:
    """A student may be called anything."""
    with gradebook(graded) as book:
        book.update_or_create_student("grace", first_name="<b>Grace</b>", last_name='"&\u202e')
    written(graded, "grace")
    page = page_of(graded, "grace").read_text()
    assert "&lt;b&gt;Grace&lt;/b&gt; &#34;&amp;" in page and "<b>Grace" not in page and "\u202e" not in page


def test_a_page_has_bounds(graded: Path) -> None:
    """However much a notebook holds."""

    def flood(notebook: object) -> None:
        cells = notebook.cells  # type: ignore[attr-defined]
        mine = next(each for each in cells if each.metadata.get("nbgrader", {}).get("grade_id") == "forward")
        mine.source = "x = 1\n" * 100_000
        many = {"output_type": "display_data", "metadata": {}, "data": {"text/html": "<div>" * 20_000}}
        long = {"output_type": "stream", "name": "stdout", "text": "y" * 5_000_000}
        mine.outputs = [type(mine)(output) for output in [long, *[many] * 50]]

    edit(notebook_of(graded, "grace"), flood)
    text = written(graded, "grace")
    assert len(page_of(graded, "grace").read_text()) < 1_000_000
    assert (
        "too large to show" in text and "The rest is left out because" in text and "more outputs are left out" in text
    )
