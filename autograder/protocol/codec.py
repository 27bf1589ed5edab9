"""Values to and from the wire.

Data goes by value. Anything else (a function, a class, an object of the sender's own) stays with the sender and is lent
under a number. Subclasses of list, float or ndarray arrive as the plain thing, so that no operator of theirs can
answer a comparison.
"""

from __future__ import annotations

import collections
import sys
from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import Any

import numpy as np

from autograder.protocol import (
    allowlist,
    arrays,
    composites,
    copies,
    generators,
    identity,
    libraries,
    messages,
    numpy_types,
    scalars,
    standard_types,
)
from autograder.protocol.proxies import (
    Attributes,
    class_for,
    error_for,
    has_attributes,
    is_class,
    kind_of_record,
    record_type,
    special_methods,
)
from autograder.protocol.scalars import WireError

_MAX_ITEMS = 2_000_000
_MAX_KEYS = 3_000
_ENDLESS = -1


class SizeBudget:
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
        """The object is complete."""
        self._sizes[index] = self.count - begun

    def again(self, index: int) -> None:
        """The object of this index is referred to again; raises WireError when that makes a second circle."""
        if self._is_circular:
            raise WireError("a reference after one that closed a circle")
        if (size := self._sizes.get(index, 1)) == _ENDLESS:
            self._is_circular = True
        else:
            self.charge(size)

    def key(self, thing: Any) -> Any:
        """A thing that will be hashed. Many hashes can be made to collide, except those of text, which is salted."""
        plain = isinstance(thing, (str, bytes, float)) or (isinstance(thing, int) and -(2**63) <= thing < 2**63)
        if not plain:
            self._keys += 1
            if self._keys > _MAX_KEYS:
                raise WireError("too many keys that are neither text nor plain numbers")
        return thing


__all__ = ["Decoder", "Encoder", "ExportTable", "WireError"]

_KINDS: dict[str, Callable[[list[Any]], Any]] = {
    "list": list,
    "tuple": tuple,
    "set": set,
    "frozenset": frozenset,
    "deque": collections.deque,
}
_MAPPINGS: dict[str, Callable[[], dict[Any, Any]]] = {
    "dict": dict,
    "Counter": collections.Counter,
    "OrderedDict": collections.OrderedDict,
    "defaultdict": collections.defaultdict,
    "Attributes": Attributes,
}
composites.know(standard_types.KINDS + numpy_types.KINDS)
_AS_THEY_ARE = (float, int, str, bool, type(None))
_MAX_DEPTH = 60
_BYTES_AN_ITEM = 32


class ExportTable:
    """The objects one side has lent to the other, by number; `is_pure` says which of them are pure functions."""

    def __init__(self, is_pure: Callable[[object], bool] = lambda _: False) -> None:
        self.is_pure = is_pure
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
        """Take everything back. Numbers start again, so an old number means nothing, or another thing."""
        self._objects.clear()
        self._numbers.clear()


