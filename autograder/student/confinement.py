"""Confining student processes, a class for each level: what the warm interpreter does once, and each of its children.

Each step is undone by none that follows; all of them together take a few milliseconds.
"""

from __future__ import annotations

import contextlib
import os
from contextlib import AbstractContextManager
from pathlib import Path
from typing import NoReturn

from autograder.student import filesystem, kernel, landlock
from autograder.student.limits import limit, make_folder, place
from autograder.student.requests import Files, StartRequest
from autograder.student.system_calls import system_call_filter

_NOBODY = 65534


class Landlocked:
    """Nothing can be opened but what Landlock names; the system calls it does not cover are refused."""

    def __init__(self) -> None:
        landlock.version()
        self._program = system_call_filter(alone=False)
        self._readable, self._listable = _all_but_our_own(filesystem.readable())
        kernel.adopt_orphans()

    def scratch(self) -> contextlib.nullcontext[None]:
        """The parent is not confined."""
        return contextlib.nullcontext()

    def fork(self) -> int:
        """A child that is as free as its parent still."""
        return os.fork()

    def enter(self, bounds: StartRequest, files: Files) -> None:
        """Confine this child, in a folder that holds `files`; raises OSError when the kernel refuses a step."""
        kernel.die_with_parent()
        folder = make_folder(files)
        limit(bounds)
        kernel.drop_capabilities()
        kernel.gain_nothing()
        landlock.restrict([*self._readable, folder], self._listable, filesystem.DEVICES)
        kernel.filter_system_calls(self._program)


class Namespaced:
    """The only process there is, with no network, no capability, and a root that holds nothing but Python.

    The warm interpreter itself goes into such a root, without network; each child then has its own processes and
    mounts. Sockets being refused, children cannot meet in what they share. When the interpreter ends, however it ends,
    the kernel ends them all.
    """

    def __init__(self) -> None:
        self._owner = _NOBODY if os.geteuid() == 0 else None
        if self._owner is None:
            _become_root_of_nothing()
        kernel.unshare(kernel.NEW_MOUNTS | kernel.NEW_PROCESSES | kernel.NEW_REST)
        if child := os.fork():
            _wait_for(child)
        kernel.die_with_parent()
        self._program = system_call_filter(alone=True)
        self._own_processes = os.open("/proc/self/ns/pid", os.O_RDONLY | os.O_CLOEXEC)
        filesystem.build()
        os.environ.update(dict.fromkeys(("HOME", "MPLCONFIGDIR"), filesystem.WORK))

    def scratch(self) -> AbstractContextManager[None]:
        """A file system in memory, which is gone before the next child is born."""
        return filesystem.scratch()

    def fork(self) -> int:
        """A child that is the first of its process namespace."""
        kernel.unshare(kernel.NEW_PROCESSES)
        child = -1
        try:
            child = os.fork()
        finally:
            if child != 0:  # in the parent, also when there is no child
                kernel.join(self._own_processes, kernel.NEW_PROCESSES)
        return child

    def enter(self, bounds: StartRequest, files: Files) -> None:
        """Confine this child, in a folder that holds `files`; raises OSError when the kernel refuses a step."""
        kernel.unshare(kernel.NEW_MOUNTS)
        filesystem.add_what_is_its_own(bounds.disk_megabytes, self._owner)
        if self._owner is not None:
            os.setgroups([])
            os.setresgid(self._owner, self._owner, self._owner)
            os.setresuid(self._owner, self._owner, self._owner)
            kernel.be_dumpable()
        kernel.die_with_parent()
        kernel.drop_capabilities()
        kernel.gain_nothing()
        place(files)
        limit(bounds)
        kernel.filter_system_calls(self._program)


def _become_root_of_nothing() -> None:
    """An ordinary user may make namespaces inside a user namespace of its own."""
    user, group = os.geteuid(), os.getegid()
    kernel.unshare(kernel.NEW_USERS)
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"{user} {user} 1")
    Path("/proc/self/gid_map").write_text(f"{group} {group} 1")


def _wait_for(child: int) -> NoReturn:
    """Hold no socket, so that the grader sees at once when the child ends."""
    os.closerange(3, 4096)
    os.waitpid(child, 0)
    os._exit(0)


def _all_but_our_own(paths: list[str]) -> tuple[list[str], list[str]]:
    """Landlock cannot take a folder out of an allowed one: name everything beside ours, and what lies above it."""
    listable = []
    while above := next((path for path in paths if filesystem.our_own().startswith(f"{path}/")), None):
        listable.append(above)
        paths = [path for path in paths if path != above]
        paths += [entry.path for entry in os.scandir(above) if entry.path != filesystem.our_own()]
    return paths, listable
