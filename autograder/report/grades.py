"""The grades of a class as a table: who has which score, and who has none because nothing was handed in or graded."""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from nbgrader.api import Gradebook, MissingEntry
from nbgrader.coursedir import CourseDirectory

from autograder.due_dates import duration
from autograder.files import folder_of
from autograder.gradebook.late import extensions
from autograder.report.feedback import handed_in

GRADED, NOT_GRADED, NOT_HANDED_IN = "graded", "not graded", "not handed in"

HEAD = (
    "assignment",
    "duedate",
    "timestamp",
    "student_id",
    "last_name",
    "first_name",
    "email",
    "raw_score",
    "late_submission_penalty",
    "score",
    "max_score",
    "status",
    "extension",
)
"""The columns: nbgrader's own, whether there is a score, and how much later the work was due for this student."""


def rows(
    gradebook: Gradebook, course: CourseDirectory, assignments: Collection[str], students: Collection[str]
) -> Iterator[Sequence[object]]:
    """A row for each assignment and each student, those included whose submission nobody could grade.

    Args:
        gradebook: nbgrader's gradebook, opened.
        course: where submissions and graded notebooks lie.
        assignments: the names of those that are wanted; all of them when it is empty.
        students: the ids of those who are wanted; all of them when it is empty.
    """
    known = {student.id: student for student in gradebook.students}
    extended = {(each.assignment, each.student): duration(each.length) for each in extensions(course.db_url)}
    everybody = sorted(known.keys() | handed_in(course, "*"))
    for assignment in gradebook.assignments:
        if assignments and assignment.name not in assignments:
            continue
        here = handed_in(course, assignment.name)
        for name in everybody:
            if not students or name in students:
                row = _row(gradebook, course, assignment, name, known.get(name), name in here)
                yield [*row, extended.get((assignment.name, name))]


def _row(
    gradebook: Gradebook, course: CourseDirectory, assignment: Any, name: str, student: Any, is_here: bool
) -> Sequence[object]:
    person = [getattr(student, part, None) for part in ("last_name", "first_name", "email")]
    submission = None
    try:
        submission = gradebook.find_submission(assignment.name, name)
    except MissingEntry:
        status = NOT_GRADED if is_here else NOT_HANDED_IN
    else:
        status = GRADED if _is_graded(submission, course, assignment.name, name) else NOT_GRADED
    scores: list[object] = [None, None, None]
    if submission is not None and status == GRADED:
        penalty = submission.late_submission_penalty
        scores = [submission.score, penalty, max(0.0, submission.score - penalty)]
    at = submission.timestamp if submission is not None else None
    return [assignment.name, assignment.duedate, at, name, *person, *scores, assignment.max_score, status]


def _is_graded(submission: Any, course: CourseDirectory, assignment: str, student: str) -> bool:
    """Whether there is a score, or a graded notebook that has none yet, since a person gives all its marks."""
    grades = (grade for notebook in submission.notebooks for grade in notebook.grades)
    if any(grade.auto_score is not None or grade.manual_score is not None for grade in grades):
        return True
    return any(Path(folder_of(course, assignment, student)).glob("*.ipynb"))


_FORMULA = ("=", "+", "-", "@")


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """The text of a CSV file, in which no text is a formula."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(head)
    writer.writerows([_cell(value) for value in row] for row in rows)
    return text.getvalue()


def _cell(value: object) -> object:
    """A value as it is written: what a spreadsheet would take for a formula is marked as text."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return str(value)
    return f"'{value}" if isinstance(value, str) and _may_be_a_formula(value) else value


def _may_be_a_formula(text: str) -> bool:
    """Whether a spreadsheet may run a text: also one in wide letters, or behind spaces and invisible characters."""
    plain = unicodedata.normalize("NFKC", text)
    first = next((each for each in plain if not each.isspace() and unicodedata.category(each)[0] not in "CZ"), "")
    return first in _FORMULA or text[:1] in ("\t", "\r", "\n")
