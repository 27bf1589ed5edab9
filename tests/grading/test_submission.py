"""What Jupyter lets students do to cells costs no mark, whichever command grades: each student is one such case."""

from __future__ import annotations

import base64
import copy
from pathlib import Path

import nbformat
import pytest
from nbgrader.apps import NbGraderAPI
from nbgrader.coursedir import CourseDirectory

from autograder.config import course_config
from autograder.models import Result, Score
from autograder.report.feedback import prepare, write
from tests.conftest import cell, grade_class
from tests.isolation.classroom import Change, course_of, grade, graded, notebook, points
from tests.report.conftest import page_of

pytestmark = pytest.mark.xdist_group("cells")

STEP = ("step", "step-shown", "step-hidden")
QUESTION = "question-inactive"
PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="


def lose_metadata_of_a_section(made: nbformat.NotebookNode) -> None:
    """As when cells are copied through another editor."""
    for name in STEP:
        del cell(made, name).metadata["nbgrader"]


def lose_all_metadata_and_ids(made: nbformat.NotebookNode) -> None:
    """As after a round through a script."""
    made.nbformat_minor = 4
    for part in made.cells:
        part.metadata = nbformat.from_dict({key: part.metadata[key] for key in ("tags",) if key in part.metadata})
        del part["id"]


def merge_into_the_check_below(made: nbformat.NotebookNode) -> None:
    """The answer and the shown check are one cell, which has the check's grade id."""
    answer, check = cell(made, "step"), cell(made, "step-shown")
    check.source = f"{answer.source}\n\n{check.source}"
    made.cells.remove(answer)


def merge_into_the_answer_above(made: nbformat.NotebookNode) -> None:
    """The same with the answer's grade id."""
    answer, check = cell(made, "step"), cell(made, "step-shown")
    answer.source = f"{answer.source}\n\n{check.source}"
    made.cells.remove(check)


def write_into_a_locked_cell(made: nbformat.NotebookNode) -> None:
    """A constant that an answer uses stands behind the imports."""
    cell(made, "given-imports").source += "\nONE = 1"
    cell(made, "step").source = cell(made, "step").source.replace("\n", "\n    ONE\n", 1)


def answer_a_check(made: nbformat.NotebookNode) -> None:
    """The student's words stand in place of a check."""
    cell(made, "step-shown").source = "I did not get this."


def delete_checks(made: nbformat.NotebookNode) -> None:
    """The answer stands in a cell of the student's own, and nothing else of its section is left."""
    own = nbformat.v4.new_code_cell(cell(made, "step").source)
    at = made.cells.index(cell(made, "step"))
    made.cells = [part for part in made.cells if part.metadata.get("nbgrader", {}).get("grade_id") not in STEP]
    made.cells.insert(at, own)


def answer_below(made: nbformat.NotebookNode) -> None:
    """The written answer stands in the student's own cell below the untouched prompt."""
    part = cell(made, QUESTION)
    part.source = "YOUR ANSWER HERE"
    made.cells.insert(made.cells.index(part) + 1, nbformat.v4.new_markdown_cell("It never *learns* again."))


def leave_untouched(made: nbformat.NotebookNode) -> None:
    """Nothing was written, but an editor changed the white space."""
    cell(made, QUESTION).source = "YOUR ANSWER HERE \r\n\r\n"


def paste_a_picture(made: nbformat.NotebookNode) -> None:
    """The written answer holds a picture that was pasted in Jupyter."""
    part = cell(made, QUESTION)
    part.source = "Look: ![sketch](attachment:my%20sketch.png)"
    part.attachments = {"my sketch.png": {"image/png": base64.b64encode(base64.b64decode(PIXEL)).decode()}}


FULL = 20
CASES: dict[str, tuple[Change, float, int, str]] = {
    "section-metadata-lost": (lose_metadata_of_a_section, FULL, 1, "'step', 'step-shown' and 'step-hidden' had no"),
    "all-metadata-lost": (lose_all_metadata_and_ids, FULL, 1, "had no metadata any more"),
    "merged-below": (merge_into_the_check_below, FULL, 1, "'step-shown' is locked but held the student's code"),
    "merged-above": (merge_into_the_answer_above, FULL, 1, "'step-shown' was missing; put back"),
    "locked-constant": (write_into_a_locked_cell, FULL, 1, "'given-imports' is locked but held the student's code"),
    "locked-words": (answer_a_check, FULL, 1, "'step-shown' is locked but was changed"),
    "checks-deleted": (delete_checks, FULL, 1, "using the student's own cell that defines it"),
    "answered-below": (answer_below, FULL, 1, ""),
    "untouched": (leave_untouched, FULL, 0, ""),
    "pasted-picture": (paste_a_picture, FULL, 1, ""),
}
"""What was done, the points, how many answers a person has to read, and what the instructor is told."""


@pytest.fixture(scope="module")
def graded_class(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Result]]:
    """All cases, graded and with pages."""
    made = {name: notebook("backprop", change) for name, (change, *_) in CASES.items()}
    course = course_of(tmp_path_factory.mktemp("cells") / "course", made, "backprop")
    results = grade_class(course, "backprop")
    assert not [each.problem for each in write(prepare(course, "backprop")) if each.problem]
    return course, results


@pytest.mark.parametrize(("name", "wanted"), [(name, each[1:]) for name, each in CASES.items()], ids=CASES)
def test_a_change_of_cells_costs_no_mark_and_is_reported(
    graded_class: tuple[Path, dict[str, Result]], name: str, wanted: tuple[float, int, str]
) -> None:
    """Nothing that was written in words counts as 0 before a person has read it."""
    result, (earned, to_read, note) = graded_class[1][name], wanted
    assert isinstance(result.score, Score)
    assert (result.score.points, result.score.to_read) == (earned, to_read)
    assert any(note in line for line in result.notes) if note else result.notes == ()


def test_nbgrader_and_its_formgrader_give_the_same_scores(
    graded_class: tuple[Path, dict[str, Result]], tmp_path: Path
) -> None:
    """By `nbgrader autograde` for all, and for one that has to be read by what Formgrader's button calls."""
    ours = graded_class[0]
    made = {name: notebook("backprop", change) for name, (change, *_) in CASES.items()}
    theirs = course_of(tmp_path / "course", made, "backprop")
    grade(theirs, "nbgrader autograde", ["backprop"])
    assert points(theirs, "backprop") == points(ours, "backprop")
    assert points(theirs, "backprop")["answered-below"][QUESTION] is None
    before = points(theirs, "backprop")
    config = course_config(theirs)
    done = NbGraderAPI(CourseDirectory(config=config), config=config).autograde("backprop", "answered-below")
    assert done["success"], done
    assert points(theirs, "backprop") == before


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("locked-words", "I did not get this."),
        ("answered-below", "It never <em>learns</em> again."),
        ("pasted-picture", f'src="data:image/png;base64,{PIXEL}"'),
    ],
)
def test_what_a_student_wrote_in_an_unusual_place_is_on_the_page(
    graded_class: tuple[Path, dict[str, Result]], name: str, text: str
) -> None:
    """And a picture is, too."""
    assert text in page_of(graded_class[0], name).read_text(encoding="utf-8")


def test_text_from_a_locked_cell_stays_in_the_graded_notebook(graded_class: tuple[Path, dict[str, Result]]) -> None:
    """Formgrader shows it to the person who marks."""
    found = copy.deepcopy(graded(graded_class[0], "locked-words", "backprop"))
    assert [part.cell_type for part in found.cells if "I did not get this." in part.source] == ["markdown"]
