"""Penalties for lateness, decided by the plug-in that nbgrader's settings name."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from nbgrader.api import Assignment, SubmittedAssignment
from nbgrader.preprocessors import AssignLatePenalties
from sqlalchemy.orm import Session
from traitlets.config import Config


def assign_penalties(connection: sa.Connection, config: Config, assignment_id: str, students: Sequence[str]) -> None:
    """Set, or take back, the penalties of those of `students` who have scores for an assignment with a due date."""
    with Session(connection, join_transaction_mode="create_savepoint") as session:
        if session.get_one(Assignment, assignment_id).duedate is None:
            return
        decide = AssignLatePenalties(config=config)
        decide.init_plugin()
        late = sa.select(SubmittedAssignment).where(
            SubmittedAssignment.assignment_id == assignment_id,
            SubmittedAssignment.student_id.in_(students),
            SubmittedAssignment.timestamp.is_not(None),
        )
        for submission in session.scalars(late):
            for notebook in submission.notebooks:
                notebook.late_submission_penalty = _penalty(decide, submission, notebook)
        session.commit()


def _penalty(decide: AssignLatePenalties, submission: SubmittedAssignment, notebook: object) -> float | None:
    if submission.total_seconds_late <= 0:
        return None
    score = float(notebook.score)  # type: ignore[attr-defined]
    penalty = decide.plugin_inst.late_submission_penalty(submission.student_id, score, submission.total_seconds_late)
    return None if penalty is None else min(max(float(penalty), 0.0), score)
