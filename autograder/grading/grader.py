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
import select
import signal
import subprocess
import sys
import threading
import weakref
from collections.abc import Callable, Iterable
from multiprocessing.connection import Connection, Pipe
from typing import Any, ParamSpec, TypeVar

from autograder.fast import skip_address_grammars
from autograder.protocol.messages import PYPLOT
from autograder.sandbox import ForkServer, shared
from autograder.student.limits import stay_on
from autograder.timeouts import Ended, Fork, came_to_its_end, outcome, value_of

_OBJECTS_BETWEEN_COLLECTIONS = 100_000
_MEGABYTES = 300
"""The memory that judging one submission may take, beside what its student process takes."""

_P = ParamSpec("_P")
_Value = TypeVar("_Value")

_open: weakref.WeakSet[Grader] = weakref.WeakSet()
_fork_server: ForkServer | None = None
_libraries: set[str] = set()
_own = contextlib.ExitStack()
"""Fork servers that were started in this process."""


def fork_server() -> ForkServer:
    """The fork server from which this process starts student processes."""
    return _fork_server or shared()


class Lost(Ended):
    """The process itself ended, and not the fork that worked; it has to learn its assignments again."""


class Grader:
    """A process that grades, which stays on `core` together with its student processes; a context manager.

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

        Raises what it raises if that is a CourseError, Ended when the fork did not come to its end, and Lost when this
        process did not.
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
            content = self._connection.recv_bytes()
        except (EOFError, OSError):
            self.known.clear()
            self.close()
            raise Lost("ended unexpectedly") from None
        return value_of(content)

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


def preload(modules: Iterable[str], meanwhile: Callable[[], object] = lambda: None) -> None:
    """Let each student process from now on have these modules already, also when the fork server is another one.

    `meanwhile` is called while they are imported.
    """
    _libraries.update(modules)
    if _libraries:
        fork_server().preload(sorted(_libraries), meanwhile)
    else:
        meanwhile()


def import_modules(names: Iterable[str]) -> None:
    """Import these modules, as far as they can be; for `Grader.prepare`."""
    for name in names:
        drawing = name.startswith((PYPLOT, "pylab"))  # while a check runs it is the student's
        with contextlib.suppress(Exception):  # a check that needs it says so itself
            importlib.import_module("matplotlib.figure" if drawing else name)


def _serve(connection: Connection[Any, Any], core: int) -> None:
    """Answer one request after the other, until the other side closes the connection."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the process that asked decides what an interrupt means
    gc.freeze()
    gc.set_threshold(_OBJECTS_BETWEEN_COLLECTIONS)
    stay_on([core])
    _settle(core)
    with contextlib.suppress(EOFError, OSError):
        while True:
            seconds, function, args, kwargs = connection.recv()
            content = _answer(connection, seconds, function, args, kwargs)
            if not fork_server().is_alive:
                _renew(core)
                content = _answer(connection, seconds, function, args, kwargs)
            if seconds is not None and not came_to_its_end(content):  # the fork server may still be answering the fork
                fork_server().let_go()
                _settle(core)
            connection.send_bytes(content)
    fork_server().let_go()
    _own.close()


def _settle(core: int) -> None:
    """Use a fork server of this process's own, forked from the shared one while that is alive."""
    global _fork_server
    try:
        _fork_server = shared().clone(core)
    except OSError:
        _renew(core)
    else:
        preload(())


def _renew(core: int) -> None:
    """Start a fork server for this process alone, since the shared one may have ended, too."""
    global _fork_server
    _fork_server = _own.enter_context(ForkServer(shared().level)).clone(core)
    preload(())


def _answer(
    connection: Connection[Any, Any], seconds: float | None, function: Callable[..., Any], args: Any, kwargs: Any
) -> bytes:
    """The outcome of the call, in a fork that may take `seconds`; without these, in this process itself."""
    if seconds is not None:
        return _in_a_fork(connection, seconds, function, args, kwargs)
    content = outcome(function, *args, **kwargs)
    gc.freeze()
    return content


def _in_a_fork(
    connection: Connection[Any, Any], seconds: float, function: Callable[..., Any], args: Any, kwargs: Any
) -> bytes:
    """The outcome of the call; raises EOFError when the process that asked is gone."""
    fork = Fork(seconds, _MEGABYTES, function, *args, inside=connection.close, **kwargs)
    try:
        while True:
            ready, _, _ = select.select([fork.fileno(), connection.fileno()], [], [], fork.seconds_left)
            if connection.fileno() in ready:
                raise EOFError
            if fork.read():
                return fork.outcome()
    finally:
        fork.close()


if __name__ == "__main__":
    from autograder.grading import grader as this_module  # what is pickled names it by its own name

    skip_address_grammars()
    descriptor, own_core = map(int, sys.argv[1:])
    with Connection(descriptor) as own_end:
        sys.path[:] = own_end.recv()
        this_module._serve(own_end, own_core)
