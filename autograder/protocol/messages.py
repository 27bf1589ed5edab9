"""The messages.

Every request carries a random token that its reply must echo, so that no stale or forged frame answers another.

Values are plain Python data or one of the tagged structs below. Nothing in a message names code to run: `Known` picks
from a fixed list of harmless things.
"""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, TypeAlias

import msgspec


class _Part(msgspec.Struct, tag=True, array_like=True):
    """A tagged piece of a value."""


class Sequence(_Part):
    """A list, tuple, set, frozenset or deque, as `kind` says; a deque may hold `most` items."""

    kind: str
    items: list[Value]
    most: int | None = None


class Mapping(_Part):
    """A dict, as pairs; or one of the standard library's dicts, as `kind` says."""

    pairs: list[tuple[Value, Value]]
    kind: str = "dict"
    factory: Value = None


class Record(_Part):
    """A named tuple: the class it is of, which stays with the sender, its fields and their values."""

    kind: Remote | YourObject
    fields: list[str]
    items: list[Value]


class Array(_Part):
    """A numpy array in C order: dtype, shape and bytes. `scalar` marks a numpy scalar.

    The dtype is a string, or a field's name, dtype and shape each for a structured one.
    """

    dtype: str | list[tuple[str, str, list[int]]]
    shape: tuple[int, ...]
    data: bytes
    scalar: bool = False


class ObjectArray(_Part):
    """A numpy array of objects, in C order."""

    shape: list[int]
    items: list[Value]


class TextArray(_Part):
    """A column of texts: all of them joined, and how long each is, as 32-bit integers; below 0 for what is none.

    -1 is None, -2 is the float that is no number.
    """

    lengths: bytes
    text: str


class Composite(_Part):
    """A value of a library's type, as `kind` says, and what it is made of; `composites` lists the kinds."""

    kind: str
    parts: list[Value]


Node: TypeAlias = tuple[str, list[int], list[int | str]]
"""The name of a class, the places of the parts it is made of, and what else belongs to it."""


class Expression(_Part):
    """An expression of sympy's: each part once, after the parts that it is made of; the last one is the whole."""

    nodes: list[Node]


class Sparse(_Part):
    """A sparse array or matrix of scipy's, as the coordinates and values of its entries."""

    format: str
    shape: list[int]
    is_matrix: bool
    coordinates: Array
    entries: Array


class Generator(_Part):
    """A numpy generator over PCG64: state and increment in hexadecimal, and the half of a draw that is left over."""

    state: str
    increment: str
    has_left: bool = False
    left: int = 0


class Raw(_Part):
    """Bytes, or text that is not valid Unicode when `is_text`."""

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


class Text(_Part):
    """A value that its text says in full, such as a Decimal or a date, as `kind` says."""

    kind: str
    text: str


class Known(_Part):
    """Something both sides have: a built-in type, a module, a function of numpy's; `allowlist` names them all."""

    name: str


class BackReference(_Part):
    """The object that was the `index`-th to be sent in this message, once more."""

    index: int


class Remote(_Part):
    """An object that stays with the sender; the receiver may call it, or ask for attributes.

    `kind` is the name of its type, `name` its own where it has one; `methods` are the special methods its type defines.
    A class of exceptions comes with its bases, so that it can be caught. What `is_pure` gives for plain arguments is
    always the same, so that it need not be asked for twice. `member` is its name in the enumeration of which it is a
    member, which the receiver may have, too. `lineage` names the classes of libraries that it may pass
    for (see `libraries`).
    """

    ref: int
    kind: str
    name: str | None = None
    doc: str | None = None
    methods: list[str] = []
    is_class: bool = False
    is_error: bool = False
    bases: list[Value] = []
    is_pure: bool = False
    lineage: list[str] = []
    member: str = ""


class Copy(_Part):
    """A pickled object of a library's, which only the grader may send; and the object itself, lent, for want of it."""

    data: bytes
    thing: Remote


class YourObject(_Part):
    """An object that the receiver lent to the sender earlier, coming back."""

    ref: int


class Error(_Part):
    """An exception, which stays with the sender: its class, arguments and text, and the student's traceback lines."""

    thing: Remote
    kind: Value
    args: list[Value]
    message: str
    lines: list[str] = []
    cause: Value = None


Value: TypeAlias = (
    bool
    | int
    | float
    | str
    | Sequence
    | Mapping
    | Record
    | Array
    | ObjectArray
    | TextArray
    | Composite
    | Expression
    | Sparse
    | Generator
    | Raw
    | Complex
    | BigInteger
    | Steps
    | Text
    | Known
    | BackReference
    | Remote
    | Copy
    | YourObject
    | Error
    | None
)


class AmbientState(msgspec.Struct, array_like=True):
    """What a test set in its own process that a shared process would have shared."""

    float_errors: dict[str, str] = {}
    numpy_random: Value = None
    python_random: Value = None


class SideOutput(msgspec.Struct, array_like=True):
    """What a call wrote to stdout, and its warnings as category and text."""

    printed: str = ""
    warned: list[tuple[Value, str]] = []


class _Message(msgspec.Struct, tag=True, array_like=True):
    """A frame on the wire. One that is `bulky` may bring large values."""

    bulky: ClassVar[bool] = True
    token: bytes


class RunCell(_Message):
    """Run a cell of the notebook in the shell; when `quiet`, for what it defines only, and nothing is displayed."""

    source: str
    quiet: bool = False


