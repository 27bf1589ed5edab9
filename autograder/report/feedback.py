"""Feedback for a class: a page for every graded submission, written where nbgrader keeps feedback."""

from __future__ import annotations

import contextlib
import multiprocessing
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config

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

_WORTH_A_PROCESS = 12


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
    """Write every page, yielding each as it is there, in the order of the students' names; on all cores when it pays.

    A page is replaced whole or not at all. Raises CourseError when pages can no longer be written.
    """
    course = CourseDirectory(config=room.config)
    tasks = [
        (folder_of(course, room.assignment, student) / f"{room.assignment}.ipynb", place(course, room, student), each)
        for student, each in room.marks.items()
    ]
    write_one = partial(_write, room.sheet)
    with _mapping(len(tasks)) as each_of:
        yield from each_of(write_one, tasks)


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
    return {path.parent.name for path in submitted.glob(f"*/{assignment}") if path.is_dir()}


def one(sheet: Sheet, notebook: Path, of: Marks) -> str:
    """The page of one student from the graded notebook.

    Raises CourseError when that is missing or broken or was graded by an older version of the checks.
    """
    found = graded(notebook, sheet.outline.assignment, sheet.version)
    return page(sheet.outline, of, found, sheet.show_hidden)


_Task = tuple[Path, Path, Marks]


def _write(sheet: Sheet, task: _Task) -> Written:
    notebook, target, of = task
    try:
        html = one(sheet, notebook, of)
    except CourseError as error:
        return Written(of.student, target, str(error))
    keep(target, html.encode())
    return Written(of.student, target)


@contextlib.contextmanager
def _mapping(count: int) -> Iterator[Callable[[Callable[[_Task], Written], list[_Task]], Iterator[Written]]]:
    """`map`, in processes forked from this one when there is enough for them to do."""
    workers = min(len(cores()), count // _WORTH_A_PROCESS)
    if workers < 2 or "fork" not in multiprocessing.get_all_start_methods():
        yield map
        return
    with ProcessPoolExecutor(workers, multiprocessing.get_context("fork")) as executor:
        yield partial(executor.map, chunksize=_WORTH_A_PROCESS // 2)


def _require_submissions(config: Config, assignment: str) -> None:
    course = CourseDirectory(config=config)
    if not handed_in(course, assignment):
        place = Path(course.root, course.submitted_directory)
        raise CourseError(
            f"{place}: no submission of {assignment}. Put them into {place}/<student>/{assignment}/ and grade them."
        )
