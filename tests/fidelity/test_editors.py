"""A notebook can be opened, run and saved in any usual editor: that costs no mark and is no cause for a report."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest

from autograder.models import Result
from autograder.notebook import fill_in
from autograder.report import class_report, feedback
from tests.conftest import ASSIGNMENTS, REPOSITORY, copy_course, grade_class, hand_in
from tests.fidelity.editors import EDITORS, OWNER, OWNER_ID, TITLE, Notebook, saved

EXAMPLES = {"backprop": "blank", "feedforward": "document", "lstm": "grace"}
"""Whose answers are in the notebook: one answers nothing, one with mistakes, one everything right."""


def released(assignment: str) -> Path:
    """What is handed out."""
    return REPOSITORY / "release" / assignment / f"{assignment}.ipynb"


def answered(assignment: str) -> Notebook:
    """The released notebook with the answers of an example student, and with the outputs of having been run."""
    answers = REPOSITORY / "examples" / "submissions" / EXAMPLES[assignment] / f"{assignment}.py"
    notebook = fill_in(released(assignment), answers)
    solution = nbformat.read(REPOSITORY / "solutions" / assignment / f"{assignment}.ipynb", as_version=4)
    outputs = {cell.id: cell.outputs for cell in solution.cells if cell.cell_type == "code"}
    for number, cell in enumerate(cell for cell in notebook.cells if cell.cell_type == "code"):
        cell.outputs, cell.execution_count = outputs[cell.id], number
    found: Notebook = json.loads(nbformat.writes(notebook))
    return found


class Class:
    """A graded class: the same answers once as Jupyter would have them, and once from each editor."""

    def __init__(self, course: Path, assignment: str) -> None:
        notebook = answered(assignment)
        files = {editor: saved(notebook, editor) for editor in EDITORS}
        for name, text in {"plain": json.dumps(notebook), **files}.items():
            hand_in(course, f"from-{name}", released(assignment), assignment).write_text(text, encoding="utf-8")
        self.course, self.assignment = course, assignment
        self.results: dict[str, Result] = grade_class(course, assignment)


@pytest.fixture(
    scope="module",
    params=[pytest.param(name, marks=pytest.mark.xdist_group(f"editors-{name}")) for name in ASSIGNMENTS],
)
def graded(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Class]:
    """A class for each assignment."""
    yield Class(copy_course(tmp_path_factory.mktemp("editors") / "course", request.param), request.param)


@pytest.fixture(scope="module")
def pages(graded: Class) -> dict[str, str]:
    """The feedback page of each student of that class, without the limit on the time that it may take."""
    feedback_run = feedback.prepare(graded.course, graded.assignment)
    folder, place = graded.course / "grading" / "autograded", f"{graded.assignment}/{graded.assignment}.ipynb"
    return {
        student: feedback.page(
            feedback_run.sheet,
            marks,
            {graded.assignment: nbformat.read(folder / student / place, as_version=4)},
        )
        for student, marks in feedback_run.marks.items()
    }


@pytest.mark.parametrize("editor", EDITORS)
def test_saving_in_an_editor_costs_no_points(graded: Class, editor: str) -> None:
    """Each check and each answer gets what it gets in the plain file."""
    plain, other = graded.results["from-plain"], graded.results[f"from-{editor}"]
    assert plain.score and other.score == plain.score, other.problem


@pytest.mark.parametrize("editor", EDITORS)
def test_saving_in_an_editor_is_not_reported(graded: Class, editor: str) -> None:
    """There is nothing that an instructor could do about it."""
    assert graded.results[f"from-{editor}"].notes == graded.results["from-plain"].notes == ()


def test_no_page_names_the_owner_of_an_account(pages: dict[str, str], graded: Class) -> None:
    """Editors write names and numbers of accounts into a file; nor does the report, or a graded notebook, have them."""
    written, _ = class_report.write(feedback.prepare(graded.course, graded.assignment))
    kept = [*written, *(graded.course / "grading" / "autograded").rglob("*.ipynb")]
    assert len(kept) > len(pages) == len(graded.results)
    for text in (*pages.values(), *(path.read_text("utf-8") for path in kept)):
        assert OWNER not in text and OWNER_ID not in text


def comparable(page: str) -> str:
    """A page without the student's name, the title that an answer has in Colab, and where a warning of Python's was."""
    page = page.replace(f'<span class="c1">{TITLE}</span>\n', "")
    return re.sub(r"from-\w+|\d+\.py:\d+:", "", page)


@pytest.mark.parametrize("editor", EDITORS)
def test_a_student_reads_the_same_page_whatever_the_editor(pages: dict[str, str], editor: str) -> None:
    """But for a title that the student put before an answer in Colab, which moves the lines below it."""
    assert "@title" not in pages["from-plain"]
    assert comparable(pages[f"from-{editor}"]).splitlines() == comparable(pages["from-plain"]).splitlines()


def cells(assignment: str) -> list[dict[str, Any]]:
    """The cells of a release."""
    return json.loads(released(assignment).read_text("utf-8"))["cells"]  # type: ignore[no-any-return]


@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_colab_folds_the_cells_that_jupyter_folds(assignment: str) -> None:
    """Under the title that Jupyter shows: their first line."""
    folded = [cell for cell in cells(assignment) if cell["metadata"].get("jupyter", {}).get("source_hidden")]
    assert folded == [cell for cell in cells(assignment) if cell["metadata"].get("cellView") == "form"]
    for cell in folded:
        assert cell["source"][-1] == cell["source"][0].rstrip("\n").replace("# ", "# @title ", 1)
