"""Reading the gradebook: what is graded already, what each student scored, marks and comments cell by cell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from shlex import quote
from typing import TypeVar

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

from autograder.cells import cell_prefix
from autograder.gradebook.database import (
    engine,
    exists,
    graded,
    late_without_time,
    opening,
    rescored,
    waiting_extensions,
)
from autograder.models import CourseError, Score


@dataclass(frozen=True)
class Mark:
    """What one graded cell of one submission earned; `auto` and `by_hand` are None where no such mark was given."""

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
        """Whether a person still has to give a mark; one that was given before the work was graded again counts."""
        return self.waits and self.by_hand is None


@dataclass(frozen=True)
class Change:
    """How a score changed when the same submission was graded again, and when that was, in UTC."""

    before: float
    after: float
    at: datetime


@dataclass(frozen=True)
class Lateness:
    """When one submission was due and came, in UTC; None where that is not known.

    `extension` is how much later it was due than for others; `is_called_late` whether a learning platform says that it
    is late.
    """

    due: datetime | None = None
    handed_in: datetime | None = None
    extension: timedelta | None = None
    is_called_late: bool = False


@dataclass(frozen=True)
class Marks:
    """What one submission earned: marks and comments, what lateness costs, and how the score changed.

    Marks and comments go by the names of cells in the assignment (see `cells.cell_prefix`).
    """

    student: str
    name: str
    marks: Mapping[str, Mark]
    comments: Mapping[str, str]
    penalty: float
    change: Change | None = None
    lateness: Lateness = Lateness()

    def within(self, prefix: str) -> Marks:
        """The same with the marks and comments of one notebook only, by grade ids, which stand behind this prefix."""
        if not prefix:
            return self
        return replace(self, marks=_within(self.marks, prefix), comments=_within(self.comments, prefix))

    @property
    def points(self) -> float:
        """The sum of all marks, less the penalty."""
        return self.earned - self.penalty

    @property
    def earned(self) -> float:
        """The sum of all marks."""
        return sum(mark.points for mark in self.marks.values())

    @property
    def max_points(self) -> float:
        """What could be earned without extra credit."""
        return sum(mark.max_points for mark in self.marks.values())

    @property
    def waiting(self) -> int:
        """The number of cells that a person still has to look at."""
        return sum(mark.waits for mark in self.marks.values())


_Value = TypeVar("_Value")


def _within(found: Mapping[str, _Value], prefix: str) -> dict[str, _Value]:
    return {name.removeprefix(prefix): value for name, value in found.items() if name.startswith(prefix)}


def marks(db_url: str, assignment: str) -> dict[str, Marks]:
    """The marks of every graded submission of `assignment` by student, in the order of their names.

    Raises CourseError when nothing of it has been graded.
    """
    found: dict[str, Marks] = {}
    if exists(db_url):
        with opening(db_url), engine(db_url).connect() as connection:
            cells = _by_student(connection, grades_of(assignment))
            comments = _by_student(connection, _comments(assignment))
            changes = _changes(connection, assignment)
            late = called_late(connection, assignment)
            prefixes = prefixes_within(connection, assignment)
            for row in connection.execute(submitted(assignment)):
                if row.student in found:  # another notebook of the same submission
                    penalty = found[row.student].penalty + (row.penalty or 0.0)
                    found[row.student] = replace(found[row.student], penalty=penalty)
                    continue
                found[row.student] = Marks(
                    student=row.student,
                    name=name_in(row),
                    marks={prefixes[each.notebook] + each.cell: mark_in(each) for each in cells.get(row.student, ())},
                    comments={
                        prefixes[each.notebook] + each.cell: each.comment
                        for each in comments.get(row.student, ())
                        if each.comment
                    },
                    penalty=row.penalty or 0.0,
                    change=changes.get(row.student),
                    lateness=Lateness(row.duedate, row.timestamp, row.extension, row.student in late),
                )
    if not found:
        raise CourseError("not graded yet.", assignment, f"Run `autograder grade {quote(assignment)}` first.")
    return found


def prefixes_within(connection: sa.Connection, assignment: str) -> dict[str, str]:
    """What the names of cells begin with in an assignment, by the names of its notebooks in their order."""
    names = list(
        connection.scalars(
            sa.select(Notebook.name)
            .join(Assignment, Assignment.id == Notebook.assignment_id)
            .where(Assignment.name == assignment)
            .order_by(Notebook.name)
        )
    )
    return {name: cell_prefix(name, names) for name in names}


def name_in(row: sa.Row[tuple[object, ...]]) -> str:
    """The student's name in a row of `submitted`."""
    return " ".join(part for part in (row.first_name, row.last_name) if part)


