"""The names a grade cell sees: its own first, then Python's, then the student's, looked up across the boundary."""

from __future__ import annotations

import builtins
import contextlib
from typing import Any

from autograder.examine.student import MISSING, Student, Trouble
from autograder.wire.values import WireError

_ABSENT = object()


class Namespace(dict[str, Any]):
    """The globals of instructor cells.

    When a grade cell assigns a function the assignment asks for, or a name that a locked cell gave, the student's is
    set too, just before the next question, and put back by `finish`: so a reference can stand in for a student's
    function for one cell. Other names are the test's own: a helper of the student's that is called the same stays.
    """

    def __init__(self, student: Student, functions: frozenset[str]) -> None:
        super().__init__(__name__="__main__", __builtins__=builtins)
        self._student = student
        self._functions = functions
        self._given: set[str] = set()
        self._kept: dict[str, Any] | None = None
        self._pending: dict[str, Any] = {}
        self._shared: set[str] = set()
        student.before_asking = self._share

    def __missing__(self, name: str) -> Any:
        if name.startswith("__") or (hasattr(builtins, name) and name not in self._functions):
            raise KeyError(name)
        value = self._student.look_up(name)
        if value is MISSING:
            raise KeyError(name)
        return value

    def __contains__(self, name: object) -> bool:
        return self.get(name, _ABSENT) is not _ABSENT

    def get(self, name: Any, default: Any = None) -> Any:
        """As a name is looked up; `globals().get` asks the student too."""
        try:
            return self[name]
        except KeyError:
            return default

    def __setitem__(self, name: str, value: Any) -> None:
        if self._kept is not None:
            self._kept.setdefault(name, super().get(name, _ABSENT))
            if name in self._functions or name in self._given:
                self._pending[name] = value
        else:
            self._given.add(name)
        super().__setitem__(name, value)

    @property
    def given(self) -> dict[str, Any]:
        """What locked cells defined."""
        return {name: value for name, value in self.items() if name in self._given}

    def start(self) -> None:
        """Begin a grade cell."""
        self._kept, self._pending, self._shared = {}, {}, set()

    def finish(self) -> None:
        """End a grade cell: what it took from the student or from locked cells is as it was before."""
        kept, self._kept = self._kept or {}, None
        if not self._student.trouble:  # after trouble, what was assigned is gone or about to be
            self._share()
        with contextlib.suppress(Trouble):
            self._student.put_back()
        for name, value in kept.items():
            if value is not _ABSENT:
                super().__setitem__(name, value)
            elif name in self._shared:
                self.pop(name, None)

    def _share(self) -> None:
        pending, self._pending = self._pending, {}
        if not pending:
            return
        try:
            self._shared.update(self._student.assign(pending))
        except WireError:
            for name, value in pending.items():
                self._share_one(name, value)

    def _share_one(self, name: str, value: Any) -> None:
        """Of values that cannot all travel, those that can."""
        try:
            self._shared.update(self._student.assign({name: value}))
        except WireError:
            return
