"""Where what came of submissions is kept until it is entered: graded notebooks at once, their scores in batches."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from datetime import datetime
from pathlib import Path

from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config

from autograder.gradebook.scores import scores
from autograder.gradebook.writer import Entry, Writer
from autograder.notebooks.attachments import with_files_of
from autograder.notebooks.shelf import NotAPath, folder_of, put
from autograder.records import Assignment, Graded, HandedIn, Result, Submission
from autograder.text import shown

_BATCH = 50
_BATCH_SECONDS = 1.0


class Desk:
    """Everything that came back of one assignment and is not entered yet."""

    def __init__(self, config: Config, assignment: Assignment, submissions: Sequence[Submission]) -> None:
        self.assignment = assignment
        self._url = config.CourseDirectory.db_url
        self._course = CourseDirectory(config=config)
        self._writer = Writer(config, assignment.name)
        self._entries: list[Entry] = []
        self._flushed = time.monotonic()
        self._paths = {submission.student: submission.path for submission in submissions}
        self.unchanged: list[str] = []

    def has(self, student: str) -> bool:
        """Whether there is a graded notebook of this student's."""
        return (self._folder(student) / f"{self.assignment.name}.ipynb").exists()

    def refuse(self, student: str, problem: str) -> Result:
        """The result of a submission that could not be graded; what was graded before stays."""
        path, problem = shown(str(self._paths[student])), shown(problem)
        told = problem if str(Path(path).parent.parent) in problem else f"{path}: {problem}"
        return Result(student, self.assignment.name, None, told)

    def take_back(
        self, future: Future[Graded], handed_in: HandedIn, digest: str, timestamp: datetime | None
    ) -> Result | None:
        """Keep what came of a submission; what is returned says why there is nothing to keep."""
        try:
            graded = future.result()
        except Exception as error:  # whatever becomes of a worker must not stop the class
            reason = f"the worker that graded it ended ({type(error).__name__}). Grade again."
            return self.refuse(handed_in.student, reason)
        if graded.problem:
            return self.refuse(graded.student, graded.problem)
        notebook = {f"{self.assignment.name}.ipynb": graded.notebook.encode()}
        try:
            put(self._folder(graded.student), with_files_of({**self.assignment.files, **notebook}, handed_in.files))
        except NotAPath as error:
            return self.refuse(graded.student, str(error))
        self._entries.append(Entry(graded, digest, timestamp))
        return None

    @property
    def is_due(self) -> bool:
        """Whether so much is kept, or for so long, that it should be entered."""
        is_old = time.monotonic() - self._flushed > _BATCH_SECONDS
        return len(self._entries) >= _BATCH or (is_old and bool(self._entries))

    def flush(self) -> Iterator[Result]:
        """Enter what was kept, and tell the scores."""
        entries, self._entries = self._entries, []
        unchanged, self.unchanged = self.unchanged, []
        self._flushed = time.monotonic()
        self._writer.write(sorted(entries, key=lambda entry: entry.graded.student))
        name = self.assignment.name
        students = [*unchanged, *(entry.graded.student for entry in entries)]
        found = scores(self._url, name, students)
        for student in unchanged:
            yield Result(student, name, found[student], is_new=False)
        for entry in entries:
            graded = entry.graded
            yield Result(
                graded.student,
                name,
                found[graded.student],
                notes=tuple(map(shown, graded.notes)),
                level=graded.level,
                seconds=graded.seconds,
            )

    def _folder(self, student: str) -> Path:
        return folder_of(self._course, self.assignment.name, student)
