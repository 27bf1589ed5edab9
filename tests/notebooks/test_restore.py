"""Whatever a student does to the instructor's cells, they come back; whatever the student wrote stays."""

from __future__ import annotations

import copy
import random

import nbformat
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.notebooks.restore import restore
from autograder.records import MasterCell
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
    """Random copies, deletions, edits, retyped cells, forged points and lost metadata."""
    dice = random.Random(seed)
    notebook = copy.deepcopy(RELEASE)
    for _ in range(dice.randint(1, 12)):
        if not notebook.cells:
            break
        at = dice.randrange(len(notebook.cells))
        damaged = notebook.cells[at]
        match dice.randrange(6):
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
            case _:
                damaged.metadata.pop("nbgrader", None)
    restore(notebook, MASTER, ORDER)
    assert sorted(grade_ids(notebook)) == sorted(ORDER)
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
    assert restore(notebook, MASTER, ORDER) == ("cell 'relu' stood there twice; the last one written into counts",)
    assert "nbgrader" not in notebook.cells[at + 1].metadata
    assert notebook.cells[at].source == "relu = abs"
    assert notebook.cells[at + 1].cell_type == "raw", "an untouched stub must not run over the answer"
