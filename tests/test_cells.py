"""What a cell is for, whose check it is, and what of it is hidden."""

from __future__ import annotations

import copy

import nbformat
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.cells import (
    answers,
    aspect_of,
    defined_names,
    fold_in_colab,
    function_of,
    grade_ids,
    hidden_lines,
    is_hidden,
    kind_of,
    owner_of,
    regions,
    role,
    squeezed,
    without_hidden,
)
from autograder.notebook import read
from tests.conftest import REPOSITORY

BEGIN, END = "    ### BEGIN HIDDEN TESTS", "### END HIDDEN TESTS"
lines = st.lists(st.sampled_from(["a = 1", "", BEGIN, END, "# b"]), max_size=8)


def test_a_region_is_hidden_with_its_markers() -> None:
    """Two regions, with a line shown between them."""
    source = "\n".join(["shown", BEGIN, "secret", END, "between", BEGIN, "secret", END])
    assert hidden_lines(source) == {2, 3, 4, 6, 7, 8}
    assert without_hidden(source) == "shown\nbetween"


def test_an_open_region_hides_all_that_follows() -> None:
    """Whoever forgot the end did not mean to show it."""
    assert without_hidden(f"shown\n{BEGIN}\nsecret\nmore") == "shown"


@given(lines)
def test_what_is_left_has_nothing_to_hide(source: list[str]) -> None:
    """Whatever markers stand where."""
    left = without_hidden("\n".join(source))
    assert not hidden_lines(left)
    assert left.split("\n") == [
        line for number, line in enumerate(source, 1) if number not in hidden_lines("\n".join(source))
    ] or (not left)


def cell_with(metadata: object, cell_type: str = "code") -> nbformat.NotebookNode:
    """A cell with this as nbgrader's metadata."""
    make = nbformat.v4.new_code_cell if cell_type == "code" else nbformat.v4.new_markdown_cell
    return make(metadata={"nbgrader": metadata})


def test_each_cell_of_an_assignment_has_the_role_that_its_grade_id_says() -> None:
    """Of all cells of the course that have one."""
    for name in ("feedforward", "lstm", "backprop"):
        cells = read(REPOSITORY / "source" / name / f"{name}.ipynb").cells
        for each in filter(None, map(role, cells)):
            assert each.is_given == each.grade_id.startswith("given-"), each
            assert each.is_marked_by_hand == each.grade_id.startswith("question-"), each
            assert each.is_check == bool(kind_of(each.grade_id)), each
            assert each.is_check or each.is_given or each.is_answer, each
            assert not each.is_check or (each.points > 0 and function_of(each.grade_id) in answers(cells)), each
        assert len(grade_ids(cells)) == len(set(grade_ids(cells)))


@pytest.mark.parametrize("metadata", [{}, None, "broken", ["grade"]])
def test_a_cell_whose_metadata_is_missing_or_broken_has_no_role(metadata: object) -> None:
    """It counts as a cell of the student's own."""
    found = role(cell_with(metadata))
    assert not found and found.grade_id == "" and found.points == 0
    assert not (found.is_check or found.is_given or found.is_answer or found.is_marked_by_hand)


def test_a_solution_that_has_points_is_no_check() -> None:
    """It is an answer that a person marks."""
    found = role(cell_with({"grade_id": "question-why", "grade": True, "solution": True, "points": 3}, "markdown"))
    assert found.is_answer and found.is_marked_by_hand and found.is_graded and not found.is_check


def test_a_task_is_marked_by_hand() -> None:
    """It is locked, and its points are given by a person."""
    found = role(cell_with({"grade_id": "essay", "task": True, "locked": True, "points": 3}, "markdown"))
    assert found.is_task and found.is_marked_by_hand and not found.is_check and not found.is_answer


def test_only_code_that_a_student_writes_is_a_function_of_the_assignment() -> None:
    """An answer in words is none."""
    cells = [cell_with({"grade_id": "relu", "solution": True}), cell_with({"grade_id": "why", "solution": True}, "raw")]
    cells[1].cell_type = "markdown"
    assert answers(cells) == {"relu"}


@pytest.mark.parametrize(
    ("grade_id", "owner", "aspect", "hidden"),
    [
        ("relu-shown", "relu", "", False),
        ("relu-hidden", "relu", "", True),
        ("relu-overflow-hidden", "relu", "overflow", True),
        ("calc_o1-large_t-shown", "calc_o1", "large t", False),
        ("cell-1", "last", "cell-1", False),
    ],
)
def test_a_checks_grade_id_names_its_answer_and_its_aspect(
    grade_id: str, owner: str, aspect: str, hidden: bool
) -> None:
    """Where it names none, the check belongs to the answer before it."""
    assert owner_of(grade_id, ["relu", "calc_o1", "calc"], "last") == owner
    assert aspect_of(grade_id, owner) == aspect
    assert is_hidden(grade_id, owner, "assert True") is hidden


def test_a_check_of_any_name_is_hidden_when_only_comments_of_it_were_handed_out() -> None:
    """For courses whose grade ids say nothing."""
    assert is_hidden("cell-1", "last", f"# Hidden tests\n{BEGIN}\nassert True\n{END}")
    assert not is_hidden("cell-1", "last", f"assert True\n{BEGIN}\nassert True\n{END}")


def test_regions_are_found_by_their_words() -> None:
    """Their text comes without the markers."""
    source = "a\n### BEGIN SOLUTION\nb\n### END SOLUTION\n### BEGIN HIDDEN TESTS\nc\nd\n### END HIDDEN TESTS"
    assert regions(source, "SOLUTION") == ["b\n"]
    assert regions(source, "HIDDEN TESTS") == ["c\nd\n"]


def test_what_is_no_python_defines_no_names() -> None:
    """What is wrong with it is said where it is judged."""
    assert defined_names("x = 1\nimport math\ndef f():\n    y = 2") == {"x", "math", "f"}
    assert defined_names("x = = 1") == frozenset()


@pytest.mark.parametrize(
    ("source", "folded"),
    [
        ("# Draw it.\ndraw()", "# Draw it.\ndraw()\n\n# @title Draw it."),
        ("# @title Draw it.\ndraw()", "# @title Draw it.\ndraw()"),
        ("draw()", "draw()"),
    ],
)
def test_a_folded_cell_gets_its_first_line_as_the_title_in_colab(source: str, folded: str) -> None:
    """Behind its code, so that Jupyter goes on to show that line; a title of the author's stays."""
    part = nbformat.v4.new_code_cell(source, metadata={"jupyter": {"source_hidden": True}})
    fold_in_colab(part)
    assert part.metadata["cellView"] == "form"
    assert part.source == folded
    assert squeezed(part.source) == squeezed(source)


def test_colab_shows_the_cells_that_jupyter_shows() -> None:
    """Whatever else their metadata says."""
    for part in (
        nbformat.v4.new_code_cell("# Try it.\nf(1)", metadata={"jupyter": {"source_hidden": False}}),
        nbformat.v4.new_markdown_cell("# Hint", metadata={"jupyter": {"source_hidden": True}}),
    ):
        before = copy.deepcopy(part)
        fold_in_colab(part)
        assert part == before
