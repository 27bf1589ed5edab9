"""Which operators of a student's objects a check may meet: those that the author's own solution showed.

While the checks are tried on the solution, every operator is passed on, and noted where it met a thing that was not the
student's: the check, the place in its code, the operator. While students are judged, such an operator is passed on only
there. Two of the student's own objects may meet in each check in which the solution gave objects at all: what a student
wins by objects that agree with each other, any two equal numbers win as well.
See docs/decisions/014-operators.md.
"""

from __future__ import annotations

import itertools
import re
import sys
import types

from autograder.judge.modules import TextLoader
from autograder.models import Shown
from autograder.protocol import messages
from autograder.protocol.operators import family
from autograder.protocol.proxies import Owner, Proxy, remote_of, stand_in, with_operators

_NO_OBJECTS = frozenset(
    ("function", "method", "builtin_function_or_method", "module", "generator", "coroutine", "async_generator")
)
_CELL = re.compile(r"<([\w-]+)")


class Permissions:
    """Whether an operator is passed on: where it was `shown`, or everywhere where it `notes` what the solution shows.

    `check` is the grade id of the cell that runs.
    """

    def __init__(self, shown: Shown | None = None, notes: bool = False) -> None:
        self.check = ""
        self._notes = notes
        given = shown or Shown()
        self._checks, self._places, self._changing = set(given.checks), set(given.places), set(given.changing)

    @property
    def shown(self) -> Shown:
        """What was noted, or given."""
        return Shown(frozenset(self._checks), frozenset(self._places), frozenset(self._changing))

    @property
    def follows_changes(self) -> bool:
        """Whether what the running check changes in the student's objects has to go to the student's side."""
        return self._notes or self.check in self._changing

    def changed(self) -> None:
        """The running check changed an object of the student's in place."""
        if self._notes:
            self._changing.add(self.check)

    def make(self, owner: Owner, remote: messages.Remote) -> Proxy:
        """A proxy; one that has all operators where they are noted."""
        return with_operators(owner, remote) if self._notes else stand_in(owner, remote)

    def met(self, remote: messages.Remote) -> None:
        """Something of the student's is used or came."""
        if self._notes and not remote.is_class and remote.kind not in _NO_OBJECTS:
            self._checks.add(self.check)

    def permit(self, method: str, thing: Proxy, other: object) -> bool:
        """Whether the operator that `method` stands for may be asked of `thing` where the running check stands."""
        is_between_two = isinstance(other, Proxy) or method == "__hash__"
        if self._notes:
            self.met(remote_of(thing))
            if not is_between_two:
                self._places.add((self.check, _place(), family(method)))
            return True
        if is_between_two:
            return self.check in self._checks
        return bool(self._places) and (self.check, _place(), family(method)) in self._places


def _place() -> str:
    """Where the author's code stands: the position of the expression in it, and of that in the cell which led there."""
    inner = outer = ""
    frame: types.FrameType | None = sys._getframe(2)
    while frame is not None:
        if (name := _cell_or_module(frame)) and (not inner or frame.f_code.co_name == "<module>"):
            positions = itertools.islice(frame.f_code.co_positions(), max(frame.f_lasti // 2, 0), None)
            outer = f"{name} {next(positions, None)}"
            inner = inner or outer
        frame = frame.f_back
    return f"{outer}; {inner}"


def _cell_or_module(frame: types.FrameType) -> str:
    """The name of the instructor's cell, or of the module of the instructor's, whose code runs; empty for any other."""
    names = frame.f_globals
    if type(names) is not dict:  # a cell's names are a `Namespace`
        found = _CELL.match(frame.f_code.co_filename)
        return found.group(1) if found else ""
    return str(names.get("__name__")) if isinstance(names.get("__loader__"), TextLoader) else ""
