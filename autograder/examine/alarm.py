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
    """Raises Overdue in what runs `exposed` once a deadline has passed, by a timer of the operating system.

    It rings in the main thread only, and between two steps of Python; elsewhere there is no limit. It is set once for
    each check, since setting it for each call would cost more than many a call. A check that sets alarms of its own has
    those instead.
    """

    def __init__(self) -> None:
        self.is_exposed = False

    @contextlib.contextmanager
    def set_for(self, deadline: float) -> Iterator[None]:
        """The alarm goes off, again and again, when the deadline passes while the body runs."""
        if threading.current_thread() is not threading.main_thread() or not hasattr(signal, "setitimer"):
            yield
            return
        handler = signal.signal(signal.SIGALRM, self._ring)
        signal.setitimer(signal.ITIMER_REAL, max(deadline - time.monotonic(), 0.001), _AGAIN_SECONDS)
        try:
            yield
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, handler)

    def exposed(self, exposed: bool = True) -> _Exposure:
        """Code of the test's runs in the body; or, when not `exposed`, our own, which must not be left half done."""
        return _Exposure(self, exposed)

    def _ring(self, *_: object) -> None:
        if self.is_exposed:
            raise Overdue


class _Exposure:
    """As a class, since it begins and ends with each question: a generator would take longer than many an answer."""

    __slots__ = ("_alarm", "_before", "_exposed")

    def __init__(self, alarm: Alarm, exposed: bool) -> None:
        self._alarm = alarm
        self._exposed = exposed

    def __enter__(self) -> None:
        self._before = self._alarm.is_exposed
        if threading.current_thread() is threading.main_thread():
            self._alarm.is_exposed = self._exposed

    def __exit__(self, *_: object) -> None:
        if threading.current_thread() is threading.main_thread():
            self._alarm.is_exposed = self._before
