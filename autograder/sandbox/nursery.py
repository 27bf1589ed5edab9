"""Starting student processes from a warm interpreter, as confined as this machine allows, and ending them."""

from __future__ import annotations

import atexit
import contextlib
import functools
import os
import secrets
import signal
import socket
import subprocess
import sys
import tempfile
import time
from enum import Enum
from pathlib import Path
from types import TracebackType

from autograder.records import CourseError
from autograder.wire import messages
from autograder.wire.channel import Channel, Gone, Hung
from autograder.wire.values import WireError

_ENVIRONMENT = {
    "PATH": "/usr/bin:/bin",
    "LANG": "C.UTF-8",
    "MPLBACKEND": "module://matplotlib_inline.backend_inline",
    # a process with threads cannot be forked safely
    **{f"{library}_NUM_THREADS": "1" for library in ("OPENBLAS", "OMP", "MKL", "NUMEXPR")},
}
_END_SECONDS = 2.0
_CANARY = """\
import os, socket
def worked(attempt):
    try:
        attempt()
    except OSError:
        return False
    return True
def connect():
    with socket.socket() as plug:
        plug.connect(({host!r}, {port}))
def start():
    if os.fork() == 0:
        os._exit(0)
attempts = {{
    "read a file": lambda: open({secret!r}).read(),
    "write a file": lambda: open({target!r}, "w").write("x"),
    "connect": connect,
    "start a process": start,
    "see a process": lambda: os.kill({process}, 0),
}}
print(*[name for name, attempt in attempts.items() if worked(attempt)], sep=", ")
"""


class Level(Enum):
    """How far student code is confined, from least to most."""

    PROCESS = "process"
    NAMESPACES = "namespaces"

    @property
    def means(self) -> str:
        """What the level keeps from student code, in a sentence."""
        return {
            Level.PROCESS: "a process of its own; it can read and write what you can",
            Level.NAMESPACES: "no files but Python's, no network, no other process",
        }[self]


class StudentProcess:
    """One student process: its end of the wire, and its life."""

    def __init__(self, channel: Channel[messages.ToExaminer], process: int) -> None:
        self.channel = channel
        self._process = process

    def interrupt(self) -> None:
        """Ask the running student code to stop."""
        self._signal(signal.SIGINT)

    def end(self) -> None:
        """Kill the process and whatever it started in its session, hang up, and see it gone."""
        self.channel.close()
        deadline = time.monotonic() + _END_SECONDS
        while self._signal(signal.SIGKILL) and time.monotonic() < deadline:
            time.sleep(0.001)

    def _signal(self, number: int) -> bool:
        try:
            os.killpg(self._process, number)
        except ProcessLookupError:
            return False
        return True


class Nursery:
    """A warm interpreter to fork student processes from; a context manager.

    `level` is the strictest at which a canary, run as a student's cell, could do nothing it should not.
    """

    level: Level

    def __enter__(self) -> Nursery:
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        command = [sys.executable, "-I", "-m", "autograder.sandbox.worker", str(theirs.fileno())]
        self._home = tempfile.TemporaryDirectory(prefix="autograder-")
        environment = _ENVIRONMENT | dict.fromkeys(("HOME", "MPLCONFIGDIR", "IPYTHONDIR"), self._home.name)
        self._process = subprocess.Popen(command, pass_fds=[theirs.fileno()], env=environment, stdin=subprocess.DEVNULL)
        theirs.close()
        self.level = Level.PROCESS if self.escapes(Level.NAMESPACES) else Level.NAMESPACES
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._control.close()
        self._process.wait()
        self._home.cleanup()

    def require(self, level: Level) -> None:
        """Raise CourseError when student code would be confined less than at `level`."""
        order = list(Level)
        if order.index(self.level) < order.index(level):
            raise CourseError(
                f"student code can only be confined at level '{self.level.value}' here, and '{level.value}' is "
                "required. `autograder doctor` says what would raise it."
            )

    def start(self, folder: Path, level: Level | None = None) -> StudentProcess:
        """A fresh student process for the submission in `folder`; raises CourseError when there can be none."""
        ours, theirs = socket.socketpair()
        try:
            request = f"{(level or self.level).value} {folder}".encode()
            socket.send_fds(self._control, [request], [theirs.fileno()])
            process = int(self._control.recv(64))
        except (OSError, ValueError) as error:
            ours.close()
            raise CourseError(f"no student process could be started ({error}). Run `make venv` again.") from error
        finally:
            theirs.close()
        return StudentProcess(Channel(ours, messages.ToExaminer), process)

    def escapes(self, level: Level) -> str:
        """What a canary can do at `level` that it should not, in words; empty when it is held."""
        with tempfile.TemporaryDirectory() as scratch, socket.create_server(("127.0.0.1", 0)) as server:
            secret = Path(scratch, "secret")
            secret.write_text("canary")
            host, port = server.getsockname()
            canary = _CANARY.format(
                host=host, port=port, secret=str(secret), target=str(Path(scratch, "new")), process=os.getpid()
            )
            process = self.start(Path(scratch), level)
            token = secrets.token_bytes(16)
            deadline = time.monotonic() + 10
            try:
                process.channel.send(messages.RunCell(token, canary), deadline)
                reply = process.channel.receive(deadline)
            except (Gone, Hung, WireError):
                return "the kernel refused to confine a process"
            finally:
                process.end()
            if not isinstance(reply, messages.CellDone) or reply.raised or not reply.outputs:
                return "the canary did not answer"
            return str(reply.outputs[0].get("text", "")).strip()


@functools.cache
def shared() -> Nursery:
    """One warm interpreter for as long as this program runs."""
    open_until_exit = contextlib.ExitStack()
    atexit.register(open_until_exit.close)
    return open_until_exit.enter_context(Nursery())
