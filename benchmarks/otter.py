"""Otter-Grader without Docker, in an environment of its own that is named on the command line.

Each graded cell becomes a test file of otter's that executes it among the names of the notebook, and a submission is
what is left without them. Its scores are not compared: otter runs all tests after the last cell, so that what one cell
prepares for the next is not the same.
"""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from pathlib import Path

import nbformat

from autograder.cells import role
from autograder.notebook import read
from benchmarks.contenders import Contender, environment
from benchmarks.generating import REPOSITORY, Submission, check_cells, write
from benchmarks.measuring import Command

_TEST = """\
from otter.test_files import test_case

OK_FORMAT = False
name = {name!r}
points = {points}

@test_case()
def test(env):
    exec({source!r}, env)
"""
_SESSION = """\
import pathlib, sys
from otter.api import grade_submission

for path in sorted(pathlib.Path("submissions").glob("*/*/*.ipynb")):
    grade_submission(str(path), ag_path=f"{path.stem}.zip", quiet=True)
"""


class Otter(Contender):
    """Its programming interface, called for each notebook by one process that stays warm."""

    def __init__(self, name: str, python: Path) -> None:
        super().__init__(name)
        self._python = python

    def prepare(self, submissions: Sequence[Submission], folder: Path) -> list[list[Command]]:
        """An autograder archive for each assignment, and the submissions without graded cells."""
        for assignment in {submission.assignment for submission in submissions}:
            _archive(assignment, folder / f"{assignment}.zip")
        write(submissions, folder / "submissions", _without_checks)
        return [[Command([str(self._python), "-c", _SESSION], folder, environment(self._python.parent))]]


def _archive(assignment: str, path: Path) -> None:
    judged = set(check_cells(assignment))
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("otter_config.json", "{}")
        for cell in read(REPOSITORY / "source" / assignment / f"{assignment}.ipynb").cells:
            if (name := role(cell).grade_id) in judged:
                test = _TEST.format(name=name, points=role(cell).metadata["points"], source=cell.source)
                archive.writestr(f"tests/{name}.py", test)


def _without_checks(submission: Submission) -> nbformat.NotebookNode:
    judged = set(check_cells(submission.assignment))
    notebook = submission.handed_in()
    notebook.cells = [cell for cell in notebook.cells if role(cell).grade_id not in judged]
    return notebook
