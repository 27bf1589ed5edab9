"""A process that grades each submission in a fork of its own, so that nothing of one submission reaches the next.

A check hands arrays and objects to the student's functions and makes here the changes that they make there; it may also
change modules, settings and caches. All of that happens in the fork and ends with it. The process itself looks at no
submission: it only learns assignments, which are the instructor's.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import os
import pickle
import select
import signal
import struct
import subprocess
import sys
import threading
import time
import weakref
from collections.abc import Callable, Iterable
from multiprocessing.connection import Connection, Pipe
from typing import Any, ParamSpec, TypeVar

from autograder.records import CourseError
from autograder.sandbox.choice import shared
from autograder.sandbox.cores import stay_on
from autograder.sandbox.nursery import Nursery

_OBJECTS_BETWEEN_COLLECTIONS = 100_000
_PIECE = 1 << 20
_LENGTH = struct.Struct("<Q")
_RETURNED, _REFUSED, _ENDED = "returned", "refused", "ended"
_P = ParamSpec("_P")
_Value = TypeVar("_Value")

_open: weakref.WeakSet[Grader] = weakref.WeakSet()
_nursery: Nursery | None = None


class Ended(Exception):  # noqa: N818 - named for what happened
    """The fork ended before its work was done; the text says how, as the end of a sentence."""


def nursery() -> Nursery:
    """The warm interpreter from which student processes are started in this process."""
    return _nursery or shared()


class Grader:
    """Such a process, which stays on `core` together with its student processes; a context manager.

    It is forked from this process where that is safe, and with everything imported then. Where this process has more
    threads than one, as on a Dask worker, a new interpreter is started: a fork would keep their locks for ever.
    """

    def __init__(self, core: int) -> None:
        self._core = core
        self._connection: Connection[Any, Any] | None = None
        self._wait: Callable[[], object] = lambda: None
        self.known: set[object] = set()

    def __enter__(self) -> Grader:
        self._start(fork=True)
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def call(self, seconds: float, function: Callable[_P, _Value], /, *args: _P.args, **kwargs: _P.kwargs) -> _Value:
        """What `function`, which must be one of a module, returns in a fork that may take `seconds`.

        Raises what it raises if that is a CourseError, and Ended when the fork did not come to its end.
        """
        return self._ask(seconds, function, args, kwargs)  # type: ignore[no-any-return]

    def prepare(self, function: Callable[_P, object], /, *args: _P.args, **kwargs: _P.kwargs) -> None:
        """Call `function` in the process itself, so that every fork after this begins with what it left."""
        self._ask(None, function, args, kwargs)

    def close(self) -> None:
        """End the process."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None
            self._wait()

    def _ask(self, seconds: float | None, function: Callable[..., Any], args: Any, kwargs: Any) -> Any:
        if self._connection is None:
            self._start(fork=threading.active_count() == 1)
        assert self._connection is not None
        try:
            self._connection.send((seconds, function, args, kwargs))
            how, value = pickle.loads(self._connection.recv_bytes())
        except (EOFError, OSError):
            self.known.clear()
            self.close()
            raise Ended("ended with everything it knew") from None
        if how == _REFUSED:
            raise value
        if how == _ENDED:
            raise Ended(value)
        return value

    def _start(self, fork: bool) -> None:
        ours, theirs = Pipe()
        if fork:
            shared()  # before the fork, so that all graders have the same
            number = os.fork()
            if number == 0:
                ours.close()
                for other in _open:  # or these would not see the end of this process
                    if other._connection is not None:
                        other._connection.close()
                try:
                    _serve(theirs, self._core)
                finally:
                    os._exit(0)  # what is open here belongs to the process that was forked
            self._wait = lambda: os.waitpid(number, 0)
        else:
            command = [sys.executable, "-m", "autograder.grading.grader", str(theirs.fileno()), str(self._core)]
            self._wait = subprocess.Popen(command, pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL).wait
            ours.send(sys.path)
        theirs.close()
        self._connection = ours
        _open.add(self)


def import_modules(names: Iterable[str]) -> None:
    """Import these modules, as far as they can be; for `Grader.prepare`."""
    for name in names:
        with contextlib.suppress(Exception):  # a check that needs it says so itself
            importlib.import_module(name)


def _serve(connection: Connection[Any, Any], core: int) -> None:
    """Do what is asked, one after the other, until the other side hangs up."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the process that asked decides what an interrupt means
    gc.freeze()
    gc.set_threshold(_OBJECTS_BETWEEN_COLLECTIONS)
    stay_on([core])
    _settle(core)
    with contextlib.suppress(EOFError, OSError):
        while True:
            seconds, function, args, kwargs = connection.recv()
            if seconds is None:
                connection.send_bytes(_outcome(function, args, kwargs))
                gc.freeze()
                continue
            content, reason = _in_a_fork(connection, seconds, function, args, kwargs)
            if reason:  # the warm interpreter may be in the middle of an answer to the fork that ended
                nursery().let_go()
                _settle(core)
            connection.send_bytes(pickle.dumps((_ENDED, reason)) if reason else content)
    nursery().let_go()


def _settle(core: int) -> None:
    global _nursery
    _nursery = shared().twin(core)


def _in_a_fork(
    connection: Connection[Any, Any], seconds: float, function: Callable[..., Any], args: Any, kwargs: Any
) -> tuple[bytes, str]:
    """The outcome of the call, or how the fork ended without one."""
    reading, writing = os.pipe()
    number = os.fork()
    if number == 0:
        try:
            os.close(reading)
            connection.close()
            content = _outcome(function, args, kwargs)
            with open(writing, "wb") as out:  # noqa: PTH123 - a descriptor, not a path
                out.write(_LENGTH.pack(len(content)) + content)
        finally:
            os._exit(0)
    os.close(writing)
    try:
        content, is_late = _read(reading, connection, time.monotonic() + seconds)
    finally:
        os.close(reading)
        os.kill(number, signal.SIGKILL)  # it has nothing left to do
        _, status = os.waitpid(number, 0)
    if is_late:
        return b"", f"took longer than {seconds:g} s"
    if len(content) < _LENGTH.size or len(content) - _LENGTH.size != _LENGTH.unpack_from(content)[0]:
        return b"", f"ended by signal {os.WTERMSIG(status)}" if os.WIFSIGNALED(status) else "ended early"
    return content[_LENGTH.size :], ""


def _read(reading: int, connection: Connection[Any, Any], deadline: float) -> tuple[bytes, bool]:
    """What a fork writes until it closes its end, and whether the deadline came first.

    Raises EOFError when nobody waits for it any more.
    """
    content = bytearray()
    while True:
        waiting = [reading, connection.fileno()]
        ready, _, _ = select.select(waiting, [], [], max(deadline - time.monotonic(), 0))
        if not ready:
            return b"", True
        if connection.fileno() in ready:
            raise EOFError
        if not (piece := os.read(reading, _PIECE)):
            return bytes(content), False
        content += piece


def _outcome(function: Callable[..., Any], args: Any, kwargs: Any) -> bytes:
    try:
        return pickle.dumps((_RETURNED, function(*args, **kwargs)))
    except CourseError as error:
        return pickle.dumps((_REFUSED, error))
    except Exception as error:  # the process that asked decides what becomes of it
        return pickle.dumps((_ENDED, f"ended with {type(error).__name__}: {error}".splitlines()[0]))


if __name__ == "__main__":
    from autograder.grading import grader as this_module  # what is pickled names it by its own name

    descriptor, own_core = map(int, sys.argv[1:])
    with Connection(descriptor) as own_end:
        sys.path[:] = own_end.recv()
        this_module._serve(own_end, own_core)
