"""Loading the settings of a course: what is broken is told in one line, never replaced by defaults."""

from __future__ import annotations

import contextlib
from pathlib import Path

import pytest

from autograder.config import course_config
from autograder.models import CourseError
from tests.conftest import REPOSITORY


def test_class_data_lives_under_grading() -> None:
    """The folders of the contract."""
    directories = course_config(REPOSITORY).CourseDirectory
    assert directories.submitted_directory == "grading/submitted"
    assert directories.autograded_directory == "grading/autograded"
    assert directories.feedback_directory == "grading/feedback"
    assert directories.db_url.endswith("/grading/gradebook.db")


@pytest.mark.parametrize(
    "text", ["import no_such_module", "c.CourseDirectory.root = ", "raise SystemExit('stop: mend me')", "1 / 0"]
)
def test_settings_that_cannot_be_run_are_told_in_one_line(tmp_path: Path, text: str) -> None:
    """An import, a syntax error, a refusal, any exception."""
    (tmp_path / "nbgrader_config.py").write_text(text)
    with pytest.raises(CourseError) as caught:
        course_config(tmp_path)
    assert "\n" not in str(caught.value)
    assert "nbgrader_config.py" in str(caught.value) or "mend me" in str(caught.value)


def test_missing_settings_say_where_to_stand(tmp_path: Path) -> None:
    """Somebody ran the command elsewhere."""
    with pytest.raises(CourseError, match="Run this in the folder"):
        course_config(tmp_path)


def test_a_course_in_a_folder_with_a_question_mark_is_refused(course: Path) -> None:
    """Its scores would go to a file of another name; every other name will do."""
    for name, is_refused in (("what?", True), ("50% of {x} [ab] #1", False)):
        moved = course.rename(course.with_name(name))
        with pytest.raises(CourseError, match="Rename that folder") if is_refused else contextlib.nullcontext():
            assert course_config(moved).CourseDirectory.root == str(moved)
        moved.rename(course)
