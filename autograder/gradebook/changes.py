"""How scores changed between two reports on a class: from what to what, and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from autograder.gradebook.database import engine, opening, reported
from autograder.gradebook.read import scores_within, submissions_within
from autograder.models import Score

_SAME = 1e-9


@dataclass(frozen=True)
class ScoreChange:
    """A score that is another one than in the report before, which was written at `since`, in UTC."""

    student: str
    before: float
    after: float
    reason: str
    since: datetime

    @property
    def size(self) -> float:
        """How many points it is, up or down."""
        return abs(self.after - self.before)


def changes_to_report(db_url: str, assignment: str, students: list[str]) -> list[ScoreChange]:
    """What changed since the last report, which this one then is; the same again while nothing else has changed.

    Args:
        db_url: the gradebook.
        assignment: the name of the assignment.
        students: those who have a score.

    Raises:
        CourseError: the database cannot be used.
    """
    now = datetime.now(UTC).replace(tzinfo=None)
    with opening(db_url), engine(db_url).begin() as connection:
        here = sa.select(reported).where(reported.c.assignment == assignment)
        held = {row.student: row for row in connection.execute(here)}
        last = max((row.at for row in held.values()), default=None)
        digests = submissions_within(connection, assignment)
        found = scores_within(connection, assignment, students)
        new = []
        for student, score in found.items():
            present = {"checks": score.points, "by_hand": score.by_hand, "penalty": score.penalty}
            row = {"submission": digests.get(student, ""), **present}
            if student not in held:
                new.append({"assignment": assignment, "student": student, **row, "at": now})
            elif reason := _reason(held[student], score, row):
                before = float(held[student].checks + held[student].by_hand - held[student].penalty)
                if abs(before - score.total) > _SAME:
                    row |= {"at": now, "before": before, "reason": reason, "since": last}
                connection.execute(
                    sa.update(reported)
                    .where(reported.c.assignment == assignment, reported.c.student == student)
                    .values(row)
                )
        if new:
            connection.execute(sa.insert(reported), new)
        rows = connection.execute(here).all()
    latest = max((row.at for row in rows), default=None)
    return [
        ScoreChange(row.student, row.before, found[row.student].total, row.reason, row.since)
        for row in sorted(rows, key=lambda row: row.student)
        if row.before is not None and row.at == latest and row.student in found
    ]


def _reason(before: Any, score: Score, present: Mapping[str, object]) -> str:
    """What is another than before; empty when nothing is."""
    reasons = []
    if before.submission != present["submission"]:
        reasons.append("handed in again")
    elif abs(before.checks - score.points) > _SAME:
        reasons.append("the checks gave other points")
    if abs(before.by_hand - score.by_hand) > _SAME:
        reasons.append("marked by hand")
    if abs(before.penalty - score.penalty) > _SAME:
        reasons.append(f"late penalty {before.penalty:g} became {score.penalty:g}")
    return ", ".join(reasons)
