"""Calls in forked processes, each with a deadline and a memory limit that are held from outside."""

from __future__ import annotations

import contextlib
import os
import pickle
import resource
import select
import signal
import struct
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from autograder.models import CourseError, place_of
from autograder.student.limits import address_space

_AGAIN_SECONDS = 0.05


class Overdue(BaseException):
    """Raised in a function of the test's that takes too long; no `except Exception` of its own may stop it."""


class Alarm:
    """Raises Overdue in what runs `exposed` once a deadline has passed, by a timer of the operating system.

    It rings in the main thread only, and between two steps of Python; elsewhere there is no limit. It is set once for
    each check, since setting it for each call would cost more than most calls. A check that sets alarms of its own has
    those instead.
    """

    def __init__(self) -> None:
        self.is_exposed = False

    @contextlib.contextmanager
    def set_for(self, deadline: float) -> Iterator[None]:
        """The alarm goes off, again and again, when the deadline passes while the body runs."""
        if threading.current_thread() is not threading.main_thread() or not hasattr(signal, "setitimer"):
            yield
            return
        handler = signal.signal(signal.SIGALRM, self._ring)
        signal.setitimer(signal.ITIMER_REAL, max(deadline - time.monotonic(), 0.001), _AGAIN_SECONDS)
        try:
            yield
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, handler)

    def exposed(self, exposed: bool = True) -> _Exposure:
        """The test's code runs in the body; or, when not `exposed`, the grader's own, which must not stop half-way."""
        return _Exposure(self, exposed)

    def _ring(self, *_: object) -> None:
        if self.is_exposed:
            raise Overdue


class _Exposure:
    """A context manager as a class, since each question enters it: a generator would take longer than most answers."""

    __slots__ = ("_alarm", "_before", "_exposed")

    def __init__(self, alarm: Alarm, exposed: bool) -> None:
        self._alarm = alarm
        self._exposed = exposed

    def __enter__(self) -> None:
        self._before = self._alarm.is_exposed
        if threading.current_thread() is threading.main_thread():
            self._alarm.is_exposed = self._exposed

    def __exit__(self, *_: object) -> None:
        if threading.current_thread() is threading.main_thread():
            self._alarm.is_exposed = self._before


_MEGABYTE = 1024 * 1024
_PIECE = 1 << 20
_LENGTH = struct.Struct("<Q")
_RETURNED, _REFUSED, _ENDED = b"r", b"c", b"e"
"""The first byte of an outcome."""

_Task = TypeVar("_Task")
_Value = TypeVar("_Value")


class Ended(Exception):  # noqa: N818 - named for what happened
    """The fork ended before its work was done; the text says how, as the end of a sentence."""


class Fork:
    """One call in a process forked from this one, which has one thread; `close` it when it is not needed any more.

    It may take `seconds`, and `megabytes` of memory beyond what this process has. It first calls `inside`, which can
    close what belongs to this process.
    """

    def __init__(
        self,
        seconds: float,
        megabytes: int,
        function: Callable[..., Any],
        *args: Any,
        inside: Callable[[], object] = lambda: None,
        **kwargs: Any,
    ) -> None:
        self._seconds = seconds
        self._content = bytearray()
        self._is_late = self._has_ended = False
        self._status = 0
        self._reading, writing = os.pipe()
        self._number = os.fork()
        if self._number == 0:
            try:
                os.close(self._reading)
                inside()
                _limit_memory(megabytes)
                content = outcome(function, *args, **kwargs)
                with open(writing, "wb") as out:  # noqa: PTH123 - a descriptor, not a path
                    out.write(_LENGTH.pack(len(content)) + content)
            finally:
                os._exit(0)
        os.close(writing)
        self._deadline = time.monotonic() + seconds

    def fileno(self) -> int:
        """The descriptor that becomes readable when `read` has something to take."""
        return self._reading

    @property
    def seconds_left(self) -> float:
        """Until the deadline; 0 when that has passed."""
        return max(self._deadline - time.monotonic(), 0.0)

    def read(self) -> bool:
        """Take a piece of what is there, or give up when the deadline has passed; returns whether that was the end."""
        if select.select([self], [], [], 0)[0]:
            piece = os.read(self._reading, _PIECE)
            self._content += piece
            if piece:
                return False
        elif self.seconds_left:
            return False
        else:
            self._is_late = True
        self.close()
        return True

    def outcome(self) -> bytes:
        """The outcome, for `value_of`, once `read` has come to the end."""
        size = _LENGTH.size
        if self._is_late:
            return _ENDED + pickle.dumps(f"took longer than {self._seconds:g} s")
        if len(self._content) < size or len(self._content) - size != _LENGTH.unpack_from(self._content)[0]:
            return _ENDED + pickle.dumps(self._how_it_ended())
        return bytes(self._content[size:])

    def close(self) -> None:
        """Kill the process if it still runs, and wait until it is gone."""
        if self._has_ended:
            return
        self._has_ended = True
        os.close(self._reading)
        os.kill(self._number, signal.SIGKILL)  # it has nothing left to do
        _, self._status = os.waitpid(self._number, 0)

    def _how_it_ended(self) -> str:
        if os.WIFSIGNALED(self._status) and os.WTERMSIG(self._status) != signal.SIGKILL:
            return f"was ended by signal {os.WTERMSIG(self._status)}"
        return "was killed, perhaps because the machine had no memory left"


