"""Changes in place: what a call did to its arguments is done to the caller's objects, too."""

from __future__ import annotations

import collections
import copy
from collections.abc import Iterable
from typing import Any

import numpy as np

from autograder.protocol import changes, composites, copies, generators, messages
from autograder.protocol.codec import Decoder, Encoder
from autograder.protocol.scalars import WireError

_HOLDERS = (np.ndarray, list, dict, set, collections.deque)


class Watch:
    """The arguments of one call as they were before it."""

    def __init__(self, received: list[Any]) -> None:
        self._received = list(received)
        self._before = [_contents(argument) for argument in received]

    def changes(self, encoder: Encoder) -> list[tuple[int, messages.Value]]:
        """The arguments that are different now, by index; `encoder` already knows the arguments."""
        changed = []
        for index, (argument, before) in enumerate(zip(self._received, self._before, strict=True)):
            if before is not None and not _same(_contents(argument), before):
                try:
                    seen = copies.parts(argument) if copies.is_copy(argument) else argument
                    changed.append((index, encoder.contents(seen)))
                except WireError:
                    continue
        return changed


class Undo:
    """What lists, arrays and generators held before the other side first changed them."""

    def __init__(self) -> None:
        self._before: dict[int, tuple[Any, Any]] = {}

    def note(self, thing: Any) -> None:
        """Remember what is in `thing`, unless that was done before, or nothing can change it."""
        if isinstance(thing, np.ndarray) and not thing.flags.writeable:
            return
        if generators.is_generator(thing):
            self._before.setdefault(id(thing), (thing, thing.bit_generator.state))
        elif isinstance(thing, _HOLDERS) or _can_change(thing):
            self._before.setdefault(id(thing), (thing, copy.copy(thing)))

    def note_all(self, things: Iterable[Any]) -> None:
        """Remember what is in `things`, and in what they hold."""
        left = list(things)
        while left:
            thing = left.pop()
            if id(thing) in self._before:
                continue
            self.note(thing)
            if isinstance(thing, _HOLDERS) and not isinstance(thing, np.ndarray):
                left.extend(thing.values() if isinstance(thing, dict) else thing)

    def undo(self) -> None:
        """Let each hold that again, the last one first: a view was noted after the array that it shows a part of."""
        for thing, before in reversed(self._before.values()):
            if isinstance(thing, np.random.Generator):
                thing.bit_generator.state = before
            else:
                changes.make_equal(thing, before)
        self._before.clear()


def make(changed: list[tuple[int, messages.Value]], sent: list[Any], decoder: Decoder) -> None:
    """Change what was sent as the other side did.

    Raises WireError for what no call could have done, and ValueError, as numpy does, for an array that is read-only.
    """
    for index, value in changed:
        if not 0 <= index < len(sent):
            raise WireError("a change to something that was not sent")
        changes.make_equal(sent[index], decoder.decode(value))


def _contents(argument: Any) -> tuple[Any, list[Any]] | None:
    """What can be seen to change: plain data, compared by value, and parts, compared by identity.

    It holds the parts themselves, so that no new one takes the address of an old one.
    """
    if type(argument) is np.ndarray:
        return _contents_of_array(argument)
    if isinstance(argument, (list, set, collections.deque)):
        return None, list(argument)
    if isinstance(argument, dict):
        return None, [part for pair in argument.items() for part in pair]
    if generators.is_generator(argument):
        return argument.bit_generator.state, []
    if copies.is_copy(argument):
        return copies.state(argument), []
    if _can_change(argument):
        return _contents_of_parts(argument)
    return _contents_of_array(argument) if isinstance(argument, np.ndarray) else None


def _contents_of_array(array: np.ndarray[Any, Any]) -> tuple[Any, list[Any]]:
    if array.dtype == object:
        return array.shape, array.ravel().tolist()
    return (array.shape, array.dtype, array.tobytes()), []


def _contents_of_parts(thing: Any) -> tuple[Any, list[Any]] | None:
    """What a frame and the like is made of, down to its arrays; None for one that cannot travel."""
    plain: list[Any] = []
    held: list[Any] = []
    left = [thing]
    while left:
        part = left.pop()
        if type(part) is np.ndarray:
            contents, items = _contents_of_array(part)
            plain.append(contents)
            held += items
        elif type(part) is list:
            plain.append(len(part))
            left += part
        elif (kind := composites.kind_of(part)) is None:
            held.append(part)
        else:
            try:
                left += kind.parts(part)
            except composites.Stays:
                return None
            plain.append(kind.name)
    return plain, held


def _can_change(thing: Any) -> bool:
    kind = composites.kind_of(thing)
    return kind is not None and kind.change is not None


def _same(now: tuple[Any, list[Any]] | None, before: tuple[Any, list[Any]]) -> bool:
    if now is None or now[0] != before[0] or len(now[1]) != len(before[1]):
        return False
    return all(new is old or _are_one_text(new, old) for new, old in zip(now[1], before[1], strict=True))


def _are_one_text(new: Any, old: Any) -> bool:
    """Some columns of texts make a new object of a text each time that it is asked for."""
    return type(new) is str and type(old) is str and new == old
