"""The fork server that starts student processes; the levels of confinement, and a canary that tries them."""

from __future__ import annotations

import atexit
import contextlib
import copy
import functools
import os
import secrets
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from enum import Enum
from pathlib import Path
from types import TracebackType
from typing import Any

import msgspec

from autograder.models import CourseError, Limits
from autograder.protocol import messages
from autograder.protocol.channel import Channel, Gone, Hung
from autograder.protocol.messages import CloneRequest, PreloadRequest, RememberRequest, StartRequest
from autograder.protocol.scalars import WireError


class Level(Enum):
    """How far student code is confined, from least to most."""

    PROCESS = messages.PROCESS
    LANDLOCK = messages.LANDLOCK
    NAMESPACES = messages.NAMESPACES

    @property
    def means(self) -> str:
        """What the level keeps from student code, in words."""
        return {
            Level.PROCESS: "student code runs in its own process, but can read and write every file that you can",
            Level.LANDLOCK: "student code reads only Python's files, writes no files and has no network; "
            "it can see that other processes run",
            Level.NAMESPACES: "student code reads only Python's files, has no network and sees no other process",
        }[self]

    @property
    def raised_by(self) -> str:
        """What would let this machine confine more than at this level."""
        namespaces = (
            "user namespaces (sysctl kernel.unprivileged_userns_clone=1, user.max_user_namespaces above 0; in Docker, "
            "--security-opt seccomp=unconfined --security-opt systempaths=unconfined; in Podman, --security-opt "
            "unmask=ALL)"
        )
        return {
            Level.PROCESS: "Linux 5.13 or newer with Landlock and libseccomp (in a container, Docker 23 or Podman 4.3, "
            f"whose profiles allow Landlock), or better {namespaces}",
            Level.LANDLOCK: namespaces,
            Level.NAMESPACES: "nothing",
        }[self]

    def is_less_than(self, other: Level) -> bool:
        """Whether this level confines less than `other`."""
        order = list(Level)
        return order.index(self) < order.index(other)


_ENVIRONMENT = {
    "PATH": "/usr/bin:/bin",
    "LANG": "C.UTF-8",
    "USER": "student",
    "LOGNAME": "student",
    "MPLBACKEND": "module://matplotlib_inline.backend_inline",
    # a process with threads cannot be forked safely
    **{f"{library}_NUM_THREADS": "1" for library in ("OPENBLAS", "OMP", "MKL", "NUMEXPR")},
}
# an interrupt at the terminal is for the grader to handle
_DETACHED: dict[str, Any] = {"stdin": subprocess.DEVNULL, "start_new_session": True}
_END_SECONDS = 2.0
_NO_FILES: Mapping[str, bytes] = {}


class StudentProcess:
    """One student process: the channel to it, and its end.

    It is known by a handle, a descriptor for the process, where the system has such; its number means something
    here only when the process is in no namespace of its own.
    """

    def __init__(self, channel: Channel[messages.ToGrader], folder: Path, handle: int | None, number: int | None):
        self.channel = channel
        self._folder = folder
        self._handle = handle
        self._number = number

    def interrupt(self) -> None:
        """Ask the running student code to stop."""
        self._signal(signal.SIGINT)

    def end(self) -> None:
        """Kill the process and all that it started, close the channel, and remove its folder."""
        self.channel.close()
        self._signal(signal.SIGKILL)
        deadline = time.monotonic() + _END_SECONDS
        if self._handle is not None:
            select.select([self._handle], [], [], _END_SECONDS)
            os.close(self._handle)
            self._handle = None
        while self._number is not None and self._signal(signal.SIGKILL) and time.monotonic() < deadline:
            time.sleep(0.0002)
        shutil.rmtree(self._folder, ignore_errors=True)

    def _signal(self, number: int) -> bool:
        try:
            if self._number is not None:
                os.killpg(self._number, number)
            elif self._handle is not None:
                signal.pidfd_send_signal(self._handle, number)
        except ProcessLookupError:
            return False
        return True


