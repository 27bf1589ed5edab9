"""Starting student processes from a warm interpreter, and ending them."""

from __future__ import annotations

import contextlib
import os
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType

import msgspec

from autograder.records import CourseError, Limits
from autograder.sandbox.levels import Level
from autograder.sandbox.worker.birth import Birth
from autograder.wire import messages
from autograder.wire.channel import Channel

_ENVIRONMENT = {
    "PATH": "/usr/bin:/bin",
    "LANG": "C.UTF-8",
    "MPLBACKEND": "module://matplotlib_inline.backend_inline",
    # a process with threads cannot be forked safely
    **{f"{library}_NUM_THREADS": "1" for library in ("OPENBLAS", "OMP", "MKL", "NUMEXPR")},
}
_END_SECONDS = 2.0
_NO_FILES: Mapping[str, bytes] = {}


class StudentProcess:
    """One student process: its end of the wire, and its life."""

    def __init__(self, channel: Channel[messages.ToExaminer], process: int, clear: Callable[[], None]) -> None:
        self.channel = channel
        self._process = process
        self._clear = clear
        self._exit = _watch(process)

    def interrupt(self) -> None:
        """Ask the running student code to stop."""
        self._signal(signal.SIGINT)

    def end(self) -> None:
        """Kill the process and whatever it started in its session, hang up, and see it gone with its folder."""
        self.channel.close()
        self._signal(signal.SIGKILL)
        if self._exit is not None:
            select.select([self._exit], [], [], _END_SECONDS)
            os.close(self._exit)
            self._exit = None
        deadline = time.monotonic() + _END_SECONDS
        while self._signal(signal.SIGKILL) and time.monotonic() < deadline:
            time.sleep(0.0002)
        self._clear()

    def _signal(self, number: int) -> bool:
        try:
            os.killpg(self._process, number)
        except ProcessLookupError:
            return False
        return True


def _watch(process: int) -> int | None:
    """A descriptor that becomes readable when the process ends, where the system has such."""
    try:
        return os.pidfd_open(process)
    except (AttributeError, OSError):
        return None


class Nursery:
    """A warm interpreter to fork student processes from, all confined at `level`; a context manager.

    Starting it takes most of a second, which passes while the caller does something else.
    """

    def __init__(self, level: Level = Level.NAMESPACES) -> None:
        self.level = level
        self._is_ready = False

    def __enter__(self) -> Nursery:
        self._control, theirs = socket.socketpair()
        command = [sys.executable, "-I", "-m", "autograder.sandbox.worker", str(theirs.fileno()), self.level.value]
        self._home = tempfile.TemporaryDirectory(prefix="autograder-")
        environment = _ENVIRONMENT | dict.fromkeys(("HOME", "MPLCONFIGDIR", "IPYTHONDIR"), self._home.name)
        self._process = subprocess.Popen(command, pass_fds=[theirs.fileno()], env=environment, stdin=subprocess.DEVNULL)
        theirs.close()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._control.close()
        self._process.wait()
        self._home.cleanup()

    def start(self, files: Mapping[str, bytes] = _NO_FILES, limits: Limits | None = None) -> StudentProcess:
        """A fresh student process in a folder that holds `files`; raises CourseError when there can be none."""
        bounds = limits or Limits()
        birth = Birth(bounds.memory_megabytes, bounds.disk_megabytes, bounds.output_characters)
        ours, theirs = socket.socketpair()
        try:
            self._await_ready()
            with theirs, _packed(files) as packed:
                socket.send_fds(self._control, [msgspec.json.encode(birth)], [theirs.fileno(), *packed])
            process = int(self._control.recv(64))
        except (OSError, ValueError) as error:
            ours.close()
            raise CourseError(
                f"no student process could be started ({error}). Run `make venv`, then `autograder doctor`."
            ) from error
        folder = Path(self._home.name, str(process))
        return StudentProcess(
            Channel(ours, messages.ToExaminer), process, lambda: shutil.rmtree(folder, ignore_errors=True)
        )

    def _await_ready(self) -> None:
        if self._is_ready:
            return
        answer = self._control.recv(4096).decode(errors="replace")
        if answer != "ready":
            raise OSError(answer or "the warm interpreter ended")
        self._is_ready = True


@contextlib.contextmanager
def _packed(files: Mapping[str, bytes]):  # type: ignore[no-untyped-def]
    """The descriptors to send along for `files`."""
    if not files:
        yield []
        return
    with tempfile.TemporaryFile() as packed:
        packed.write(msgspec.msgpack.encode(dict(files)))
        packed.seek(0)
        yield [packed.fileno()]