def mark_in(row: sa.Row[tuple[object, ...]]) -> Mark:
    """The mark in a row of `grades_of`."""
    return Mark(row.auto_score, row.manual_score, row.extra_credit or 0.0, row.max_points, bool(row.needs_manual_grade))


def _changes(connection: sa.Connection, assignment: str) -> dict[str, Change]:
    held = sa.select(rescored).where(rescored.c.assignment == assignment, rescored.c.before.is_not(None))
    return {row.student: Change(row.before, row.after, row.at) for row in connection.execute(held)}


def called_late(connection: sa.Connection, assignment: str) -> set[str]:
    """The students whose submission a learning platform calls late without saying when it came."""
    held = sa.select(late_without_time.c.student).where(late_without_time.c.assignment == assignment)
    return set(connection.scalars(held))


def submissions(db_url: str, assignment: str) -> dict[str, str]:
    """Which submission each student's score is for, by the digest of its content, as far as that is known."""
    if not exists(db_url):
        return {}
    with opening(db_url), engine(db_url).connect() as connection:
        return submissions_within(connection, assignment)


def submissions_within(connection: sa.Connection, assignment: str) -> dict[str, str]:
    """The same as `submissions`, as the transaction of `connection` sees it."""
    held = sa.select(rescored.c.student, rescored.c.submission).where(rescored.c.assignment == assignment)
    return {row.student: row.submission for row in connection.execute(held)}


def students(db_url: str) -> list[str]:
    """All students that the gradebook knows, by name."""
    if not exists(db_url):
        return []
    with opening(db_url), engine(db_url).connect() as connection:
        return list(connection.scalars(sa.select(Student.id).order_by(Student.id)))


def is_over(db_url: str, assignment: str) -> bool:
    """Whether `assignment` has a due date and it is past for everybody, the longest extension included."""
    extensions = sa.select(Assignment.duedate, SubmittedAssignment.extension).outerjoin(
        SubmittedAssignment, SubmittedAssignment.assignment_id == Assignment.id
    )
    waiting = sa.select(waiting_extensions.c.seconds).where(waiting_extensions.c.assignment == assignment)
    with opening(db_url), engine(db_url).connect() as connection:
        rows = connection.execute(extensions.where(Assignment.name == assignment)).all()
        longest = timedelta(seconds=max(connection.scalars(waiting), default=0))
    due = [row.duedate + max(row.extension or timedelta(), longest) for row in rows if row.duedate]
    return bool(due) and max(due) < datetime.now(UTC).replace(tzinfo=None)


def _by_student(
    connection: sa.Connection, query: sa.Select[tuple[object, ...]]
) -> dict[str, list[sa.Row[tuple[object, ...]]]]:
    found: dict[str, list[sa.Row[tuple[object, ...]]]] = {}
    for row in connection.execute(query):
        found.setdefault(row.student, []).append(row)
    return found


def submitted(assignment: str) -> sa.Select[tuple[object, ...]]:
    """A row for each notebook of each graded submission."""
    return (
        sa.select(
            SubmittedAssignment.student_id.label("student"),
            Student.first_name,
            Student.last_name,
            SubmittedNotebook.late_submission_penalty.label("penalty"),
            SubmittedAssignment.timestamp,
            SubmittedAssignment.extension,
            Assignment.duedate,
            Notebook.name.label("notebook"),
        )
        .select_from(SubmittedNotebook)
        .join(SubmittedAssignment, SubmittedNotebook.assignment_id == SubmittedAssignment.id)
        .join(Student, Student.id == SubmittedAssignment.student_id)
        .join(Notebook, Notebook.id == SubmittedNotebook.notebook_id)
        .join(Assignment, Assignment.id == SubmittedAssignment.assignment_id)
        .where(Assignment.name == assignment)
        .order_by(SubmittedAssignment.student_id)
    )


