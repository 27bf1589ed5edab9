"""Grading a whole class: hand submissions out to workers, and put what comes back where it belongs.

A submission's graded notebook is written before its scores, and its scores with the digest of what they came from. So
whatever is killed when, a rerun finds what is missing, and does only that.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import nbformat
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config

from autograder.gradebook.register import register
from autograder.gradebook.scores import digests, scores
from autograder.gradebook.session import course_config
from autograder.gradebook.writer import Entry, Writer
from autograder.grading.assignment import load
from autograder.grading.soundness import unsound_here
from autograder.grading.submissions import find, take_in, time_of
from autograder.grading.workers import Workers, grade_here
from autograder.notebooks.reading import read, require_assignment
from autograder.notebooks.shelf import folder_of, put
from autograder.notebooks.version import digest_of
from autograder.records import Assignment, CourseError, Graded, HandedIn, Result, Submission

_BATCH = 50
_BATCH_SECONDS = 1.0


@dataclass(frozen=True)
class Class:
    """Who handed in what for one assignment."""

    config: Config
    assignment: Assignment
    source: nbformat.NotebookNode
    submissions: Sequence[Submission]


@dataclass(frozen=True)
class _Given:
    """A submission that was given to a worker, and the desk on which it will be entered."""

    desk: _Desk
    handed_in: HandedIn
    digest: str


_Running = dict[Future[Graded], _Given]


def prepare(root: Path, name: str) -> Class:
    """Read the assignment and find the submissions to grade.

    Raises CourseError when the course, the assignment or the folder of submissions is not usable.
    """
    path = require_assignment(root, name)
    config = course_config(root)
    submissions = find(config, name)
    source = read(path)
    return Class(config, load(config, name, source), source, submissions)


def begin(rooms: Sequence[Class], workers: Workers) -> list[Class]:
    """Enter the assignments into the gradebook while workers try their checks out on their own solutions.

    The same classes come back, each knowing which checks judge nobody. Raises CourseError when the gradebook cannot be
    used, or when a solution cannot be run at all.
    """
    tried = [(room, room.assignment, nbformat.writes(room.source)) for room in rooms]
    asked = [workers.executor.submit(unsound_here, text, known.files, known.limits) for _, known, text in tried]
    for room, known, text in tried:
        register(room.config, known.name, room.source, digest_of(text.encode()))
    return [
        replace(room, assignment=replace(known, unsound=_found(known.name, future)))
        for (room, known, _), future in zip(tried, asked, strict=True)
    ]


def grade(rooms: Sequence[Class], workers: Workers, level: str = "process", again: bool = False) -> Iterator[Result]:
    """Grade what is new or was changed, yielding each result once it is in the gradebook.

    Student code is confined at `level` or more. With `again` everything is graded, changed or not. Raises CourseError
    when results can no longer be kept; what was kept until then stays.
    """
    desks = [_Desk(room) for room in rooms]
    running: _Running = {}
    try:
        for desk in desks:
            yield from _hand_out(desk, workers, level, again, running)
        while running:
            yield from _collect(running)
    finally:
        for future in running:
            future.cancel()
        left = [result for desk in desks for result in desk.flush()]
    yield from left


def _hand_out(desk: _Desk, workers: Workers, level: str, again: bool, running: _Running) -> Iterator[Result]:
    """Give the submissions of one class to the workers, yielding what comes back meanwhile."""
    known: Mapping[str, str] = (
        {} if again else digests(desk.room.config.CourseDirectory.db_url, desk.room.assignment.name)
    )
    shared = workers.share(desk.room.assignment)
    for submission in desk.room.submissions:
        try:
            handed_in = take_in(submission)
            digest = digest_of(handed_in.notebook, dict(handed_in.files), desk.room.assignment.digest.encode())
            desk.timestamps[submission.student] = time_of(handed_in)
        except CourseError as error:
            yield desk.refuse(submission.student, str(error))
            continue
        if known.get(submission.student) == digest and desk.has(submission.student):
            desk.unchanged.append(submission.student)
            continue
        running[workers.executor.submit(grade_here, shared, handed_in, level)] = _Given(desk, handed_in, digest)
        while len(running) >= workers.at_once:
            yield from _collect(running)


def _collect(running: _Running) -> Iterator[Result]:
    """Wait for the next that are done, and keep them; what is entered thereby is yielded."""
    done, _ = wait(running, return_when=FIRST_COMPLETED)
    for future in done:
        given = running.pop(future)
        yield from given.desk.take_back(future, given.handed_in, given.digest)


def _found(assignment: str, future: Future[Mapping[str, str]]) -> Mapping[str, str]:
    try:
        return future.result()
    except CourseError:
        raise
    except Exception as error:
        raise CourseError(
            f"{assignment}: its checks could not be tried out ({type(error).__name__}). Grade again."
        ) from error


class _Desk:
    """What came back and is not entered yet."""

    def __init__(self, room: Class) -> None:
        self.room = room
        self._course = CourseDirectory(config=room.config)
        self._writer = Writer(room.config, room.assignment.name)
        self._entries: list[Entry] = []
        self._flushed = time.monotonic()
        self._paths = {submission.student: submission.path for submission in room.submissions}
        self.unchanged: list[str] = []
        self.timestamps: dict[str, datetime | None] = {}

    def has(self, student: str) -> bool:
        """Whether there is a graded notebook of this student's."""
        return (self._folder(student) / f"{self.room.assignment.name}.ipynb").exists()

    def refuse(self, student: str, problem: str) -> Result:
        """The result of a submission that could not be graded; what was graded before stays."""
        path = self._paths[student]
        told = problem if str(path.parent.parent) in problem else f"{path}: {problem}"
        return Result(student, self.room.assignment.name, None, told)

    def take_back(self, future: Future[Graded], handed_in: HandedIn, digest: str) -> Iterator[Result]:
        """Keep what came of a submission; what is entered thereby is yielded."""
        try:
            graded = future.result()
        except Exception as error:
            yield self.refuse(
                handed_in.student, f"the worker that graded it ended ({type(error).__name__}). Grade again."
            )
            return
        if graded.problem:
            yield self.refuse(graded.student, graded.problem)
            return
        self._keep(graded, handed_in, digest)
        if len(self._entries) >= _BATCH or time.monotonic() - self._flushed > _BATCH_SECONDS:
            yield from self.flush()

    def flush(self) -> Iterator[Result]:
        """Enter what was kept, and tell the scores."""
        entries, self._entries = self._entries, []
        unchanged, self.unchanged = self.unchanged, []
        self._flushed = time.monotonic()
        self._writer.write(sorted(entries, key=lambda entry: entry.graded.student))
        name = self.room.assignment.name
        students = [*unchanged, *(entry.graded.student for entry in entries)]
        found = scores(self.room.config.CourseDirectory.db_url, name, students)
        for student in unchanged:
            yield Result(student, name, found[student], is_new=False)
        for entry in entries:
            graded = entry.graded
            yield Result(graded.student, name, found[graded.student], notes=graded.notes, seconds=graded.seconds)

    def _keep(self, graded: Graded, handed_in: HandedIn, digest: str) -> None:
        files = {**handed_in.files, **self.room.assignment.files}
        notebook = f"{self.room.assignment.name}.ipynb"
        put(self._folder(graded.student), {**files, notebook: graded.notebook.encode()})
        self._entries.append(Entry(graded, digest, self.timestamps.pop(graded.student)))

    def _folder(self, student: str) -> Path:
        return folder_of(self._course, self.room.assignment.name, student)
