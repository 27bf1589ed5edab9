"""Grading a whole class: giving submissions to workers, and keeping their results.

A submission's graded notebook is written before its scores, and its scores with the digest of what they came from. So
a run that was killed at any moment can be repeated, and does only what is missing.
"""

from __future__ import annotations

import copy
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import nbformat
from traitlets.config import Config

from autograder.cells import cell_prefix
from autograder.config import course_config
from autograder.gradebook.database import copied
from autograder.gradebook.read import digests, scores
from autograder.gradebook.write import register
from autograder.grading.inputs import content_digest, find, take_in_all, time_of
from autograder.grading.pool import Workers, try_out_here
from autograder.grading.scheduler import Job, ResultBuffer, Scheduler
from autograder.models import Assignment, CourseError, Result, Score, Submission, Trial, unexpected
from autograder.notebook import require_assignment
from autograder.source import digest_of, load, read_source


@dataclass(frozen=True)
class GradingRun:
    """One assignment and the submissions to grade.

    `notebooks` holds what grading each of its notebooks needs to know, `sources` what the instructor wrote, both by the
    notebook's name. `before` holds the scores that stood in the gradebook when grading began. Of a run that `is_trial`
    nothing is kept.
    """

    config: Config
    assignment: str
    notebooks: Mapping[str, Assignment]
    sources: Mapping[str, nbformat.NotebookNode]
    submissions: Sequence[Submission]
    before: Mapping[str, Score] = field(default_factory=dict)
    is_trial: bool = False

    @property
    def broken_checks(self) -> dict[str, str]:
        """The checks that judge nobody, by their names in the assignment, each with the reason."""
        return {
            cell_prefix(name, self.notebooks) + grade_id: reason
            for name, each in self.notebooks.items()
            for grade_id, reason in each.broken_checks.items()
        }


def prepare(root: Path, name: str) -> GradingRun:
    """Read the assignment and find the submissions to grade.

    Raises CourseError when the course, the assignment or the folder of submissions is not usable.
    """
    paths = require_assignment(root, name)
    config = course_config(root)
    sources = {path.stem: read_source(config, path) for path in paths}
    notebooks = {stem: load(config, source) for stem, source in sources.items()}
    submissions = find(config, name, {stem: each.master for stem, each in notebooks.items()})
    return GradingRun(config, name, notebooks, {stem: source.notebook for stem, source in sources.items()}, submissions)


@contextmanager
def on_trial(grading_runs: Sequence[GradingRun]) -> Iterator[list[GradingRun]]:
    """The same runs on a copy of the gradebook, which is deleted when the body ends: nothing of them is kept."""
    with tempfile.TemporaryDirectory() as folder:
        url = copied(grading_runs[0].config.CourseDirectory.db_url, Path(folder))
        elsewhere = Config({"CourseDirectory": {"db_url": url}})
        yield [
            replace(grading_run, config=_merged(grading_run.config, elsewhere), is_trial=True)
            for grading_run in grading_runs
        ]


def begin(grading_runs: Sequence[GradingRun], workers: Workers) -> list[GradingRun]:
    """Enter the assignments into the gradebook while workers try their checks out on their own solutions.

    Returns the same classes, each with its broken checks. Raises CourseError when the gradebook cannot be
    used, or when a solution cannot be run at all.
    """
    texts = [{name: nbformat.writes(source) for name, source in run.sources.items()} for run in grading_runs]
    asked = [
        {name: workers.executor.submit(try_out_here, run.notebooks[name], text) for name, text in written.items()}
        for run, written in zip(grading_runs, texts, strict=True)
    ]
    before = [_scores(grading_run) for grading_run in grading_runs]
    for run, written in zip(grading_runs, texts, strict=True):
        register(run.config, run.assignment, run.sources, digest_of(*(text.encode() for text in written.values())))
    return [
        replace(run, notebooks=_tried_out(run, futures), before=held)
        for run, futures, held in zip(grading_runs, asked, before, strict=True)
    ]


