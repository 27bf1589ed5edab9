"""Values to and from the wire.

Data goes by value. What is no data (a function, a class, an object of the sender's own) stays with the sender and is
lent under a number. Subclasses of list, float or ndarray arrive as the plain thing, so that no operator of theirs can
answer a comparison.
"""

from __future__ import annotations

import math
import re
import sys
from collections.abc import Callable
from typing import Any

import numpy as np

from autograder.wire import messages

_KINDS: dict[str, Callable[[list[Any]], Any]] = {"list": list, "tuple": tuple, "set": set, "frozenset": frozenset}
_PLAIN: dict[type, Callable[[Any], Any]] = {
    int: int.__pos__,
    float: float.__pos__,
    complex: complex.__pos__,
    str: str.__str__,
    bytes: lambda thing: bytes.__getitem__(thing, slice(None)),
}
_DTYPE_KINDS = frozenset("biufcSUmM")
_DTYPE = re.compile(r"[<>=|][biufcSUmM][0-9]{1,9}(\[([1-9][0-9]{0,8})?[a-zA-Z]{1,2}\])?")
_MAX_DEPTH = 60
_MAX_ITEMS = 2_000_000
_MAX_KEYS = 3_000
_BYTES_AN_ITEM = 32
_ENDLESS = -1


class WireError(Exception):
    """A message that does not make sense; the sender is not to be trusted any further."""


class Lender:
    """The objects one side has lent to the other, by number."""

    def __init__(self) -> None:
        self._objects: dict[int, object] = {}
        self._numbers: dict[int, int] = {}

    def lend(self, thing: object) -> int:
        """The number under which `thing` is lent; always the same one."""
        number = self._numbers.setdefault(id(thing), len(self._objects))
        self._objects.setdefault(number, thing)
        return number

    def find(self, number: int) -> object:
        """What was lent under `number`; raises WireError when nothing was."""
        try:
            return self._objects[number]
        except KeyError:
            raise WireError(f"nothing was lent under {number}") from None

    def forget(self) -> None:
        """Take everything back. Numbers start again, so whoever kept one now has nothing, or something else lent."""
        self._objects.clear()
        self._numbers.clear()


class Encoder:
    """Encodes the values of one message; `sent` lists its mutable objects in the order in which they went out."""

    def __init__(self, lender: Lender, home: Callable[[object], int | None]) -> None:
        self._lender = lender
        self._home = home
        self._indices: dict[int, int] = {}
        self.sent: list[Any] = []

    def encode(self, thing: Any, depth: int = 0) -> messages.Value:
        """`thing` as it travels; raises WireError when it is nested too deeply."""
        if depth > _MAX_DEPTH:
            raise WireError("the value is nested too deeply")
        if thing is None or type(thing) in (bool, float):
            return thing  # type: ignore[no-any-return]
        if id(thing) in self._indices:
            return messages.Again(self._indices[id(thing)])
        if not isinstance(thing, np.generic):
            for kind, plain in _PLAIN.items():
                if isinstance(thing, kind):
                    return _atom(plain(thing))
        if isinstance(thing, (list, tuple, set, frozenset)):
            return self._sequence(thing, depth)
        if isinstance(thing, dict):
            self._register(thing)
            items = list(dict.items(thing))
            return messages.Mapping([(self.encode(k, depth + 1), self.encode(v, depth + 1)) for k, v in items])
        if isinstance(thing, (np.ndarray, np.generic)) and thing.dtype.kind in _DTYPE_KINDS:
            return self._array(thing)
        if isinstance(thing, (range, slice)):
            return self._steps(thing)
        if (number := self._home(thing)) is not None:
            return messages.Home(number)
        return self._remote(thing)

    def _register(self, thing: object) -> None:
        self._indices[id(thing)] = len(self.sent)
        self.sent.append(thing)

    def _sequence(self, thing: Any, depth: int) -> messages.Value:
        kind = next(kind for kind in (list, tuple, set, frozenset) if isinstance(thing, kind))
        self._register(thing)
        return messages.Sequence(kind.__name__, [self.encode(item, depth + 1) for item in kind.__iter__(thing)])

    def _array(self, thing: Any) -> messages.Value:
        scalar = isinstance(thing, np.generic)
        plain = np.array(thing, copy=True, subok=False)
        if not scalar:
            self._register(thing)
        return messages.Array(plain.dtype.str, list(plain.shape), plain.tobytes(), scalar)

    def _steps(self, thing: range | slice) -> messages.Value:
        bounds = (thing.start, thing.stop, thing.step)
        if any(bound is not None and (type(bound) is not int or not _fits(bound)) for bound in bounds):
            raise WireError("a slice must have plain integer bounds of at most 64 bits")
        return messages.Steps(*bounds, isinstance(thing, slice))

    def _remote(self, thing: object) -> messages.Value:
        name = getattr(thing, "__name__", type(thing).__name__)
        doc = getattr(thing, "__doc__", None)
        return messages.Remote(
            self._lender.lend(thing),
            name[:100] if type(name) is str else "object",
            doc[:2000] if type(doc) is str and callable(thing) else None,
        )


