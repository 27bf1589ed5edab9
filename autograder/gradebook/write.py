"""Writing into the gradebook: the present source of an assignment, and graded submissions.

Submissions are written a batch in one transaction, with the same rows however often it is done.

Rows are found by what they mean, never by having been inserted before, so that two graders at once, or one that
was killed and started again, end with the same gradebook.
"""

from __future__ import annotations

import copy
import importlib
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import nbformat
import sqlalchemy as sa
from nbgrader.api import (
    Assignment,
    BaseCell,
    Comment,
    Grade,
    Gradebook,
    Notebook,
    Student,
    SubmittedAssignment,
    SubmittedNotebook,
)
from nbgrader.preprocessors import AssignLatePenalties, SaveCells
from sqlalchemy.orm import Session
from traitlets.config import Config

from autograder.config import AS_HANDED_OUT, preprocess
from autograder.gradebook.database import NO_RESPONSE, engine, graded, opening, registered, registering
from autograder.models import CourseError, Graded, Outcome


def register(config: Config, assignment: str, source: nbformat.NotebookNode, digest: str) -> None:
    """Enter `source` into the gradebook, unless it holds the version of this `digest` already.

    Raises CourseError when the database cannot be used, or when cells were added or removed while there are
    submissions: nbgrader could not keep their scores apart.
    """
    url = config.CourseDirectory.db_url
    if _holds(url, assignment, digest):
        return
    names = {"db_url": url, "assignment": assignment, "notebook": assignment}
    with registering(url):
        if _holds(url, assignment, digest):  # another process was quicker
            return
        with Gradebook(url, config.CourseDirectory.course_id) as gradebook:
            gradebook.update_or_create_assignment(assignment)
        try:
            preprocess(config, (*AS_HANDED_OUT, SaveCells), copy.deepcopy(source), names)
        except RuntimeError as error:
            raise CourseError(f"{error}.", assignment, "Give the new version a name of its own.") from error
        with engine(url).begin() as connection:
            connection.execute(sa.delete(registered).where(registered.c.assignment == assignment))
            connection.execute(sa.insert(registered).values(assignment=assignment, digest=digest))


def _holds(url: str, assignment: str, digest: str) -> bool:
    known = sa.select(registered.c.digest).where(registered.c.assignment == assignment)
    with opening(url), engine(url).connect() as connection:
        return bool(connection.scalar(known) == digest)


@dataclass(frozen=True)
class Entry:
    """One submission to enter: its result, its digest, and when it was handed in, if that is known."""

    graded: Graded
    digest: str
    timestamp: datetime | None