def _tried_out(run: GradingRun, trials: Mapping[str, Future[Trial]]) -> dict[str, Assignment]:
    """The notebooks of an assignment, each with what the trial of its checks found."""
    return {name: replace(run.notebooks[name], trial=_found(run, name, future)) for name, future in trials.items()}


def grade(
    grading_runs: Sequence[GradingRun], workers: Workers, level: str = "process", again: bool = False
) -> Iterator[Result]:
    """Grade what is new or was changed, yielding each result once it is in the gradebook.

    Student code is confined at `level` or more. With `again` everything is graded, changed or not. Raises CourseError
    when results can no longer be kept; what was kept until then stays.
    """
    result_buffers = [_buffer(grading_run) for grading_run in grading_runs]
    scheduler = Scheduler(workers, level, result_buffers)
    try:
        for grading_run, result_buffer in zip(grading_runs, result_buffers, strict=True):
            yield from _hand_out(grading_run, result_buffer, scheduler, again)
        while scheduler:
            yield from scheduler.collect()
    finally:
        scheduler.cancel()
        left = [result for result_buffer in result_buffers for result in result_buffer.flush()]
    yield from left


def _hand_out(
    grading_run: GradingRun, result_buffer: ResultBuffer, scheduler: Scheduler, again: bool
) -> Iterator[Result]:
    """Give the submissions of one class to the workers, yielding the results that come in at the same time."""
    url, assignment = grading_run.config.CourseDirectory.db_url, grading_run.assignment
    known: Mapping[str, str] = {} if again else digests(url, assignment)
    versions = [each.digest.encode() for each in grading_run.notebooks.values()]
    shared = scheduler.workers.share(grading_run.notebooks)
    for submission in grading_run.submissions:
        try:
            handed_in = take_in_all(submission)
            first = next(iter(handed_in.values()))
            content = content_digest(handed_in)
            digest = digest_of(content.encode(), "\n".join(first.notes).encode(), *versions)
            timestamp = time_of(submission, first)
        except CourseError as error:
            yield result_buffer.refuse(submission.student, error)
            continue
        except Exception as error:  # no submission may stop the class
            yield result_buffer.refuse(submission.student, unexpected(error).within(submission.path))
            continue
        if known.get(submission.student) == digest and result_buffer.has(submission.student, handed_in):
            result_buffer.unchanged.append(submission.student)
            continue
        scheduler.give(Job(result_buffer, shared, handed_in, content, digest, timestamp))
        while scheduler.is_full:
            yield from scheduler.collect()


def _buffer(grading_run: GradingRun) -> ResultBuffer:
    """A buffer for the results of one class, in whose gradebook penalties follow the due date as it is now."""
    result_buffer = ResultBuffer(
        grading_run.config,
        grading_run.assignment,
        grading_run.notebooks,
        grading_run.submissions,
        grading_run.before,
        keeps_notebooks=not grading_run.is_trial,
    )
    result_buffer.update_penalties()
    return result_buffer


def _scores(grading_run: GradingRun) -> dict[str, Score]:
    students = [submission.student for submission in grading_run.submissions]
    return scores(grading_run.config.CourseDirectory.db_url, grading_run.assignment, students)


def _merged(config: Config, more: Config) -> Config:
    merged = copy.deepcopy(config)
    merged.merge(more)
    return merged


def _found(run: GradingRun, notebook: str, future: Future[Trial]) -> Trial:
    where = f"{run.assignment}/{notebook}" if len(run.notebooks) > 1 else run.assignment
    try:
        return future.result()
    except CourseError as error:
        raise error.within(where) from None
    except Exception as error:  # whatever the process ended by, the course is refused in one line
        raise CourseError(
            "its checks could not be tested on your solution, because the process that tested them ended.",
            where,
            "Grade again.",
        ) from error
