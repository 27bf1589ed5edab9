"""The class's gradebook: entering an assignment, its master cells, and what a submission scored."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy.exc
from nbgrader.api import Gradebook, MissingEntry
from nbgrader.converters import GenerateAssignment
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config

from autograder.gradebook.session import run_converter
from autograder.records import CourseError, MasterCell, Score


def register(config: Config, assignment: str) -> None:
    """Enter the present source of `assignment` into the gradebook, as `nbgrader generate_assignment` would.

    The release it also makes goes to a scratch folder: writing `release/` is the build's business.
    """
    with tempfile.TemporaryDirectory() as scratch:
        coursedir = CourseDirectory(config=config, assignment_id=assignment, release_directory=scratch)
        with _opening(coursedir.db_url), Gradebook(coursedir.db_url):
            run_converter(GenerateAssignment(coursedir=coursedir, config=config))


def master_cells(db_url: str, assignment: str, notebook: str) -> dict[str, MasterCell]:
    """The instructor cells the gradebook keeps for one notebook, by grade id; raises CourseError if it has none."""
    with _opening(db_url), Gradebook(db_url) as gradebook:
        try:
            stored = gradebook.find_notebook(notebook, assignment)
        except MissingEntry:
            raise CourseError(
                f"{assignment}: not in the gradebook. Run `nbgrader generate_assignment {assignment} --force`."
            ) from None
        points = {cell.name: cell.max_score for cell in (*stored.grade_cells, *stored.task_cells)}
        answers = {cell.name for cell in stored.solution_cells}
        tasks = {cell.name for cell in stored.task_cells}
        return {
            cell.name: MasterCell(
                cell.name, cell.cell_type, cell.source, cell.locked, _metadata(cell, points, answers, tasks)
            )
            for cell in stored.source_cells
        }


def score(db_url: str, assignment: str, student: str) -> Score | None:
    """What `student` has in the gradebook for `assignment`, or None when nothing was graded."""
    with _opening(db_url), Gradebook(db_url) as gradebook:
        try:
            submission = gradebook.find_submission(assignment, student)
        except MissingEntry:
            return None
        grades = [grade for notebook in submission.notebooks for grade in notebook.grades]
        answers = {cell.name for notebook in submission.notebooks for cell in notebook.notebook.solution_cells}
        automatic = [grade for grade in grades if grade.name not in answers]
        return Score(
            points=float(sum(grade.auto_score or 0 for grade in automatic)),
            max_points=float(sum(grade.max_score for grade in automatic)),
            by_hand=float(sum(grade.manual_score or 0 for grade in grades if grade.name in answers)),
            to_read=sum(1 for grade in grades if grade.needs_manual_grade),
        )


def _metadata(cell: object, points: dict[str, float], answers: set[str], tasks: set[str]) -> dict[str, object]:
    name = str(getattr(cell, "name", ""))
    metadata: dict[str, object] = {
        "cell_type": getattr(cell, "cell_type", None),
        "checksum": getattr(cell, "checksum", None),
        "grade": name in points and name not in tasks,
        "grade_id": name,
        "locked": bool(getattr(cell, "locked", False)),
        "schema_version": 3,
        "solution": name in answers,
        "task": name in tasks,
    }
    return metadata | ({"points": points[name]} if name in points else {})


@contextmanager
def _opening(db_url: str) -> Iterator[None]:
    try:
        yield
    except sqlalchemy.exc.SQLAlchemyError as error:
        reason = str(getattr(error, "orig", None) or error).splitlines()[0]
        raise CourseError(
            f"{db_url}: the gradebook cannot be used ({reason}). Check that the file and its folder can be written."
        ) from error
