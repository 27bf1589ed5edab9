"""Grading a whole class through nbgrader: one submission's trouble never stops the others."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from nbgrader.converters import Autograde
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config

from autograder.gradebook.scores import register, score
from autograder.gradebook.session import course_config, run_converter
from autograder.grading.attachments import copy_plain
from autograder.grading.submissions import find, inspect
from autograder.notebooks.reading import require_assignment
from autograder.records import CourseError, Result, Submission


def prepare(root: Path, assignment: str) -> tuple[Config, Sequence[Submission]]:
    """Enter the assignment into the gradebook and find the submissions to grade.

    Raises CourseError when the course, the assignment or the folder of submissions is not usable.
    """
    require_assignment(root, assignment)
    config = course_config(root)
    submissions = find(config, assignment)
    register(config, assignment)
    return config, submissions


def grade(config: Config, submissions: Sequence[Submission]) -> Iterator[Result]:
    """Grade the submissions one after the other, yielding each result as soon as it is in the gradebook."""
    for submission in submissions:
        try:
            notes = inspect(config, submission)
            _autograde(config, submission)
        except CourseError as error:
            yield Result(submission.student, submission.assignment, None, problem=_with_path(submission, str(error)))
            continue
        except Exception as error:  # whatever one submission provokes must not stop the class
            problem = f"{type(error).__name__}: {error}".splitlines()[0]
            yield Result(submission.student, submission.assignment, None, problem=_with_path(submission, problem))
            continue
        found = score(config.CourseDirectory.db_url, submission.assignment, submission.student)
        yield Result(submission.student, submission.assignment, found, notes=notes)


class _AutogradeOne(Autograde):  # type: ignore[misc]  # nbgrader has no type information
    """Grades one student; nbgrader takes names as patterns, which one with brackets in it does not match."""

    def init_notebooks(self) -> None:
        """The one notebook of the one student."""
        assignment = self.coursedir.assignment_id
        folder = self._format_source(assignment, self.coursedir.student_id)
        self.assignments = {folder: [str(Path(folder, f"{assignment}.ipynb"))]}


def _with_path(submission: Submission, problem: str) -> str:
    return problem if str(submission.path.parent.parent) in problem else f"{submission.path}: {problem}"


def _autograde(config: Config, submission: Submission) -> None:
    """Hand nbgrader a copy of the submission that holds nothing but plain files: it would follow a link anywhere."""
    with tempfile.TemporaryDirectory() as scratch:
        coursedir = CourseDirectory(
            config=config,
            assignment_id=submission.assignment,
            student_id=submission.student,
            submitted_directory=scratch,
        )
        names = (submission.student, submission.assignment)
        copy_plain(submission.path.parent, Path(scratch, *names))
        with _kept_unless_replaced(Path(coursedir.root, coursedir.format_path(coursedir.autograded_directory, *names))):
            run_converter(_AutogradeOne(coursedir=coursedir, config=config))


@contextlib.contextmanager
def _kept_unless_replaced(folder: Path) -> Iterator[None]:
    """Nbgrader removes what was graded before it knows whether it can grade again; put that back when it cannot."""
    kept = folder.with_name(f".{folder.name}.before")
    if kept.exists():  # an earlier run was killed in between
        shutil.rmtree(folder, ignore_errors=True)
        kept.rename(folder)
    if folder.exists():
        shutil.copytree(folder, kept)
    try:
        yield
    except BaseException:
        if kept.exists():
            shutil.rmtree(folder, ignore_errors=True)
            kept.rename(folder)
        raise
    shutil.rmtree(kept, ignore_errors=True)
