"""What this machine has: cores to stay on, and memory in large pages."""

from __future__ import annotations

import contextlib
import ctypes
import os
from collections.abc import Iterable
from pathlib import Path


def cores() -> list[int]:
    """The cores this process may run on."""
    if hasattr(os, "sched_getaffinity"):
        return sorted(os.sched_getaffinity(0))
    return list(range(os.cpu_count() or 1))


def stay_on(chosen: Iterable[int]) -> None:
    """Keep this process, and what it starts from now on, on these cores, where the system can do that."""
    if hasattr(os, "sched_setaffinity"):
        with contextlib.suppress(OSError):  # it is quicker so, no more
            os.sched_setaffinity(0, chosen)


_COLLAPSE = 25
"""MADV_COLLAPSE of linux/mman.h, since Linux 6.1."""

_LARGE = 1 << 21
"""Two megabytes, as on x86-64 and most of ARM; elsewhere the kernel refuses, and nothing is lost."""


def use_large_pages() -> None:
    """Let the kernel put this process's memory together, as far as it can; for one that will be forked many times."""
    with contextlib.suppress(OSError, AttributeError):  # no Linux
        madvise = ctypes.CDLL(None).madvise
        for start, end in _writable(Path("/proc/self/maps").read_text()):
            first, last = -(-start // _LARGE) * _LARGE, end // _LARGE * _LARGE
            if first < last:
                madvise(ctypes.c_void_p(first), ctypes.c_size_t(last - first), ctypes.c_int(_COLLAPSE))


def _writable(maps: str) -> list[tuple[int, int]]:
    """Where the memory lies that belongs to no file and to no other process."""
    found = []
    for line in maps.splitlines():
        addresses, mode, _, _, _, *name = line.split(maxsplit=5)
        if mode == "rw-p" and name in ([], ["[heap]"]):
            start, end = addresses.split("-")
            found.append((int(start, 16), int(end, 16)))
    return found
