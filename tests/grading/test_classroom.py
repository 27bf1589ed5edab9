"""A class with everything that can go wrong in it, graded once; each test then asks for one thing."""

from __future__ import annotations

import copy
import shutil
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest
from nbgrader.api import Gradebook

from autograder.config import course_config
from autograder.grading.classroom import prepare
from autograder.models import CourseError, Result, Score
from tests.conftest import REPOSITORY, cell, copy_course, edit, grade_class, hand_in

ASSIGNMENTS = {"feedforward": 26, "lstm": 27, "backprop": 20}
RELEASE = REPOSITORY / "release" / "backprop" / "backprop.ipynb"
SOLUTION = REPOSITORY / "solutions" / "backprop" / "backprop.ipynb"


@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_the_solution_earns_everything_and_the_untouched_release_nothing(assignment: str, tmp_path: Path) -> None:
    """All the points that are given automatically; the answer in words waits for a reader."""
    course = copy_course(tmp_path / "course", assignment)
    hand_in(course, "solution", REPOSITORY / "solutions" / assignment / f"{assignment}.ipynb", assignment)
    hand_in(course, "untouched", REPOSITORY / "release" / assignment / f"{assignment}.ipynb", assignment)
    results = grade_class(course, assignment)
    solution, untouched = results["solution"].score, results["untouched"].score
    assert solution is not None and untouched is not None
    assert (solution.points, solution.max_points, solution.to_read) == (ASSIGNMENTS[assignment],) * 2 + (1,)
    assert (untouched.points, untouched.to_read) == (0, 0)


def break_json(path: Path) -> None:
    """An upload that broke off."""
    path.write_text(path.read_text()[:700])


def age(path: Path) -> None:
    """Store as notebook format 3, with nbgrader metadata of an older schema."""
    notebook = nbformat.read(path, as_version=4)
    for part in notebook.cells:
        part.metadata.get("nbgrader", {}).pop("schema_version", None)
    path.write_text(nbformat.v3.writes_json(nbformat.convert(notebook, 3)))


def duplicate(path: Path) -> None:
    """Copy a grade cell, an answer and a check."""

    def change(notebook: nbformat.NotebookNode) -> None:
        for name in ("forward", "forward-hidden"):
            clone = copy.deepcopy(cell(notebook, name))
            clone["id"] = f"{name}-clone"
            notebook.cells.insert(notebook.cells.index(cell(notebook, name)), clone)

    edit(path, change)


def delete(path: Path) -> None:
    """Delete a check that the answer would fail, and a locked cell that it needs."""

    def change(notebook: nbformat.NotebookNode) -> None:
        cell(notebook, "backward").source = "def backward(*_):\n    return 0, 0, 0"
        for name in ("backward-hidden", "given-imports"):
            notebook.cells.remove(cell(notebook, name))

    edit(path, change)


def unreadable(path: Path) -> None:
    """A folder where the notebook should be: unreadable even for root."""
    path.unlink()
    path.mkdir()


def foreign(path: Path) -> None:
    """A notebook of another course under the right name."""
    nbformat.write(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("1")]), path)


def break_metadata(notebook: nbformat.NotebookNode) -> None:
    """Metadata that is no metadata."""
    cell(notebook, "forward").metadata["nbgrader"] = "gone"


DAMAGE: dict[str, Callable[[Path], object]] = {
    "corrupt": break_json,
    "old": age,
    "duplicated": duplicate,
    "deleted": delete,
    "unreadable": unreadable,
    "foreign": foreign,
    "missing": Path.unlink,
    "misplaced": lambda path: path.rename(path.parent.parent / path.name),
    "capitals": lambda path: path.parent.rename(path.parent.parent / "Backprop"),
    "nonsense": lambda path: edit(path, break_metadata),
    "José Núñez [2]": lambda path: None,
}


@pytest.fixture(scope="module")
def odd_class(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Result]]:
    """The course and the results of a class in which every submission is the solution, damaged in its own way."""
    course = copy_course(tmp_path_factory.mktemp("odd") / "course", "backprop")
    for student, damage in DAMAGE.items():
        damage(hand_in(course, student, SOLUTION, "backprop"))
    return course, grade_class(course, "backprop")


