"""The limits of every student process, at any level of confinement, their sentences for students, and its cores."""

from __future__ import annotations

import contextlib
import errno
import os
import resource
from collections.abc import Iterable
from pathlib import Path

from autograder.protocol.messages import Files, StartRequest

_MEGABYTE = 1024 * 1024
_MOST_THREADS = 256
_bounds = StartRequest(0, 0, 0)
_others = 0


def cores() -> list[int]:
    """The cores this process may run on."""
    if hasattr(os, "sched_getaffinity"):
        return sorted(os.sched_getaffinity(0))
    return list(range(os.cpu_count() or 1))


def stay_on(chosen: Iterable[int]) -> None:
    """Keep this process, and all that it starts from now on, on these cores, where the system can do that."""
    if hasattr(os, "sched_setaffinity"):
        with contextlib.suppress(OSError):  # this only saves time
            os.sched_setaffinity(0, chosen)


def address_space() -> int:
    """The bytes of addresses that this process has, which RLIMIT_AS limits; 0 on systems without /proc."""
    try:
        return int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    except FileNotFoundError:
        return 0


def count_others() -> None:
    """Count the threads that this user has already, which the system counts in as well; once, in a fork server."""
    global _others
    with contextlib.suppress(OSError):
        own = os.geteuid()
        folders = [path for path in Path("/proc").iterdir() if path.name.isdigit()]
        for folder in folders:
            with contextlib.suppress(OSError):  # it has ended meanwhile
                if folder.stat().st_uid == own:
                    _others += sum(1 for _ in (folder / "task").iterdir())


def limit(bounds: StartRequest) -> None:
    """Bound memory, processor time, threads, open files and the size of a file."""
    global _bounds
    _bounds = bounds
    memory = address_space() + bounds.memory_megabytes * _MEGABYTE
    for kind, most in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CPU, 300),
        (resource.RLIMIT_FSIZE, bounds.disk_megabytes * _MEGABYTE),
        (resource.RLIMIT_NOFILE, 64),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NPROC, _others + _MOST_THREADS),
    ):
        most = min(most, hardest) if (hardest := resource.getrlimit(kind)[1]) != resource.RLIM_INFINITY else most
        resource.setrlimit(kind, (most, most))


def explanation(error: BaseException) -> str:
    """The sentence for a student whose code ran into a limit; empty for any other exception."""
    if isinstance(error, MemoryError):
        return f"While a notebook is graded, it may use at most {_bounds.memory_megabytes} MB of memory."
    if not isinstance(error, OSError):
        return ""
    return {
        errno.ENOSPC: f"While a notebook is graded, it may write at most {_bounds.disk_megabytes} MB of files.",
        errno.EFBIG: f"While a notebook is graded, it may write at most {_bounds.disk_megabytes} MB of files.",
        errno.EPERM: "While a notebook is graded, it cannot start other programs or use the network.",
        errno.EROFS: "While a notebook is graded, it can write files only in its own folder and in /tmp.",
        errno.EACCES: "While a notebook is graded, it can read only the files that were handed in with it.",
        errno.EMFILE: "While a notebook is graded, it can have at most 64 files open at once.",
    }.get(error.errno or 0, "")


def make_folder(files: Files) -> str:
    """A new folder, named for this process, that holds `files`; it becomes the current one, and its home."""
    folder = Path(os.environ["HOME"], str(os.getpid()))
    folder.mkdir(mode=0o700)
    os.chdir(folder)
    os.environ["HOME"] = str(folder)
    place(files)
    return str(folder)


def place(files: Files) -> None:
    """Put `files` into the current folder."""
    for name, content in files.items():
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_bytes(content)


class Open:
    """A process of its own with limits: the only level on systems other than Linux."""

    def scratch(self) -> contextlib.nullcontext[None]:
        """Nothing needs to be done."""
        return contextlib.nullcontext()

    def fork(self) -> int:
        """A child as it is."""
        return os.fork()

    def enter(self, bounds: StartRequest, files: Files) -> None:
        """Limit this child, in a folder that holds `files`."""
        make_folder(files)
        limit(bounds)
