"""Feedback for a class: a page for every graded submission, written where nbgrader keeps feedback."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import nbformat
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config

from autograder.examine.alarm import Alarm, Overdue
from autograder.forks import Failed, Refused
from autograder.forks import each as each_in_forks
from autograder.gradebook.marks import Marks, is_over, marks
from autograder.gradebook.session import course_config, limits
from autograder.notebooks.reading import require_assignment
from autograder.notebooks.shelf import folder_of, keep
from autograder.notebooks.version import version
from autograder.records import CourseError
from autograder.report.findings import graded
from autograder.report.outline import Outline, outline
from autograder.report.page import page
from autograder.sandbox.cores import cores
from autograder.text import shown

_BATCH = 8
"""A fork takes as long as one or two pages."""

_SECONDS, _WORK_SECONDS = 8.0, 3.0
"""What a batch of pages, or a single one, may take, and what it may take to show one student's work."""

_MEGABYTES = 300


@dataclass(frozen=True)
class Sheet:
    """What all pages of an assignment share: its outline, the version they are of, and whether hidden tests show."""

    outline: Outline
    version: str
    show_hidden: bool


@dataclass(frozen=True)
class Written:
    """What became of one student's page; `problem` says in one line why there is none, or the old one still."""

    student: str
    path: Path
    problem: str = ""


@dataclass(frozen=True)
class Class:
    """Who is to get feedback on one assignment."""

    config: Config
    assignment: str
    sheet: Sheet
    marks: Mapping[str, Marks]


def prepare(root: Path, assignment: str) -> Class:
    """The class that has been graded for `assignment`.

    Raises CourseError when there is no such assignment, or nothing of it has been handed in or graded.
    """
    require_assignment(root, assignment)
    return open_class(course_config(root), assignment)


def open_class(config: Config, assignment: str) -> Class:
    """The same, for a course whose settings are read already."""
    source = require_assignment(Path(config.CourseDirectory.root), assignment)
    url = config.CourseDirectory.db_url
    try:
        found = marks(url, assignment)
    except CourseError:
        _require_submissions(config, assignment)
        raise
    wanted = bool(config.FeedbackPage.get("show_hidden_tests_after_due", False))
    shared = Sheet(outline(source), version(source, limits(config)), wanted and is_over(url, assignment))
    return Class(config, assignment, shared, found)


def write(room: Class) -> Iterator[Written]:
    """Write every page, yielding each as it is there, in the order of the students' names; on all cores.

    A page is replaced whole or not at all. Raises CourseError when pages can no longer be written.
    """
    course = CourseDirectory(config=room.config)
    tasks = [
        (folder_of(course, room.assignment, student) / f"{room.assignment}.ipynb", place(course, room, student), each)
        for student, each in room.marks.items()
    ]
    made = each_in_forks(partial(_write, room.sheet), tasks, len(cores()), _SECONDS, _MEGABYTES, _BATCH)
    for (_, target, of), written in zip(tasks, made, strict=True):
        yield _write_plainly(room.sheet, target, of) if isinstance(written, Failed) else written


def folder(room: Class) -> Path:
    """Below which all pages lie."""
    return Path(room.config.CourseDirectory.root, room.config.CourseDirectory.feedback_directory)


def place(course: CourseDirectory, room: Class, student: str) -> Path:
    """Where the page of `student` belongs."""
    folder = course.format_path(course.feedback_directory, student, room.assignment)
    return Path(course.root, folder, f"{room.assignment}.html")


def handed_in(course: CourseDirectory, assignment: str) -> set[str]:
    """Who has a folder for a submission of `assignment`, or of any when it is `*`."""
    submitted = Path(course.root, course.submitted_directory)
    return {shown(path.parent.name) for path in submitted.glob(f"*/{assignment}") if path.is_dir()}


def one(sheet: Sheet, notebook: Path, of: Marks) -> str:
    """The page of one student from the graded notebook.

    Raises CourseError when that is missing or broken or was graded by an older version of the checks.
    """
    (made,) = each_in_forks(partial(_page, sheet, notebook), [of], 1, _SECONDS, _MEGABYTES, 1)
    if isinstance(made, Refused):
        raise CourseError(made.how)
    return _plain_page(sheet, of) if isinstance(made, Failed) else made


_Task = tuple[Path, Path, Marks]


def _write(sheet: Sheet, task: _Task) -> Written:
    notebook, target, of = task
    try:
        html = _page(sheet, notebook, of)
    except CourseError as error:
        return Written(of.student, target, str(error))
    keep(target, html.encode())
    return Written(of.student, target)


def _page(sheet: Sheet, notebook: Path, of: Marks) -> str:
    """The page, without the student's work where that would take too long."""
    found = graded(notebook, sheet.outline.assignment, sheet.version)
    alarm = Alarm()
    try:
        with alarm.set_for(time.monotonic() + _WORK_SECONDS), alarm.exposed():
            return page(sheet.outline, of, found, sheet.show_hidden)
    except Overdue:
        return page(sheet.outline, of, found, sheet.show_hidden, work=False)


def _write_plainly(sheet: Sheet, target: Path, of: Marks) -> Written:
    keep(target, _plain_page(sheet, of).encode())
    return Written(of.student, target)


def _plain_page(sheet: Sheet, of: Marks) -> str:
    """What the gradebook says, where nothing can be made of the notebook."""
    return page(sheet.outline, of, nbformat.v4.new_notebook(), sheet.show_hidden, work=False)


def _require_submissions(config: Config, assignment: str) -> None:
    course = CourseDirectory(config=config)
    if not handed_in(course, assignment):
        place = Path(course.root, course.submitted_directory)
        raise CourseError(
            f"{place}: no submission of {assignment}. Put them into {place}/<student>/{assignment}/ and grade them."
        )
