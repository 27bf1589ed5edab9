"""Reading what the gradebook holds cell by cell: marks, comments, penalties, who is in the class."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import sqlalchemy as sa
from nbgrader.api import (
    Assignment,
    BaseCell,
    Comment,
    Grade,
    GradeCell,
    Notebook,
    Student,
    SubmittedAssignment,
    SubmittedNotebook,
    TaskCell,
)

from autograder.gradebook.database import engine, opening
from autograder.records import CourseError


@dataclass(frozen=True)
class Mark:
    """What one graded cell of one submission earned; `auto` and `by_hand` are None where nothing was given that way."""

    auto: float | None
    by_hand: float | None
    extra: float
    max_points: float
    waits: bool

    @property
    def points(self) -> float:
        """What counts, as nbgrader counts it: a person's mark before the automatic one, and extra credit."""
        given = self.auto if self.by_hand is None else self.by_hand
        return (given or 0.0) + self.extra

    @property
    def is_open(self) -> bool:
        """Whether a person has yet to give a mark; one that was given before the work was graded again counts."""
        return self.waits and self.by_hand is None


@dataclass(frozen=True)
class Marks:
    """What one submission earned: marks and comments by grade id, and what lateness costs."""

    student: str
    name: str
    marks: Mapping[str, Mark]
    comments: Mapping[str, str]
    penalty: float

    @property
    def points(self) -> float:
        """The sum of all marks, less the penalty."""
        return sum(mark.points for mark in self.marks.values()) - self.penalty

    @property
    def max_points(self) -> float:
        """What could be earned without extra credit."""
        return sum(mark.max_points for mark in self.marks.values())

    @property
    def waiting(self) -> int:
        """How many cells a person has yet to look at."""
        return sum(mark.waits for mark in self.marks.values())


def marks(db_url: str, assignment: str) -> dict[str, Marks]:
    """The marks of every graded submission of `assignment` by student, in the order of their names.

    Raises CourseError when nothing of it has been graded.
    """
    found: dict[str, Marks] = {}
    if _exists(db_url):
        with opening(db_url), engine(db_url).connect() as connection:
            cells = _by_student(connection, _grades(assignment))
            comments = _by_student(connection, _comments(assignment))
            for row in connection.execute(_submitted(assignment)):
                found[row.student] = Marks(
                    student=row.student,
                    name=" ".join(part for part in (row.first_name, row.last_name) if part),
                    marks={
                        each.cell: Mark(
                            each.auto_score,
                            each.manual_score,
                            each.extra_credit or 0.0,
                            each.max_points,
                            each.needs_manual_grade,
                        )
                        for each in cells.get(row.student, ())
                    },
                    comments={each.cell: each.comment for each in comments.get(row.student, ()) if each.comment},
                    penalty=row.penalty or 0.0,
                )
    if not found:
        raise CourseError(f"{assignment}: not graded yet. Run `autograder grade {assignment}` first.")
    return found


def students(db_url: str) -> list[str]:
    """Everybody the gradebook knows, by name."""
    if not _exists(db_url):
        return []
    with opening(db_url), engine(db_url).connect() as connection:
        return list(connection.scalars(sa.select(Student.id).order_by(Student.id)))


def is_over(db_url: str, assignment: str) -> bool:
    """Whether `assignment` has a due date and it is past for everybody, the longest extension included."""
    extensions = sa.select(Assignment.duedate, SubmittedAssignment.extension).outerjoin(
        SubmittedAssignment, SubmittedAssignment.assignment_id == Assignment.id
    )
    with opening(db_url), engine(db_url).connect() as connection:
        rows = connection.execute(extensions.where(Assignment.name == assignment)).all()
    due = [row.duedate + (row.extension or timedelta()) for row in rows if row.duedate]
    return bool(due) and max(due) < datetime.now(UTC).replace(tzinfo=None)


def _exists(db_url: str) -> bool:
    """Whether there is a gradebook; opening one that is not there would make it."""
    url = sa.make_url(db_url)
    return url.get_backend_name() != "sqlite" or not url.database or Path(url.database).exists()


def _by_student(
    connection: sa.Connection, query: sa.Select[tuple[object, ...]]
) -> dict[str, list[sa.Row[tuple[object, ...]]]]:
    found: dict[str, list[sa.Row[tuple[object, ...]]]] = {}
    for row in connection.execute(query):
        found.setdefault(row.student, []).append(row)
    return found


def _submitted(assignment: str) -> sa.Select[tuple[object, ...]]:
    return (
        sa.select(
            SubmittedAssignment.student_id.label("student"),
            Student.first_name,
            Student.last_name,
            SubmittedNotebook.late_submission_penalty.label("penalty"),
        )
        .select_from(SubmittedNotebook)
        .join(SubmittedAssignment, SubmittedNotebook.assignment_id == SubmittedAssignment.id)
        .join(Student, Student.id == SubmittedAssignment.student_id)
        .join(Notebook, Notebook.id == SubmittedNotebook.notebook_id)
        .join(Assignment, Assignment.id == SubmittedAssignment.assignment_id)
        .where(Assignment.name == assignment, Notebook.name == assignment)
        .order_by(SubmittedAssignment.student_id)
    )


def _grades(assignment: str) -> sa.Select[tuple[object, ...]]:
    cell, graded, task = BaseCell.__table__, GradeCell.__table__, TaskCell.__table__
    grade = Grade.__table__
    return (
        _submitted(assignment)
        .join(grade, grade.c.notebook_id == SubmittedNotebook.id)
        .join(cell, cell.c.id == grade.c.cell_id)
        .outerjoin(graded, graded.c.id == cell.c.id)
        .outerjoin(task, task.c.id == cell.c.id)
        .add_columns(
            cell.c.name.label("cell"),
            grade.c.auto_score,
            grade.c.manual_score,
            grade.c.extra_credit,
            grade.c.needs_manual_grade,
            sa.func.coalesce(graded.c.max_score, task.c.max_score, 0.0).label("max_points"),
        )
    )


def _comments(assignment: str) -> sa.Select[tuple[object, ...]]:
    cell, comment = BaseCell.__table__, Comment.__table__
    return (
        _submitted(assignment)
        .join(comment, comment.c.notebook_id == SubmittedNotebook.id)
        .join(cell, cell.c.id == comment.c.cell_id)
        .add_columns(
            cell.c.name.label("cell"),
            sa.func.coalesce(comment.c.manual_comment, comment.c.auto_comment).label("comment"),
        )
    )