class Encoder:
    """Encodes the values of one message; `sent` lists its mutable objects in the order in which they went out.

    `export_number` gives the number under which the receiver lent a thing, or None when it is not the receiver's. The
    encoder of a reply starts with the objects that came with the question, as `sent`, so that they go back as they are.
    """

    def __init__(
        self, export_table: ExportTable, export_number: Callable[[object], int | None], sent: Iterable[Any] = ()
    ) -> None:
        self._export_table = export_table
        self._export_number = export_number
        self.sent = list(sent)
        self._indices = {id(thing): index for index, thing in enumerate(self.sent)}

    def encode(self, thing: Any, depth: int = 0) -> messages.Value:
        """`thing` as it travels; raises WireError when it is nested too deeply."""
        if depth > _MAX_DEPTH:
            raise WireError("the value is nested too deeply")
        kind = type(thing)
        if thing is None or kind is float or kind is bool:
            return thing  # type: ignore[no-any-return]
        if id(thing) in self._indices:
            return messages.BackReference(self._indices[id(thing)])
        return self.contents(thing, depth)

    def contents(self, thing: Any, depth: int = 0) -> messages.Value:
        """`thing` with all that is in it, even where the receiver knows it already."""
        is_array = type(thing) is np.ndarray or isinstance(thing, np.generic)
        if is_array and (array := self._array(thing, depth)) is not None:
            return array
        if (atom := scalars.encode(thing)) is not None:
            return atom[0]
        if isinstance(thing, (list, tuple, set, frozenset, collections.deque)):
            return self._sequence(thing, depth)
        if isinstance(thing, dict):
            return self._mapping(thing, depth)
        if (composite := self._composite(thing, depth) or _expression(thing)) is not None:
            return composite
        if (array := self._array(thing, depth)) is not None:
            return array
        if (number := self._export_number(thing)) is not None:
            return messages.YourObject(number)
        if (name := allowlist.name_of(thing)) is not None:
            return messages.Known(name)
        if isinstance(thing, BaseException):
            return self.error(thing, depth)
        if (data := copies.pickled(thing)) is not None:
            self._register(thing)
            return messages.Copy(data, self._remote(thing, depth))
        return self._remote(thing, depth)

    def error(self, thing: BaseException, depth: int = 0) -> messages.Error | messages.YourObject:
        """An exception as it travels; nothing in it can be trusted to be short, or to have a text."""
        if (number := self._export_number(thing)) is not None:
            return messages.YourObject(number)
        try:
            text = str(thing)[:20_000]
        except BaseException:  # a __str__ may raise anything
            text = "an exception without a text"
        try:
            arguments = [self.encode(item, depth + 1) for item in thing.args]
        except BaseException:  # so may what makes a value of its arguments
            arguments = []
        return messages.Error(self._remote(thing, depth), self.encode(type(thing), depth + 1), arguments, text)

    def _register(self, thing: object) -> None:
        self._indices.setdefault(id(thing), len(self.sent))
        self.sent.append(thing)

    def _sequence(self, thing: Any, depth: int) -> messages.Value:
        kind = next(kind for kind in (list, tuple, set, frozenset, collections.deque) if isinstance(thing, kind))
        fields = getattr(type(thing), "_fields", None)
        named = kind is tuple and type(fields) is tuple and len(fields) == tuple.__len__(thing)
        self._register(thing)
        items = [self.encode(item, depth + 1) for item in kind.__iter__(thing)]
        if named and all(type(name) is str and name.isidentifier() for name in fields or ()):
            own = self.encode(kind_of_record(thing), depth + 1)
            if isinstance(own, (messages.Remote, messages.YourObject)):
                return messages.Record(own, list(fields or ()), items)
        return messages.Sequence(kind.__name__, items, thing.maxlen if kind is collections.deque else None)

    def _mapping(self, thing: dict[Any, Any], depth: int) -> messages.Mapping:
        kind = type(thing).__name__ if type(thing) in _MAPPINGS.values() else _kind_of_dict(type(thing))
        factory = getattr(thing, "default_factory", None) if kind == "defaultdict" else None
        self._register(thing)
        pairs = [(self.encode(k, depth + 1), self.encode(v, depth + 1)) for k, v in list(dict.items(thing))]
        return messages.Mapping(pairs, kind, self.encode(factory, depth + 1))

    def _array(self, thing: Any, depth: int) -> messages.Value:
        if arrays.has_bytes(thing):
            if not isinstance(thing, np.generic):
                self._register(thing)
            return arrays.encode(thing)
        if isinstance(thing, np.ndarray) and thing.dtype == object:
            self._register(thing)
            items = np.array(thing, copy=True, subok=False).ravel().tolist()
            return messages.ObjectArray(list(thing.shape), [self.encode(item, depth + 1) for item in items])
        if generators.is_generator(thing):
            self._register(thing)
            return generators.encode(thing)
        return arrays.encode_sparse(thing) if arrays.is_sparse(thing) else None

    def _composite(self, thing: Any, depth: int) -> messages.Composite | None:
        if (kind := composites.kind_of(thing)) is None:
            return None
        try:
            parts = kind.parts(thing)
        except composites.Stays:
            return None
        made = messages.Composite(kind.name, [self._part(part, depth + 1) for part in parts])
        if kind.change is not None:
            self._register(thing)
        return made

    def _part(self, part: Any, depth: int) -> messages.Value:
        """What a composite is made of. Its arrays and lists are not the notebook's own, so nothing refers to them."""
        if type(part) is list:
            return messages.Sequence("list", [self._part(each, depth + 1) for each in part])
        if type(part) is not np.ndarray:
            return self.encode(part, depth)
        if arrays.has_bytes(part):
            return arrays.encode(part)
        items = part.ravel().tolist()
        texts = arrays.encode_texts(items) if part.ndim == 1 else None
        return texts or messages.ObjectArray(list(part.shape), [self.encode(item, depth + 1) for item in items])

    def _remote(self, thing: object, depth: int) -> messages.Remote:
        name = getattr(thing, "__name__", None)
        doc = getattr(thing, "__doc__", None)
        is_error = is_class(thing) and issubclass(thing, BaseException)
        bases = [base for base in thing.__bases__ if issubclass(base, Exception)] if is_error else []  # type: ignore[attr-defined]
        return messages.Remote(
            self._export_table.lend(thing),
            type(thing).__name__[:100],
            name[:100] if type(name) is str else None,
            doc[:2000] if type(doc) is str else None,
            special_methods(thing),
            is_class(thing),
            is_error,
            [self.encode(base, depth + 1) for base in bases],
            self._export_table.is_pure(thing),
            libraries.lineage(thing),
            libraries.name_of_member(thing),
        )