@pytest.mark.parametrize(
    ("student", "message"),
    [
        ("corrupt", "not valid JSON"),
        ("unreadable", "is not a file"),
        ("foreign", "Ask the student whether"),
        ("missing", "there is no notebook in the student's folder"),
    ],
)
@pytest.mark.xdist_group("odd class")
def test_what_cannot_be_graded_is_told_in_one_line(
    odd_class: tuple[Path, dict[str, Result]], student: str, message: str
) -> None:
    """The file is named, no score is invented, nothing enters the gradebook."""
    course, results = odd_class
    assert results[student].score is None
    assert message in results[student].problem
    assert f"submitted/{student}/backprop/backprop.ipynb" in results[student].problem
    assert "\n" not in results[student].problem
    with Gradebook(course_config(course).CourseDirectory.db_url) as gradebook:
        assert student not in {known.id for known in gradebook.students}


@pytest.mark.parametrize(
    ("student", "points", "notes"),
    [
        ("old", 20, ("the notebook was in the old format 3; it was converted to format 4",)),
        (
            "duplicated",
            20,
            (
                "cell 'forward' appears twice; using the last edited copy",
                "cell 'forward-hidden' appears twice; the instructor's text is used, once",
            ),
        ),
        (
            "deleted",
            16,
            ("cell 'given-imports' was missing; put back", "cell 'backward-hidden' was missing; put back"),
        ),
        ("nonsense", 20, ("cell 'forward' had no metadata any more; found by cell id or text",)),
        ("misplaced", 20, ("backprop.ipynb was graded, because backprop/backprop.ipynb is missing",)),
        ("capitals", 20, ("Backprop/backprop.ipynb was graded, because backprop/backprop.ipynb is missing",)),
        ("José Núñez [2]", 20, ()),
    ],
)
@pytest.mark.xdist_group("odd class")
def test_what_can_be_mended_is_graded_and_told(
    odd_class: tuple[Path, dict[str, Result]], student: str, points: float, notes: tuple[str, ...]
) -> None:
    """The same score as without the damage, and a line for each thing that was put back."""
    result = odd_class[1][student]
    assert result.score is not None and result.score.points == points, result
    assert result.notes == notes


@pytest.mark.xdist_group("odd class")
def test_submissions_are_never_changed(odd_class: tuple[Path, dict[str, Result]]) -> None:
    """What students handed in stays byte for byte, even where it was mended."""
    submitted = odd_class[0] / "grading" / "submitted"
    assert (submitted / "José Núñez [2]" / "backprop" / "backprop.ipynb").read_bytes() == SOLUTION.read_bytes()
    assert len((submitted / "corrupt" / "backprop" / "backprop.ipynb").read_text()) == 700
    copies = nbformat.read(submitted / "duplicated" / "backprop" / "backprop.ipynb", as_version=4)
    assert len(copies.cells) == len(nbformat.read(SOLUTION, as_version=4).cells) + 2


def test_a_submission_that_goes_bad_keeps_what_was_graded_before(course: Path) -> None:
    """A resubmission that cannot be read takes neither score nor autograded notebook away, and manual marks stay."""
    path = hand_in(course, "ada", SOLUTION, "backprop")
    grade_class(course, "backprop")
    db_url = course_config(course).CourseDirectory.db_url
    with Gradebook(db_url) as gradebook:
        mark = gradebook.find_grade("question-inactive", "backprop", "backprop", "ada")
        mark.manual_score = 3
        gradebook.db.commit()
    break_json(path)
    assert grade_class(course, "backprop")["ada"].score is None
    assert (course / "grading" / "autograded" / "ada" / "backprop" / "backprop.ipynb").exists()
    with Gradebook(db_url) as gradebook:
        assert gradebook.find_submission("backprop", "ada").score == 23
    shutil.copyfile(SOLUTION, path)
    timestamp = path.with_name("timestamp.txt")
    timestamp.write_text("the day before yesterday")  # nbgrader reads it when it has already cleared the folder
    assert grade_class(course, "backprop")["ada"].score is None
    assert (course / "grading" / "autograded" / "ada" / "backprop" / "backprop.ipynb").exists()
    timestamp.unlink()
    assert grade_class(course, "backprop")["ada"].score == Score(points=20, max_points=20, by_hand=3, to_read=1)


def test_a_class_that_is_not_there_says_where_to_put_it(course: Path) -> None:
    """No folder, an empty folder, an unknown assignment."""
    with pytest.raises(CourseError, match=r"grading/submitted: missing\. Put submissions into"):
        prepare(course, "backprop")
    (course / "grading" / "submitted").mkdir()
    with pytest.raises(CourseError, match="no submission of backprop"):
        prepare(course, "backprop")
    with pytest.raises(CourseError, match="The course has: backprop"):
        prepare(course, "bakprop")
