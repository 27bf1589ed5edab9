"""Marks and comments that a person gives: read for a class, and changed one at a time without losing anybody's.

The rows change as nbgrader's Formgrader changes them. What somebody else changed since it was read is never replaced:
each change names the version of the row that the person saw.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import astuple, dataclass
from typing import Any

import msgspec
import sqlalchemy as sa
from msgspec import UNSET, UnsetType
from nbgrader.api import BaseCell, Comment, Grade, SubmittedNotebook
from traitlets.config import Config

from autograder.gradebook.database import engine, exists, opening
from autograder.gradebook.late import assign_penalties
from autograder.gradebook.read import Mark, grades_of, mark_in, name_in, prefixes_within, submissions_within, submitted
from autograder.text import plain

_MOST_CHARACTERS = 20_000


@dataclass(frozen=True)
class Marked:
    """What the gradebook holds for one answer of one student.

    `key` is nbgrader's id of the grade, `notebook` that of the submitted notebook. `cell` is its name in the assignment
    (see `cells.cell_prefix`). `comment` is a person's, `note` nbgrader's own; `submission` says which work it is for,
    as far as that is known.
    """

    key: str
    notebook: str
    cell: str
    student: str
    name: str
    mark: Mark
    comment: str
    note: str
    submission: str

    @property
    def grade_id(self) -> str:
        """The name of the cell in its notebook: no grade id has a slash."""
        return self.cell.rpartition("/")[2]

    @property
    def version(self) -> str:
        """A word that changes when anything does that a person sees of it."""
        seen = (*astuple(self.mark), self.comment, self.submission)
        return hashlib.sha256(repr(seen).encode()).hexdigest()[:16]


class Change(msgspec.Struct, frozen=True):
    """What a person wants for the answer of this `key`, having seen this `version` of it.

    `points` None takes the mark back. `waits` says whether it is to be looked at again; when it is left out, that is
    decided as in Formgrader.
    """

    key: str
    version: str
    points: float | UnsetType | None = UNSET
    comment: str | UnsetType = UNSET
    waits: bool | UnsetType = UNSET


@dataclass(frozen=True)
class Given:
    """The answers of the changes as they are now, and the keys of those that somebody else has changed meanwhile."""

    marked: Sequence[Marked]
    refused: frozenset[str]


def read(db_url: str, assignment: str, cells: Collection[str]) -> list[Marked]:
    """What every graded submission has for each of `cells`, in no order that tells who is who.

    Raises CourseError when the database cannot be used.
    """
    if not exists(db_url):
        return []
    with opening(db_url), engine(db_url).connect() as connection:
        found = _marked(
            connection, assignment, BaseCell.__table__.c.name.in_({name.rpartition("/")[2] for name in cells})
        )
    return sorted((each for each in found if each.cell in cells), key=lambda each: each.key)


def give(config: Config, assignment: str, changes: Sequence[Change]) -> Given:
    """Make each change, unless the answer is not any more what the person saw; all are saved when this returns.

    A change that is made already counts as made, so that a page that did not hear of it can ask again. A penalty that
    depends on the score follows it.

    Raises:
        ValueError: points are below 0 or above what the cell gives; nothing was changed.
        CourseError: the database cannot be used; nothing was changed.
    """
    url = config.CourseDirectory.db_url
    wanted = Grade.__table__.c.id.in_([change.key for change in changes])
    refused = set[str]()
    with opening(url), engine(url).begin() as connection:
        held = {each.key: each for each in _marked(connection, assignment, wanted, lock=True)}
        for change in changes:
            present = held.get(change.key)
            if present is None:
                refused.add(change.key)
            elif new := _what_changes(change, present):
                if change.version == present.version:
                    _write(connection, present, new)
                else:
                    refused.add(change.key)
        if changed := [held[key].student for key in held.keys() - refused]:
            assign_penalties(connection, config, assignment, changed)
        return Given(_marked(connection, assignment, wanted), frozenset(refused))


_AT_ONCE = 500


def _marked(
    connection: sa.Connection, assignment: str, wanted: sa.ColumnElement[bool], lock: bool = False
) -> list[Marked]:
    """What is held for the graded cells that are `wanted`; with `lock`, nobody else changes it in the meantime."""
    grade, cell, comment = Grade.__table__, BaseCell.__table__, Comment.__table__
    query = grades_of(assignment).where(wanted).add_columns(grade.c.id.label("key"), grade.c.notebook_id)
    rows = connection.execute(query.with_for_update(of=grade) if lock else query).all()
    query = (
        submitted(assignment)
        .join(comment, comment.c.notebook_id == SubmittedNotebook.id)
        .join(cell, cell.c.id == comment.c.cell_id)
        .where(cell.c.name.in_({row.cell for row in rows}))
        .add_columns(comment.c.notebook_id, cell.c.name.label("cell"), comment.c.manual_comment, comment.c.auto_comment)
    )
    if len(rows) < _AT_ONCE:
        query = query.where(comment.c.notebook_id.in_([row.notebook_id for row in rows]))
    found = connection.execute(query.with_for_update(of=comment) if lock else query)
    comments = {(row.notebook_id, row.cell): (row.manual_comment or "", row.auto_comment or "") for row in found}
    submissions, prefixes = submissions_within(connection, assignment), prefixes_within(connection, assignment)
    return [
        Marked(
            row.key,
            row.notebook_id,
            prefixes[row.notebook] + row.cell,
            row.student,
            name_in(row),
            mark_in(row),
            *comments.get((row.notebook_id, row.cell), ("", "")),
            submissions.get(row.student, ""),
        )
        for row in rows
    ]


@dataclass(frozen=True)
class _New:
    """The new values of a row of the grade, and the new comment, as far as they differ from what is held."""

    grade: Mapping[str, Any]
    comment: str | None


def _what_changes(change: Change, held: Marked) -> _New | None:
    grade, comment = dict[str, Any](), None
    if change.points is not UNSET:
        if change.points is not None and not 0 <= change.points <= held.mark.max_points:
            raise ValueError(f"{change.points:g} points are not between 0 and {held.mark.max_points:g}")
        waits = change.points is None and held.mark.auto is None if change.waits is UNSET else change.waits
        if (change.points, waits) != (held.mark.by_hand, held.mark.waits):
            grade = {"manual_score": change.points, "needs_manual_grade": waits}
    if change.comment is not UNSET and (text := plain(change.comment).strip()[:_MOST_CHARACTERS]) != held.comment:
        comment = text
    return _New(grade, comment) if grade or comment is not None else None


def _write(connection: sa.Connection, held: Marked, new: _New) -> None:
    if new.grade:
        connection.execute(sa.update(Grade.__table__).where(Grade.__table__.c.id == held.key).values(new.grade))
    if new.comment is None:
        return
    cell, comment = BaseCell.__table__, Comment.__table__
    answer = sa.select(cell.c.id).where(cell.c.name == held.grade_id)  # of any assignment: the submission says of which
    connection.execute(
        sa.update(comment)
        .where(comment.c.notebook_id == held.notebook, comment.c.cell_id.in_(answer))
        .values(manual_comment=new.comment or None)
    )