class Decoder:
    """Decodes the values of one message; `received` lists its mutable objects in the order in which they came.

    `borrow` makes a proxy of what the sender lends. A reply's decoder starts with what went out with the question, as
    `received`. What comes at an index of `known` is the object there, which came before as the value beside it;
    `values` has the value of each object that came now.
    """

    def __init__(
        self,
        export_table: ExportTable,
        borrow: Callable[[messages.Remote], Any],
        received: Iterable[Any] = (),
        known: Mapping[int, tuple[Any, messages.Value]] = MappingProxyType({}),
        trusts_sender: bool = False,
    ) -> None:
        self._export_table = export_table
        self._borrow = borrow
        self._budget = SizeBudget()
        self._known = known
        self.received = list(received)
        self.values: list[messages.Value] = [None] * len(self.received)
        self._trusts_sender = trusts_sender

    @property
    def count(self) -> int:
        """How many items were decoded so far."""
        return self._budget.count

    def decode(self, value: messages.Value, depth: int = 0) -> Any:
        """The thing itself; raises WireError for anything that is not well formed."""
        if depth > _MAX_DEPTH:
            raise WireError("the value is nested too deeply")
        self._budget.charge(1)
        if type(value) in _AS_THEY_ARE:
            return value
        match value:
            case messages.Sequence() | messages.Record():
                return self._sequence(value, depth)
            case messages.Mapping():
                return self._mapping(value, depth)
            case messages.Array() | messages.ObjectArray() | messages.Sparse() | messages.Generator():
                return self._array(value, depth)
            case messages.Composite():
                return self._composite(value, depth)
            case messages.TextArray():
                return self._part(value, depth)
            case messages.Expression():
                self._budget.charge(len(value.nodes))
                return _tree(value)
            case messages.Raw() | messages.Complex() | messages.BigInteger() | messages.Steps() | messages.Text():
                return self._atom(value)
            case messages.BackReference():
                if not 0 <= value.index < len(self.received):
                    raise WireError("a reference to an object that was not sent")
                self._budget.again(value.index)
                return self.received[value.index]
            case messages.Known():
                return _known(value.name)
            case messages.YourObject():
                return self._export_table.find(value.ref)
            case messages.Remote():
                return self._remote(value, depth)
            case messages.Copy():
                return self._copy(value, depth)
            case messages.Error():
                return self._error(value, depth)
        raise WireError("nothing that could travel")

    def _copy(self, value: messages.Copy, depth: int) -> Any:
        if not self._trusts_sender:
            raise WireError("a copy that only the grader may send")
        try:
            thing = copies.loaded(value.data)
        except Exception:  # a library that this process lacks, or code that a student put into it
            thing = self._remote(value.thing, depth)
        self._begin(thing, value)
        return thing

    def _atom(
        self, value: messages.Raw | messages.Complex | messages.BigInteger | messages.Steps | messages.Text
    ) -> Any:
        atom = scalars.decode(value)
        if isinstance(atom, range):
            self._budget.charge(len(atom))
        return atom

    def _sequence(self, value: messages.Sequence | messages.Record, depth: int) -> Any:
        kind = value.kind if isinstance(value, messages.Sequence) else "tuple"
        if kind not in _KINDS:
            raise WireError(f"no such kind of sequence: {kind[:20]}")
        filled: list[Any] = []
        index = self._begin(filled, value)
        begun = self._budget.begin(index)
        filled.extend(self.decode(item, depth + 1) for item in value.items)
        if isinstance(value, messages.Record):
            made: Any = record_type(self.decode(value.kind, depth + 1), value.fields)(filled)
        elif kind != "list":
            try:
                hashed = kind in ("set", "frozenset")
                made = _KINDS[kind]([self._budget.key(item) for item in filled] if hashed else filled)
            except TypeError as error:
                raise WireError(str(error)) from None
            if isinstance(value, messages.Sequence) and kind == "deque" and value.most is not None:
                made = collections.deque(filled, max(value.most, len(filled)))
        else:
            made = filled
        self._budget.end(index, begun)
        return self._end(index, made, value)

    def _mapping(self, value: messages.Mapping, depth: int) -> dict[Any, Any]:
        if value.kind not in _MAPPINGS:
            raise WireError(f"no such kind of mapping: {value.kind[:20]}")
        filled = _MAPPINGS[value.kind]()
        index = self._begin(filled, value)
        begun = self._budget.begin(index)
        for key, item in value.pairs:
            try:
                filled[self._budget.key(self.decode(key, depth + 1))] = self.decode(item, depth + 1)
            except TypeError as error:
                raise WireError(str(error)) from None
        self._budget.end(index, begun)
        if isinstance(filled, collections.defaultdict):
            factory = self.decode(value.factory, depth + 1)
            filled.default_factory = factory if callable(factory) else None
        return self._end(index, filled, value)  # type: ignore[no-any-return]

    def _array(
        self, value: messages.Array | messages.ObjectArray | messages.Sparse | messages.Generator, depth: int
    ) -> Any:
        if isinstance(value, messages.Sparse):
            self._budget.charge(arrays.most_bytes(value) // _BYTES_AN_ITEM)
            return arrays.decode_sparse(value)
        if isinstance(value, messages.ObjectArray):
            return self._object_array(value, depth)
        array = arrays.decode(value) if isinstance(value, messages.Array) else generators.decode(value)
        if not isinstance(array, np.generic):
            index = self._begin(array, value)
            begun = self._budget.begin(index)
            self._budget.charge(getattr(array, "nbytes", 0) // _BYTES_AN_ITEM)
            self._budget.end(index, begun)
            return self._end(index, array, value)
        return array

    def _composite(self, value: messages.Composite, depth: int) -> Any:
        begun = self._budget.count
        parts = [self._part(part, depth + 1) for part in value.parts]
        try:
            thing, kind = composites.build(value.kind, parts)
        except WireError:
            raise
        except Exception:  # a library raises many types for parts that make no sense
            raise WireError(f"no such {value.kind[:40]}") from None
        if kind.size is not None:
            self._budget.charge(kind.size(thing))
        if kind.change is not None:
            index = self._begin(thing, value)
            self._budget.end(index, begun)
            return self._end(index, thing, value)
        return thing

    def _part(self, value: messages.Value, depth: int) -> Any:
        if depth > _MAX_DEPTH:
            raise WireError("the value is nested too deeply")
        match value:
            case messages.Sequence(kind="list"):
                self._budget.charge(1)
                return [self._part(item, depth + 1) for item in value.items]
            case messages.Array():
                self._budget.charge(1 + len(value.data) // _BYTES_AN_ITEM)
                return arrays.decode(value)
            case messages.TextArray():
                self._budget.charge(1 + len(value.lengths) // 4)
                return arrays.decode_texts(value)
            case messages.ObjectArray():
                items = [self.decode(item, depth + 1) for item in value.items]
                return self._filled(value.shape, items)
        return self.decode(value, depth)

    def _filled(self, shape: list[int], items: list[Any]) -> Any:
        if arrays.size_of(shape) != len(items):
            raise WireError("an array whose items do not fill its shape")
        array = np.empty(len(items), object)
        for place, item in enumerate(items):
            array[place] = item
        return array.reshape(shape)

    def _object_array(self, value: messages.ObjectArray, depth: int) -> Any:
        if arrays.size_of(value.shape) != len(value.items):
            raise WireError("an array whose items do not fill its shape")
        array = np.empty(len(value.items), object)
        index = self._begin(array, value)
        begun = self._budget.begin(index)
        for place, item in enumerate(value.items):
            array[place] = self.decode(item, depth + 1)
        self._budget.end(index, begun)
        return self._end(index, array.reshape(value.shape), value)

    def _begin(self, made: Any, value: messages.Value) -> int:
        """The index of what is being made, which its own parts may refer to."""
        index = len(self.received)
        if self._known and (known := self._known.get(index)) is not None and type(known[0]) is type(made):
            made = known[0]
        self.received.append(made)
        self.values.append(value)
        return index

    def _end(self, index: int, made: Any, value: messages.Value) -> Any:
        """What was made, or the object that was known already and is like it now."""
        if self._known and (known := self._known.get(index)) is not None:
            made = identity.brought_up_to_date(*known, made, value)
        self.received[index] = made
        return made

    def _remote(self, value: messages.Remote, depth: int) -> Any:
        if value.member and (member := libraries.member(value.lineage, value.member)) is not None:
            return member
        thing = self._borrow(value)
        return class_for(thing, [self.decode(base, depth + 1) for base in value.bases]) if value.is_error else thing

    def _error(self, value: messages.Error, depth: int) -> Exception:
        kind = self.decode(value.kind, depth + 1)
        arguments = [self.decode(item, depth + 1) for item in value.args]
        error = error_for(self._borrow(value.thing), kind, arguments, value.message)
        error.student_lines = tuple(value.lines[:10])  # type: ignore[attr-defined]
        if value.cause is not None:
            cause = self.decode(value.cause, depth + 1)
            error.__cause__ = cause if isinstance(cause, Exception) else None
        return error


def _kind_of_dict(kind: type) -> str:
    return "Attributes" if kind is not dict and has_attributes(kind) else "dict"


def _expression(thing: Any) -> messages.Expression | None:
    """An expression of sympy's, in a process that has imported it; None for anything else."""
    if "sympy" not in sys.modules:
        return None
    expressions = composites.types_of("sympy")
    return expressions.encode(thing) if expressions.is_expression(thing) else None


def _tree(value: messages.Expression) -> Any:
    try:
        return composites.types_of("sympy").decode(value)
    except ImportError:
        raise WireError("nothing both sides have") from None


def _known(name: str) -> Any:
    try:
        return allowlist.find(name)
    except (KeyError, ImportError):
        raise WireError("nothing both sides have") from None
