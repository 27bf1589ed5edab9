"""Grading a whole class: hand submissions out to workers, and put what comes back where it belongs.

A submission's graded notebook is written before its scores, and its scores with the digest of what they came from. So
whatever is killed when, a rerun finds what is missing, and does only that.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import dataclass
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
    submissions: Sequence[Submission]


def prepare(root: Path, name: str) -> Class:
    """Enter the assignment into the gradebook and find the submissions to grade.

    Raises CourseError when the course, the assignment or the folder of submissions is not usable.
    """
    path = require_assignment(root, name)
    config = course_config(root)
    submissions = find(config, name)
    source = read(path)
    register(config, name, source, digest_of(nbformat.writes(source).encode()))  # a warm interpreter starts meanwhile
    return Class(config, load(config, name, source), submissions)


def grade(room: Class, workers: Workers, level: str = "process", again: bool = False) -> Iterator[Result]:
    """Grade what is new or was changed, yielding each result once it is in the gradebook.

    Student code is confined at `level` or more. With `again` everything is graded, changed or not. Raises CourseError
    when results can no longer be kept; what was kept until then stays.
    """
    desk = _Desk(room)
    known = {} if again else digests(room.config.CourseDirectory.db_url, room.assignment.name)
    shared = workers.share(room.assignment)
    running: dict[Future[Graded], tuple[HandedIn, str]] = {}
    try:
        for submission in room.submissions:
            try:
                handed_in = take_in(submission)
                digest = digest_of(handed_in.notebook, dict(handed_in.files), room.assignment.digest.encode())
                desk.timestamps[submission.student] = time_of(handed_in)
            except CourseError as error:
                yield desk.refuse(submission.student, str(error))
                continue
            if known.get(submission.student) == digest and desk.has(submission.student):
                desk.unchanged.append(submission.student)
                continue
            running[workers.executor.submit(grade_here, shared, handed_in, level)] = (handed_in, digest)
            while len(running) >= workers.at_once:
                yield from desk.collect(running)
        while running:
            yield from desk.collect(running)
    finally:
        for future in running:
            future.cancel()
        left = list(desk.flush())
    yield from left


class _Desk:
    """What came back and is not entered yet."""

    def __init__(self, room: Class) -> None:
        self._room = room
        self._course = CourseDirectory(config=room.config)
        self._writer = Writer(room.config, room.assignment.name)
        self._entries: list[Entry] = []
        self._flushed = time.monotonic()
        self._paths = {submission.student: submission.path for submission in room.submissions}
        self.unchanged: list[str] = []
        self.timestamps: dict[str, datetime | None] = {}

    def has(self, student: str) -> bool:
        """Whether there is a graded notebook of this student's."""
        return (self._folder(student) / f"{self._room.assignment.name}.ipynb").exists()

    def refuse(self, student: str, problem: str) -> Result:
        """The result of a submission that could not be graded; what was graded before stays."""
        path = self._paths[student]
        told = problem if str(path.parent.parent) in problem else f"{path}: {problem}"
        return Result(student, self._room.assignment.name, None, told)

    def collect(self, running: dict[Future[Graded], tuple[HandedIn, str]]) -> Iterator[Result]:
        """Wait for the next that are done, and keep them; what is entered thereby is yielded."""
        done, _ = wait(running, return_when=FIRST_COMPLETED)
        for future in done:
            handed_in, digest = running.pop(future)
            try:
                graded = future.result()
            except Exception as error:
                reason = f"the worker that graded it ended ({type(error).__name__}). Grade again."
                yield self.refuse(handed_in.student, reason)
                continue
            if graded.problem:
                yield self.refuse(graded.student, graded.problem)
                continue
            self._keep(graded, handed_in, digest)
        if len(self._entries) >= _BATCH or time.monotonic() - self._flushed > _BATCH_SECONDS:
            yield from self.flush()

    def flush(self) -> Iterator[Result]:
        """Enter what was kept, and tell the scores."""
        entries, self._entries = self._entries, []
        unchanged, self.unchanged = self.unchanged, []
        self._flushed = time.monotonic()
        self._writer.write(sorted(entries, key=lambda entry: entry.graded.student))
        name = self._room.assignment.name
        students = [*unchanged, *(entry.graded.student for entry in entries)]
        found = scores(self._room.config.CourseDirectory.db_url, name, students)
        for student in unchanged:
            yield Result(student, name, found[student], is_new=False)
        for entry in entries:
            graded = entry.graded
            yield Result(graded.student, name, found[graded.student], notes=graded.notes, seconds=graded.seconds)

    def _keep(self, graded: Graded, handed_in: HandedIn, digest: str) -> None:
        files = {**handed_in.files, **self._room.assignment.files}
        notebook = f"{self._room.assignment.name}.ipynb"
        put(self._folder(graded.student), {**files, notebook: graded.notebook.encode()})
        self._entries.append(Entry(graded, digest, self.timestamps.pop(graded.student)))

    def _folder(self, student: str) -> Path:
        return folder_of(self._course, self._room.assignment.name, student)
