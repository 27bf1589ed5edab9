"""The submissions that are being graded, and the results that wait to be entered."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any

from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config

from autograder.files import NotAPath, folder_of, put, with_files_of
from autograder.gradebook.read import scores
from autograder.gradebook.write import Entry, Writer
from autograder.grading.pool import Workers, grade_all_here
from autograder.grading.submission import joined
from autograder.models import Assignment, CourseError, Graded, HandedIn, Result, Score, Submission
from autograder.text import shown

_MOST_BYTES = 100_000_000


@dataclass(frozen=True)
class Job:
    """A submission for a worker, with its assignment as `Workers.share` gave it, and the buffer for its result.

    `handed_in` holds its notebooks by name, `content` is the digest of what was handed in, `digest` of all that its
    result depends on.
    """

    result_buffer: ResultBuffer
    shared: Any
    handed_in: Mapping[str, HandedIn]
    content: str
    digest: str
    timestamp: datetime | None

    @property
    def first(self) -> HandedIn:
        """The notebook that has the notes on the submission."""
        return next(iter(self.handed_in.values()))


def _size(job: Job) -> int:
    files = {id(each.files): each.files for each in job.handed_in.values()}
    size = sum(len(each.notebook) for each in job.handed_in.values())
    return size + sum(len(content) for each in files.values() for content in each.values())


class Scheduler:
    """Gives submissions to workers and takes back the results; it is true while any are being graded."""

    def __init__(self, workers: Workers, level: str, result_buffers: Sequence[ResultBuffer]) -> None:
        self.workers = workers
        self._level = level
        self._result_buffers = result_buffers
        self._jobs: dict[Future[dict[str, Graded]], Job] = {}

    def __bool__(self) -> bool:
        return bool(self._jobs)

    @property
    def is_full(self) -> bool:
        """Whether the workers have enough to do for now, or what they have in hand takes much memory."""
        return len(self._jobs) >= self.workers.at_once or sum(map(_size, self._jobs.values())) > _MOST_BYTES

    def give(self, job: Job) -> None:
        """Have a submission graded."""
        future = self.workers.executor.submit(grade_all_here, job.shared, job.handed_in, self._level)
        self._jobs[future] = job

    def collect(self) -> Iterator[Result]:
        """Wait for the next results and keep them, yielding those that are entered into the gradebook."""
        for future in wait(self._jobs, return_when=FIRST_COMPLETED).done:
            job = self._jobs.pop(future)
            if refused := job.result_buffer.take_back(future, job):
                yield refused
        for result_buffer in self._result_buffers:
            if result_buffer.is_due:
                yield from result_buffer.flush()

    def cancel(self) -> None:
        """Cancel what no worker has begun."""
        for future in self._jobs:
            future.cancel()


_BATCH = 50
_BATCH_SECONDS = 1.0


class ResultBuffer:
    """The results of one assignment that are not entered yet."""

    def __init__(
        self,
        config: Config,
        assignment: str,
        notebooks: Mapping[str, Assignment],
        submissions: Sequence[Submission],
        before: Mapping[str, Score] = MappingProxyType({}),
        *,
        keeps_notebooks: bool = True,
    ) -> None:
        """Open the gradebook for the results of an assignment.

        Args:
            config: the settings of the course.
            assignment: the assignment, which the gradebook knows.
            notebooks: what grading its notebooks needs to know, by their names.
            submissions: those that are graded.
            before: the scores that students had before.
            keeps_notebooks: whether graded notebooks are written, too.
        """
        self.assignment = assignment
        self._notebooks = notebooks
        self._url = config.CourseDirectory.db_url
        self._course = CourseDirectory(config=config)
        self._writer = Writer(config, assignment)
        self._entries: list[Entry] = []
        self._flushed = time.monotonic()
        self._submissions = {submission.student: submission for submission in submissions}
        self.unchanged: list[str] = []
        self._before = before
        self._keeps_notebooks = keeps_notebooks

    def update_penalties(self) -> None:
        """Have the penalties of all students follow the due date and the extensions as they are now."""
        self._writer.update_penalties()

    def has(self, student: str, names: Iterable[str]) -> bool:
        """Whether there are graded notebooks of these names of this student's."""
        return all((self._folder(student) / f"{name}.ipynb").exists() for name in names)

    def refuse(self, student: str, error: CourseError, notes: Sequence[str] = ()) -> Result:
        """The result of a submission that could not be graded, for a reason that says where; old results stay."""
        return Result(student, self.assignment, None, shown(str(error)), tuple(map(shown, notes)))

    def take_back(self, future: Future[dict[str, Graded]], job: Job) -> Result | None:
        """Keep the result of a submission; returns a result only when it could not be graded."""
        student = job.first.student
        submission = self._submissions[student]
        try:
            graded = future.result()
        except Exception:  # no worker may stop the class
            reason = "the worker that graded it ended."
            return self.refuse(student, CourseError(reason, submission.path, "Grade again."))
        for name, each in graded.items():
            if each.problem:
                return self.refuse(student, each.problem.within(submission.notebooks[name]), job.first.notes)
        notebooks = {f"{name}.ipynb": each.notebook.encode() for name, each in graded.items()}
        own = {name: content for each in job.handed_in.values() for name, content in each.files.items()}
        try:
            of_assignment = next(iter(self._notebooks.values())).files  # all of its notebooks have the same beside them
            files = with_files_of({**of_assignment, **notebooks}, own)
            if self._keeps_notebooks:
                put(self._folder(student), files)
        except NotAPath as error:
            return self.refuse(student, error.within(submission.path))
        whole = joined(graded, job.first.notes, list(self._notebooks))
        self._entries.append(Entry(whole, job.digest, job.timestamp, job.content))
        return None

    @property
    def is_due(self) -> bool:
        """Whether enough results are kept, or for long enough, to be entered."""
        is_old = time.monotonic() - self._flushed > _BATCH_SECONDS
        return len(self._entries) >= _BATCH or (is_old and bool(self._entries))

    def flush(self) -> Iterator[Result]:
        """Enter the kept results, yielding each with its score."""
        entries, self._entries = self._entries, []
        unchanged, self.unchanged = self.unchanged, []
        self._flushed = time.monotonic()
        self._writer.write(sorted(entries, key=lambda entry: entry.graded.student))
        name = self.assignment
        students = [*unchanged, *(entry.graded.student for entry in entries)]
        found = scores(self._url, name, students)
        for student in unchanged:
            yield Result(student, name, found[student], is_new=False, before=self._before.get(student))
        for entry in entries:
            graded = entry.graded
            yield Result(
                graded.student,
                name,
                found[graded.student],
                notes=tuple(map(shown, graded.notes)),
                level=graded.level,
                seconds=graded.seconds,
                before=self._before.get(graded.student),
            )

    def _folder(self, student: str) -> Path:
        return folder_of(self._course, self.assignment, student)