class CellDone(_Message):
    """What the cell displayed, in the notebook's own format, whether it raised, and the name its code goes by."""

    bulky: ClassVar[bool] = False
    outputs: Annotated[list[dict[str, Any]], msgspec.Meta(max_length=20_000)]
    raised: bool
    execution_count: int
    code_name: str = ""


PYPLOT = "matplotlib.pyplot"
"""The one module that a Lookup may name: what it draws on is the student's, also when a check calls it."""


class Lookup(_Message):
    """Ask for the value of a name the student defined, or for `PYPLOT`."""

    name: str


class Assign(_Message):
    """Set these names, whether the student defined them or not, and delete others, until PutBack.

    `of_modules` are names of modules, given as module, name and value; they are deleted where no value follows.
    """

    values: list[tuple[str, Value]]
    deleted: list[str] = []
    of_modules: list[tuple[str, str, list[Value]]] = []


class Assigned(_Message):
    """The names are as they should be."""


class PutBack(_Message):
    """Undo every Assign."""


class ChangeObjects(_Message):
    """Change objects that replies to this check brought, by their numbers, until PutBack; the reply is Assigned."""

    changed: list[tuple[int, Value]]


class Names(_Message):
    """Ask for the names that the student defined; the reply is a list of them."""


class Execute(_Message):
    """Run text as Python in a `mode` of `compile`: `eval` asks for a value, `single` prints it, `exec` gives none.

    It sees the names of the notebook, or only those in `names`; then the reply is the values of all that it set.
    """

    text: str
    mode: str = "exec"
    names: list[tuple[str, Value]] | None = None


class Keep(_Message):
    """Keep this moment, for GoBack; the reply is Assigned."""


class AreUnchanged(_Message):
    """Ask whether GoBack would bring back everything that could be seen at the moments that were kept."""


class GoBack(_Message):
    """Set the names of the notebook to what they were at the moment of this number; the reply is Assigned."""

    number: int


class File(msgspec.Struct, array_like=True):
    """What is at a path now: a file with its content, a folder, nothing, or a file too large to travel."""

    path: str
    kind: str
    content: bytes = b""
    size: int = 0


class PutFiles(_Message):
    """Make these changes below the folder `root` and enter its folder `current`; the reply is Assigned."""

    root: str
    files: list[File]
    current: str | None = None


class TakeFiles(_Message):
    """Ask what changed below the folder `root` since it was last asked; the first time, nothing did."""

    root: str


class Import(_Message):
    """Import a module that the student's code wrote, and execute it `again` if it was imported before."""

    name: str
    again: bool = False


class ChangedFiles(_Message):
    """What changed, and the current folder where it is another one now."""

    files: Annotated[list[File], msgspec.Meta(max_length=10_000)]
    current: str | None = None


class Call(_Message):
    """Call an object the receiver lent, or one of its methods."""

    ref: int
    args: list[Value]
    kwargs: dict[str, Value]
    method: str = ""
    ambient_state: AmbientState | None = None


class Attribute(_Message):
    """Ask for an attribute of an object the receiver lent."""

    ref: int
    name: str


class Numbers(msgspec.Struct, array_like=True):
    """The numbers of the mutable objects of a reply, in the order in which they were sent.

    The new ones among the first have `count` numbers from `first` on; those of `again` were sent before in this check:
    the index of each in this message, and its number.
    """

    first: int
    count: int
    again: list[tuple[int, int]] = []


class Returned(_Message):
    """The value asked for; `changed` holds the arguments that were changed in place, by their index."""

    value: Value
    changed: list[tuple[int, Value]] = []
    side_output: SideOutput = msgspec.field(default_factory=SideOutput)
    numbers: Numbers | None = None


class Missing(_Message):
    """There is no such name or attribute."""


class Raised(_Message):
    """An exception was raised instead."""

    error: Error | YourObject
    changed: list[tuple[int, Value]] = []
    side_output: SideOutput = msgspec.field(default_factory=SideOutput)


Request: TypeAlias = (
    RunCell
    | Lookup
    | Assign
    | PutBack
    | ChangeObjects
    | Names
    | Execute
    | Keep
    | AreUnchanged
    | GoBack
    | Call
    | Attribute
    | PutFiles
    | TakeFiles
    | Import
)
Reply: TypeAlias = CellDone | Assigned | Returned | Missing | Raised | ChangedFiles
ToGrader: TypeAlias = Reply | Call | Attribute
ToStudent: TypeAlias = Request | Returned | Missing | Raised


PROCESS, LANDLOCK, NAMESPACES = "process", "landlock", "namespaces"
"""The levels of confinement that a fork server can be asked for, from least to most."""

READY = "ready"
"""The first message of a fork server that can confine processes at its level; any other says why it cannot."""


class StartRequest(msgspec.Struct, tag=True):
    """A request for a student process within these bounds; with `figures`, one that can draw at once."""

    memory_megabytes: int
    disk_megabytes: int
    output_characters: int
    figures: bool = False


class RememberRequest(msgspec.Struct, tag=True):
    """A request to compile cells once, before student processes that run them are forked.

    A file with their sources comes along as a descriptor.
    """


class PreloadRequest(msgspec.Struct, tag=True):
    """A request to import modules of installed packages before any more student processes are forked.

    A file with their names comes along as a descriptor; the answer comes when it is done.
    """


class CloneRequest(msgspec.Struct, tag=True):
    """A request for a second fork server, which stays on one core with all processes that it forks."""

    core: int


Files = dict[str, bytes]
"""The files that lay beside a submission, by name."""
