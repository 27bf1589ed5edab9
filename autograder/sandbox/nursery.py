"""Starting student processes from a warm interpreter, and ending them for certain."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path
from types import TracebackType

from autograder.records import CourseError
from autograder.wire import messages
from autograder.wire.channel import Channel

_ENVIRONMENT = {
    "PATH": "/usr/bin:/bin",
    "LANG": "C.UTF-8",
    "HOME": "/tmp",
    "MPLCONFIGDIR": "/tmp/matplotlib",
    "MPLBACKEND": "module://matplotlib_inline.backend_inline",
    # a process with threads cannot be forked safely
    **{f"{library}_NUM_THREADS": "1" for library in ("OPENBLAS", "OMP", "MKL", "NUMEXPR")},
}


class StudentProcess:
    """One student process: its end of the wire, and its life."""

    def __init__(self, channel: Channel[messages.ToExaminer], process: int) -> None:
        self.channel = channel
        self._process = process

    def interrupt(self) -> None:
        """Ask the running student code to stop."""
        self._signal(signal.SIGINT)

    def end(self) -> None:
        """Kill the process and whatever it started in its session, and hang up."""
        self._signal(signal.SIGKILL)
        self.channel.close()

    def _signal(self, number: int) -> None:
        try:
            os.killpg(self._process, number)
        except ProcessLookupError:
            return


class Nursery:
    """A warm interpreter to fork student processes from; a context manager."""

    def __enter__(self) -> Nursery:
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        command = [sys.executable, "-I", "-m", "autograder.sandbox.worker", str(theirs.fileno())]
        self._process = subprocess.Popen(
            command, pass_fds=[theirs.fileno()], env=_ENVIRONMENT, stdin=subprocess.DEVNULL
        )
        theirs.close()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._control.close()
        self._process.wait()

    def start(self, folder: Path) -> StudentProcess:
        """A fresh student process working in `folder`; raises CourseError when there can be none."""
        ours, theirs = socket.socketpair()
        try:
            socket.send_fds(self._control, [str(folder).encode()], [theirs.fileno()])
            process = int(self._control.recv(64))
        except (OSError, ValueError) as error:
            ours.close()
            raise CourseError(f"no student process could be started ({error}). Run `make venv` again.") from error
        finally:
            theirs.close()
        return StudentProcess(Channel(ours, messages.ToExaminer), process)
