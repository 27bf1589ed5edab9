"""Objects that a student process sends more than once while one check runs: each is a single object in the check, too.

Both sides number the mutable objects of the replies to a check. An object that is sent again comes with all that is in
it, as ever, and with its number. The grader then goes on with the object that it has. It brings it up to date where
the sender changed it since; what the check itself changed in it stays where the sender did not.
"""

from __future__ import annotations

import collections
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from autograder.protocol import changes, composites, messages
from autograder.protocol.scalars import WireError

if TYPE_CHECKING:
    from autograder.protocol.codec import Decoder

_MOST_OBJECTS = 4096
_MOST_BYTES = 64 * 1024 * 1024
"""Of the objects that are kept so that no other one can have the identity of one that was sent."""

_MOST_ITEMS = 8_000_000
_BYTES_AN_ITEM = 32


class SentObjects:
    """The objects that were sent in reply to one check."""

    def __init__(self) -> None:
        self._numbers: dict[int, int] = {}
        self._kept: list[Any] = []
        self._bytes = 0

    def note(self, sent: Sequence[Any], start: int) -> messages.Numbers | None:
        """Number the objects of a reply from `start` on; None when there are none, or too many were sent before."""
        if len(sent) == start:
            return None
        again, first = [], len(self._kept)
        for index in range(start, len(sent)):
            thing = sent[index]
            if (number := self._numbers.get(id(thing))) is not None:
                again.append((index, number))
                continue
            self._bytes += _size(thing)
            if len(self._kept) >= _MOST_OBJECTS or self._bytes > _MOST_BYTES:
                break
            self._numbers[id(thing)] = len(self._kept)
            self._kept.append(thing)
        return messages.Numbers(first, len(self._kept) - first, again)

    @property
    def objects(self) -> list[Any]:
        """The objects, each at its number."""
        return list(self._kept)

    def forget(self) -> None:
        """The check is over."""
        self._numbers.clear()
        self._kept.clear()
        self._bytes = 0


class ReceivedObjects:
    """The same objects where they arrived, each with the value as which it came.

    When they become too many, all are forgotten: an object that comes again is then a new one.
    """

    def __init__(self) -> None:
        self._objects: dict[int, tuple[Any, messages.Value]] = {}
        self._items = 0

    def expected(self, numbers: messages.Numbers | None) -> dict[int, tuple[Any, messages.Value]]:
        """The objects that a reply brings again, by their index in it."""
        if numbers is None:
            return {}
        return {index: self._objects[number] for index, number in numbers.again if number in self._objects}

    def note(self, numbers: messages.Numbers | None, decoder: Decoder, start: int) -> None:
        """Number what a reply brought, which `decoder` received from the index `start` on."""
        if numbers is None:
            return
        again = dict(numbers.again)
        new = [index for index in range(start, len(decoder.received)) if index not in again][: max(numbers.count, 0)]
        if new:
            self._items += decoder.count
        if self._items > _MOST_ITEMS or not 0 <= numbers.first <= _MOST_OBJECTS:
            self.forget()
            return
        numbered = {**again, **dict(zip(new, range(numbers.first, _MOST_OBJECTS), strict=False))}
        for index, number in numbered.items():
            if start <= index < len(decoder.received):
                self._objects[number] = (decoder.received[index], decoder.values[index])

    @property
    def objects(self) -> list[Any]:
        """The objects, each at its number; at any other number something that nobody has."""
        return [self._objects[number][0] if number in self._objects else object() for number in self._numbers]

    @property
    def _numbers(self) -> range:
        return range(max(self._objects, default=-1) + 1)

    def forget(self) -> None:
        """The check is over, or the process is gone."""
        self._objects.clear()
        self._items = 0


def _size(thing: Any) -> int:
    """About how many bytes it takes."""
    if type(thing) is np.ndarray:
        return thing.nbytes
    if type(thing) in (list, tuple, dict, set, frozenset, collections.deque):
        return _BYTES_AN_ITEM * len(thing)
    kind = composites.kind_of(thing)
    return 8 * thing.size if kind is not None and kind.name in ("pandas.DataFrame", "pandas.Series") else 100


def brought_up_to_date(mine: Any, before: messages.Value, theirs: Any, now: messages.Value) -> Any:
    """`mine`, like `theirs` where that came as another value than before; `theirs` when that is not possible."""
    if type(mine) is not type(theirs):
        return theirs
    if now == before:
        return mine
    try:
        changes.make_equal(mine, theirs)
    except (WireError, ValueError):  # a tuple, or an array that the check made read-only
        return theirs
    return mine
