"""The page on all assignments: one row for each student, one column for each assignment, and totals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from nbgrader.coursedir import CourseDirectory

from autograder.files import keep
from autograder.gradebook.read import Marks, students
from autograder.models import CourseError
from autograder.notebook import assignments
from autograder.report.class_report import Link, links_to
from autograder.report.feedback import FeedbackRun, folder, handed_in, open_class
from autograder.report.rendering import render

PAGE = "index.html"


@dataclass(frozen=True)
class Column:
    """One assignment, and what could be earned in it."""

    assignment: str
    title: str
    most: float
    page: str


@dataclass(frozen=True)
class StudentRow:
    """One student in all assignments: a link to each page, and the marks of those that are graded."""

    student: str
    number: int
    cells: Sequence[tuple[Link, Marks | None, bool]]

    @property
    def graded(self) -> list[Marks]:
        """What is graded."""
        return [marks for _, marks, _ in self.cells if marks is not None]

    @property
    def total(self) -> float:
        """All points together."""
        return sum(marks.points for marks in self.graded)

    @property
    def penalty(self) -> float:
        """What lateness costs in all."""
        return sum(marks.penalty for marks in self.graded)

    @property
    def waiting(self) -> int:
        """The number of cells that a person still has to look at."""
        return sum(marks.waiting for marks in self.graded)

    @property
    def missing(self) -> int:
        """The number of assignments that were not handed in."""
        return sum(marks is None and not is_here for _, marks, is_here in self.cells)

    @property
    def keys(self) -> str:
        """The words by which the page filters."""
        ungraded = any(marks is None and is_here for _, marks, is_here in self.cells)
        found = {"absent": self.missing, "refused": ungraded, "late": self.penalty, "to_mark": self.waiting}
        return " ".join(name for name, is_so in found.items() if is_so)


KINDS = (
    ("to_mark", "to mark"),
    ("late", "penalty for lateness"),
    ("refused", "not graded"),
    ("absent", "not handed in"),
)


def write(feedback_runs: Sequence[FeedbackRun]) -> Path:
    """Write the page beside the reports, for these and all other graded assignments of the course; returns its path.

    Raises CourseError when it cannot be written.
    """
    config = feedback_runs[0].config
    place = folder(feedback_runs[0]).parent / "report"
    prepared = {run.assignment: run for run in feedback_runs}
    runs = list[FeedbackRun]()
    for name in assignments(Path(config.CourseDirectory.root)):
        try:
            runs.append(prepared.get(name) or open_class(config, name))
        except CourseError:  # nothing of it is graded
            continue
    path = place / PAGE
    keep(path, page(runs, place).encode())
    return path


def page(feedback_runs: Sequence[FeedbackRun], place: Path) -> str:
    """The page as HTML, its links made for the folder `place`."""
    columns = [
        Column(
            run.assignment,
            run.sheet.title,
            max(marks.max_points for marks in run.marks.values()),
            f"{run.assignment}.html" if (place / f"{run.assignment}.html").exists() else "",
        )
        for run in feedback_runs
    ]
    return render("assignments.html", columns=columns, rows=_rows(feedback_runs, place), kinds=KINDS)


def _rows(feedback_runs: Sequence[FeedbackRun], place: Path) -> list[StudentRow]:
    config = feedback_runs[0].config
    course = CourseDirectory(config=config)
    everybody = handed_in(course, "*") | set(students(config.CourseDirectory.db_url))
    everybody |= {student for run in feedback_runs for student in run.marks}
    names = sorted(everybody)
    links: Mapping[str, Mapping[str, Link]] = {run.assignment: links_to(run, place, names) for run in feedback_runs}
    here = {run.assignment: handed_in(course, run.assignment) for run in feedback_runs}
    return [
        StudentRow(
            name,
            next(iter(links.values()))[name].number,
            [(links[run.assignment][name], run.marks.get(name), name in here[run.assignment]) for run in feedback_runs],
        )
        for name in names
    ]
