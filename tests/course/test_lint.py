"""Each rule of the course turns red when it is broken, naming the file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest

from autograder.lint import lint
from tests.conftest import REPOSITORY, cell, edit

SOURCE = Path("source", "backprop", "backprop.ipynb")
RELEASE = Path("release", "backprop", "backprop.ipynb")


def test_the_course_keeps_every_rule() -> None:
    """All three assignments as they are."""
    assert lint(REPOSITORY) == []


def rename(notebook: nbformat.NotebookNode) -> None:
    """A grade id that says nothing."""
    cell(notebook, "given-imports").metadata["nbgrader"]["grade_id"] = "cell-1"


def drop_hidden_cell(notebook: nbformat.NotebookNode) -> None:
    """A function without hidden checks."""
    notebook.cells.remove(cell(notebook, "forward-hidden"))


def drop_shown_cell(notebook: nbformat.NotebookNode) -> None:
    """A function without shown checks."""
    notebook.cells.remove(cell(notebook, "forward-shown"))


def empty_hidden_region(notebook: nbformat.NotebookNode) -> None:
    """A hidden cell that compares nothing."""
    cell(notebook, "backward-inactive-hidden").source = "### BEGIN HIDDEN TESTS\nbackward\n### END HIDDEN TESTS"


def hide_in_shown(notebook: nbformat.NotebookNode) -> None:
    """A hidden comparison that would make the shown checks all-or-nothing."""
    shown = cell(notebook, "backward-shown")
    shown.source = shown.source.replace("### END HIDDEN", "assert backward\n### END HIDDEN")


def change_points(notebook: nbformat.NotebookNode) -> None:
    """Points that the heading does not promise."""
    cell(notebook, "forward-hidden").metadata["nbgrader"]["points"] = 5


def rename_function(notebook: nbformat.NotebookNode) -> None:
    """An answer cell that defines something else."""
    cell(notebook, "forward").source = "def forwards():\n    pass"


def borrow_comparison(notebook: nbformat.NotebookNode) -> None:
    """A hidden check whose comparisons are whatever the student calls `isclose`."""
    hidden = cell(notebook, "forward-hidden")
    hidden.source = hidden.source.replace("math.isclose", "isclose")


def end_in_a_number(notebook: nbformat.NotebookNode) -> None:
    """What stock nbgrader takes as partial credit."""
    cell(notebook, "forward-shown").source += "\nscore = 1.5\nscore"


def mark_the_students_own(notebook: nbformat.NotebookNode) -> None:
    """A marked check whose points are what the student's function answers."""
    cell(notebook, "forward-shown").source += "\n### PARTIAL CREDIT\nforward(1, 1, 1, 1, 1)[4]"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (end_in_a_number, "'forward-shown' seems to end in a number, and no line of it says '### PARTIAL CREDIT'"),
        (mark_the_students_own, "'forward-shown': it says '### PARTIAL CREDIT', and what it ends in comes from"),
        (borrow_comparison, "uses the student's 'isclose'"),
        (rename, "'cell-1' does not match the pattern"),
        (drop_hidden_cell, "function 'forward' has no hidden checks"),
        (drop_shown_cell, "function 'forward' has no shown checks"),
        (empty_hidden_region, "'backward-inactive-hidden' has no check in its hidden region"),
        (hide_in_shown, "'backward-shown' has a check in its hidden region"),
        (change_points, "'forward' says 6 points, but its cells give 7"),
        (change_points, "the title should say '..., 25 points.'"),
        (rename_function, "no answer cell 'forward' defines the function 'forward'"),
    ],
)
def test_a_broken_rule_in_the_source_is_told(
    course: Path, change: Callable[[nbformat.NotebookNode], None], message: str
) -> None:
    """Ids, missing checks, points, functions."""
    edit(course / SOURCE, change)
    assert any(line.startswith(str(SOURCE)) and message in line for line in lint(course)), lint(course)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("    dloss_a2 = -(y - a_2)", "gives away a line of 'back_to_z2'"),
        (
            'assert round(float(np.squeeze(document[4])), 3) == 0.288, "loss"',
            "gives away a line of 'forward-hidden'",
        ),
        ("from answers.backprop import reference", "contains 'from answers'"),
        ("### BEGIN SOLUTION", "contains 'BEGIN SOLUTION'"),
    ],
)
def test_an_answer_in_the_release_is_told(course: Path, line: str, message: str) -> None:
    """A line of a solution, of a hidden test, an import of the reference, a marker."""

    def leak(notebook: nbformat.NotebookNode) -> None:
        notebook.cells[5].source += f"\n{line}"

    edit(course / RELEASE, leak)
    assert any(found.startswith(str(RELEASE)) and message in found for found in lint(course)), lint(course)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('    "forward",\n    "1. `forward`"', '    "ahead",\n    "1. `forward`"', "answers/backprop/"),
        ("BACKWARD, STEP)", "BACKWARD, STEP", "answers/backprop/: cannot be used"),
    ],
)
def test_known_mistakes_are_about_functions_that_the_notebook_asks_for(
    course: Path, old: str, new: str, message: str
) -> None:
    """And can be imported."""
    path = course / "answers" / "backprop" / "mistakes.py"
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))
    assert any(line.startswith(message) for line in lint(course)), lint(course)
