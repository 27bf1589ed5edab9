"""What there is to say about a class: who handed in, where they failed and why, what grading took."""

from __future__ import annotations

import os
import statistics
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

import nbformat
from nbgrader.coursedir import CourseDirectory

from autograder import misconceptions
from autograder.gradebook.marks import students
from autograder.notebooks.reading import nbgrader_metadata
from autograder.notebooks.shelf import folder_of
from autograder.records import CourseError
from autograder.report.feedback import Class, handed_in, place
from autograder.report.findings import findings, graded, run
from autograder.report.items import Item, items
from autograder.text import bounded, plain

_CUT_OFF = "NotRun"
"""The name of the error that stands where a cell could not run to its end."""


@dataclass(frozen=True)
class Link:
    """A student, and the way from the report to the student's feedback page; empty while there is none."""

    student: str
    target: str


@dataclass(frozen=True)
class Mistake:
    """A misconception and the students who probably have it."""

    name: str
    sentence: str
    place: str
    students: list[Link]


@dataclass(frozen=True)
class CutOff:
    """A cell that could not run to its end, and why."""

    link: Link
    cell: str
    reason: str


@dataclass
class Overview:
    """A class and one assignment. `seconds` are those that grading one submission took; `waiting` goes by part."""

    rows: list[tuple[Link, float, int]]
    most: float
    items: list[Item]
    mistakes: list[Mistake]
    cut_off: list[CutOff]
    seconds: list[float]
    waiting: list[tuple[str, list[Link]]]
    not_graded: list[str]
    not_handed_in: list[str]
    problems: dict[str, str] = field(default_factory=dict)

    @property
    def points(self) -> list[float]:
        """Everybody's score."""
        return [points for _, points, _ in self.rows]

    @property
    def median(self) -> float:
        """The score in the middle."""
        return statistics.median(self.points)


def overview(room: Class, report: Path) -> Overview:
    """The overview of a graded class, its links made for a page in the folder `report`."""
    course = CourseDirectory(config=room.config)
    links = {student: _link(student, place(course, room, student), report) for student in room.marks}
    seen = _Seen()
    for student, link in links.items():
        path = folder_of(course, room.assignment, student) / f"{room.assignment}.ipynb"
        try:
            seen.look_at(link, graded(path, room.assignment, room.sheet.version))
        except CourseError as error:
            seen.problems[student] = str(error)
    here = handed_in(course, room.assignment)
    everybody = handed_in(course, "*") | set(students(room.config.CourseDirectory.db_url))
    return Overview(
        rows=[(links[student], marks.points, marks.waiting) for student, marks in room.marks.items()],
        most=max(marks.max_points for marks in room.marks.values()),
        items=items(room.sheet.outline, room.marks),
        mistakes=_mistakes(room.assignment, seen.mistakes),
        cut_off=seen.cut_off,
        seconds=seen.seconds,
        waiting=_waiting(room, links),
        not_graded=sorted(here - room.marks.keys()),
        not_handed_in=sorted(everybody - here - room.marks.keys()),
        problems=seen.problems,
    )


@dataclass
class _Seen:
    """What the graded notebooks say."""

    mistakes: dict[str, list[Link]] = field(default_factory=dict)
    cut_off: list[CutOff] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    problems: dict[str, str] = field(default_factory=dict)

    def look_at(self, link: Link, notebook: nbformat.NotebookNode) -> None:
        """Take in one notebook."""
        for name in dict.fromkeys(name for each in findings(notebook).values() for name in each.misconceptions):
            self.mistakes.setdefault(name, []).append(link)
        self.cut_off += _cut_off(link, notebook)
        if taken := run(notebook).seconds:
            self.seconds.append(sum(taken.values()))


def _cut_off(link: Link, notebook: nbformat.NotebookNode) -> Iterable[CutOff]:
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            if output.get("output_type") == "error" and output.get("ename") == _CUT_OFF:
                name = str(nbgrader_metadata(cell).get("grade_id", "a cell of the student's"))
                yield CutOff(link, name, bounded(plain(str(output.get("evalue", ""))), 200, 1)[0])


def _mistakes(assignment: str, found: Mapping[str, list[Link]]) -> list[Mistake]:
    """The most frequent first; one that is not known any more goes by its name."""
    mistakes = []
    for name, links in sorted(found.items(), key=lambda each: (-len(each[1]), each[0])):
        known = misconceptions.named(assignment, name)
        mistakes.append(Mistake(name, known.sentence if known else "", known.place if known else "", links))
    return mistakes


def _waiting(room: Class, links: Mapping[str, Link]) -> list[tuple[str, list[Link]]]:
    found: dict[str, list[Link]] = {}
    for student, marks in room.marks.items():
        for name, mark in marks.marks.items():
            if mark.waits:
                found.setdefault(name, []).append(links[student])
    return sorted(found.items())


def _link(student: str, page: Path, report: Path) -> Link:
    return Link(student, quote(Path(os.path.relpath(page, report)).as_posix()) if page.exists() else "")
