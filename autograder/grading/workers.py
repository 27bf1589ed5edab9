"""Where submissions are graded: here, in processes of this machine, or on the workers of a Dask cluster."""

from __future__ import annotations

import contextlib
import gc
import itertools
import multiprocessing
import signal
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from multiprocessing.queues import SimpleQueue
from typing import Any

from autograder.grading.home import nursery, settle, settled
from autograder.grading.submission import grade
from autograder.records import Assignment, CourseError, Graded, HandedIn
from autograder.sandbox.choice import require, shared
from autograder.sandbox.cores import cores
from autograder.sandbox.levels import Level
from autograder.sandbox.nursery import Nursery

_OBJECTS_BETWEEN_COLLECTIONS = 10_000


@dataclass(frozen=True)
class Workers:
    """Something that grades submissions.

    `share` brings an assignment to where it is needed, `at_once` is how many submissions are worth handing out ahead.
    `stop`, where it can be done, ends the processes that grade, when one of them hangs.
    """

    executor: Executor
    at_once: int
    share: Callable[[Assignment], Any] = lambda assignment: assignment
    stop: Callable[[], None] | None = None


def grade_here(assignment: Assignment, handed_in: HandedIn, level: str) -> Graded:
    """Grade one submission in this process, confining student code at `level` or more; what executors are given."""
    try:
        require(nursery(), Level(level))
    except CourseError as error:
        return Graded(handed_in.student, problem=str(error))
    return grade(assignment, handed_in, nursery())


@contextlib.contextmanager
def local(count: int) -> Iterator[Workers]:
    """`count` processes of this machine, or this one when one is enough.

    They are forked from this process, with everything imported; each has a warm interpreter of its own, and both stay
    on one core.
    """
    if count == 1:
        with settled():
            yield Workers(_AtOnce(), 1)
        return
    with _Pool(count) as pool:
        try:
            yield Workers(pool, 4 * count, stop=_kill_all)
        finally:
            pool.shutdown(cancel_futures=True)


@contextlib.contextmanager
def cluster(address: str) -> Iterator[Workers]:
    """The workers of the Dask cluster whose scheduler is at `address`; raises CourseError when it cannot be reached.

    Nothing is assumed to be shared with them but this package.
    """
    try:
        from distributed import Client
    except ImportError:
        raise CourseError("--scheduler needs Dask. Run `pip install 'neural-networks-by-hand[cluster]'`.") from None
    try:
        client = Client(address, timeout=10)
    except (OSError, ValueError) as error:
        raise CourseError(f"{address}: no Dask scheduler answers ({error}). Is it running?") from None
    with client:
        threads = sum(client.nthreads().values())
        yield Workers(
            client.get_executor(pure=False, retries=2),
            max(4 * threads, 32),
            lambda assignment: client.scatter(assignment, broadcast=True),
        )


class _Pool(Executor):
    """Processes of this machine, each with a warm interpreter of its own.

    When one of them ends, all that was submitted fails with BrokenProcessPool; what is submitted then finds new ones.
    """

    def __init__(self, count: int) -> None:
        self._count = count
        self._homes: list[tuple[Nursery, int]] = []
        self._executor = self._started()

    def submit(self, function: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """The call, made in one of the processes."""
        try:
            return self._executor.submit(function, *args, **kwargs)
        except BrokenProcessPool:
            self._executor.shutdown()
            self._executor = self._started()
            return self._executor.submit(function, *args, **kwargs)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """End the processes."""
        self._executor.shutdown(wait, cancel_futures=cancel_futures)

    def _started(self) -> ProcessPoolExecutor:
        for home, _ in self._homes:
            home.let_go()
        numbered = zip(itertools.cycle(cores()), range(self._count), strict=False)
        self._homes = [(shared().twin(core), core) for core, _ in numbered]
        fork = multiprocessing.get_context("fork")
        numbers = fork.SimpleQueue()
        for number in range(self._count):
            numbers.put(number)
        return ProcessPoolExecutor(self._count, fork, _adopt, (self._homes, numbers))


class _AtOnce(Executor):
    """Does what is submitted before it returns."""

    def submit(self, function: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """The finished call."""
        future: Future[Any] = Future()
        future.set_result(function(*args, **kwargs))
        return future


def _kill_all() -> None:
    for process in multiprocessing.active_children():
        process.kill()


def _adopt(homes: Sequence[tuple[Nursery, int]], numbers: SimpleQueue[int]) -> None:
    """Begin a worker process: it has the next of the nurseries, and leaves interrupts to its parent.

    What was imported stays, so the garbage collector looks at nothing but what submissions leave behind.
    """
    gc.freeze()
    gc.set_threshold(_OBJECTS_BETWEEN_COLLECTIONS)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    settle(*homes[numbers.get()])
