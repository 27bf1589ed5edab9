"""Assignments of a few cells that are made for one claim, and what students hand in for them."""

from __future__ import annotations

import copy
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path

import nbformat
from nbgrader.utils import compute_checksum

from tests.conftest import REPOSITORY, cell
from tests.isolation.classroom import hand_in

SMALL = "small"
"""What such an assignment is called."""


def answer(name: str, solution: str) -> nbformat.NotebookNode:
    """The cell of an answer, with the instructor's solution."""
    return _cell(name, solution, {"grade": False, "locked": False, "solution": True})


def given(name: str, source: str) -> nbformat.NotebookNode:
    """A locked cell that is not graded."""
    return _cell(name, source, {"grade": False, "locked": True, "solution": False})


def shown(name: str, source: str, points: int = 1) -> nbformat.NotebookNode:
    """A check that students have."""
    return _cell(name, source, {"grade": True, "locked": True, "solution": False, "points": points})


def hidden(name: str, source: str, points: int = 1) -> nbformat.NotebookNode:
    """A check that is taken out of what students get."""
    return shown(name, f"### BEGIN HIDDEN TESTS\n{source}\n### END HIDDEN TESTS", points)


def _cell(name: str, source: str, role: dict[str, object]) -> nbformat.NotebookNode:
    metadata = {"grade_id": name, "schema_version": 3, "task": False} | role
    return nbformat.v4.new_code_cell(source, metadata={"nbgrader": metadata}, id=name)


def small_course(
    folder: Path, cells: Iterable[nbformat.NotebookNode], submissions: Mapping[str, nbformat.NotebookNode]
) -> Path:
    """A course with one such assignment, and what students handed in, by name."""
    path = folder / "source" / SMALL / f"{SMALL}.ipynb"
    path.parent.mkdir(parents=True)
    (folder / "grading").mkdir()
    shutil.copy(REPOSITORY / "nbgrader_config.py", folder)
    nbformat.write(_notebook(cells), path)
    for student, made in submissions.items():
        hand_in(folder, student, made, SMALL)
    return folder


def handed_out(cells: Iterable[nbformat.NotebookNode], answers: Mapping[str, str]) -> nbformat.NotebookNode:
    """The notebook as students get it, with these answers in place of the solutions."""
    made = _notebook(cells)
    for each in made.cells:
        if "HIDDEN TESTS" in each.source:
            each.source = ""
        each.metadata["nbgrader"] |= {"checksum": compute_checksum(each), "cell_type": "code"}
    for name, source in answers.items():
        cell(made, name).source = source
    return made


def _notebook(cells: Iterable[nbformat.NotebookNode]) -> nbformat.NotebookNode:
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    return nbformat.v4.new_notebook(cells=copy.deepcopy([*cells]), metadata={"kernelspec": kernel})
