"""Grading a whole class: hand submissions out to workers, and put what comes back where it belongs.

A submission's graded notebook is written before its scores, and its scores with the digest of what they came from. So
whatever is killed when, a rerun finds what is missing, and does only that.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, replace
from pathlib import Path

import nbformat
from traitlets.config import Config

from autograder.config import course_config
from autograder.digest import digest_of
from autograder.gradebook.read import digests
from autograder.gradebook.register import register
from autograder.grading.broken_checks import Soundness
from autograder.grading.inputs import find, load, take_in, time_of
from autograder.grading.pool import Workers, try_out_here
from autograder.grading.scheduler import Desk, Given, Running
from autograder.models import Assignment, CourseError, Result, Submission
from autograder.notebook import read, require_assignment


@dataclass(frozen=True)
class Class:
    """Who handed in what for one assignment."""

    config: Config
    assignment: Assignment
    source: nbformat.NotebookNode
    submissions: Sequence[Submission]


def prepare(root: Path, name: str) -> Class:
    """Read the assignment and find the submissions to grade.

    Raises CourseError when the course, the assignment or the folder of submissions is not usable.
    """
    path = require_assignment(root, name)
    config = course_config(root)
    submissions = find(config, name)
    source = read(path)
    return Class(config, load(config, path, source), source, submissions)


def begin(rooms: Sequence[Class], workers: Workers) -> list[Class]:
    """Enter the assignments into the gradebook while workers try their checks out on their own solutions.

    The same classes come back, each knowing which checks judge nobody. Raises CourseError when the gradebook cannot be
    used, or when a solution cannot be run at all.
    """
    tried = [(room, room.assignment, nbformat.writes(room.source)) for room in rooms]
    asked = [workers.executor.submit(try_out_here, known, text) for _, known, text in tried]
    for room, known, text in tried:
        register(room.config, known.name, room.source, digest_of(text.encode()))
    found = [_found(known.name, future) for (_, known, _), future in zip(tried, asked, strict=True)]
    return [
        replace(room, assignment=replace(known, unsound=each.unsound, modules=each.modules))
        for (room, known, _), each in zip(tried, found, strict=True)
    ]


def grade(rooms: Sequence[Class], workers: Workers, level: str = "process", again: bool = False) -> Iterator[Result]:
    """Grade what is new or was changed, yielding each result once it is in the gradebook.

    Student code is confined at `level` or more. With `again` everything is graded, changed or not. Raises CourseError
    when results can no longer be kept; what was kept until then stays.
    """
    desks = [Desk(room.config, room.assignment, room.submissions) for room in rooms]
    running = Running(workers, level, desks)
    try:
        for room, desk in zip(rooms, desks, strict=True):
            yield from _hand_out(room, desk, running, again)
        while running:
            yield from running.collect()
    finally:
        running.cancel()
        left = [result for desk in desks for result in desk.flush()]
    yield from left


def _hand_out(room: Class, desk: Desk, running: Running, again: bool) -> Iterator[Result]:
    """Give the submissions of one class to the workers, yielding what comes back meanwhile."""
    assignment = room.assignment
    known: Mapping[str, str] = {} if again else digests(room.config.CourseDirectory.db_url, assignment.name)
    shared = running.workers.share(assignment)
    for submission in room.submissions:
        try:
            handed_in = take_in(submission)
            digest = digest_of(handed_in.notebook, dict(handed_in.files), assignment.digest.encode())
            timestamp = time_of(handed_in)
        except CourseError as error:
            yield desk.refuse(submission.student, str(error))
            continue
        except Exception as error:  # whatever one submission provokes must not stop the class
            reason = f"{type(error).__name__}: {error}".splitlines()[0]
            yield desk.refuse(submission.student, f"cannot be read ({reason}). Ask for it again.")
            continue
        if known.get(submission.student) == digest and desk.has(submission.student):
            desk.unchanged.append(submission.student)
            continue
        running.give(Given(desk, shared, handed_in, digest, timestamp))
        while running.is_full:
            yield from running.collect()


def _found(assignment: str, future: Future[Soundness]) -> Soundness:
    try:
        return future.result()
    except CourseError as error:
        raise CourseError(f"{assignment}: {error}") from None
    except Exception as error:
        raise CourseError(
            f"{assignment}: its checks could not be tried out ({type(error).__name__}). Grade again."
        ) from error
