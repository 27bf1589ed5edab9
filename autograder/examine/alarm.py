"""A deadline for code of the test's own that runs here because the student's code asked for it."""

from __future__ import annotations

import contextlib
import signal
import threading
import time
from collections.abc import Iterator

_AGAIN_SECONDS = 0.05


class Overdue(BaseException):
    """Raised in a function of the test's that takes too long; no `except Exception` of its own may stop it."""


class Alarm:
    """Raises Overdue where a deadline passes, by a timer of the operating system.

    It rings in the main thread only, and between two steps of Python; elsewhere there is no limit. While `held` it does
    not ring, so that our own code is never left half done.
    """

    def __init__(self) -> None:
        self._held = 0

    @contextlib.contextmanager
    def held(self) -> Iterator[None]:
        """Our own code runs in the body; its waiting has limits of its own."""
        self._held += 1
        try:
            yield
        finally:
            self._held -= 1

    @contextlib.contextmanager
    def set_for(self, deadline: float) -> Iterator[None]:
        """Code of the test's runs in the body. Within another such body, that one's timer goes on afterwards."""
        if threading.current_thread() is not threading.main_thread() or not hasattr(signal, "setitimer"):
            yield
            return
        held, self._held = self._held, 0
        began = time.monotonic()
        handler = signal.signal(signal.SIGALRM, self._ring)
        left, again = signal.setitimer(signal.ITIMER_REAL, max(deadline - began, 0.001), _AGAIN_SECONDS)
        try:
            yield
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, handler)
            self._held = held
            if left:
                signal.setitimer(signal.ITIMER_REAL, max(left - (time.monotonic() - began), 0.001), again)

    def _ring(self, *_: object) -> None:
        if not self._held:
            raise Overdue
