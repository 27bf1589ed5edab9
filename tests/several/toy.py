"""A course with one assignment of two notebooks and a data file; both notebooks have the same grade ids."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path

import nbformat

from tests.conftest import REPOSITORY

ASSIGNMENT, FIRST, SECOND = "Week 1.2", "problem 1", "problem 2"
DATA = "numbers.csv"

_TITLES = {FIRST: "Sums", SECOND: "Products"}
_WORDS = {FIRST: "sum", SECOND: "product"}
_RIGHT = {FIRST: "sum(values)", SECOND: "math.prod(values)"}
_WANTED = {FIRST: 9, SECOND: 24}
_POINTS_SHOWN, _POINTS_HIDDEN, _POINTS_IN_WORDS = 1, 2, 3
MOST = {FIRST: 6.0, SECOND: 6.0}
"""The points of each notebook, its answer in words included."""


def notebook(name: str, answer: str | None = None, words: str = "") -> nbformat.NotebookNode:
    """The source of one of the notebooks, or with an `answer` what a student hands in, without the hidden check."""
    solution = f"### BEGIN SOLUTION\n    return {_RIGHT[name]}\n    ### END SOLUTION"
    hidden = f"### BEGIN HIDDEN TESTS\nassert result([2, 3, 4]) == {_WANTED[name]}\n### END HIDDEN TESTS"
    question = "Because it is so.\n\n### BEGIN MARK SCHEME\nThree points for a reason.\n### END MARK SCHEME"
    body = solution if answer is None else f"return {answer}"
    cells = [
        nbformat.v4.new_markdown_cell(f"# {_TITLES[name]}", id="title"),
        _cell("given", f"import math\nTASK = {name!r}", locked=True),
        nbformat.v4.new_markdown_cell(f"## The {_WORDS[name]}", id="heading"),
        _cell("result", f"{_READ}def result(values):\n    {body}", solution=True),
        _cell("result-shown", _SHOWN.format(name), points=_POINTS_SHOWN),
        _cell("result-hidden", "# hidden\n" + (hidden if answer is None else ""), points=_POINTS_HIDDEN),
        nbformat.v4.new_markdown_cell("## Why", id="why"),
        _cell("question", question if answer is None else words, "markdown", points=_POINTS_IN_WORDS, solution=True),
    ]
    made = nbformat.v4.new_notebook(cells=cells)
    made.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return made


_READ = """\
def first_number():
    with open("numbers.csv") as file:
        return int(file.readline())

"""
_SHOWN = "assert TASK == {0!r} and result([first_number()]) == 5"


def _cell(
    grade_id: str, source: str, kind: str = "code", *, points: int = 0, solution: bool = False, locked: bool = False
) -> nbformat.NotebookNode:
    make = nbformat.v4.new_code_cell if kind == "code" else nbformat.v4.new_markdown_cell
    cell = make(source, id=grade_id)
    cell.metadata["nbgrader"] = {
        "grade_id": grade_id,
        "grade": points > 0,
        "solution": solution,
        "locked": locked or (points > 0 and not solution),
        "task": False,
        "schema_version": 3,
        "cell_type": kind,
    }
    if points:
        cell.metadata["nbgrader"]["points"] = points
    return cell


def lay_out(target: Path) -> Path:
    """The course, in a new folder; it has no answers and nothing is built."""
    folder = target / "source" / ASSIGNMENT
    folder.mkdir(parents=True)
    for name in (FIRST, SECOND):
        nbformat.write(notebook(name), folder / f"{name}.ipynb")
    (folder / DATA).write_text("5\n6\n7\n")
    shutil.copy(REPOSITORY / "nbgrader_config.py", target)
    (target / "grading").mkdir()
    return target


RIGHT = {name: notebook(name, f"{answer}", "A reason.") for name, answer in _RIGHT.items()}
WRONG = {name: notebook(name, "values[0]", "None.") for name in _RIGHT}
"""What passes the shown check only."""


def hand_in(course: Path, student: str, files: Mapping[str, nbformat.NotebookNode | str], loose: bool = False) -> None:
    """Put notebooks and texts where the student's submission belongs, or `loose` in the student's folder."""
    folder = course / "grading" / "submitted" / student / ("" if loose else ASSIGNMENT)
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        if isinstance(content, str):
            (folder / name).write_text(content)
        else:
            nbformat.write(content, folder / name)
