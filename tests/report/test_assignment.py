"""The outline of an assignment finds whose check a check is, also where grade ids say nothing."""

from __future__ import annotations

import nbformat
import pytest

from autograder.report.assignment import Outline, outline


def outlined(*cells: tuple[str, str, str]) -> Outline:
    """The outline of a notebook of cells: what each is, its grade id, its source."""
    notebook = nbformat.v4.new_notebook()
    for kind, grade_id, source in cells:
        is_text, is_check = kind in ("task", "text"), kind == "check"
        made = nbformat.v4.new_markdown_cell(source) if is_text else nbformat.v4.new_code_cell(source)
        if kind != "text":
            made.metadata["nbgrader"] = {
                **{"grade_id": grade_id, "grade": is_check, "solution": kind == "answer", "points": 1},
                **{"locked": is_check, "task": kind == "task", "schema_version": 3},
            }
        notebook.cells.append(made)
    return outline("ps1", notebook)


def test_a_check_belongs_to_the_answer_whose_names_it_uses() -> None:
    """Where all checks follow all answers; one that uses neither belongs to the last."""
    found = outlined(
        ("answer", "cell-0a1b2c3d4e5f6071", "def double(x):\n    return 2 * x"),
        ("answer", "cell-1a1b2c3d4e5f6071", "def half(x):\n    return x / 2"),
        ("check", "cell-2a1b2c3d4e5f6071", "assert double(2) == 4"),
        ("check", "cell-3a1b2c3d4e5f6071", "assert half(double(2)) == 2"),
        ("check", "style", "assert True"),
    )
    checks = {part.label: [check.grade_id for check in part.checks] for part in found.parts}
    assert checks == {"double": ["cell-2a1b2c3d4e5f6071"], "half": ["cell-3a1b2c3d4e5f6071", "style"]}
    assert [check.title for check in found.parts[1].checks] == ["Shown checks", "Shown checks: style"]


def test_a_part_is_called_by_what_it_defines_if_nbgrader_made_its_id_up() -> None:
    """Or by its heading, if it is a task, or by its number; an id that somebody chose stays."""
    found = outlined(
        ("answer", "cell-0a1b2c3d4e5f6071", "import math\nradius = 2"),
        ("answer", "my-answer", "area = 3"),
        ("task", "cell-1a1b2c3d4e5f6071", "## Part E (4 points)\n\nState it."),
        ("answer", "cell-2a1b2c3d4e5f6071", "print(1)"),
    )
    assert [part.label for part in found.parts] == ["math, radius", "my-answer", "Part E", "Answer 4"]


@pytest.mark.parametrize(
    ("headings", "title"),
    [(["# Rain"], "Rain"), (["## Part A (2 points)"], "ps1"), (["## Rain", "### Part A"], "Rain")],
)
def test_the_heading_of_the_first_part_is_no_title_unless_it_is_of_the_first_level(
    headings: list[str], title: str
) -> None:
    """The notebooks of nbgrader's own example begin with the heading of a part."""
    texts = [("text", "", heading) for heading in headings]
    assert outlined(*texts, ("answer", "area", "area = 3")).title == title


def test_a_check_of_which_a_part_was_handed_out_is_neither_shown_nor_further() -> None:
    """A student who passes what he sees may fail it."""
    hidden = "### BEGIN HIDDEN TESTS\nassert area > 2\n### END HIDDEN TESTS"
    (part,) = outlined(
        ("answer", "area", "area = 3"),
        ("check", "one", "assert area > 0"),
        ("check", "two", f"assert area > 1\n{hidden}"),
        ("check", "three", hidden),
    ).parts
    assert [check.title for check in part.checks] == ["Shown checks: one", "Checks: two", "Further checks: three"]