class ForkServer:
    """A process that forks student processes, all confined at `level`; a context manager.

    It has imported the libraries before, so that they start at once.

    Starting it takes most of a second, in which the caller can do something else.
    """

    def __init__(self, level: Level = Level.NAMESPACES) -> None:
        self.level = level
        self._is_ready = False

    def __enter__(self) -> ForkServer:
        self._control, theirs = socket.socketpair()
        command = [sys.executable, "-I", "-m", "autograder.student", str(theirs.fileno()), self.level.value]
        self._home = tempfile.TemporaryDirectory(prefix="autograder-")
        environment = _ENVIRONMENT | dict.fromkeys(("HOME", "MPLCONFIGDIR", "IPYTHONDIR"), self._home.name)
        self._process = subprocess.Popen(command, pass_fds=[theirs.fileno()], env=environment, **_DETACHED)
        theirs.close()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._control.close()
        self._process.wait()
        self._home.cleanup()

    def start(
        self, files: Mapping[str, bytes] = _NO_FILES, limits: Limits | None = None, figures: bool = False
    ) -> StudentProcess:
        """A fresh student process in a folder that holds `files`; raises CourseError when it cannot be started.

        The first that draws `figures` starts later than others, since matplotlib is imported for it and all after it;
        one that draws without `figures` has to import it itself.
        """
        bounds = limits or Limits()
        start_request = StartRequest(bounds.memory_megabytes, bounds.disk_megabytes, bounds.output_characters, figures)
        ours, theirs = socket.socketpair()
        try:
            self._await_ready()
            with theirs, _packed(dict(files)) as packed:
                socket.send_fds(self._control, [msgspec.json.encode(start_request)], [theirs.fileno(), *packed])
            answer, handles, _, _ = socket.recv_fds(self._control, 64, 1)
            if not answer:
                raise OSError("the fork server ended")
            if not answer.isdigit():
                raise OSError(answer.decode(errors="replace"))
        except OSError as error:
            ours.close()
            raise CourseError(
                f"no student process could be started ({error}).",
                advice="Run `make venv`, then `autograder doctor`.",
            ) from error
        return StudentProcess(
            Channel(ours, messages.ToGrader),
            folder=Path(self._home.name, answer.decode()),
            handle=handles[0] if handles else None,
            number=None if self.level is Level.NAMESPACES else int(answer),
        )

    def remember(self, cells: Iterable[str]) -> None:
        """Compile these cells, which many processes will run, once; those that run others are not affected."""
        self._await_ready()
        with _packed([*cells]) as packed:
            if packed:
                socket.send_fds(self._control, [msgspec.json.encode(RememberRequest())], packed)

    def preload(self, modules: Iterable[str], meanwhile: Callable[[], object] = lambda: None) -> None:
        """Import these modules of installed packages, as far as that leaves no thread, for all processes after this.

        Returns when it is done, and when `meanwhile`, which is called at the same time, has returned. Where a module
        cannot be had so, student code imports it by itself, as before.
        """
        self._await_ready()
        with _packed([*modules]) as packed:
            if packed:
                socket.send_fds(self._control, [msgspec.json.encode(PreloadRequest())], packed)
            try:
                meanwhile()
            finally:
                if packed:
                    self._control.recv(64)

    @property
    def is_alive(self) -> bool:
        """Whether the process still runs."""
        watched = select.poll()
        watched.register(self._control, 0)  # what is always watched for: the other end was closed
        return not watched.poll(0)

    def clone(self, core: int) -> ForkServer:
        """A second fork server, forked from this one, whose processes stay on `core`; it ends with it."""
        ours, theirs = socket.socketpair()
        self._await_ready()
        with theirs:
            socket.send_fds(self._control, [msgspec.json.encode(CloneRequest(core))], [theirs.fileno()])
        clone = copy.copy(self)
        clone._control = ours
        return clone

    def let_go(self) -> None:
        """Close this end of a clone: it ends when all ends are closed."""
        self._control.close()

    def _await_ready(self) -> None:
        if self._is_ready:
            return
        answer = self._control.recv(4096).decode(errors="replace")
        if answer != messages.READY:
            raise OSError(answer or "the fork server ended")
        self._is_ready = True


@contextlib.contextmanager
def _packed(content: object) -> Iterator[list[int]]:
    """The descriptor to send along for files or texts; none when there are none."""
    if not content:
        yield []
        return
    with tempfile.TemporaryFile() as packed:
        packed.write(msgspec.msgpack.encode(content))
        packed.seek(0)
        yield [packed.fileno()]


_CANARY_SECONDS = 10
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
    "change a file's mode": lambda: os.chmod({secret!r}, 0o644),
    "connect": connect,
    "start a process": start,
    "signal a process": lambda: os.kill({process}, 0),
}}
print(*[name for name, attempt in attempts.items() if worked(attempt)], sep=", ")
"""


_open_until_exit = contextlib.ExitStack()
atexit.register(_open_until_exit.close)


@functools.cache
def warm_up() -> ForkServer:
    """Start the fork server that `shared` will try first, so that it gets ready while the caller goes on."""
    return _open_until_exit.enter_context(ForkServer(Level.NAMESPACES))


@functools.cache
def shared() -> ForkServer:
    """One fork server, as strict as this machine allows, for as long as this program runs."""
    if not escapes(warm_up()):
        return warm_up()
    with contextlib.ExitStack() as trial:
        fork_server = trial.enter_context(ForkServer(Level.LANDLOCK))
        if not escapes(fork_server):
            _open_until_exit.push(trial.pop_all())
            return fork_server
    return _open_until_exit.enter_context(ForkServer(Level.PROCESS))


def require(fork_server: ForkServer, level: Level) -> None:
    """Raise CourseError when `fork_server` confines student code less than `level`."""
    if fork_server.level.is_less_than(level):
        raise CourseError(
            f"this machine confines student code only at level '{fork_server.level.value}', and '{level.value}' is "
            "required.",
            advice="`autograder doctor` shows what would confine it more.",
        )


def escapes(fork_server: ForkServer) -> str:
    """What a canary, run as a student's cell, can do that it should not, in words; empty when it is held."""
    with tempfile.TemporaryDirectory() as scratch, socket.create_server(("127.0.0.1", 0)) as server:
        secret = Path(scratch, "secret")
        secret.write_text("canary")
        host, port = server.getsockname()
        canary = _CANARY.format(
            host=host, port=port, secret=str(secret), target=str(Path(scratch, "new")), process=os.getpid()
        )
        try:
            process = fork_server.start()
        except CourseError as error:
            return error.reason.removesuffix(".")
        deadline = time.monotonic() + _CANARY_SECONDS
        try:
            process.channel.send(messages.RunCell(secrets.token_bytes(16), canary), deadline)
            reply = process.channel.receive(deadline)
        except (Gone, Hung, WireError):
            return "the kernel refused to confine a process"
        finally:
            process.end()
        if not isinstance(reply, messages.CellDone) or reply.raised or not reply.outputs:
            return "the test of the sandbox did not answer"
        text = str(reply.outputs[0].get("text", "")).strip()
        return f"student code could {text}" if text else ""
