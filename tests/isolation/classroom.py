"""Classes with culprits in them, graded by either of the two commands, and what came of it."""

from __future__ import annotations

import copy
import random
import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from pathlib import Path

import nbformat
import pytest
from nbgrader.api import Gradebook

from autograder.config import course_config
from autograder.gradebook.database import engine
from tests.conftest import REPOSITORY, cell, copy_course
from tests.nbgrader_command import nbgrader

COMMANDS = ("autograder grade", "nbgrader autograde")
EITHER = (COMMANDS[0], pytest.param(COMMANDS[1], marks=pytest.mark.thorough))
"""Both, of which `make test` runs the first: nbgrader takes a second for each notebook, and what judges is the same.

It runs both in `test_between_checks.py` and `test_poisoning.py`.
"""

Change = Callable[[nbformat.NotebookNode], object]


def notebook(assignment: str, change: Change = lambda _: None, untouched: bool = False) -> nbformat.NotebookNode:
    """The solved notebook of an assignment, or the one that is handed out, with a change made to it."""
    made = copy.deepcopy(_read("release" if untouched else "solutions", assignment))
    change(made)
    return made


@cache
def _read(kind: str, assignment: str) -> nbformat.NotebookNode:
    return nbformat.read(REPOSITORY / kind / assignment / f"{assignment}.ipynb", as_version=4)


def answering(**answers: str) -> Change:
    """The change that writes these answers into the cells of these functions."""

    def change(made: nbformat.NotebookNode) -> None:
        for function, source in answers.items():
            cell(made, function).source = source

    return change


def behind(grade_id: str, *sources: str) -> Change:
    """The change that puts cells of the student's own behind an instructor's cell."""

    def change(made: nbformat.NotebookNode) -> None:
        at = made.cells.index(cell(made, grade_id)) + 1
        made.cells[at:at] = [nbformat.v4.new_code_cell(source) for source in sources]

    return change


def first(*sources: str) -> Change:
    """The change that puts cells of the student's own before everything else."""
    return lambda made: made.cells.__setitem__(slice(0, 0), [nbformat.v4.new_code_cell(source) for source in sources])


def several(*changes: Change) -> Change:
    """One change after the other."""

    def change(made: nbformat.NotebookNode) -> None:
        for each in changes:
            each(made)

    return change


def honest(assignment: str, count: int) -> dict[str, nbformat.NotebookNode]:
    """Notebooks of honest students by name: right and wrong answers, the same every time."""
    dice, found = random.Random(1), {}
    answers = [
        (path.name.split("-")[1], path.read_text(encoding="utf-8"))
        for kind in ("right", "wrong")
        for path in sorted((REPOSITORY / "tests" / kind).glob(f"{assignment}-*.py"))
    ]
    for number in range(count):
        made = notebook(assignment)
        for function, source in dice.sample(answers, 2):
            cell(made, function).source = source
        found[f"honest-{number:02d}"] = made
    return found


def course_of(folder: Path, submissions: Mapping[str, nbformat.NotebookNode], *assignments: str) -> Path:
    """A course in which each student, by name, handed in one notebook for each of the assignments it is of."""
    course = copy_course(folder, *assignments)
    for student, made in submissions.items():
        hand_in(course, student, made, assignments[0])
    return course


def hand_in(course: Path, student: str, made: nbformat.NotebookNode, assignment: str) -> None:
    """Put a notebook where it belongs."""
    path = course / "grading" / "submitted" / student / assignment / f"{assignment}.ipynb"
    path.parent.mkdir(parents=True)
    nbformat.write(made, path)


def grade(course: Path, command: str, assignments: Iterable[str], *options: str) -> subprocess.CompletedProcess[str]:
    """Grade everything in a course by one of the `COMMANDS`."""
    if command == "nbgrader autograde":
        engine(course_config(course).CourseDirectory.db_url).dispose()  # nbgrader takes seconds to make the same one
        for name in assignments:
            _require_success(nbgrader(course, "generate_assignment", name, "--force"))
            done = _require_success(nbgrader(course, "autograde", name))
        return done
    words = [str(Path(sys.executable).with_name("autograder")), "--root", str(course), "grade", *assignments, *options]
    return _require_success(subprocess.run(words, cwd=course, capture_output=True, text=True, check=False))


def _require_success(done: subprocess.CompletedProcess[str]) -> subprocess.CompletedProcess[str]:
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    return done


def points(course: Path, assignment: str) -> dict[str, dict[str, float | None]]:
    """The automatic points of each student, by grade id."""
    with Gradebook(f"sqlite:///{course}/grading/gradebook.db") as gradebook:
        return {
            submission.student.id: {
                grade.name: grade.auto_score for notebook in submission.notebooks for grade in notebook.grades
            }
            for submission in gradebook.assignment_submissions(assignment)
        }


def total(marks: Mapping[str, float | None]) -> float:
    """The sum of what was given automatically."""
    return sum(each or 0 for each in marks.values())


def graded(course: Path, student: str, assignment: str) -> nbformat.NotebookNode:
    """The graded notebook of one student."""
    path = course / "grading" / "autograded" / student / assignment / f"{assignment}.ipynb"
    return nbformat.read(path, as_version=4)


def readable(made: nbformat.NotebookNode) -> list[object]:
    """Everything of a graded notebook that its student may read: outputs of cells that are no checks, and sentences."""
    found: list[object] = []
    for part in made.cells:
        metadata = part.metadata.get("nbgrader", {})
        if metadata.get("grade") and not metadata.get("solution"):
            found.append(dict(part.metadata["autograder"]))
        else:
            found.append(part.get("outputs", []))
    return found
