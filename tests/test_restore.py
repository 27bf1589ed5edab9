"""Whatever a student does to the instructor's cells, they come back; whatever the student wrote stays."""

from __future__ import annotations

import copy
import random

import nbformat
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.models import MasterCell
from autograder.restore import drop_metadata, restore
from tests.conftest import REPOSITORY, cell

RELEASE = nbformat.read(REPOSITORY / "release" / "feedforward" / "feedforward.ipynb", as_version=4)
ORDER = [str(part.metadata["nbgrader"]["grade_id"]) for part in RELEASE.cells if "nbgrader" in part.metadata]
MASTER = {
    name: MasterCell(
        name,
        cell(RELEASE, name).cell_type,
        cell(RELEASE, name).source,
        cell(RELEASE, name).metadata["nbgrader"]["locked"],
        dict(cell(RELEASE, name).metadata["nbgrader"]),
        cell(RELEASE, name).source,
        cell(RELEASE, name).id,
    )
    for name in ORDER
}


def grade_ids(notebook: nbformat.NotebookNode) -> list[str]:
    """The grade ids in `notebook`, in order."""
    return [part.metadata["nbgrader"]["grade_id"] for part in notebook.cells if "nbgrader" in part.metadata]


def test_an_untouched_notebook_needs_nothing() -> None:
    """No note, no change."""
    notebook = copy.deepcopy(RELEASE)
    assert restore(notebook, MASTER, ORDER) == ()
    assert [part.source for part in notebook.cells] == [part.source for part in RELEASE.cells]


@settings(max_examples=60)
@given(st.integers(0, 2**32 - 1))
def test_every_instructor_cell_comes_back_once_after_any_damage(seed: int) -> None:
    """Random copies, deletions, edits, moves, retyped cells, forged points and lost metadata."""
    dice = random.Random(seed)
    notebook = copy.deepcopy(RELEASE)
    for _ in range(dice.randint(1, 12)):
        if not notebook.cells:
            break
        at = dice.randrange(len(notebook.cells))
        damaged = notebook.cells[at]
        match dice.randrange(7):
            case 0:
                del notebook.cells[at]
            case 1:
                notebook.cells.insert(dice.randrange(len(notebook.cells)), copy.deepcopy(damaged))
            case 2:
                damaged.source = "print('edited')"
            case 3:
                damaged.cell_type = "raw"
            case 4 if "nbgrader" in damaged.metadata:
                damaged.metadata["nbgrader"].update(points=99, locked=False, schema_version=0)
            case 5:
                notebook.cells.insert(dice.randrange(len(notebook.cells)), notebook.cells.pop(at))
            case _:
                damaged.metadata.pop("nbgrader", None)
    restore(notebook, MASTER, ORDER)
    assert grade_ids(notebook) == ORDER
    for name in ORDER:
        restored = cell(notebook, name)
        assert restored.metadata["nbgrader"] == MASTER[name].metadata
        assert restored.cell_type == MASTER[name].cell_type
        if MASTER[name].locked:
            assert restored.source == MASTER[name].source


def test_a_deleted_check_returns_behind_the_function_it_checks() -> None:
    """Every deleted cell goes back to its place in the source's order."""
    notebook = copy.deepcopy(RELEASE)
    notebook.cells = [part for part in notebook.cells if not part.metadata.get("nbgrader", {}).get("locked")]
    notes = restore(notebook, MASTER, ORDER)
    assert grade_ids(notebook) == ORDER
    assert "cell 'relu-hidden' was missing; put back" in notes


@settings(max_examples=30)
@given(st.randoms(use_true_random=False))
def test_moved_cells_come_back_into_the_order_of_the_assignment(dice: random.Random) -> None:
    """With one note, and every cell of the student's still there, behind the instructor's cell that it followed."""
    notebook = copy.deepcopy(RELEASE)
    own = {name: nbformat.v4.new_code_cell(f"# mine behind {name}") for name in ORDER}
    groups = [[cell(notebook, name), own[name]] for name in ORDER]
    dice.shuffle(groups)
    notebook.cells = [part for group in groups for part in group]
    was_moved = grade_ids(notebook) != ORDER
    notes = restore(notebook, MASTER, ORDER)
    assert notes == (("cells were moved; put back into the order of the assignment",) if was_moved else ())
    assert [part.source for part in notebook.cells[1::2]] == [own[name].source for name in ORDER]
    assert grade_ids(notebook) == ORDER


def test_a_missing_check_comes_back_behind_the_cells_in_which_the_student_answered() -> None:
    """Or it would judge before they ran."""
    notebook = copy.deepcopy(RELEASE)
    at = notebook.cells.index(cell(notebook, "relu-shown"))
    notebook.cells[at] = nbformat.v4.new_code_cell("def relu(z):\n    return z")
    restore(notebook, MASTER, ORDER)
    assert notebook.cells.index(cell(notebook, "relu-shown")) > at


def test_an_answer_that_was_deleted_comes_back_empty() -> None:
    """The stub would raise over an answer that the student gave in a cell of their own."""
    notebook = copy.deepcopy(RELEASE)
    notebook.cells.remove(cell(notebook, "relu"))
    assert restore(notebook, MASTER, ORDER) == ("cell 'relu' was missing; put back empty",)
    assert cell(notebook, "relu").source == ""


def test_of_two_answers_the_last_written_into_counts_and_both_stay() -> None:
    """An untouched copy of the stub below the answer neither counts nor runs, and no text is lost."""
    notebook = copy.deepcopy(RELEASE)
    at = notebook.cells.index(cell(notebook, "relu"))
    first = copy.deepcopy(notebook.cells[at])
    first.source = "relu = abs"
    notebook.cells.insert(at, first)
    assert restore(notebook, MASTER, ORDER) == ("cell 'relu' appears twice; using the last edited copy",)
    assert "nbgrader" not in notebook.cells[at + 1].metadata
    assert notebook.cells[at].source == "relu = abs"
    assert notebook.cells[at + 1].cell_type == "raw", "an untouched stub must not run over the answer"


def test_of_a_students_metadata_only_the_tag_of_cells_that_are_not_run_stays() -> None:
    """Without it, cells that only draw would run when a class is graded."""
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("1"), nbformat.v4.new_code_cell("2")])
    notebook.cells[0].metadata = nbformat.from_dict({"tags": ["not-when-grading", "other"], "trusted": True})
    notebook.cells[1].metadata = nbformat.from_dict({"tags": "odd", "trusted": True})
    drop_metadata(notebook)
    assert [dict(cell.metadata) for cell in notebook.cells] == [{"tags": ["not-when-grading"]}, {}]