def grades_of(assignment: str) -> sa.Select[tuple[object, ...]]:
    """A row for each graded cell of each submission."""
    cell, graded, task = BaseCell.__table__, GradeCell.__table__, TaskCell.__table__
    grade = Grade.__table__
    return (
        submitted(assignment)
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
        submitted(assignment)
        .join(comment, comment.c.notebook_id == SubmittedNotebook.id)
        .join(cell, cell.c.id == comment.c.cell_id)
        .add_columns(
            cell.c.name.label("cell"),
            sa.func.coalesce(comment.c.manual_comment, comment.c.auto_comment).label("comment"),
        )
    )


_AT_ONCE = 500


def digests(db_url: str, assignment: str) -> dict[str, str]:
    """What each student's submission was last graded under, as far as the gradebook still holds its scores."""
    held = (
        sa.select(graded.c.student, graded.c.digest)
        .join(SubmittedAssignment, SubmittedAssignment.student_id == graded.c.student)
        .join(Assignment, SubmittedAssignment.assignment_id == Assignment.id)
        .where(Assignment.name == assignment, graded.c.assignment == assignment)
    )
    with opening(db_url), engine(db_url).connect() as connection:
        return {row.student: row.digest for row in connection.execute(held)}


def scores(db_url: str, assignment: str, students: Sequence[str]) -> dict[str, Score]:
    """What each of `students` has in the gradebook for `assignment`; those without scores are left out."""
    with opening(db_url), engine(db_url).connect() as connection:
        return scores_within(connection, assignment, students)


def scores_within(connection: sa.Connection, assignment: str, students: Sequence[str]) -> dict[str, Score]:
    """The same as `scores`, as the transaction of `connection` sees it."""
    found: dict[str, Score] = {}
    for at in range(0, len(students), _AT_ONCE):
        for row in connection.execute(_totals(assignment, students[at : at + _AT_ONCE])):
            found[row.student_id] = Score(
                points=float(row.points or 0),
                max_points=float(row.max_points or 0),
                by_hand=float(row.by_hand or 0),
                to_read=int(row.to_read or 0),
                penalty=float(row.penalty or 0),
            )
    return found


def _totals(assignment: str, students: Sequence[str]) -> sa.Select[tuple[object, ...]]:
    """One row of totals for each student: of checks, and apart from them of what a person marks, as nbgrader counts."""
    cell, answer = BaseCell.__table__.alias("cell"), BaseCell.__table__.alias("answer")
    graded_cell, task = GradeCell.__table__, TaskCell.__table__
    grade = Grade.__table__
    is_answer = sa.exists().where(
        answer.c.notebook_id == cell.c.notebook_id, answer.c.name == cell.c.name, answer.c.type == "SolutionCell"
    )
    is_by_hand = sa.or_(is_answer, cell.c.type == "TaskCell")
    most = sa.func.coalesce(graded_cell.c.max_score, task.c.max_score, 0.0)
    extra = sa.func.coalesce(grade.c.extra_credit, 0.0)
    given = sa.func.coalesce(grade.c.manual_score, grade.c.auto_score, 0.0) + extra
    of_submission = SubmittedNotebook.__table__.alias("of_submission")
    penalty = (
        sa.select(sa.func.sum(of_submission.c.late_submission_penalty))
        .where(of_submission.c.assignment_id == SubmittedAssignment.id)
        .scalar_subquery()
    )
    return (
        sa.select(
            SubmittedAssignment.student_id,
            sa.func.sum(sa.case((is_by_hand, 0.0), else_=given)).label("points"),
            sa.func.sum(sa.case((is_by_hand, 0.0), else_=most)).label("max_points"),
            sa.func.sum(sa.case((is_by_hand, given), else_=0.0)).label("by_hand"),
            penalty.label("penalty"),
            sa.func.sum(sa.case((grade.c.needs_manual_grade, 1), else_=0)).label("to_read"),
        )
        .join(Assignment, SubmittedAssignment.assignment_id == Assignment.id)
        .join(SubmittedNotebook, SubmittedNotebook.assignment_id == SubmittedAssignment.id)
        .join(grade, grade.c.notebook_id == SubmittedNotebook.id)
        .join(cell, cell.c.id == grade.c.cell_id)
        .outerjoin(graded_cell, graded_cell.c.id == cell.c.id)
        .outerjoin(task, task.c.id == cell.c.id)
        .where(Assignment.name == assignment, SubmittedAssignment.student_id.in_(students))
        .group_by(SubmittedAssignment.id, SubmittedAssignment.student_id)
    )
