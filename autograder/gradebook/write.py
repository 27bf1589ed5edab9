"""Writing into the gradebook: the present source of an assignment, and graded submissions.

Submissions are written a batch in one transaction, with the same rows however often it is done.

Rows are found by what they mean, never by having been inserted before, so that two graders at once, or one that
was killed and started again, end with the same gradebook.
"""

from __future__ import annotations

import copy
import functools
import importlib
import uuid
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any

import nbformat
import sqlalchemy as sa
from nbgrader.api import (
    Assignment,
    BaseCell,
    Comment,
    Grade,
    Gradebook,
    GradeCell,
    Notebook,
    SolutionCell,
    SourceCell,
    Student,
    SubmittedAssignment,
    SubmittedNotebook,
    TaskCell,
)
from nbgrader.preprocessors import SaveCells
from sqlalchemy.orm import Session
from traitlets.config import Config

from autograder.cells import Role, cell_prefix, role
from autograder.config import AS_HANDED_OUT, preprocess
from autograder.gradebook.database import NO_RESPONSE, engine, graded, opening, registered, registering, rescored
from autograder.gradebook.late import assign_penalties
from autograder.gradebook.read import scores_within
from autograder.models import CourseError, Graded, Score


def register(config: Config, assignment: str, sources: Mapping[str, nbformat.NotebookNode], digest: str) -> None:
    """Enter the source notebooks of an assignment into the gradebook, unless it holds them already.

    Cells and notebooks may come and go while there are submissions: what the gradebook holds for the others is
    kept.

    Args:
        config: the settings of the course.
        assignment: the name of the assignment.
        sources: its notebooks, by their names.
        digest: the version of them that this is.

    Raises:
        CourseError: the database cannot be used, or a cell is gone for which a person gave marks.
    """
    url = config.CourseDirectory.db_url
    if _holds(url, assignment, sources, digest):
        return
    with registering(url):
        if _holds(url, assignment, sources, digest):  # another process was quicker
            return
        with Gradebook(url, config.CourseDirectory.course_id) as gradebook:
            gradebook.update_or_create_assignment(assignment)
        for name, source in sources.items():
            names = {"db_url": url, "assignment": assignment, "notebook": name}
            handed_out = preprocess(config, AS_HANDED_OUT, copy.deepcopy(source), names)
            with opening(url), engine(url).begin() as connection:
                _fit_cells(connection, assignment, name, [role(cell) for cell in handed_out.cells])
            preprocess(config, (SaveCells,), handed_out, names)
        with opening(url), engine(url).begin() as connection:
            _drop_others(connection, assignment, sources)
            connection.execute(sa.delete(registered).where(registered.c.assignment == assignment))
            connection.execute(sa.insert(registered).values(assignment=assignment, digest=digest))


def _drop_others(connection: sa.Connection, assignment: str, kept: Collection[str]) -> None:
    """Remove the notebooks that an assignment has no more, with the scores of those who handed them in."""
    of_assignment = (
        sa.select(Notebook.id, Notebook.name)
        .join(Assignment, Assignment.id == Notebook.assignment_id)
        .where(Assignment.name == assignment, Notebook.name.not_in(kept))
    )
    gone = [row.id for row in connection.execute(of_assignment)]
    for kind in (BaseCell, SourceCell):
        table = kind.__table__
        cells = connection.scalars(sa.select(table.c.id).where(table.c.notebook_id.in_(gone)))
        _drop_cells(connection, assignment, list(cells))
    connection.execute(sa.delete(SubmittedNotebook.__table__).where(SubmittedNotebook.notebook_id.in_(gone)))
    connection.execute(sa.delete(Notebook.__table__).where(Notebook.id.in_(gone)))


def _drop_cells(connection: sa.Connection, assignment: str, gone: Sequence[str]) -> None:
    """Remove the cells of these ids and what was given for them; raises CourseError when a person gave it."""
    _require_no_marks_by_hand(connection, assignment, gone)
    for table in (Grade, Comment):
        connection.execute(sa.delete(table).where(table.cell_id.in_(gone)))
    for table in (GradeCell, SolutionCell, TaskCell, BaseCell, SourceCell):
        connection.execute(sa.delete(table.__table__).where(table.__table__.c.id.in_(gone)))


