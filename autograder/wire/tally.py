"""What it would cost to walk through a decoded value, so that no small message stands for endless work."""

from __future__ import annotations

from typing import Any

from autograder.wire.atoms import WireError

_MAX_ITEMS = 2_000_000
_MAX_KEYS = 3_000
_ENDLESS = -1


class Tally:
    """Counts the items of one message.

    An object that is referred to again counts as if it had been sent again, a range counts its steps, an array its
    bytes, and only one reference may close a circle.
    """

    def __init__(self) -> None:
        self.count = 0
        self._keys = 0
        self._sizes: dict[int, int] = {}
        self._is_circular = False

    def charge(self, items: int) -> None:
        """Count `items` more; raises WireError when it becomes too much."""
        self.count += items
        if self.count > _MAX_ITEMS:
            raise WireError("the value is too large")

    def begin(self, index: int) -> int:
        """An object is being filled, under this index; what is returned is for `end`."""
        self._sizes[index] = _ENDLESS
        return self.count

    def end(self, index: int, begun: int) -> None:
        """The object is whole."""
        self._sizes[index] = self.count - begun

    def again(self, index: int) -> None:
        """The object of this index stands there once more; raises WireError when that makes a second circle."""
        if self._is_circular:
            raise WireError("a reference after one that closed a circle")
        if (size := self._sizes.get(index, 1)) == _ENDLESS:
            self._is_circular = True
        else:
            self.charge(size)

    def key(self, thing: Any) -> Any:
        """Something to hash. Who knows how Python hashes it can make many collide; text is salted."""
        plain = isinstance(thing, (str, bytes, float)) or (isinstance(thing, int) and -(2**63) <= thing < 2**63)
        if not plain:
            self._keys += 1
            if self._keys > _MAX_KEYS:
                raise WireError("too many keys that are neither text nor plain numbers")
        return thing
