"""The cores of this machine, and staying on one.

A grader and a student process take turns: while one thinks the other waits. On one core a turn takes a fifth of what it
takes across two, so the two belong together.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable


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