def _fit_cells(connection: sa.Connection, assignment: str, name: str, roles: Iterable[Role]) -> None:
    """Let the cells of a notebook that was submitted be those of `roles`, which nbgrader would refuse to do."""
    notebook = connection.scalar(
        sa.select(Notebook.id)
        .join(Assignment, Assignment.id == Notebook.assignment_id)
        .where(Assignment.name == assignment, Notebook.name == name)
    )
    submitted = list(
        connection.scalars(sa.select(SubmittedNotebook.id).where(SubmittedNotebook.notebook_id == notebook))
    )
    if not submitted:
        return
    wanted = {(each.grade_id, kind) for each in roles for kind in _kinds(each)}
    base = sa.select(BaseCell.__table__).where(BaseCell.__table__.c.notebook_id == notebook)
    held = {(row.name, row.type): row.id for row in connection.execute(base)}
    sources = sa.select(SourceCell.id, SourceCell.name).where(SourceCell.notebook_id == notebook)
    held |= {(row.name, SourceCell.__name__): row.id for row in connection.execute(sources)}
    _drop_cells(connection, assignment, [held[name, kind] for name, kind in held.keys() - wanted])
    with Session(connection, join_transaction_mode="create_savepoint") as session:
        for name, kind in sorted(wanted - held.keys()):
            cell = _NEW_CELLS[kind](name=name, notebook_id=notebook)
            session.add(cell)
            session.flush()
            for each in submitted if kind != SourceCell.__name__ else ():
                if kind != SolutionCell.__name__:
                    session.add(Grade(cell_id=cell.id, notebook_id=each, needs_manual_grade=True))
                if kind != GradeCell.__name__:
                    session.add(Comment(cell_id=cell.id, notebook_id=each))
        session.commit()


_NEW_CELLS: dict[str, Callable[..., Any]] = {
    GradeCell.__name__: partial(GradeCell, max_score=0, cell_type="code"),
    SolutionCell.__name__: SolutionCell,
    TaskCell.__name__: partial(TaskCell, max_score=0, cell_type="markdown"),
    SourceCell.__name__: partial(SourceCell, cell_type="code"),
}
"""How each kind of cell is made; nbgrader then enters what it is."""


def _kinds(cell_role: Role) -> Iterator[str]:
    """The kinds of cell that nbgrader's gradebook keeps for a role."""
    kinds = {
        GradeCell.__name__: cell_role.is_graded,
        SolutionCell.__name__: cell_role.is_answer,
        TaskCell.__name__: cell_role.is_task,
    }
    yield from (kind for kind, is_one in kinds.items() if is_one)
    if any(kinds.values()) or cell_role.is_locked:
        yield SourceCell.__name__


def _require_no_marks_by_hand(connection: sa.Connection, assignment: str, gone: Sequence[str]) -> None:
    """Raise CourseError when a person gave marks or comments for one of the cells that are `gone`."""
    by_hand = sa.union(
        sa.select(Grade.cell_id, Grade.notebook_id).where(
            sa.or_(Grade.manual_score.is_not(None), sa.func.coalesce(Grade.extra_credit, 0.0) != 0)
        ),
        sa.select(Comment.cell_id, Comment.notebook_id).where(Comment.manual_comment.is_not(None)),
    ).subquery()
    row = connection.execute(
        sa.select(BaseCell.name, sa.func.count().label("students"))
        .join(by_hand, by_hand.c.cell_id == BaseCell.id)
        .where(BaseCell.id.in_(gone))
        .group_by(BaseCell.name)
        .order_by(BaseCell.name)
    ).first()
    if row is not None:
        raise CourseError(
            f"cell '{row.name}' is gone from the source, and marks or comments were given for it by hand, which would "
            f"be lost (submissions: {row.students}).",
            assignment,
            "Put the cell back, or clear those marks in Formgrader and grade again.",
        )


def _holds(url: str, assignment: str, names: Collection[str], digest: str) -> bool:
    """Whether the assignment of this digest is there; `nbgrader db assignment remove` leaves our own table alone."""
    known = (
        sa.select(Notebook.name)
        .join(Assignment, Notebook.assignment_id == Assignment.id)
        .join(registered, Assignment.name == registered.c.assignment)
        .where(registered.c.assignment == assignment, registered.c.digest == digest)
    )
    with opening(url), engine(url).connect() as connection:
        return set(connection.scalars(known)) == set(names)


@dataclass(frozen=True)
class Entry:
    """One submission to enter: its result, its digest, and when it was handed in, if that is known.

    `submission` is the digest of what was handed in alone.
    """

    graded: Graded
    digest: str
    timestamp: datetime | None
    submission: str = ""


