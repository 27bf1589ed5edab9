"""Giving students more time: `autograder extend` from its words to the gradebook, and what it says of each student."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config

from autograder.config import course_config, keep_private
from autograder.due_dates import duration, extension_in, local, time_between
from autograder.gradebook.database import exists
from autograder.gradebook.late import due_date, extend, extensions
from autograder.gradebook.read import scores, students
from autograder.late_policy import policy_of
from autograder.models import CourseError, Score
from autograder.notebook import require_assignment
from autograder.report.feedback import handed_in


@dataclass(frozen=True)
class Granted:
    """What one student has now; the scores are None while nothing is graded."""

    student: str
    assignment: str
    extension: str
    before: Score | None
    after: Score | None

    @property
    def line(self) -> str:
        """The extension, and how the score follows from it."""
        found = f"{self.student}, {self.assignment}: {self.extension}"
        if self.before is None or self.after is None:
            return f"{found}; nothing is graded yet"
        if self.before == self.after:
            return f"{found}; the score stays {self.after.total:g}"
        penalty = f"penalty {self.before.penalty:g} becomes {self.after.penalty:g}"
        return f"{found}; {penalty}, score {self.before.total:g} becomes {self.after.total:g}"


def grant(
    root: Path, assignment: str, names: Sequence[str], length: str | None, allow_unknown: bool = False
) -> list[Granted]:
    """Give students an extension, or take it back; scores that stand in the gradebook follow at once.

    Args:
        root: the folder of the course.
        assignment: the assignment's name.
        names: the students' ids.
        length: a length such as `2d` or a date; None takes extensions back.
        allow_unknown: whether a student may be one of whom nothing is known yet.

    Raises:
        CourseError: an assignment, a student or a length is wrong. Then nobody's extension is changed.
    """
    require_assignment(root, assignment)
    config = course_config(root)
    if not allow_unknown:
        _require_known(config, names)
    policy, due = policy_of(config), due_date(config, assignment)
    try:
        wanted = None if length is None else extension_in(length, due, policy.zone)
    except CourseError as error:
        raise error.within(assignment) from None
    url = config.CourseDirectory.db_url
    before = scores(url, assignment, names)
    extend(config, assignment, names, wanted)
    keep_private(config, new_files=False)
    after = scores(url, assignment, names)
    words = "no extension" if wanted is None else _in_words(config, wanted, due)
    return [Granted(name, assignment, words, before.get(name), after.get(name)) for name in names]


def listed(root: Path, assignment: str | None = None) -> list[str]:
    """A line for each extension, those of one assignment or of all."""
    if assignment is not None:
        require_assignment(root, assignment)
    config = course_config(root)
    return [
        f"{each.student}, {each.assignment}: {_in_words(config, each.length, due_date(config, each.assignment))}"
        + ("" if each.is_graded else "; nothing is graded yet")
        for each in extensions(config.CourseDirectory.db_url)
        if assignment in (None, each.assignment)
    ]


def _in_words(config: Config, length: timedelta, due: datetime | None) -> str:
    if due is None:
        return f"extension of {duration(length)} (the assignment has no due date)"
    zone = policy_of(config).zone
    return f"extension of {time_between(due, due + length, zone)}, until {local(due + length, zone)}"


def _require_known(config: Config, names: Sequence[str]) -> None:
    course = CourseDirectory(config=config)
    known = handed_in(course, "*") | set(students(course.db_url) if exists(course.db_url) else ())
    for name in names:
        if name not in known:
            close = difflib.get_close_matches(name, known, 1)
            advice = f"Did you mean '{close[0]}'? " if close else ""
            raise CourseError(
                "is not in the gradebook and has handed in nothing.",
                name,
                f"{advice}Use --unknown for a new student.",
            )
