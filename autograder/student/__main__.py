"""The fork server: imports the heavy libraries once, then forks one student process for each request.

Run as `python -m autograder.student DESCRIPTOR LEVEL`, where the descriptor is a socket. On it the server says
`ready`, or why it cannot confine processes at that level. Then each `StartRequest` brings the bounds of a process and,
as descriptors, its end of the channel and a file with the files beside the submission. The answer is the number of the
process, as the server sees it, and a handle on it. A `CloneRequest` brings the socket of a second server, which is
forked from this one, as ready and as confined. A `RememberRequest` brings cells of the instructor's, to be compiled
once for all processes, a `PreloadRequest` names of modules, to be imported once.
"""

from __future__ import annotations

import contextlib
import gc
import os
import signal
import socket
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path, PurePosixPath
from typing import Protocol

import msgspec
import numpy as np
import scipy.special

from autograder.protocol import libraries, messages
from autograder.protocol.channel import Channel, Gone
from autograder.protocol.messages import CloneRequest, Files, PreloadRequest, RememberRequest, StartRequest
from autograder.student.limits import Open, count_others, stay_on
from autograder.student.moments import remember_libraries
from autograder.student.preloading import learn_to_draw, open_again, preload
from autograder.student.server import Server, detach_standard_streams
from autograder.student.shell import Shell, make_shell

_UMASK = 0o022
"""It does not depend on the grader's: student processes of another user must be able to enter the folders made here."""

_FORK_ATTEMPTS, _FORK_SECONDS = 40, 0.05


class Confinement(Protocol):
    """One level of confinement: what the fork server does once, and each of its children."""

    def scratch(self) -> AbstractContextManager[object]:
        """While it lasts, files can be written into the folders of the environment."""

    def fork(self) -> int:
        """Like os.fork."""

    def enter(self, bounds: StartRequest, files: Files) -> None:
        """Confine the child that calls this, for good."""


def main() -> None:
    """Fork a student process for each request until the other side closes the socket."""
    control = socket.socket(fileno=int(sys.argv[1]))
    os.umask(_UMASK)
    shell = make_shell()
    _warm_up(shell)
    count_others()
    try:
        confinement = _confinement(sys.argv[2])
    except Exception as error:  # no Linux, no libseccomp, a kernel that refuses: all mean the same to the grader
        with contextlib.suppress(ConnectionError):
            control.sendall(f"refused: {error}".encode())
        return
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the kernel reaps
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    remember_libraries()
    gc.collect()
    gc.freeze()
    with contextlib.suppress(ConnectionError):  # a grader that refuses its command has ended by now
        control.sendall(messages.READY.encode())
        _serve(control, confinement, shell)
    os._exit(0)  # at once: what Python does at its end takes longer than many gradings


def _serve(control: socket.socket, confinement: Confinement, shell: Shell) -> None:
    """Answer requests until the other side closes the socket."""
    decode = msgspec.json.Decoder(StartRequest | CloneRequest | RememberRequest | PreloadRequest).decode
    while True:
        request, descriptors, _, _ = socket.recv_fds(control, 4096, 2)
        if not request:
            return
        wanted = decode(request)
        if isinstance(wanted, CloneRequest):
            control = _divide(control, descriptors[0], wanted.core)
            continue
        if isinstance(wanted, RememberRequest | PreloadRequest):
            with open(descriptors[0], "rb") as packed:  # noqa: PTH123 - a descriptor, not a path
                texts = msgspec.msgpack.decode(packed.read(), type=list[str])
            if isinstance(wanted, RememberRequest):
                _remember(shell, texts)
            else:
                preload(texts, control, confinement.scratch)
                control.sendall(messages.READY.encode())
            continue
        if wanted.figures:
            learn_to_draw(confinement.scratch)
        try:
            process = _patiently(confinement.fork)
        except OSError as error:
            _refuse(control, descriptors, error)
            continue
        if process == 0:
            try:
                _live(confinement, wanted, descriptors, shell)
            finally:
                os._exit(1)
        for descriptor in descriptors:
            os.close(descriptor)
        _tell(control, process)


def _divide(control: socket.socket, descriptor: int, core: int) -> socket.socket:
    """Become two servers, one of which answers on the socket that came along; returns the socket of each."""
    if os.fork():
        os.close(descriptor)
        return control
    control.close()
    stay_on([core])
    return socket.socket(fileno=descriptor)


def _patiently(fork: Callable[[], int]) -> int:
    """Fork, trying again when the system has no process to give, since student processes may be about to end."""
    for _ in range(_FORK_ATTEMPTS):
        with contextlib.suppress(BlockingIOError):  # EAGAIN
            return fork()
        time.sleep(_FORK_SECONDS)
    return fork()


def _refuse(control: socket.socket, descriptors: list[int], error: OSError) -> None:
    """Answer why no process was started; the server itself goes on."""
    for descriptor in descriptors:
        os.close(descriptor)
    control.sendall(f"no process: {error.strerror}"[:60].encode())


def _tell(control: socket.socket, process: int) -> None:
    """Answer with the number of the process, and a handle on it where the system has such."""
    try:
        handle = os.pidfd_open(process)
    except (AttributeError, OSError):
        control.sendall(str(process).encode())
        return
    socket.send_fds(control, [str(process).encode()], [handle])
    os.close(handle)


def _confinement(level: str) -> Confinement:
    if level == messages.PROCESS:
        return Open()
    from autograder.student import confinement  # only here, since it needs Linux and libseccomp

    return confinement.Landlocked() if level == messages.LANDLOCK else confinement.Namespaced()


def _warm_up(shell: Shell) -> None:
    """Do once, before any fork, what each library does on its first use."""
    Channel(socket.socket(), messages.ToStudent).close()
    shell.display_formatter.format(scipy.special.softmax(np.zeros(2)))
    libraries.import_numpy()


def _remember(shell: Shell, sources: list[str]) -> None:
    """Compile cells that every process of a class will run."""
    for source in sources:
        shell.remember(source)
    gc.collect()
    gc.freeze()


def _live(confinement: Confinement, bounds: StartRequest, descriptors: list[int], shell: Shell) -> None:
    """Be a student process: keep nothing of the server's but one end of the channel."""
    os.setsid()
    files: Files = {}
    if len(descriptors) > 1:
        with open(descriptors[1], "rb") as packed:  # noqa: PTH123 - a descriptor, not a path
            files = msgspec.msgpack.decode(packed.read(), type=Files)
    if modules := {PurePosixPath(name).parts[0].removesuffix(".py") for name in files if name.endswith(".py")}:
        libraries.set_beside(modules)
    wire = os.dup2(descriptors[0], 3)
    os.closerange(4, 4096)
    open_again()
    detach_standard_streams()
    shell.outputs.most = bounds.output_characters
    confinement.enter(bounds, files)
    tempfile.tempdir = None  # the server's own is out of reach
    _import_from_current_folder()
    np.random.seed(int.from_bytes(os.urandom(4), "little"))
    channel: Channel[messages.ToStudent] = Channel(socket.socket(fileno=wire), messages.ToStudent)
    try:
        Server(channel, shell).serve()
    except Gone:
        os._exit(0)


def _import_from_current_folder() -> None:
    """Let cells import modules beside the notebook, as a kernel does: after Python's own, before all installed ones.

    What this process imports for itself is imported before this, so a module handed in takes the place of none of it.
    """
    installed = (at for at, path in enumerate(sys.path) if Path(path).name in ("site-packages", "dist-packages"))
    sys.path.insert(next(installed, 0), "")


if __name__ == "__main__":
    main()
