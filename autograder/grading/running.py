"""The submissions that workers have in hand; one that takes its worker along stops no other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Future, wait
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from autograder.grading.desk import Desk
from autograder.grading.workers import Workers, grade_here
from autograder.records import Graded, HandedIn, Result

_SPARE_SECONDS = 30.0


@dataclass(frozen=True)
class Given:
    """A submission for a worker, with its assignment as `Workers.share` gave it, and the desk where it is entered."""

    desk: Desk
    shared: Any
    handed_in: HandedIn
    digest: str
    timestamp: datetime | None


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
        """Whether the workers have enough to do for now."""
        return len(self._given) >= self.workers.at_once

    def give(self, given: Given) -> None:
        """Have a submission graded."""
        self._given[self._submit(given)] = given

    def collect(self) -> Iterator[Result]:
        """Wait for the next that are done, and keep them; what is entered thereby is yielded.

        When a worker ends or hangs, it takes along what others of its kind were doing. All of that is graded once more,
        one by one, so that only the submission that did it is refused.
        """
        done = self._wait(self._given)
        if any(map(_is_lost, done)):
            done, _ = wait(self._given)
        for future, given in [(future, self._given.pop(future)) for future in done]:
            if _is_lost(future):
                (future,) = self._wait({self._submit(given): given})
            if refused := given.desk.take_back(future, given.handed_in, given.digest, given.timestamp):
                yield refused
        for desk in self._desks:
            if desk.is_due:
                yield from desk.flush()

    def cancel(self) -> None:
        """Have nothing graded that has not been begun."""
        for future in self._given:
            future.cancel()

    def _submit(self, given: Given) -> Future[Graded]:
        return self.workers.executor.submit(grade_here, given.shared, given.handed_in, self._level)

    def _wait(self, running: Mapping[Future[Graded], Given]) -> set[Future[Graded]]:
        """Those that are done; when none is though every limit has passed, something hangs: all workers are stopped."""
        if self.workers.stop is None:
            return wait(running, return_when=FIRST_COMPLETED).done
        limit = max(given.desk.assignment.limits.notebook_seconds for given in running.values())
        done, _ = wait(running, 2 * limit + _SPARE_SECONDS, FIRST_COMPLETED)
        if done:
            return done
        self.workers.stop()
        return wait(running).done


def _is_lost(future: Future[Graded]) -> bool:
    return isinstance(future.exception(), BrokenExecutor)
