"""An instructor's notebook is read as nbgrader would hand it out: metadata, header and footer, tests that it writes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import nbformat
import pytest
from traitlets.config import Config

from autograder.cells import role
from autograder.models import CourseError
from autograder.source_notebook import read_source_notebook

KERNEL = {"name": "python3", "display_name": "Python 3"}
_TRUTHS = {"grade": False, "solution": False, "locked": False}


def read_back(root: Path, *cells: nbformat.NotebookNode, **settings: object) -> nbformat.NotebookNode:
    """What a source notebook of these cells is read as, in a course with these settings."""
    path = root / "source" / "ps1" / "ps1.ipynb"
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(nbformat.v4.new_notebook(cells=list(cells), metadata={"kernelspec": KERNEL}), path)
    return read_source_notebook(Config({"CourseDirectory": {"root": str(root)}, **settings}), path)


def code(source: str, **metadata: object) -> nbformat.NotebookNode:
    """A code cell with this as nbgrader's metadata."""
    return nbformat.v4.new_code_cell(source, metadata={"nbgrader": metadata} if metadata else {})


@pytest.mark.parametrize("more", [{}, {"schema_version": 1}, {"schema_version": 2}, {"schema_version": 3}])
@pytest.mark.parametrize("name", [{}, {"grade_id": "left-over"}, {"grade_id": ""}])
def test_a_cell_that_is_nothing_has_no_metadata(tmp_path: Path, more: dict[str, Any], name: dict[str, Any]) -> None:
    """Whatever an older nbgrader left there."""
    made = read_back(tmp_path, code("1 + 1", **_TRUTHS, **more, **name), code("2", grade=False))
    assert [dict(cell.metadata) for cell in made.cells] == [{}, {}]


@pytest.mark.parametrize("version", [{}, {"schema_version": 0}, {"schema_version": 1}, {"schema_version": 2}])
def test_metadata_of_an_older_nbgrader_are_brought_up_to_date(tmp_path: Path, version: dict[str, Any]) -> None:
    """As `nbgrader update` does."""
    old = {"grade": True, "grade_id": "t", "points": "2" if not version else 2, **version}
    (made,) = read_back(tmp_path, code("assert True", **{**_TRUTHS, **old})).cells
    assert role(made).is_check and role(made).points == 2 and role(made).metadata["schema_version"] == 3


def test_a_check_is_locked_whatever_its_metadata_say(tmp_path: Path) -> None:
    """As `nbgrader quickstart` writes them; an answer never is."""
    check = code("1", **{**_TRUTHS, "grade": True}, grade_id="t", points=1, schema_version=3)
    answer = code("1", **{**_TRUTHS, "solution": True, "locked": True}, grade_id="a", schema_version=3)
    made = read_back(tmp_path, check, answer).cells
    assert [role(cell).is_locked for cell in made] == [True, False]


def test_a_text_that_is_an_answer_is_marked_by_a_person(tmp_path: Path) -> None:
    """Also where its metadata forget to say that it is graded."""
    text = nbformat.v4.new_markdown_cell("why")
    text.metadata["nbgrader"] = {**_TRUTHS, "solution": True, "grade_id": "why", "schema_version": 3}
    (made,) = read_back(tmp_path, text).cells
    assert role(made).is_marked_by_hand and role(made).points == 0


def test_header_and_footer_of_the_course_stand_around_the_notebook(tmp_path: Path) -> None:
    """With ids that stay the same."""
    header = nbformat.v4.new_notebook(
        cells=[code("import math", **{**_TRUTHS, "locked": True}, grade_id="h", schema_version=3)]
    )
    (tmp_path / "source").mkdir()
    nbformat.write(header, tmp_path / "source" / "header.ipynb")
    names = {"IncludeHeaderFooter": {"header": "source/header.ipynb", "footer": "source/header.ipynb"}}
    with pytest.raises(CourseError, match="two cells have the grade id 'h'"):
        read_back(tmp_path, code("x = 1"), **names)
    del names["IncludeHeaderFooter"]["footer"]
    made = read_back(tmp_path, code("x = 1"), **names)
    assert [cell.source for cell in made.cells] == ["import math", "x = 1"]
    assert made.cells[0]["id"] == "header-0"


def test_a_header_that_is_missing_is_named(tmp_path: Path) -> None:
    """In one line."""
    with pytest.raises(CourseError, match=r"header\.ipynb: missing"):
        read_back(tmp_path, code("1"), IncludeHeaderFooter={"header": "source/header.ipynb"})