def _atom(thing: int | float | complex | str | bytes) -> messages.Value:
    if isinstance(thing, int):
        return thing if _fits(thing) else messages.BigInteger(hex(thing))
    if isinstance(thing, complex):
        return messages.Complex(thing.real, thing.imag)
    if isinstance(thing, bytes):
        return messages.Raw(thing)
    if isinstance(thing, str) and not thing.isascii():
        try:
            thing.encode()
        except UnicodeEncodeError:
            return messages.Raw(thing.encode("utf-8", "surrogatepass"), is_text=True)
    return thing


def _fits(number: int) -> bool:
    return -(2**63) <= number < 2**63


class Decoder:
    """Decodes the values of one message; `received` lists its mutable objects in the order in which they came.

    What is bounded is the work of whoever walks through the result: an object that is referred to again counts as if
    it had been sent again, a range counts its steps, an array its bytes, and only one reference may close a circle.
    """

    def __init__(self, lender: Lender, borrow: Callable[[messages.Remote], Any]) -> None:
        self._lender = lender
        self._borrow = borrow
        self._count = 0
        self._keys = 0
        self._sizes: list[int] = []
        self._is_circular = False
        self.received: list[Any] = []

    def decode(self, value: messages.Value, depth: int = 0) -> Any:
        """The thing itself; raises WireError for anything that is not well formed."""
        if depth > _MAX_DEPTH:
            raise WireError("the value is nested too deeply")
        self._charge(1)
        match value:
            case messages.Sequence():
                return self._sequence(value, depth)
            case messages.Mapping():
                return self._mapping(value, depth)
            case messages.Array():
                return self._array(value)
            case messages.Raw():
                return _raw(value)
            case messages.Complex():
                return complex(value.real, value.imag)
            case messages.BigInteger():
                return _big_integer(value.digits)
            case messages.Steps():
                steps = _steps(value)
                self._charge(len(steps) if isinstance(steps, range) else 0)
                return steps
            case messages.Again():
                return self._again(value.index)
            case messages.Home():
                return self._lender.find(value.ref)
            case messages.Remote():
                return self._borrow(value)
        return value

    def _charge(self, items: int) -> None:
        self._count += items
        if self._count > _MAX_ITEMS:
            raise WireError("the value is too large")

    def _again(self, index: int) -> Any:
        if not 0 <= index < len(self.received) or self._is_circular:
            raise WireError("a reference to an object that was not sent, or after one that closed a circle")
        if self._sizes[index] == _ENDLESS:
            self._is_circular = True
        else:
            self._charge(self._sizes[index])
        return self.received[index]

    def _open(self, thing: Any) -> int:
        """Receive an object that has yet to be filled; returns its index."""
        self.received.append(thing)
        self._sizes.append(_ENDLESS)
        return len(self._sizes) - 1

    def _key(self, thing: Any) -> Any:
        """Something to hash. Who knows how Python hashes it can make many collide; text is salted."""
        if not isinstance(thing, (str, bytes, float)) and not (isinstance(thing, int) and _fits(thing)):
            self._keys += 1
            if self._keys > _MAX_KEYS:
                raise WireError("too many keys that are neither text nor plain numbers")
        return thing

    def _sequence(self, value: messages.Sequence, depth: int) -> Any:
        if value.kind not in _KINDS:
            raise WireError(f"no such kind of sequence: {value.kind[:20]}")
        before = self._count
        filled: list[Any] = []
        index = self._open(filled)
        filled.extend(self.decode(item, depth + 1) for item in value.items)
        if value.kind in ("set", "frozenset"):
            filled = [self._key(item) for item in filled]
        if value.kind != "list":
            try:
                self.received[index] = _KINDS[value.kind](filled)
            except TypeError as error:
                raise WireError(str(error)) from None
        self._sizes[index] = self._count - before
        return self.received[index]

    def _mapping(self, value: messages.Mapping, depth: int) -> dict[Any, Any]:
        before = self._count
        filled: dict[Any, Any] = {}
        index = self._open(filled)
        for key, item in value.pairs:
            try:
                filled[self._key(self.decode(key, depth + 1))] = self.decode(item, depth + 1)
            except TypeError as error:
                raise WireError(str(error)) from None
        self._sizes[index] = self._count - before
        return filled

    def _array(self, value: messages.Array) -> Any:
        array = _array(value)
        self._charge(len(value.data) // _BYTES_AN_ITEM)
        if value.scalar:
            if array.shape != ():
                raise WireError("a scalar with a shape")
            return array[()]
        self._sizes[self._open(array)] = len(value.data) // _BYTES_AN_ITEM
        return array


def _array(value: messages.Array) -> Any:
    """The array; numpy is shown only what it is known to survive."""
    if len(value.shape) > 32 or any(length < 0 for length in value.shape):
        raise WireError("an array of no possible shape")
    try:
        dtype = np.dtype(value.dtype if _DTYPE.fullmatch(value.dtype) else "")
        size = math.prod(value.shape)
        if size * dtype.itemsize != len(value.data) or (size and not dtype.itemsize):
            raise WireError("an array whose bytes do not fill its shape")
        array = np.frombuffer(value.data, dtype).reshape(value.shape).copy() if size else np.empty(value.shape, dtype)
    except (TypeError, ValueError, OverflowError):
        raise WireError("no such array") from None
    if dtype.kind == "U" and array.size and array.reshape(-1).view(f"{dtype.str[0]}u4").max() > sys.maxunicode:
        raise WireError("an array of what is no text")
    if dtype.kind == "b" and array.size and array.view(np.uint8).max() > 1:
        raise WireError("a truth value that is neither")
    return array


def _raw(value: messages.Raw) -> str | bytes:
    try:
        return value.data.decode("utf-8", "surrogatepass") if value.is_text else value.data
    except UnicodeDecodeError:
        raise WireError("not text") from None


def _big_integer(digits: str) -> int:
    if len(digits) > 100_000:
        raise WireError("an integer of too many digits")
    try:
        return int(digits, 16)
    except ValueError:
        raise WireError("not a number") from None


def _steps(value: messages.Steps) -> range | slice:
    if value.is_slice:
        return slice(value.start, value.stop, value.step)
    if value.start is None or value.stop is None or not value.step:
        raise WireError("a range needs its bounds")
    steps = range(value.start, value.stop, value.step)
    if abs(value.stop - value.start) // abs(value.step) > _MAX_ITEMS:
        raise WireError("a range of too many steps")
    return steps
