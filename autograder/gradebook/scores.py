"""Reading the gradebook: what is graded already, and what each student scored."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from nbgrader.api import Assignment, BaseCell, Grade, GradeCell, SubmittedAssignment, SubmittedNotebook, TaskCell

from autograder.gradebook.database import engine, graded, opening
from autograder.records import Score

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
    """What each of `students` has in the gradebook for `assignment`; those without anything are left out."""
    found: dict[str, Score] = {}
    with opening(db_url), engine(db_url).connect() as connection:
        for at in range(0, len(students), _AT_ONCE):
            for row in connection.execute(_totals(assignment, students[at : at + _AT_ONCE])):
                found[row.student_id] = Score(
                    float(row.points or 0), float(row.max_points or 0), float(row.by_hand or 0), int(row.to_read or 0)
                )
    return found


def _totals(assignment: str, students: Sequence[str]) -> sa.Select[tuple[object, ...]]:
    """One row of totals for each student; what is given automatically and what by hand are kept apart."""
    cell, answer = BaseCell.__table__.alias("cell"), BaseCell.__table__.alias("answer")
    graded_cell, task = GradeCell.__table__, TaskCell.__table__
    grade = Grade.__table__
    is_answer = sa.exists().where(
        answer.c.notebook_id == cell.c.notebook_id, answer.c.name == cell.c.name, answer.c.type == "SolutionCell"
    )
    most = sa.func.coalesce(graded_cell.c.max_score, task.c.max_score, 0.0)
    return (
        sa.select(
            SubmittedAssignment.student_id,
            sa.func.sum(sa.case((is_answer, 0.0), else_=sa.func.coalesce(grade.c.auto_score, 0.0))).label("points"),
            sa.func.sum(sa.case((is_answer, 0.0), else_=most)).label("max_points"),
            sa.func.sum(sa.case((is_answer, sa.func.coalesce(grade.c.manual_score, 0.0)), else_=0.0)).label("by_hand"),
            sa.func.sum(sa.case((grade.c.needs_manual_grade, 1), else_=0)).label("to_read"),
        )
        .join(Assignment, SubmittedAssignment.assignment_id == Assignment.id)
        .join(SubmittedNotebook, SubmittedNotebook.assignment_id == SubmittedAssignment.id)
        .join(grade, grade.c.notebook_id == SubmittedNotebook.id)
        .join(cell, cell.c.id == grade.c.cell_id)
        .outerjoin(graded_cell, graded_cell.c.id == cell.c.id)
        .outerjoin(task, task.c.id == cell.c.id)
        .where(Assignment.name == assignment, SubmittedAssignment.student_id.in_(students))
        .group_by(SubmittedAssignment.student_id)
    )
