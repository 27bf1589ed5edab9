"""The messages.

Every request carries a random token that its reply must echo, so that no stale or forged frame answers another.

Values are plain Python data or one of the tagged structs below; nothing in a message names code to run.
"""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, TypeAlias

import msgspec


class _Part(msgspec.Struct, tag=True, array_like=True):
    """A tagged piece of a value."""


class Sequence(_Part):
    """A list, tuple, set or frozenset, as `kind` says."""

    kind: str
    items: list[Value]


class Mapping(_Part):
    """A dict, as pairs."""

    pairs: list[tuple[Value, Value]]


class Array(_Part):
    """A numpy array in C order: dtype string, shape and bytes. `scalar` marks a numpy scalar."""

    dtype: str
    shape: list[int]
    data: bytes
    scalar: bool = False


class Raw(_Part):
    """Bytes, or text that is no valid Unicode when `is_text`."""

    data: bytes
    is_text: bool = False


class Complex(_Part):
    """A complex number."""

    real: float
    imag: float


class BigInteger(_Part):
    """An integer beyond 64 bits, in hexadecimal."""

    digits: str


class Steps(_Part):
    """A range, or a slice when `is_slice`."""

    start: int | None
    stop: int | None
    step: int | None
    is_slice: bool = False


class Again(_Part):
    """The object that was the `index`-th to be sent in this message, once more."""

    index: int


class Remote(_Part):
    """An object that stays with the sender; the receiver may call it, or ask for attributes."""

    ref: int
    name: str
    doc: str | None = None


class Home(_Part):
    """An object that the receiver lent to the sender earlier, coming back."""

    ref: int


Value: TypeAlias = (
    bool
    | int
    | float
    | str
    | Sequence
    | Mapping
    | Array
    | Raw
    | Complex
    | BigInteger
    | Steps
    | Again
    | Remote
    | Home
    | None
)


class Error(msgspec.Struct, array_like=True):
    """An exception: the names of its type and its built-in bases, its message, and the student's traceback lines."""

    name: str
    bases: list[str]
    message: str
    lines: list[str]


class _Message(msgspec.Struct, tag=True, array_like=True):
    """A frame on the wire. One that is `bulky` may bring large values."""

    bulky: ClassVar[bool] = True
    token: bytes


class RunCell(_Message):
    """Run a cell of the notebook in the shell."""

    source: str


class CellDone(_Message):
    """What the cell displayed, in the notebook's own format, and whether it raised."""

    bulky: ClassVar[bool] = False
    outputs: Annotated[list[dict[str, Any]], msgspec.Meta(max_length=20_000)]
    raised: bool
    execution_count: int


class Lookup(_Message):
    """Ask for the value of a name the student defined."""

    name: str


class Assign(_Message):
    """Set those of these names that the student defined, until PutBack; the reply says which they were."""

    values: list[tuple[str, Value]]


class Assigned(_Message):
    """The names that were set."""

    names: list[str]


class PutBack(_Message):
    """Undo every Assign."""


class Call(_Message):
    """Call an object the receiver lent, or one of its methods."""

    ref: int
    args: list[Value]
    kwargs: dict[str, Value]
    method: str = ""


class Attribute(_Message):
    """Ask for an attribute of an object the receiver lent."""

    ref: int
    name: str


class Returned(_Message):
    """The value asked for; `changed` holds the arguments that were changed in place, by their index."""

    value: Value
    changed: list[tuple[int, Value]] = []


class Missing(_Message):
    """There is no such name or attribute."""


class Raised(_Message):
    """The student's code raised instead."""

    error: Error
    changed: list[tuple[int, Value]] = []


Request: TypeAlias = RunCell | Lookup | Assign | PutBack | Call | Attribute
Reply: TypeAlias = CellDone | Assigned | Returned | Missing | Raised
ToExaminer: TypeAlias = Reply | Call
ToStudent: TypeAlias = Request | Returned | Raised
