"""The submissions that workers have in hand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from autograder.grading.desk import Desk
from autograder.grading.workers import Workers, grade_here
from autograder.records import Graded, HandedIn, Result

_MOST_BYTES = 100_000_000


@dataclass(frozen=True)
class Given:
    """A submission for a worker, with its assignment as `Workers.share` gave it, and the desk where it is entered."""

    desk: Desk
    shared: Any
    handed_in: HandedIn
    digest: str
    timestamp: datetime | None


def _size(given: Given) -> int:
    return len(given.handed_in.notebook) + sum(map(len, given.handed_in.files.values()))


class Running:
    """Hands out submissions and takes back what came of them, as long as it is true."""

    def __init__(self, workers: Workers, level: str, desks: Sequence[Desk]) -> None:
        self.workers = workers
        self._level = level
        self._desks = desks
        self._given: dict[Future[Graded], Given] = {}

    def __bool__(self) -> bool:
        return bool(self._given)

    @property
    def is_full(self) -> bool:
        """Whether the workers have enough to do for now, or what they have in hand takes much memory."""
        return len(self._given) >= self.workers.at_once or sum(map(_size, self._given.values())) > _MOST_BYTES

    def give(self, given: Given) -> None:
        """Have a submission graded."""
        future = self.workers.executor.submit(grade_here, given.shared, given.handed_in, self._level)
        self._given[future] = given

    def collect(self) -> Iterator[Result]:
        """Wait for the next that are done, and keep them; what is entered thereby is yielded."""
        for future in wait(self._given, return_when=FIRST_COMPLETED).done:
            given = self._given.pop(future)
            if refused := given.desk.take_back(future, given.handed_in, given.digest, given.timestamp):
                yield refused
        for desk in self._desks:
            if desk.is_due:
                yield from desk.flush()

    def cancel(self) -> None:
        """Have nothing graded that has not been begun."""
        for future in self._given:
            future.cancel()
