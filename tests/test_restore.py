"""Whatever a student does to the instructor's cells, they come back; whatever the student wrote stays."""

from __future__ import annotations

import copy
import random

import nbformat
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nbgrader.utils import compute_checksum

from autograder.models import MasterCell
from autograder.restore import answered_beside, drop_metadata, restore, share_of
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


NAMES = ("relu", "relu-shown", "relu-hidden")
SOLVED = "def relu(z):\n    return np.maximum(z, 0)"


def without_metadata(*names: str) -> nbformat.NotebookNode:
    """The released notebook with relu solved, and without nbgrader's metadata in these cells."""
    notebook = copy.deepcopy(RELEASE)
    cell(notebook, "relu").source = SOLVED
    for name in names:
        del cell(notebook, name).metadata["nbgrader"]
    return notebook


def test_cells_without_metadata_are_found_by_their_cell_ids() -> None:
    """An answer, too, whose text nobody can know."""
    notebook = without_metadata(*NAMES)
    line = "cells 'relu', 'relu-shown' and 'relu-hidden' had no metadata any more; found by cell id or text"
    assert restore(notebook, MASTER, ORDER) == (line,)
    assert grade_ids(notebook) == ORDER and cell(notebook, "relu").source == SOLVED


def test_cells_without_metadata_and_ids_are_found_by_their_text() -> None:
    """The answer by what it defines."""
    notebook = without_metadata(*ORDER)
    for number, part in enumerate(notebook.cells):
        part.id = f"new-{number}"
    notes = restore(notebook, MASTER, ORDER)
    assert grade_ids(notebook) == ORDER and cell(notebook, "relu").source == SOLVED
    assert "cell 'relu' was missing; using the student's own cell that defines it" in notes
    assert len(notebook.cells) == len(RELEASE.cells)


def locked(name: str, text: str) -> tuple[nbformat.NotebookNode, tuple[str, ...]]:
    """The released notebook with this text in a locked cell, restored, and the notes."""
    notebook = copy.deepcopy(RELEASE)
    cell(notebook, name).source = text
    return notebook, restore(notebook, MASTER, ORDER)


SHOWN, IMPORTS = MASTER["relu-shown"].source, MASTER["given-imports"].source


@pytest.mark.parametrize(
    ("name", "text", "own"),
    [
        ("relu-shown", f"{SOLVED}\n\n{SHOWN}", SOLVED),
        ("relu-shown", f"{SHOWN}\nrelu(3)", "relu(3)"),
        ("relu-hidden", f"{MASTER['relu-hidden'].source}\n{SOLVED}", SOLVED),
        ("relu-hidden", SOLVED, SOLVED),
        ("given-imports", f"{IMPORTS}\nZERO = 0", "ZERO = 0"),
        ("given-imports", IMPORTS.replace("\n", "\nimport math\n", 1), "import math"),
        ("given-imports", f"{IMPORTS}\n{MASTER['given-weights'].source}\nZERO = 0", "ZERO = 0"),
    ],
)
def test_code_that_was_added_to_a_locked_cell_runs_beside_it(name: str, text: str, own: str) -> None:
    """Two cells merged, a constant behind the imports: it runs in the same place as it did for the student."""
    notebook, notes = locked(name, text)
    assert cell(notebook, name).source == MASTER[name].source
    assert [part.source for part in notebook.cells if "nbgrader" not in part.metadata and part.source == own] == [own]
    assert (
        notes[0]
        == f"cell '{name}' is locked but held the student's code; put back, that code runs in a cell of its own"
    )


@pytest.mark.parametrize(
    "text",
    [
        SHOWN.replace("[0, 0", "[1, 0"),
        SHOWN.replace("\n", "\n    print(relu(1))\n", 1),
        "I could not run this.",
        "```\nfenced\n```",
    ],
)
def test_other_text_in_a_locked_cell_is_kept_to_be_read(text: str) -> None:
    """It is reported and stands below the instructor's cell; nothing of it runs."""
    notebook, notes = locked("relu-shown", text)
    below = notebook.cells[notebook.cells.index(cell(notebook, "relu-shown")) + 1]
    assert below.cell_type == "markdown" and text in below.source
    line = "cell 'relu-shown' is locked but was changed; put back, the changed text is kept below it and was not run"
    assert notes == (line,)


