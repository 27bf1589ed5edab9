"""Interrupts at the terminal, none of which is lost."""

from __future__ import annotations

import contextlib
import signal
from collections.abc import Callable, Iterator
from types import FrameType


@contextlib.contextmanager
def kept_interrupts() -> Iterator[Callable[[], None]]:
    """While the body runs, an interrupt is raised as usual, and raised again by what is yielded.

    Python drops an exception that comes while an object is finalised or a callback of a library runs, and an interrupt
    can come anywhere.
    """
    heard: list[int] = []

    def hear(number: int, frame: FrameType | None) -> None:
        heard.append(number)
        signal.default_int_handler(number, frame)

    def raise_again() -> None:
        if heard:
            raise KeyboardInterrupt

    before = signal.signal(signal.SIGINT, hear)
    try:
        yield raise_again
    finally:
        signal.signal(signal.SIGINT, before)