def outcome(function: Callable[..., Any], *args: Any, **kwargs: Any) -> bytes:
    """The outcome of a call in this process, as bytes that can be sent to another."""
    try:
        return _RETURNED + pickle.dumps(function(*args, **kwargs))
    except CourseError as error:
        return _REFUSED + pickle.dumps(error)
    except MemoryError:
        return _ENDED + pickle.dumps("needed more memory than one submission may use")
    except Exception as error:  # the process that asked decides what to do
        return _ENDED + pickle.dumps(f"ended because of an error in the autograder ({place_of(error)})")


def came_to_its_end(content: bytes) -> bool:
    """Whether the call returned, or raised a CourseError."""
    return not content.startswith(_ENDED)


def value_of(content: bytes) -> Any:
    """What the call returned; raises CourseError where it did, and Ended when it did not come to its end."""
    value = pickle.loads(content[1:])
    if content.startswith(_REFUSED):
        raise value
    if content.startswith(_ENDED):
        raise Ended(value)
    return value


@dataclass(frozen=True)
class Failed:
    """The reason why a task could not be done; `how` is the end of a sentence."""

    how: str


@dataclass(frozen=True)
class Refused(Failed):
    """The task raised this CourseError."""

    error: CourseError


def each(
    function: Callable[[_Task], _Value],
    tasks: Iterable[_Task],
    at_once: int,
    seconds: float,
    megabytes: int,
    batch: int,
) -> Iterator[_Value | Failed]:
    """The value of `function` for each task, in their order, from up to `at_once` forks of this process.

    A fork does a batch of tasks, since it costs as much as some of them. A batch that does not come to its end within
    `seconds` is done again, a fork for each of its tasks, which have `seconds` each.
    """
    left = list(tasks)
    batches = [left[start : start + batch] for start in range(0, len(left), batch)]
    for batch_of, value in _in_forks(
        lambda some: [function(task) for task in some], batches, at_once, seconds, megabytes
    ):
        if not isinstance(value, Failed):
            yield from value
        elif len(batch_of) == 1:
            yield value
        else:
            yield from (each for _, each in _in_forks(function, batch_of, at_once, seconds, megabytes))


def _in_forks(
    function: Callable[[Any], Any], tasks: Sequence[Any], at_once: int, seconds: float, megabytes: int
) -> Iterator[tuple[Any, Any]]:
    """Each task with its result."""
    waiting, running = deque(tasks), deque[tuple[Any, Fork]]()
    done: dict[Fork, bytes] = {}
    try:
        while waiting or running:
            while waiting and len(running) - len(done) < at_once and len(running) < 4 * at_once:
                task = waiting.popleft()
                running.append((task, Fork(seconds, megabytes, function, task)))
            open_ones = [fork for _, fork in running if fork not in done]
            if open_ones:
                select.select(open_ones, [], [], min(fork.seconds_left for fork in open_ones))
            done |= {fork: fork.outcome() for fork in open_ones if fork.read()}
            while running and running[0][1] in done:
                task, fork = running.popleft()
                try:
                    yield task, value_of(done.pop(fork))
                except CourseError as error:
                    yield task, Refused(str(error), error)
                except Ended as error:
                    yield task, Failed(str(error))
    finally:
        for _, fork in running:
            fork.close()


def _limit_memory(megabytes: int) -> None:
    """From now on this process may take so much more than it has."""
    if not (present := address_space()):
        return
    most = present + megabytes * _MEGABYTE
    with contextlib.suppress(OSError, ValueError):  # a stricter limit stays
        resource.setrlimit(resource.RLIMIT_AS, (most, most))