def test_lines_that_were_deleted_in_a_locked_cell_come_back() -> None:
    """There is nothing to keep."""
    notebook, notes = locked("relu-shown", SHOWN.splitlines()[0])
    assert notes == ("cell 'relu-shown' is locked but was changed; put back",)
    assert len(notebook.cells) == len(RELEASE.cells)


def test_a_locked_cell_of_an_older_release_is_nobodys_edit() -> None:
    """Its checksum says that it was handed out like this; a corrected check would be reported for everybody."""
    older = copy.deepcopy(RELEASE)
    part = cell(older, "relu-shown")
    part.source = "check_value(1, 1)"
    part.metadata["nbgrader"]["checksum"] = compute_checksum(part)
    assert restore(older, MASTER, ORDER) == ()
    assert len(older.cells) == len(RELEASE.cells)


@pytest.mark.parametrize("change", ["tabs", "line ends", "empty lines", "no width"])
def test_a_stub_is_untouched_however_an_editor_changed_its_white_space(change: str) -> None:
    """So that stock nbgrader, which compares checksums, sees it as well."""
    notebook = copy.deepcopy(RELEASE)
    for name in ("relu", "question-boundary"):
        part = cell(notebook, name)
        match change:
            case "tabs":
                part.source = part.source.replace("    ", "\t")
            case "line ends":
                part.source = part.source.replace("\n", "\r\n") + "\r\n"
            case "empty lines":
                part.source = f"\n\n{part.source}  \n\n"
            case "no width" if part.cell_type == "markdown":
                part.source = part.source.replace(" ", "\u00a0\u200b")
    assert restore(notebook, MASTER, ORDER) == ()
    for name in ("relu", "question-boundary"):
        assert cell(notebook, name).source == MASTER[name].source


def test_an_answer_is_kept_though_its_checksum_is_right() -> None:
    """A notebook that was solved before it was made a release has such cells."""
    notebook = copy.deepcopy(RELEASE)
    part = cell(notebook, "relu")
    part.source = SOLVED
    part.metadata["nbgrader"]["checksum"] = compute_checksum(part)
    restore(notebook, MASTER, ORDER)
    assert cell(notebook, "relu").source == SOLVED


def test_white_space_can_be_the_answer() -> None:
    """Where a student is asked to indent a line, the stub must not come back."""
    stub, answer = "for i in x:\n    a()\nb()", "for i in x:\n    a()\n    b()"
    metadata = {**MASTER["relu"].metadata}
    master = {"relu": MasterCell("relu", "code", stub, False, metadata, stub, "relu")}
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(answer)])
    notebook.cells[0].metadata["nbgrader"] = nbformat.from_dict(metadata)
    restore(notebook, master, ["relu"])
    assert notebook.cells[0].source == answer


PLAIN = {part.id: part.source for part in RELEASE.cells if "nbgrader" not in part.metadata}
QUESTION = "question-boundary"


def place(notebook: nbformat.NotebookNode, where: str) -> int:
    """The index above, below or far below the question, or at its prompt."""
    at: int = notebook.cells.index(cell(notebook, QUESTION))
    return {"above": at, "below": at + 1, "end": len(notebook.cells)}[where]


@pytest.mark.parametrize("where", ["above", "below", "end"])
@pytest.mark.parametrize("kind", ["markdown", "code", "raw"])
def test_an_answer_in_a_cell_beside_its_own_is_found(where: str, kind: str) -> None:
    """Whatever the kind of the cell: Jupyter makes a code cell when it is asked for one."""
    notebook = copy.deepcopy(RELEASE)
    made = nbformat.v4.new_raw_cell("The corners.")
    made.cell_type = kind
    notebook.cells.insert(place(notebook, where), made)
    assert answered_beside(notebook, PLAIN) == {QUESTION}


