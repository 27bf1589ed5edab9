"""The gradebook: what it knows of an assignment, and a gradebook that cannot be used."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder.gradebook.scores import master_cells, register, score
from autograder.gradebook.session import course_config
from autograder.records import CourseError


def test_the_master_cells_are_the_instructors_hidden_tests_included(course: Path) -> None:
    """Every cell that a submission may lose can be put back from here."""
    config = course_config(course)
    register(config, "backprop")
    master = master_cells(config.CourseDirectory.db_url, "backprop", "backprop")
    assert "reference.backward" in master["backward-hidden"].source
    assert master["backward-hidden"].locked and not master["backward-hidden"].is_answer
    assert master["backward-hidden"].metadata["points"] == 4
    assert master["backward"].is_answer and not master["backward"].locked
    assert master["given-imports"].locked
    assert not (course / "grading" / "release").exists()


def test_an_assignment_that_was_never_entered_says_what_to_run(course: Path) -> None:
    """Plain nbgrader users meet this one."""
    with pytest.raises(CourseError, match="generate_assignment backprop"):
        master_cells(course_config(course).CourseDirectory.db_url, "backprop", "backprop")


def test_who_never_handed_in_has_no_score(course: Path) -> None:
    """None, not zero."""
    config = course_config(course)
    register(config, "backprop")
    assert score(config.CourseDirectory.db_url, "backprop", "nobody") is None


def test_a_gradebook_that_is_none_is_told_in_one_line(course: Path) -> None:
    """A file that is not a database is left as it is."""
    gradebook = course / "grading" / "gradebook.db"
    gradebook.write_text("not a database, but somebody's file")
    with pytest.raises(CourseError, match=r"gradebook.db.*cannot be used") as caught:
        register(course_config(course), "backprop")
    assert "\n" not in str(caught.value)
    assert gradebook.read_text() == "not a database, but somebody's file"