class Writer:
    """Enters submissions of one assignment."""

    def __init__(self, config: Config, assignment: str) -> None:
        self._config = config
        self._url = db_url = config.CourseDirectory.db_url
        self._engine = engine(db_url)
        self._assignment = assignment
        with opening(db_url), self._engine.connect() as connection:
            self._assignment_id, self._notebook_id = self._ids(connection)
            rows = connection.execute(
                sa.select(BaseCell.id, BaseCell.name, BaseCell.type).where(BaseCell.notebook_id == self._notebook_id)
            ).all()
        self._graded_cells = {row.name: row.id for row in rows if row.type in ("GradeCell", "TaskCell")}
        self._commented = {row.name: row.id for row in rows if row.type in ("SolutionCell", "TaskCell")}

    def write(self, entries: Sequence[Entry]) -> None:
        """Enter a batch, all of it or nothing; raises CourseError when the database cannot be used."""
        if not entries:
            return
        with opening(self._url), self._engine.begin() as connection:
            notebooks = self._submitted_notebooks(connection, entries)
            grades = [row for entry in entries for row in self._grades(entry.graded, notebooks[entry.graded.student])]
            comments = [
                row for entry in entries for row in self._comments(entry.graded, notebooks[entry.graded.student])
            ]
            self._put_grades(connection, grades)
            self._put(connection, Comment.__table__, comments, ["cell_id", "notebook_id"], ["auto_comment"])
            assign_penalties(connection, self._config, self._assignment_id, list(notebooks))
            digests = [
                {"assignment": self._assignment, "student": entry.graded.student, "digest": entry.digest}
                for entry in entries
            ]
            self._put(connection, graded, digests, ["assignment", "student"], ["digest"])

    def _ids(self, connection: sa.Connection) -> tuple[str, str]:
        row = connection.execute(
            sa.select(Assignment.id, Notebook.id)
            .join(Notebook, Notebook.assignment_id == Assignment.id)
            .where(Assignment.name == self._assignment, Notebook.name == self._assignment)
        ).first()
        if row is None:
            raise CourseError("not in the gradebook any more.", self._assignment, "Grade again.")
        return row[0], row[1]

    def _submitted_notebooks(self, connection: sa.Connection, entries: Sequence[Entry]) -> dict[str, str]:
        """The rows for students, submissions and notebooks, made where they are missing; notebook ids by student."""
        students = sorted({entry.graded.student for entry in entries})
        self._put(connection, Student.__table__, [{"id": name} for name in students], ["id"], [])
        submissions = [{"id": _new_id(), "assignment_id": self._assignment_id, "student_id": name} for name in students]
        self._put(connection, SubmittedAssignment.__table__, submissions, ["assignment_id", "student_id"], [])
        submission = SubmittedAssignment.__table__
        ids = {
            row.student_id: row.id
            for row in connection.execute(
                sa.select(submission.c.id, submission.c.student_id).where(
                    submission.c.assignment_id == self._assignment_id, submission.c.student_id.in_(students)
                )
            )
        }
        for entry in entries:
            if entry.timestamp is not None:
                connection.execute(
                    sa.update(submission)
                    .where(submission.c.id == ids[entry.graded.student])
                    .values(timestamp=entry.timestamp)
                )
        notebooks = [
            {"id": _new_id(), "assignment_id": ids[name], "notebook_id": self._notebook_id, "flagged": False}
            for name in students
        ]
        table = SubmittedNotebook.__table__
        self._put(connection, table, notebooks, ["notebook_id", "assignment_id"], [])
        found = connection.execute(
            sa.select(table.c.id, table.c.assignment_id).where(
                table.c.notebook_id == self._notebook_id, table.c.assignment_id.in_(list(ids.values()))
            )
        )
        by_submission = {row.assignment_id: row.id for row in found}
        return {name: by_submission[ids[name]] for name in students}

    def _grades(self, submission: Graded, notebook: str) -> list[dict[str, Any]]:
        points = {
            verdict.grade_id: verdict.points
            for verdict in submission.verdicts
            if verdict.outcome is not Outcome.UNJUDGED
        }
        points |= dict.fromkeys(submission.no_response, 0.0)
        return [
            {
                "id": _new_id(),
                "cell_id": cell,
                "notebook_id": notebook,
                "auto_score": points.get(name),
                "needs_manual_grade": name not in points,
            }
            for name, cell in self._graded_cells.items()
        ]

    def _comments(self, submission: Graded, notebook: str) -> list[dict[str, Any]]:
        return [
            {
                "id": _new_id(),
                "cell_id": cell,
                "notebook_id": notebook,
                "auto_comment": NO_RESPONSE if name in submission.no_response else None,
            }
            for name, cell in self._commented.items()
        ]

    def _put_grades(self, connection: sa.Connection, rows: list[dict[str, Any]]) -> None:
        """A score given by hand stays and is marked to be looked at again, as nbgrader does."""
        table = Grade.__table__
        insert = _insert(self._engine, table)
        connection.execute(
            insert.on_conflict_do_update(
                index_elements=["cell_id", "notebook_id"],
                set_={
                    "auto_score": insert.excluded.auto_score,
                    "needs_manual_grade": sa.or_(table.c.manual_score.is_not(None), insert.excluded.needs_manual_grade),
                },
            ),
            rows,
        )

    def _put(
        self, connection: sa.Connection, table: Any, rows: list[dict[str, Any]], key: list[str], changed: list[str]
    ) -> None:
        """Insert `rows`; where one with its `key` is there, set what is `changed` and leave the rest."""
        if not rows:
            return
        insert = _insert(self._engine, table)
        if changed:
            new = {name: insert.excluded[name] for name in changed}
            connection.execute(insert.on_conflict_do_update(index_elements=key, set_=new), rows)
        else:
            connection.execute(insert.on_conflict_do_nothing(index_elements=key), rows)


def _insert(made: sa.Engine, table: Any) -> Any:
    """The insert of SQLite or PostgreSQL that can update a row that exists already."""
    return importlib.import_module(f"sqlalchemy.dialects.{made.dialect.name}").insert(table)


def _new_id() -> str:
    return uuid.uuid4().hex


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
