"""The demonstration class: every example student gets the score this table says."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder.grading.demo import set_up
from autograder.models import CourseError, Result
from tests.conftest import REPOSITORY, grade_class

pytestmark = pytest.mark.xdist_group("demo")

SCORES = {
    ("ada", "feedforward"): 16,
    ("ada", "lstm"): 10,
    ("blank", "feedforward"): 0,
    ("blank", "lstm"): 0,
    ("blank", "backprop"): 0,
    ("document", "feedforward"): 24,  # its softmax overflows
    ("document", "lstm"): 27,
    ("document", "backprop"): 15,  # it takes relu's derivative as 1
    ("grace", "feedforward"): 26,
    ("grace", "lstm"): 27,
    ("grace", "backprop"): 20,
    ("kai", "feedforward"): 8,
    ("mina", "lstm"): 10,
    ("noor", "feedforward"): 8,
    ("oleg", "feedforward"): 10,
    ("paula", "feedforward"): None,
    ("quentin", "feedforward"): None,
    ("rené martin", "feedforward"): 4,
    ("rené martin", "backprop"): 0,
    ("rosa", "lstm"): 15,
}


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> list[Result]:
    """The whole class."""
    target = tmp_path_factory.mktemp("demo") / "class"
    handed_in = set_up(REPOSITORY, target)
    return [result for assignment in handed_in for result in grade_class(target, assignment).values()]


def test_every_example_earns_what_the_table_says(results: list[Result]) -> None:
    """A change here is a changed score: make it on purpose."""
    found = {(result.student, result.assignment): result.score.points if result.score else None for result in results}
    assert found == SCORES


def test_a_folder_that_holds_something_else_is_left_alone(tmp_path: Path) -> None:
    """Only an earlier demonstration class is replaced."""
    (tmp_path / "thesis.txt").write_text("years of work")
    (tmp_path / "nbgrader_config.py").write_text("a real course has this too")
    with pytest.raises(CourseError, match="is not empty and was not made by this command"):
        set_up(REPOSITORY, tmp_path)
    assert (tmp_path / "thesis.txt").read_text() == "years of work"
