"""A check that the instructor's own solution does not pass judges nobody."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest
from click.testing import CliRunner
from nbgrader.api import Gradebook

from autograder.cli import main
from autograder.config import course_config
from tests.conftest import REPOSITORY, cell, edit, hand_in

BREAKAGES = {
    "a misspelt function": ("np.testing.assert_alclose(1, 1)", "no attribute 'assert_alclose'"),
    "a missing module": ("import numpie", "No module named 'numpie'"),
    "an unknown name": ("assert forwrad(1.0)", "name 'forwrad' is not defined"),
    "a number that is not marked": ("score = 1.5\nscore", "it ends in the number 1.5, and no line of it says"),
    "points that the student hands over": ("### PARTIAL CREDIT\nforward", "comes from the student as it is"),
    "a wrong expectation": ("assert 1 == 2, 'one is two'", "AssertionError: one is two"),
    "no Python": ("assert forward(", "was never closed"),
    "a value that cannot travel": ("x = []\nfor _ in range(99):\n    x = [x]\nforward(x)", "nested too deeply"),
}


@pytest.mark.parametrize("breakage", BREAKAGES)
def test_a_broken_check_is_told_and_costs_nobody_a_mark(course: Path, breakage: str) -> None:
    """One line names it, the exit status is 1, and its points wait for a person; the other checks count."""
    text, reason = BREAKAGES[breakage]
    hidden = f"### BEGIN HIDDEN TESTS\n{text}\n### END HIDDEN TESTS"
    edit(
        course / "source" / "backprop" / "backprop.ipynb",
        lambda notebook: cell(notebook, "forward-hidden").update(source=hidden),
    )
    solution = REPOSITORY / "solutions" / "backprop" / "backprop.ipynb"
    hand_in(course, "ada", solution, "backprop")
    result = CliRunner().invoke(main, ["--root", str(course), "grade", "backprop"])
    assert result.exit_code == 1
    assert "check 'forward-hidden' is broken: " in result.stdout
    assert reason in result.stdout
    with Gradebook(course_config(course).CourseDirectory.db_url) as gradebook:
        grade = gradebook.find_grade("forward-hidden", "backprop", "backprop", "ada")
        assert (grade.auto_score, grade.needs_manual_grade) == (None, True)
        others = gradebook.find_submission("backprop", "ada").notebooks[0].grades
        assert all(other.auto_score == other.max_score for other in others if other.auto_score is not None)
    graded = nbformat.read(course / "grading" / "autograded" / "ada" / "backprop" / "backprop.ipynb", as_version=4)
    assert "automatically: this check itself is broken" in cell(graded, "forward-hidden").outputs[0].evalue


def test_a_mended_check_judges_again(course: Path) -> None:
    """Grading again after the repair gives the points, and nothing waits any more."""
    source = course / "source" / "backprop" / "backprop.ipynb"
    sound = source.read_text()
    edit(source, lambda notebook: cell(notebook, "forward-hidden").update(source="undefined"))
    hand_in(course, "ada", REPOSITORY / "solutions" / "backprop" / "backprop.ipynb", "backprop")
    assert CliRunner().invoke(main, ["--root", str(course), "grade", "backprop"]).exit_code == 1
    source.write_text(sound)
    assert CliRunner().invoke(main, ["--root", str(course), "grade", "backprop"]).exit_code == 0
    with Gradebook(course_config(course).CourseDirectory.db_url) as gradebook:
        grade = gradebook.find_grade("forward-hidden", "backprop", "backprop", "ada")
        assert grade.auto_score == grade.max_score
        assert not grade.needs_manual_grade