class Writer:
    """Enters submissions of one assignment."""

    def __init__(self, config: Config, assignment: str) -> None:
        self._config = config
        self._url = db_url = config.CourseDirectory.db_url
        self._engine = engine(db_url)
        self._assignment = assignment
        with opening(db_url), self._engine.connect() as connection:
            self._assignment_id, self._notebook_ids = self._ids(connection)
            names = {key: name for name, key in self._notebook_ids.items()}
            cell = BaseCell.__table__
            rows = connection.execute(
                sa.select(cell.c.id, cell.c.name, cell.c.type, cell.c.notebook_id).where(cell.c.notebook_id.in_(names))
            ).all()
        cells = [(cell_prefix(names[row.notebook_id], names) + row.name, row, names[row.notebook_id]) for row in rows]
        self._graded_cells = {
            name: (row.id, notebook) for name, row, notebook in cells if row.type in ("GradeCell", "TaskCell")
        }
        self._commented = {
            name: (row.id, notebook) for name, row, notebook in cells if row.type in ("SolutionCell", "TaskCell")
        }

    def write(self, entries: Sequence[Entry]) -> None:
        """Enter a batch, all of it or nothing; raises CourseError when the database cannot be used."""
        if not entries:
            return
        with opening(self._url), self._engine.begin() as connection:
            before = self._scores_of_the_same(connection, entries)
            notebooks = self._submitted_notebooks(connection, entries)
            grades = [row for entry in entries for row in self._grades(entry.graded, notebooks[entry.graded.student])]
            comments = [
                row for entry in entries for row in self._comments(entry.graded, notebooks[entry.graded.student])
            ]
            if grades:
                connection.execute(_upsert_of_grades(self._engine.dialect.name), grades)
            self._put(connection, Comment.__table__, comments, ["cell_id", "notebook_id"], ["auto_comment"])
            assign_penalties(connection, self._config, self._assignment, list(notebooks))
            self._put_changes(connection, entries, before)
            digests = [
                {"assignment": self._assignment, "student": entry.graded.student, "digest": entry.digest}
                for entry in entries
            ]
            self._put(connection, graded, digests, ["assignment", "student"], ["digest"])

    def update_penalties(self) -> None:
        """Set or take back everybody's penalty, since a due date or an extension may have changed after grading."""
        with opening(self._url), self._engine.begin() as connection:
            assign_penalties(connection, self._config, self._assignment)

    def _scores_of_the_same(self, connection: sa.Connection, entries: Sequence[Entry]) -> dict[str, Score]:
        """The scores in the gradebook of those students who have handed in nothing else since they got them."""
        held = sa.select(rescored.c.student, rescored.c.submission).where(
            rescored.c.assignment == self._assignment,
            rescored.c.student.in_([entry.graded.student for entry in entries]),
        )
        of = {row.student: row.submission for row in connection.execute(held)}
        same = [entry.graded.student for entry in entries if of.get(entry.graded.student) == entry.submission]
        return scores_within(connection, self._assignment, same) if same else {}

    def _put_changes(self, connection: sa.Connection, entries: Sequence[Entry], before: Mapping[str, Score]) -> None:
        """Note whose score is another one now for the same submission; of a new submission there is no change."""
        after = scores_within(connection, self._assignment, list(before)) if before else {}
        keys = ["assignment", "student"]
        changed, other = list[dict[str, Any]](), list[dict[str, Any]]()
        for entry in entries:
            student = entry.graded.student
            row = {"assignment": self._assignment, "student": student, "submission": entry.submission}
            if student not in before:
                other.append({**row, "before": None, "after": None, "at": None})
            elif before[student].total != after[student].total:
                now = datetime.now(UTC).replace(tzinfo=None)
                changed.append({**row, "before": before[student].total, "after": after[student].total, "at": now})
        self._put(connection, rescored, [*other, *changed], keys, ["submission", "before", "after", "at"])

    def _ids(self, connection: sa.Connection) -> tuple[str, dict[str, str]]:
        """The id of the assignment, and those of its notebooks by their names."""
        rows = connection.execute(
            sa.select(Assignment.id, Notebook.id.label("notebook"), Notebook.name)
            .join(Notebook, Notebook.assignment_id == Assignment.id)
            .where(Assignment.name == self._assignment)
        ).all()
        if not rows:
            raise CourseError("is no longer in the gradebook.", self._assignment, "Grade again.")
        return rows[0].id, {row.name: row.notebook for row in rows}

    def _submitted_notebooks(self, connection: sa.Connection, entries: Sequence[Entry]) -> dict[str, Mapping[str, str]]:
        """The rows for students, submissions and notebooks, made where they are missing.

        Returns the ids of the submitted notebooks, by student and the notebook's name.
        """
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
            {"id": _new_id(), "assignment_id": ids[name], "notebook_id": notebook, "flagged": False}
            for name in students
            for notebook in self._notebook_ids.values()
        ]
        table = SubmittedNotebook.__table__
        self._put(connection, table, notebooks, ["notebook_id", "assignment_id"], [])
        found = connection.execute(
            sa.select(table.c.id, table.c.assignment_id, table.c.notebook_id).where(
                table.c.notebook_id.in_(list(self._notebook_ids.values())),
                table.c.assignment_id.in_(list(ids.values())),
            )
        )
        rows = {(row.assignment_id, row.notebook_id): row.id for row in found}
        return {
            student: {name: rows[ids[student], notebook] for name, notebook in self._notebook_ids.items()}
            for student in students
        }

    def _grades(self, submission: Graded, notebooks: Mapping[str, str]) -> list[dict[str, Any]]:
        """The rows of all graded cells; those of a notebook that is missing have no points, as with nbgrader."""
        absent = {name: 0.0 for name, (_, notebook) in self._graded_cells.items() if notebook in submission.missing}
        points = absent | submission.points
        return [
            {
                "id": _new_id(),
                "cell_id": cell,
                "notebook_id": notebooks[notebook],
                "auto_score": points.get(name),
                "needs_manual_grade": name not in points,
            }
            for name, (cell, notebook) in self._graded_cells.items()
        ]

    def _comments(self, submission: Graded, notebooks: Mapping[str, str]) -> list[dict[str, Any]]:
        return [
            {
                "id": _new_id(),
                "cell_id": cell,
                "notebook_id": notebooks[notebook],
                "auto_comment": NO_RESPONSE if name in submission.no_response else None,
            }
            for name, (cell, notebook) in self._commented.items()
        ]

    def _put(
        self, connection: sa.Connection, table: Any, rows: list[dict[str, Any]], key: list[str], changed: list[str]
    ) -> None:
        """Insert `rows`; where one with its `key` is there, set what is `changed` and leave the rest."""
        if rows:
            connection.execute(_upsert(self._engine.dialect.name, table, tuple(key), tuple(changed)), rows)


