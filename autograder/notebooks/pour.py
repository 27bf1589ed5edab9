"""Pouring answers into a released notebook, so that a submission can be kept as a short text file.

An answers file holds one part for each cell, begun by a line `# %% <grade id>`, followed by what the student wrote
there. Parts of a written answer are plain text. Behind the grade id may stand one word: `deleted` when the student
removed the cell, `copied` when there are two of it, `below` when the answer stands in a cell of the student's own
under the untouched one.
"""

from __future__ import annotations

import copy
import re
from pathlib import Path

import nbformat

from autograder.notebooks.reading import nbgrader_metadata, read
from autograder.records import CourseError

_PART = re.compile(r"^# %% (\S+)[ ]*(\S*)[ ]*$", re.MULTILINE)
_CHANGES = ("", "deleted", "copied", "below")


def pour(release: Path, answers: Path) -> nbformat.NotebookNode:
    """The notebook at `release`, filled in with the parts of `answers`.

    Raises CourseError when a part names a cell the notebook does not have.
    """
    notebook = read(release)
    _, *pieces = _PART.split(answers.read_text(encoding="utf-8"))
    for name, change, text in zip(pieces[::3], pieces[1::3], pieces[2::3], strict=True):
        if change not in _CHANGES:
            raise CourseError(f"{answers}: '{change}' is none of {', '.join(_CHANGES[1:])}.")
        at = next((at for at, cell in enumerate(notebook.cells) if _is(cell, name)), None)
        if at is None:
            raise CourseError(f"{answers}: {release} has no cell '{name}'.")
        _change(notebook.cells, at, change, text.strip("\n"))
    return notebook


def _is(cell: nbformat.NotebookNode, name: str) -> bool:
    return nbgrader_metadata(cell).get("grade_id") == name


def _change(cells: list[nbformat.NotebookNode], at: int, change: str, text: str) -> None:
    if change == "deleted":
        del cells[at]
        return
    if change == "below":
        cells.insert(at + 1, nbformat.v4.new_code_cell(text))
        return
    if text:
        cells[at].source = text
    if change == "copied":
        twin = copy.deepcopy(cells[at])
        twin["id"] = f"{cells[at]['id']}-copy"
        cells.insert(at, twin)
