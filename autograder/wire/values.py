"""Values to and from the wire.

Data goes by value. What is no data (a function, a class, an object of the sender's own) stays with the sender and is
lent under a number. Subclasses of list, float or ndarray arrive as the plain thing, so that no operator of theirs can
answer a comparison.
"""

from __future__ import annotations

import math
from collections import Counter
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
_MAX_DEPTH = 60
_MAX_ITEMS = 2_000_000
_MAX_SAME_HASH = 1000


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
        if any(bound is not None and type(bound) is not int for bound in bounds):
            raise WireError("a slice must have plain integer bounds")
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
        return thing if -(2**63) <= thing < 2**63 else messages.BigInteger(hex(thing))
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


class Decoder:
    """Decodes the values of one message; `received` lists its mutable objects in the order in which they came."""

    def __init__(self, lender: Lender, borrow: Callable[[messages.Remote], Any]) -> None:
        self._lender = lender
        self._borrow = borrow
        self._count = 0
        self._circular = False
        self._weights: dict[int, int] = {}
        self.received: list[Any] = []

    def decode(self, value: messages.Value, depth: int = 0) -> Any:
        """The thing itself; raises WireError for anything that is not well formed."""
        self._count += 1
        if depth > _MAX_DEPTH or self._count > _MAX_ITEMS:
            raise WireError("the value is too deep or too large")
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
                return _steps(value)
            case messages.Again():
                return self._again(value)
            case messages.Home():
                return self._lender.find(value.ref)
            case messages.Remote():
                return self._borrow(value)
        return value

    def _again(self, value: messages.Again) -> Any:
        """An object once more; it counts each time it stands there, since whoever walks over it meets it as often."""
        if not 0 <= value.index < len(self.received):
            raise WireError("a reference to an object that was not sent")
        if (weight := self._weights.get(value.index, 1)) == 0:
            if self._circular:
                raise WireError("a value that contains itself more than once")
            self._circular = True
        self._count += weight
        if self._count > _MAX_ITEMS:
            raise WireError("the value is too deep or too large")
        return self.received[value.index]

    def _sequence(self, value: messages.Sequence, depth: int) -> Any:
        if value.kind not in _KINDS:
            raise WireError(f"no such kind of sequence: {value.kind[:20]}")
        index, before = len(self.received), self._count
        self._weights[index] = 0  # not known before it is whole
        filled: list[Any] = []
        self.received.append(filled)
        filled.extend(self.decode(item, depth + 1) for item in value.items)
        self._weights[index] = self._count - before + 1
        if value.kind != "list":
            try:
                _require_spread(filled if value.kind != "tuple" else [])
                self.received[index] = _KINDS[value.kind](filled)
            except TypeError as error:
                raise WireError(str(error)) from None
        return self.received[index]

    def _mapping(self, value: messages.Mapping, depth: int) -> dict[Any, Any]:
        filled: dict[Any, Any] = {}
        index, before = len(self.received), self._count
        self._weights[index] = 0
        self.received.append(filled)
        pairs = [(self.decode(key, depth + 1), self.decode(item, depth + 1)) for key, item in value.pairs]
        self._weights[index] = self._count - before + 1
        try:
            _require_spread([key for key, _ in pairs])
            filled.update(pairs)
        except TypeError as error:
            raise WireError(str(error)) from None
        return filled

    def _array(self, value: messages.Array) -> Any:
        try:
            dtype = np.dtype(value.dtype)
        except (TypeError, ValueError, SyntaxError):
            raise WireError("no such dtype") from None
        size = math.prod(value.shape) if all(length >= 0 for length in value.shape) else -1
        if dtype.kind not in _DTYPE_KINDS or dtype.hasobject or len(value.shape) > 32:
            raise WireError("this dtype may not travel")
        if size * dtype.itemsize != len(value.data) or (size and not dtype.itemsize):
            raise WireError("an array whose bytes do not fill its shape")
        array = np.frombuffer(value.data, dtype).reshape(value.shape).copy() if size else np.empty(value.shape, dtype)
        if value.scalar:
            if array.shape != ():
                raise WireError("a scalar with a shape")
            return array[()]
        self.received.append(array)
        return array


def _require_spread(keys: list[Any]) -> None:
    """Keys chosen to share one hash would make a set or dict take time without end."""
    if keys and max(Counter(map(hash, keys)).values()) > _MAX_SAME_HASH:
        raise WireError("too many keys with one hash")


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
