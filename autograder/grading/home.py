"""Where a process that grades is at home: its warm interpreter for student processes, on one core with it."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from autograder.sandbox.choice import shared
from autograder.sandbox.cores import cores, stay_on
from autograder.sandbox.nursery import Nursery

_own: Nursery | None = None


def nursery() -> Nursery:
    """The warm interpreter of this process."""
    return _own or shared()


def settle(own: Nursery, core: int) -> None:
    """Stay on `core` from now on, where `own` is, and start student processes from that."""
    global _own
    stay_on([core])
    _own = own


@contextlib.contextmanager
def settled() -> Iterator[None]:
    """Stay on one core with a warm interpreter while the body runs."""
    global _own
    if _own:
        yield
        return
    before = cores()
    settle(shared().twin(before[0]), before[0])
    try:
        yield
    finally:
        stay_on(before)
        _own = None
