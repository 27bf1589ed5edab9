"""Due dates, extensions and penalties in the gradebook: entered as the settings say, and read for those who ask.

nbgrader keeps an extension with the submission, and a penalty with its notebook. An extension that is given before
anything was handed in waits in a table of this package until there is a submission.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from nbgrader.api import Assignment, SubmittedAssignment, SubmittedNotebook
from nbgrader.preprocessors import AssignLatePenalties
from sqlalchemy.orm import Session
from traitlets.config import Config

from autograder.gradebook.database import engine, exists, late_without_time, opening, waiting_extensions
from autograder.gradebook.read import called_late
from autograder.late_policy import LatePolicy, Policy, policy_of


def settle(config: Config, assignment: str) -> None:
    """Have everybody's penalty follow the settings, due date, extensions and marks as they are now.

    Nothing is touched in a course that sets no due date and no policy. Raises CourseError when a setting is wrong or
    the database cannot be used.
    """
    policy = policy_of(config)
    url = config.CourseDirectory.db_url
    if (policy.takes_points or policy.due) and exists(url):
        with opening(url), engine(url).begin() as connection:
            assign_penalties(connection, config, assignment)


def assign_penalties(
    connection: sa.Connection, config: Config, assignment: str, students: Collection[str] | None = None
) -> None:
    """Enter the due date and the extensions of an assignment, and set or take back penalties as they follow from these.

    Args:
        connection: the transaction to do it in.
        config: the settings of the course: dates, policy, and the plug-in that decides.
        assignment: the name of the assignment; when the gradebook does not know it, nothing is done.
        students: those whose penalties may change; everybody's when it is None.
    """
    held = connection.execute(sa.select(Assignment.id, Assignment.duedate).where(Assignment.name == assignment)).first()
    if held is None:
        return
    policy, due = policy_of(config), held.duedate
    if assignment in policy.due and policy.due[assignment] != due:
        due = policy.due[assignment]
        connection.execute(sa.update(Assignment).where(Assignment.id == held.id).values(duedate=due))
    _enter_waiting_extensions(connection, held.id, assignment)
    late = _Late(policy, due, called_late(connection, assignment))
    submission, notebook = SubmittedAssignment.__table__, SubmittedNotebook.__table__
    is_penalised = sa.exists().where(
        notebook.c.assignment_id == submission.c.id, notebook.c.late_submission_penalty.is_not(None)
    )
    found = connection.execute(
        sa.select(
            submission.c.id,
            submission.c.student_id.label("student"),
            submission.c.timestamp,
            submission.c.extension,
            is_penalised.label("is_penalised"),
        )
        .where(submission.c.assignment_id == held.id)
        .where(sa.true() if students is None else submission.c.student_id.in_(students))
    ).all()
    late_ones = {row.id: row for row in found if late.is_late(row)}
    if not (changing := late_ones.keys() | {row.id for row in found if row.is_penalised}):
        return
    decide = AssignLatePenalties(config=config)
    decide.init_plugin()
    plugin = decide.plugin_inst
    with Session(connection, join_transaction_mode="create_savepoint") as session:
        for key in sorted(changing):
            row, notebooks = late_ones.get(key), session.get_one(SubmittedAssignment, key).notebooks
            earned = [(float(each.score), float(each.max_score)) for each in notebooks]
            penalties = late.penalties(plugin, row, earned) if row else [None] * len(notebooks)
            for each, penalty in zip(notebooks, penalties, strict=True):
                if each.late_submission_penalty != penalty:
                    each.late_submission_penalty = penalty
        session.commit()


@dataclass(frozen=True)
class _Late:
    """Decides on the submissions of one assignment; `called_late` are those that a platform calls late."""

    policy: Policy
    due: datetime | None
    called_late: Collection[str]

    def is_late(self, row: Any) -> bool:
        """Whether a submission is late, as far as that is known."""
        return self._seconds(row) > 0 or self._is_only_called_late(row)

    def penalties(self, plugin: Any, row: Any, earned: Sequence[tuple[float, float]]) -> list[float | None]:
        """The points to take off each notebook of a late submission, between 0 and its score; None for none.

        Our policy is about the whole submission; what it takes off is shared by the notebooks in proportion to their
        scores.

        Args:
            plugin: what the settings name to decide.
            row: the submission.
            earned: the score and the maximum of each notebook.
        """
        if not isinstance(plugin, LatePolicy) or not self.policy.takes_points or len(earned) < 2:
            return [self._penalty(plugin, row, score, most) for score, most in earned]
        score, most = (sum(each) for each in zip(*earned, strict=True))
        whole = self._penalty(plugin, row, score, most) or 0.0
        return [min(whole * each / score, each) if score > 0 and each > 0 else 0.0 for each, _ in earned]

    def _penalty(self, plugin: Any, row: Any, score: float, most: float) -> float | None:
        if isinstance(plugin, LatePolicy) and self.policy.takes_points:
            penalty: float | None = self.policy.penalty(self._days(row), score, most)
        elif seconds := self._seconds(row):
            penalty = plugin.late_submission_penalty(row.student, score, seconds)
        else:
            penalty = None
        return None if penalty is None else min(max(float(penalty), 0.0), max(score, 0.0))

    def _seconds(self, row: Any) -> float:
        if self.due is None or row.timestamp is None:
            return 0.0
        late: timedelta = row.timestamp - self.due - (row.extension or timedelta())
        return max(late.total_seconds(), 0.0)

    def _is_only_called_late(self, row: Any) -> bool:
        """Whether only the platform says that it is late: not known from when, so an extension excuses it."""
        return row.timestamp is None and row.extension is None and row.student in self.called_late

    def _days(self, row: Any) -> int:
        if self._is_only_called_late(row):
            return self.policy.days_if_unknown
        return self.policy.days(self.due + (row.extension or timedelta()), row.timestamp) if self.due else 0


def _enter_waiting_extensions(connection: sa.Connection, assignment_id: str, assignment: str) -> None:
    """Move the extensions of those who have a submission by now to where nbgrader keeps them."""
    submission = SubmittedAssignment.__table__
    waiting = sa.select(waiting_extensions).where(waiting_extensions.c.assignment == assignment)
    for row in connection.execute(waiting).all():
        entered = connection.execute(
            sa.update(submission)
            .where(submission.c.assignment_id == assignment_id, submission.c.student_id == row.student)
            .values(extension=timedelta(seconds=row.seconds))
        )
        if entered.rowcount:
            _forget(connection, waiting_extensions, assignment, [row.student])


def _forget(connection: sa.Connection, table: sa.Table, assignment: str, students: Collection[str]) -> None:
    connection.execute(sa.delete(table).where(table.c.assignment == assignment, table.c.student.in_(list(students))))


def call_late(db_url: str, assignment: str, submissions: Mapping[str, bool]) -> None:
    """Remember, by student, whether a learning platform calls a submission late without saying when it came.

    Raises CourseError when the database cannot be used.
    """
    with opening(db_url), engine(db_url).begin() as connection:
        _forget(connection, late_without_time, assignment, submissions)
        rows = [{"assignment": assignment, "student": student} for student, late in submissions.items() if late]
        if rows:
            connection.execute(sa.insert(late_without_time), rows)


def due_date(config: Config, assignment: str) -> datetime | None:
    """When an assignment is due, in UTC: as the settings say, else as the gradebook does."""
    policy = policy_of(config)
    if assignment in policy.due:
        return policy.due[assignment]
    url = config.CourseDirectory.db_url
    with opening(url), engine(url).connect() as connection:
        return connection.scalar(sa.select(Assignment.duedate).where(Assignment.name == assignment))


def extend(config: Config, assignment: str, students: Sequence[str], length: timedelta | None) -> None:
    """Give students an extension in place of any they have, or take it back; their penalties follow at once.

    Args:
        config: the settings of the course.
        assignment: the name of the assignment.
        students: their ids; they need not have handed in yet.
        length: how much later the assignment is due for them; None takes an extension back.

    Raises:
        CourseError: the database cannot be used.
    """
    url = config.CourseDirectory.db_url
    submission = SubmittedAssignment.__table__
    assignment_id = sa.select(Assignment.id).where(Assignment.name == assignment).scalar_subquery()
    with opening(url), engine(url).begin() as connection:
        _forget(connection, waiting_extensions, assignment, students)
        if length is None:
            connection.execute(
                sa.update(submission)
                .where(submission.c.assignment_id == assignment_id, submission.c.student_id.in_(list(students)))
                .values(extension=None)
            )
        else:
            rows = [{"assignment": assignment, "student": each, "seconds": length.total_seconds()} for each in students]
            connection.execute(sa.insert(waiting_extensions), rows)
        assign_penalties(connection, config, assignment, students)


@dataclass(frozen=True)
class Extension:
    """How much later than others a student may hand in, and whether there is a graded submission already."""

    assignment: str
    student: str
    length: timedelta
    is_graded: bool


def extensions(db_url: str) -> list[Extension]:
    """All extensions, by assignment and student."""
    if not exists(db_url):
        return []
    entered = (
        sa.select(Assignment.name, SubmittedAssignment.student_id, SubmittedAssignment.extension)
        .join(Assignment, Assignment.id == SubmittedAssignment.assignment_id)
        .where(SubmittedAssignment.extension.is_not(None))
    )
    with opening(db_url), engine(db_url).connect() as connection:
        found = [
            Extension(row.name, row.student_id, row.extension, is_graded=True) for row in connection.execute(entered)
        ]
        found += [
            Extension(row.assignment, row.student, timedelta(seconds=row.seconds), is_graded=False)
            for row in connection.execute(sa.select(waiting_extensions))
        ]
    return sorted(found, key=lambda each: (each.assignment, each.student))
