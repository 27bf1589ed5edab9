"""What a gradebook holds, row for row, by what the rows stand for instead of by their random ids."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from nbgrader.api import (
    Assignment,
    BaseCell,
    Comment,
    Grade,
    Student,
    SubmittedAssignment,
    SubmittedNotebook,
)

from autograder.gradebook.database import engine, graded


def rows(db_url: str) -> dict[str, list[tuple[Any, ...]]]:
    """Students, submissions, grades, comments and digests, sorted."""
    made = engine(db_url)
    submitted = (
        sa.select(Assignment.name, SubmittedAssignment.student_id)
        .join(Assignment, SubmittedAssignment.assignment_id == Assignment.id)
        .join(SubmittedNotebook, SubmittedNotebook.assignment_id == SubmittedAssignment.id)
    )
    grades = submitted.join(Grade, Grade.notebook_id == SubmittedNotebook.id).join(
        BaseCell, Grade.cell_id == BaseCell.id
    )
    comments = submitted.join(Comment, Comment.notebook_id == SubmittedNotebook.id).join(
        BaseCell, Comment.cell_id == BaseCell.id
    )
    wanted = {
        "students": sa.select(Student.id),
        "submissions": submitted.add_columns(
            SubmittedAssignment.timestamp, SubmittedNotebook.late_submission_penalty, SubmittedNotebook.flagged
        ),
        "grades": grades.add_columns(BaseCell.name, Grade.auto_score, Grade.manual_score, Grade.needs_manual_grade),
        "comments": comments.add_columns(BaseCell.name, Comment.auto_comment, Comment.manual_comment),
        "digests": sa.select(graded),
    }
    with made.connect() as connection:
        found = {name: [tuple(row) for row in connection.execute(query)] for name, query in wanted.items()}
    return {name: sorted(held, key=repr) for name, held in found.items()}
