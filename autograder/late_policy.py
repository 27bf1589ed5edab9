"""What lateness costs, as `c.LatePolicy` in `nbgrader_config.py` says it; also as a plug-in of nbgrader's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path
from typing import Any

from nbgrader.plugins import LateSubmissionPlugin
from traitlets import Dict, Enum, Float, Integer, TraitError, Unicode
from traitlets.config import Config

from autograder.due_dates import days_late, moment, zone_of
from autograder.models import CourseError
from autograder.notebook import CONFIG_FILE, assignments

_DIGITS = 9
"""Decimals of a penalty; what is beyond them comes from the computer's arithmetic."""


@dataclass(frozen=True)
class Policy:
    """The rules of a course.

    Args:
        percent_a_day: taken off for each day that has begun.
        of_earned: whether that is a share of what was earned; else it is one of the maximum.
        floor_percent: of the same points; lateness takes no score below this.
        grace: how much later than its due date work is still in time. Days are counted from its end.
        cut_off_days: work that is later than this many days counts 0 points; None when there is no such day.
        days_if_unknown: how many days late work counts that a platform calls late without saying when it came.
        zone: the time zone of the course.
        due: when each assignment is due; None for one that is never due.
    """

    percent_a_day: float = 0.0
    of_earned: bool = False
    floor_percent: float = 0.0
    grace: timedelta = timedelta()
    cut_off_days: int | None = None
    days_if_unknown: int = 0
    zone: tzinfo = UTC
    due: Mapping[str, datetime | None] = field(default_factory=dict)

    @property
    def takes_points(self) -> bool:
        """Whether lateness costs anything."""
        return self.percent_a_day > 0 or self.cut_off_days is not None

    def days(self, due: datetime, handed_in: datetime) -> int:
        """How many days are counted for work that was due, its extension included, and handed in then."""
        return days_late(due + self.grace, handed_in, self.zone)

    def is_cut_off(self, days: int) -> bool:
        """Whether work that is so many days late does not count any more."""
        return self.cut_off_days is not None and days > self.cut_off_days

    def base(self, score: float, most: float) -> float:
        """The points of which percentages are taken."""
        return max(score if self.of_earned else most, 0.0)

    def penalty(self, days: int, score: float, most: float) -> float:
        """The points that are taken off a score.

        Args:
            days: how many days late it is.
            score: what was earned.
            most: what could be earned.

        Returns:
            At least 0 and at most the score.
        """
        score = max(score, 0.0)
        if self.is_cut_off(days):
            return score if days else 0.0
        base = self.base(score, most)
        spared = max(score - self.floor_percent * base / 100, 0.0)
        return min(round(min(days * self.percent_a_day * base / 100, spared), _DIGITS), score)


class LatePolicy(LateSubmissionPlugin):  # type: ignore[misc]  # nbgrader has no type information
    """Takes points off for each day that has begun; without a policy, what nbgrader's own `penalty_method` says."""

    due = Dict(help="When each assignment is due: {'lstm': '2026-12-31 23:59'}.").tag(config=True)
    time_zone = Unicode("UTC", help="The time zone of days, and of dates without one: Europe/Berlin.").tag(config=True)
    percent_a_day = Float(0.0, min=0.0, max=100.0, help="The percentage taken off for each day begun.").tag(config=True)
    percent_of = Enum(["maximum", "earned"], "maximum", help="The points that percentages are of.").tag(config=True)
    floor_percent = Float(0.0, min=0.0, max=100.0, help="Lateness takes no score below this percent.").tag(config=True)
    grace_minutes = Float(0.0, min=0.0, max=1e6, help="Minutes that work may be late without cost.").tag(config=True)
    cut_off_days = Integer(None, min=0, allow_none=True, help="Later work counts 0 points.").tag(config=True)
    days_if_unknown = Integer(
        0, min=0, help="The days that are counted for work that a platform calls late without a time."
    ).tag(config=True)

    def policy(self, root: Path) -> Policy:
        """The rules for the course at `root`; raises CourseError when a date, a zone or an assignment is wrong."""
        zone = zone_of(self.time_zone)
        known, due = assignments(root), dict[str, datetime | None]()
        for name, value in self.due.items():
            if name not in known:
                advice = f"The course has: {', '.join(known) or 'none'}."
                raise CourseError(f"'{name}' is not an assignment.", "c.LatePolicy.due", advice)
            try:
                due[name] = None if value in (None, "") else moment(value, zone)
            except CourseError as error:
                raise error.within(f"c.LatePolicy.due['{name}']") from None
        return Policy(
            percent_a_day=self.percent_a_day,
            of_earned=self.percent_of == "earned",
            floor_percent=self.floor_percent,
            grace=timedelta(minutes=self.grace_minutes),
            cut_off_days=self.cut_off_days,
            days_if_unknown=self.days_if_unknown,
            zone=zone,
            due=due,
        )

    def late_submission_penalty(self, student_id: str, score: float, total_seconds_late: float) -> float | None:
        """What nbgrader's own preprocessor asks: the points to take off, None for none.

        Args:
            student_id: the student.
            score: what the notebook earned.
            total_seconds_late: how long after the due date and its extension it was handed in.
        """
        policy = policy_of(self.config)
        if not policy.takes_points:
            found: float | None = super().late_submission_penalty(student_id, score, total_seconds_late)
            return found
        asking: Any = self.parent  # it has the gradebook open, and knows which notebook it is about
        submission = asking.gradebook.find_submission(asking.assignment_id, student_id)
        most = asking.gradebook.find_notebook(asking.notebook_id, asking.assignment_id).max_score
        return policy.penalty(policy.days(submission.duedate, submission.timestamp), float(score), float(most))


def policy_of(config: Config) -> Policy:
    """The rules of a course; raises CourseError, which names the setting, when one of them is wrong."""
    try:
        if unknown := config.LatePolicy.keys() - set(LatePolicy.class_trait_names(config=True)):
            raise CourseError(
                f"c.LatePolicy has no setting '{min(unknown)}'.", advice="See docs/instructors/deadlines.md."
            )
        return LatePolicy(config=config).policy(Path(config.CourseDirectory.root))
    except TraitError as error:
        raise CourseError(f"c.LatePolicy: {' '.join(str(error).split())}", CONFIG_FILE, "Correct it.") from None
    except CourseError as error:
        raise error.within(CONFIG_FILE) from None