def test_an_answer_in_the_text_of_the_question_is_found() -> None:
    """Where the student wrote into the cell that asks."""
    notebook = copy.deepcopy(RELEASE)
    notebook.cells[place(notebook, "above") - 1].source += "\n\nThe corners."
    assert answered_beside(notebook, PLAIN) == {QUESTION}


def test_what_stands_elsewhere_answers_no_question() -> None:
    """Cells to try things out, a changed example, an empty cell: none of it is read by a person for nothing."""
    notebook = copy.deepcopy(RELEASE)
    notebook.cells.insert(place(notebook, "above") - 1, nbformat.v4.new_code_cell("relu(3)"))
    notebook.cells.insert(3, nbformat.v4.new_markdown_cell("My notes."))
    notebook.cells.insert(place(notebook, "below"), nbformat.v4.new_code_cell(" "))
    next(part for part in notebook.cells if part.id == "summary").source = "summary('relu')"
    assert answered_beside(notebook, PLAIN) == set()


def test_of_two_questions_the_one_is_answered_to_which_the_text_belongs() -> None:
    """The text behind the second prompt belongs to the second question, the text before it to the first."""
    cells = [nbformat.v4.new_markdown_cell(text) for text in ("ANSWER", "mine", "prompt", "hint", "ANSWER")]
    for number, name in ((0, "one"), (4, "two")):
        cells[number].metadata["nbgrader"] = nbformat.from_dict({**MASTER[QUESTION].metadata, "grade_id": name})
    notebook, plain = nbformat.v4.new_notebook(cells=cells), {"p": "prompt", "h": "hint"}
    assert answered_beside(notebook, plain) == {"one"}
    cells[1:4] = [cells[2], cells[1], cells[3]]
    assert answered_beside(nbformat.v4.new_notebook(cells=cells), plain) == {"two"}


def test_the_share_of_an_assignment_in_a_notebook_counts_no_cell_that_is_only_given() -> None:
    """Another assignment of the course has those as well."""
    other = nbformat.read(REPOSITORY / "release" / "lstm" / "lstm.ipynb", as_version=4)
    assert share_of(RELEASE, MASTER) == share_of(without_metadata(*ORDER), MASTER) == 1
    assert share_of(other, MASTER) == 0


def test_a_badge_that_an_editor_added_is_left_out_without_a_note() -> None:
    """Words of the student's around such a link stay."""
    badge = (
        "<a style='display:flex;' href='https://deepnote.com?utm_source=created-in-deepnote-cell' target=\"_blank\">\n"
        "<img alt='Created in deepnote.com' src='data:image/svg+xml;base64,PD94bWw='> </img>\n"
        "Created in <span style='font-weight:600;'>Deepnote</span></a>"
    )
    notebook = copy.deepcopy(RELEASE)
    notebook.cells += [nbformat.v4.new_markdown_cell(text) for text in (badge, f"{badge} My answer.")]
    assert restore(notebook, MASTER, ORDER) == ()
    assert [part.source for part in notebook.cells[len(RELEASE.cells) :]] == [f"{badge} My answer."]


def test_a_title_in_colab_is_no_change_of_a_locked_cell() -> None:
    """Nor is it code of the student's, where there is some in that cell."""
    notebook = copy.deepcopy(RELEASE)
    given, shown = cell(notebook, "given-weights"), cell(notebook, "relu-shown")
    given.source = f"#@title The weights\n{given.source}"
    shown.source = f"# @title Mine\n{MASTER['relu-shown'].source}\nprint('mine')"
    notes = restore(notebook, MASTER, ORDER)
    assert notes == (
        "cell 'relu-shown' is locked but held the student's code; put back, that code runs in a cell of its own",
    )
    assert notebook.cells[notebook.cells.index(cell(notebook, "relu-shown")) + 1].source == "print('mine')"
