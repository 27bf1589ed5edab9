"""Libraries that a fork server imports before it forks, so that no student process has to."""

from __future__ import annotations

import contextlib
import gc
import importlib
import io
import os
import select
import signal
import socket
import stat
import sys
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from pathlib import Path

from autograder.protocol.libraries import is_drawing
from autograder.student.figures import draw_into_notebook
from autograder.student.moments import remember_libraries

_LONGEST_SECONDS = 120
_WIRE = 3
"""The number of the descriptor that each student process uses for its channel."""

_open_files: dict[int, tuple[str, int]] = {}
_can_draw = False


def learn_to_draw(scratch: Callable[[], AbstractContextManager[object]]) -> None:
    """Import matplotlib and draw once, which takes as long as all the rest: most classes never need it."""
    global _can_draw
    if _can_draw:
        return
    _can_draw = True
    _use_number_of_wire()
    with scratch():  # for the list of fonts
        import matplotlib.pyplot as plt

        figure = plt.figure()
        figure.text(0.5, 0.5, "$x_1$")
        figure.savefig(io.BytesIO(), format="png", bbox_inches="tight")
        plt.close(figure)
    draw_into_notebook()
    remember_libraries()
    _keep_open_files()
    gc.collect()
    gc.freeze()


def preload(
    modules: Sequence[str], control: socket.socket, scratch: Callable[[], AbstractContextManager[object]]
) -> None:
    """Import these modules, as far as each can be imported and leaves one thread: forks of more would not be safe.

    It is tried in a child, which serves from then on if it went well. The process that was before stays to wait for
    its end, and serves on if it went wrong.
    """
    wanted = [name for name in modules if name not in sys.modules and not is_drawing(name)]
    if wanted and not _take_over(wanted, control, scratch):
        for package in sorted({name.partition(".")[0] for name in wanted}):
            _take_over([name for name in wanted if name.partition(".")[0] == package], control, scratch)
    if any(map(is_drawing, (*modules, *sys.modules))):
        learn_to_draw(scratch)


def _take_over(
    modules: Sequence[str], control: socket.socket, scratch: Callable[[], AbstractContextManager[object]]
) -> bool:
    """Go on in a child that has imported `modules`, or in this process when that left more than one thread."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reader)
        try:
            _import(modules, scratch)
        except BaseException:
            os._exit(1)
        if _threads() > 1:
            os._exit(1)
        os.write(writer, b"1")
        os.close(writer)
        return True
    os.close(writer)
    if select.select([reader], [], [], _LONGEST_SECONDS)[0] and os.read(reader, 1):
        control.close()
        os.closerange(_WIRE, 4096)
        with contextlib.suppress(ChildProcessError):  # its end is not told, only that there is no child any more
            os.waitpid(child, 0)
        os._exit(0)
    os.close(reader)
    with contextlib.suppress(ProcessLookupError):
        os.kill(child, signal.SIGKILL)
    return False


def _import(modules: Sequence[str], scratch: Callable[[], AbstractContextManager[object]]) -> None:
    _use_number_of_wire()
    with scratch(), contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        for name in modules:
            with contextlib.suppress(Exception, SystemExit):  # a cell that needs it gets the error
                importlib.import_module(name)
    _keep_open_files()
    gc.collect()
    gc.freeze()


def _threads() -> int:
    try:
        return len(os.listdir("/proc/self/task"))  # noqa: PTH208 - only their number counts
    except OSError:
        return 1


def _use_number_of_wire() -> None:
    """Let no file that is opened from now on have the number that the channel of each student process gets."""
    while (spare := os.open(os.devnull, os.O_RDONLY)) <= _WIRE:
        pass
    os.close(spare)


def _keep_open_files() -> None:
    """Note which files libraries hold open, such as fonts, for `open_again`."""
    _open_files.clear()
    with contextlib.suppress(OSError):  # a system without /proc
        for entry in list(os.scandir("/proc/self/fd")):
            with contextlib.suppress(OSError):  # the descriptor by which this list was read
                number = int(entry.name)
                if number > _WIRE and stat.S_ISREG(os.fstat(number).st_mode):
                    _open_files[number] = str(Path(entry.path).readlink()), os.lseek(number, 0, os.SEEK_CUR)


def open_again() -> None:
    """Open the files that libraries hold open for this process alone, under their numbers, where they were.

    As they come from the fork server all student processes would share the place in a file.
    """
    for number, (path, place) in sorted(_open_files.items()):
        with contextlib.suppress(OSError):
            opened = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
            if opened != number:
                os.dup2(opened, number, inheritable=False)
                os.close(opened)
            os.lseek(number, place, os.SEEK_SET)