def _insert(dialect: str, table: Any) -> Any:
    """The insert of SQLite or PostgreSQL that can update a row that exists already."""
    return importlib.import_module(f"sqlalchemy.dialects.{dialect}").insert(table)


@functools.cache
def _upsert(dialect: str, table: Any, key: tuple[str, ...], changed: tuple[str, ...]) -> Any:
    """An insert that, where a row with this `key` is there, sets what is `changed` and leaves the rest.

    It is made once for all batches of a class, since that takes longer than to send a row.
    """
    insert = _insert(dialect, table)
    if not changed:
        return insert.on_conflict_do_nothing(index_elements=key)
    new = {name: insert.excluded[name] for name in changed}
    return insert.on_conflict_do_update(index_elements=key, set_=new)


@functools.cache
def _upsert_of_grades(dialect: str) -> Any:
    """As `_upsert`, for scores; one given by hand stays and is marked to be looked at again, as nbgrader does."""
    table = Grade.__table__
    insert = _insert(dialect, table)
    return insert.on_conflict_do_update(
        index_elements=["cell_id", "notebook_id"],
        set_={
            "auto_score": insert.excluded.auto_score,
            "needs_manual_grade": sa.or_(table.c.manual_score.is_not(None), insert.excluded.needs_manual_grade),
        },
    )


def _new_id() -> str:
    return uuid.uuid4().hex


@dataclass(frozen=True)
class StudentNames:
    """What is known of a student beside the id; empty texts are not known."""

    first_name: str = ""
    last_name: str = ""
    email: str = ""


def enter_students(db_url: str, students: Mapping[str, StudentNames]) -> None:
    """Enter students by their ids, with names and addresses; what is not known of one stays as it is.

    Raises CourseError when the database cannot be used.
    """
    if not students:
        return
    made = engine(db_url)
    table = Student.__table__
    with opening(db_url), made.begin() as connection:
        insert = _insert(made.dialect.name, table).on_conflict_do_nothing(index_elements=["id"])
        connection.execute(insert, [{"id": student} for student in students])
        for student, names in students.items():
            if known := {name: value for name, value in asdict(names).items() if value}:
                connection.execute(sa.update(table).where(table.c.id == student).values(known))
