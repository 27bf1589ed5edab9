"""Proxies: what one side has in place of things, classes, exceptions and records whose types stay on the other.

An operator, `in` and `hash` are passed on only where this side lets them be: in a check, where the author's own
solution showed the same (`autograder.judge.permissions`). Everywhere else a student's object answers no comparison:
proxies are equal when they are the same thing, have no order, and `in` walks through them; arithmetic is passed on only
between two things of the other side, so that `result - expected` never meets a `__sub__` that says 0. What is passed on
besides (len, bool, str, an item, an attribute, a method called by name) gives a value that is worth no more than one
returned.
"""

from __future__ import annotations

import abc
import functools
import inspect
import io
import operator
import sys
import types
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Protocol, TypeGuard

import numpy as np

from autograder.protocol import libraries, messages, subclasses
from autograder.protocol.operators import ARITHMETIC, COMPARISONS
from autograder.protocol.scalars import WireError


class Owner(Protocol):
    """The other side, as proxies ask it."""

    def call(self, thing: Proxy, args: tuple[Any, ...], kwargs: dict[str, Any], method: str = "") -> Any:
        """Call `thing`, or the special method of its type that is named."""

    def attribute(self, thing: Proxy, name: str) -> Any:
        """An attribute of `thing`; raises AttributeError when it has none of that name."""

    def passes_on(self, method: str, thing: Proxy, other: object = None) -> bool:
        """Whether the operator, `in` or `hash` that the special method stands for may be asked of `thing` here."""


def _special(names: str) -> tuple[str, ...]:
    return tuple(f"__{name}__" for name in names.split())


_VALUES = _special(
    "len bool str repr format int float complex index bytes length_hint getitem setitem delitem iter next reversed "
    "enter neg pos abs invert round floor ceil trunc"
)
_INNER = _special(
    "dict bases mro annotations defaults kwdefaults code wrapped self func module members dataclass_fields match_args "
    "subclasses abstractmethods isabstractmethod flags call exit init post_init new missing"
)
_ASKED_BY_NAME = frozenset((*_VALUES, *ARITHMETIC, *COMPARISONS, "__contains__", "__hash__", *_INNER))
"""Double-underscore names that a test may write out, such as `a.__eq__(b)`: a method it calls by its name."""

_BUILT_IN: dict[str, type] = {
    "function": types.FunctionType,
    "method": types.MethodType,
    "builtin_function_or_method": types.BuiltinFunctionType,
    "code": types.CodeType,
    "generator": types.GeneratorType,
    "coroutine": types.CoroutineType,
    "async_generator": types.AsyncGeneratorType,
    **{kind.__name__: kind for kind in (io.TextIOWrapper, io.StringIO, io.BytesIO, io.FileIO)},
    **{kind.__name__: kind for kind in (io.BufferedReader, io.BufferedWriter, io.BufferedRandom)},
    "property": property,
}
"""Kinds that a proxy passes for, in `isinstance` and nothing else; none of them compares by anything but identity."""

_ROUTINES = (types.FunctionType, types.MethodType, types.BuiltinFunctionType)


def _passes_for(remote: messages.Remote) -> type | None:
    """The class of this side that a proxy passes for; None when it is only a proxy."""
    if remote.is_class:
        return type
    if (built_in := _BUILT_IN.get(remote.kind)) is not None or not remote.lineage:
        return built_in
    return libraries.stand_in(_identifier(remote.kind, "object"), remote.lineage)


def _identifier(name: str | None, otherwise: str) -> str:
    return name if name and name.isidentifier() else otherwise


def _is_of_library(name: str, remote: messages.Remote) -> bool:
    """Whether a special name, such as `__sklearn_tags__`, is one that a library of the thing's own class uses."""
    return bool(remote.lineage) and any(base.startswith(name[2:].partition("_")[0] + ".") for base in remote.lineage)


class Proxy:
    """Something of the other side that is not data: it stays there; its arguments and results travel."""

    __slots__ = ("__error_class", "__owner", "__remote")

    def __init__(self, owner: Owner, remote: messages.Remote) -> None:
        object.__setattr__(self, "_Proxy__owner", owner)
        object.__setattr__(self, "_Proxy__remote", remote)
        object.__setattr__(self, "_Proxy__error_class", None)

    def __getattribute__(self, name: str) -> Any:
        if name.startswith("_Proxy__"):
            return object.__getattribute__(self, name)
        if name in ("__name__", "__qualname__") and self.__remote.name is not None:
            return self.__remote.name
        if name == "__doc__":
            if sys._getframe(1).f_globals.get("__name__") == "doctest":  # it would run a text of the other side's here
                raise RuntimeError("doctest cannot run the examples of a student's function. Write them as asserts.")
            return self.__remote.doc
        if name == "__class__":  # what isinstance and the inspect module go by
            if sys._getframe(1).f_globals.get("__name__") == "dataclasses" and not self.__remote.is_class:
                return self.__owner.call(self, (), {}, "__class__")  # `replace` makes another one
            return _passes_for(self.__remote) or type(self)
        if name == "__module__" and self.__remote.is_class:
            return (self.__remote.lineage or ("",))[0].partition(":")[0] or "__main__"
        if name in ("__bases__", "__mro__"):
            return class_here(self.__owner.attribute(self, name))
        if name == "__signature__":
            return _signature(self.__owner.attribute(self, name))
        if name.startswith("__") and name not in _ASKED_BY_NAME and not _is_of_library(name, self.__remote):
            return object.__getattribute__(self, name)
        return self.__owner.attribute(self, name)

    def __setattr__(self, name: str, value: Any) -> None:
        self.__owner.call(self, (name, value), {}, "__setattr__")

    def __delattr__(self, name: str) -> None:
        self.__owner.call(self, (name,), {}, "__delattr__")

    def __repr__(self) -> str:
        if self.__remote.is_class:
            return f"<class '{self.__module__}.{self.__remote.name}'>"
        return f"<the notebook's {self.__remote.name or self.__remote.kind}>"

    def __dir__(self) -> Any:
        return self.__owner.call(self, (), {}, "__dir__")

    def __copy__(self) -> Any:
        return self.__owner.call(self, (), {}, "__copy__")

    def __deepcopy__(self, _: Any) -> Any:
        return self.__owner.call(self, (), {}, "__deepcopy__")

    def __mro_entries__(self, bases: tuple[Any, ...]) -> tuple[type, ...]:
        return (_Extended,) if next(base for base in bases if isinstance(base, Proxy)) is self else ()

    def __reduce_ex__(self, _: Any) -> Any:
        raise TypeError("an object of the other side cannot be pickled")

    __hash__ = object.__hash__


class _Extending(abc.ABCMeta):
    """Makes a class on the other side, where the class that it extends is."""

    def __new__(cls, name: str, bases: tuple[Any, ...], names: dict[str, Any], **keywords: Any) -> Any:
        if (originals := names.get("__orig_bases__")) is None:
            return super().__new__(cls, name, bases, names)
        first = next(base for base in originals if isinstance(base, Proxy))
        made = owner_of(first).call(first, (name, originals, subclasses.described(names), keywords), {}, "__extend__")
        if (cell := names.get("__classcell__")) is not None:  # where the methods find the class for `super()`
            cell.cell_contents = made
        return made


class _Extended(metaclass=_Extending):
    """Stands among the bases of a class for the class of the other side that it extends."""


def is_class(thing: object) -> TypeGuard[type]:
    """Whether `thing` is a class on this side; a proxy only passes for one."""
    return issubclass(type(thing), type)


def remote_of(thing: Proxy) -> messages.Remote:
    """What the other side said about `thing`."""
    return object.__getattribute__(thing, "_Proxy__remote")  # type: ignore[no-any-return]


def owner_of(thing: Proxy) -> Owner:
    """The other side, which can be asked about `thing`."""
    return object.__getattribute__(thing, "_Proxy__owner")  # type: ignore[no-any-return]


def class_of(thing: Any) -> Any:
    """What `type(thing)` gives in one process: for a proxy a class of this side's, or the proxy of its class."""
    kind = type(thing)
    if issubclass(kind, Record):
        return kind._kind
    if not issubclass(kind, Proxy):
        return kind
    remote = remote_of(thing)
    if remote.is_class or remote.kind in _BUILT_IN:
        return thing.__class__
    if remote.lineage and (found := libraries.find(remote.lineage[0])) is not None:
        return found
    asked = owner_of(thing).call(thing, (), {}, "__class__")
    return asked if isinstance(asked, Proxy) and remote_of(asked).is_class else kind


def inherits(kind: Proxy, other: Any) -> bool:
    """What `issubclass(kind, other)` gives in one process."""
    remote = remote_of(kind)
    if is_class(other) and remote.is_class and (found := libraries.stand_in("found", remote.lineage)) is not None:
        return issubclass(found, other)
    return issubclass(kind, other)  # type: ignore[arg-type]  # it passes for a class


def class_here(thing: Any) -> Any:
    """The class of this side that a proxy of a library's class means, where there is one; anything else as it is."""
    if isinstance(thing, Proxy) and (remote := remote_of(thing)).is_class and remote.lineage:
        return libraries.find(remote.lineage[0]) or thing
    return type(thing)(map(class_here, thing)) if type(thing) in (tuple, list, set) else thing


def stand_in(owner: Owner, remote: messages.Remote) -> Proxy:
    """A proxy that has those special methods that the thing has."""
    return _class_of(_identifier(remote.kind, "object"), frozenset(remote.methods).intersection(_METHODS))(
        owner, remote
    )


def with_operators(owner: Owner, remote: messages.Remote) -> Proxy:
    """A proxy that has all operators, so that its owner is asked about each of them, even about one the thing lacks."""
    asked = (*ARITHMETIC, *COMPARISONS, "__contains__", "__hash__")
    methods = frozenset(remote.methods).intersection(_METHODS) | frozenset(asked) - {"__ne__"}
    return _class_of(_identifier(remote.kind, "object"), methods)(owner, remote)


def special_methods(thing: object) -> list[str]:
    """Those special methods that the type of `thing` has beyond what every object has, as far as proxies know them."""
    kind: Any = type(thing)
    if kind in _ROUTINES:
        return _methods_of_routine(kind)
    defined = _methods_of(kind)
    return _without_repr(defined) if is_class(thing) or inspect.isroutine(thing) else defined


def _methods_of(kind: type) -> list[str]:
    places: list[Mapping[str, Any]] = [vars(base) for base in kind.__mro__ if base is not object]
    if any("__array_interface__" in place for place in places):
        places.append({"__array__": True})  # numpy makes an array of it, which it must not do on the other side
    return [name for name in _METHODS if any(name in place for place in places) and _is_asked(kind, name)]


def _is_asked(kind: type, name: str) -> bool:
    """Not what a type says that it has not, but for `__hash__`: that asks and is an error, as it is there."""
    return name == "__hash__" or next(vars(base)[name] for base in kind.__mro__ if name in vars(base)) is not None


@functools.cache
def _methods_of_routine(kind: type) -> list[str]:
    """Those of one of Python's own types, which no code can change."""
    return _without_repr(_methods_of(kind))


def _without_repr(methods: list[str]) -> list[str]:
    """Without `__repr__`: that of a class or a routine only shows an address."""
    return [name for name in methods if name != "__repr__"]


@functools.lru_cache(maxsize=1000)
def _class_of(name: str, methods: frozenset[str]) -> type[Proxy]:
    names = {"__slots__": (), "__hash__": _hash, **{method: _METHODS[method] for method in sorted(methods)}}
    return type(name, (Proxy,), names)


def _asking(name: str) -> Callable[..., Any]:
    def method(self: Proxy, *args: Any) -> Any:
        return owner_of(self).call(self, args, {}, name)

    return method


def _operator(name: str) -> Callable[..., Any]:
    def method(self: Proxy, other: Any, *more: Any) -> Any:
        owner = owner_of(self)
        is_let = owner.passes_on(name, self, other) or (name in ARITHMETIC and isinstance(other, Proxy))
        if not is_let or name not in remote_of(self).methods:
            return NotImplemented
        return owner.call(self, (other, *more), {}, name)

    return method


def _contains(self: Proxy, item: Any) -> bool:
    owner = owner_of(self)
    if owner.passes_on("__contains__", self, item) and "__contains__" in remote_of(self).methods:
        return bool(owner.call(self, (item,), {}, "__contains__"))
    return any(each is item or each == item for each in self)  # type: ignore[attr-defined]


def _hash(self: Proxy) -> int:
    owner = owner_of(self)
    if "__hash__" in remote_of(self).methods and owner.passes_on("__hash__", self):
        return owner.call(self, (), {}, "__hash__")  # type: ignore[no-any-return]
    return object.__hash__(self)


def _call(self: Proxy, /, *args: Any, **kwargs: Any) -> Any:
    return owner_of(self).call(self, args, kwargs)


def _leave(self: Proxy, kind: Any, error: Any, _: Any) -> Any:
    return owner_of(self).call(self, (kind, error, None), {}, "__exit__")


def _is_instance(self: Proxy, thing: Any) -> bool:
    if isinstance(thing, Proxy):
        return bool(owner_of(self).call(self, (thing,), {}, "__instancecheck__"))
    return type(thing).__dict__.get("_kind") is self or getattr(thing, "__class__", None) is self


def _is_subclass(self: Proxy, kind: Any) -> bool:
    return isinstance(kind, Proxy) and bool(owner_of(self).call(self, (kind,), {}, "__subclasscheck__"))


def _as_array(self: Proxy, dtype: Any = None, copy: bool | None = None) -> Any:
    """The numbers that the thing stands for, such as those of a tensor; raises TypeError when it gives no array."""
    found = owner_of(self).call(self, (), {}, "__array__")
    if type(found) is not np.ndarray:
        raise TypeError(f"a {remote_of(self).kind} that is no array")
    return found if dtype is None else found.astype(dtype)


def _await(self: Proxy) -> Iterator[Any]:
    return owner_of(self).call(self, (), {}, "__await__")  # type: ignore[no-any-return]
    yield


_METHODS: dict[str, Any] = {
    **{name: _asking(name) for name in _VALUES},
    **{name: _operator(name) for name in (*ARITHMETIC, *COMPARISONS)},
    "__contains__": _contains,
    "__hash__": _hash,
    "__call__": _call,
    "__exit__": _leave,
    "__instancecheck__": _is_instance,
    "__subclasscheck__": _is_subclass,
    "__await__": _await,
    "__dataclass_fields__": property(lambda self: owner_of(self).attribute(self, "__dataclass_fields__")),
    "__array__": _as_array,
}


def _signature(described: Any) -> inspect.Signature:
    """From each parameter's name, kind and default, the signature itself; raises AttributeError for anything else."""
    kinds = {kind.name: kind for kind in inspect._ParameterKind}
    try:
        return inspect.Signature(
            [
                inspect.Parameter(name, kinds[kind], default=default[0] if default else inspect.Parameter.empty)
                for name, kind, default in described
            ]
        )
    except (TypeError, ValueError, KeyError):
        raise AttributeError("__signature__") from None


class ErrorClass(type):
    """The type of the classes that represent exception classes of the other side.

    A built-in exception type is the built-in type here too. A class of the other side's own is represented by a class
    here with the same name and the same bases, so that `except` and `isinstance` work as they do there.
    """

    def __call__(cls, *args: Any, **kwargs: Any) -> Any:
        """Make one there."""
        thing = cls.__dict__.get("_there")
        return super().__call__(*args, **kwargs) if thing is None else owner_of(thing).call(thing, args, kwargs)

    def __getattr__(cls, name: str) -> Any:
        thing = cls.__dict__.get("_there")
        if thing is None or name.startswith("_"):
            raise AttributeError(name)
        return getattr(thing, name)


class OtherError(Exception, metaclass=ErrorClass):
    """An exception raised on the other side, of a type that only that side has."""

    _message: str = ""
    _thing: Proxy | None = None

    def __str__(self) -> str:
        return self._message

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_") or self._thing is None:
            raise AttributeError(name)
        return getattr(self._thing, name)


def class_for(thing: Proxy, bases: list[Any]) -> type[OtherError]:
    """The class that represents `thing`, an exception class of the other side; always the same one."""
    if (kind := object.__getattribute__(thing, "_Proxy__error_class")) is None:
        kind = _error_class(remote_of(thing).name or "Exception", bases, {"_there": thing})
        object.__setattr__(thing, "_Proxy__error_class", kind)
    return kind  # type: ignore[no-any-return]


def error_for(thing: Proxy, kind: Any, args: list[Any], message: str) -> Exception:
    """The exception that represents `thing`; `kind` is its class on this side."""
    if not (is_class(kind) and issubclass(kind, Exception)):
        kind = OtherError
    error = _plain_error(kind, args) if not issubclass(kind, OtherError) else None
    if error is None or str(error) != message:
        error = _error_without_call(
            kind if issubclass(kind, OtherError) else _error_class(kind.__name__, [kind], {}), args
        )
    error.__dict__.update(_message=message, _thing=thing)
    return error


def there(thing: object) -> Proxy | None:
    """The proxy of an exception, or of a class of exceptions, that came from the other side; None for any other."""
    if isinstance(thing, ErrorClass):
        return vars(thing).get("_there")
    return vars(thing).get("_thing") if isinstance(thing, BaseException) else None


def _plain_error(kind: type[Exception], args: list[Any]) -> Exception | None:
    try:
        return kind(*args)
    except Exception:  # a type that wants other arguments than it was left with
        return None


def _error_without_call(kind: type[OtherError], args: list[Any]) -> OtherError:
    """Make one here, where calling its class would make one there."""
    try:
        error: OtherError = kind.__new__(kind, *args)
        built_in = next(base for base in kind.__mro__ if base.__module__ == "builtins")
        built_in.__init__(error, *args)  # type: ignore[misc]  # sets what follows from the arguments, such as the value of a StopIteration
    except Exception:
        error = OtherError.__new__(_error_class(kind.__name__, [], {}))
    return error


def _error_class(name: str, bases: list[Any], names: dict[str, Any]) -> type[OtherError]:
    usable = [base for base in bases if is_class(base) and issubclass(base, Exception)]
    if not any(issubclass(base, OtherError) for base in usable):
        usable = [OtherError, *(base for base in usable if base is not Exception)]
    name = name if name.isidentifier() else "Exception"
    try:
        made: Any = ErrorClass(name, tuple(usable), names)
    except TypeError:  # bases that no class can have together
        made = ErrorClass(name, (OtherError,), names)
    return made  # type: ignore[no-any-return]


_MAX_FIELDS = 1000


class Record(tuple[Any, ...]):
    """A tuple with named fields, as `collections.namedtuple` makes them."""

    __slots__ = ()
    _fields: tuple[str, ...] = ()
    _kind: Any = None

    def __repr__(self) -> str:
        values = ", ".join(f"{name}={value!r}" for name, value in zip(self._fields, self, strict=False))
        return f"{type(self).__name__}({values})"

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") or not isinstance(kind := type(self)._kind, Proxy):
            raise AttributeError(name)
        found = getattr(kind, name)
        sort = remote_of(found).kind if isinstance(found, Proxy) else ""
        if sort == "property":
            return found.fget(self)
        return functools.partial(found, self) if sort == "function" else found

    def _asdict(self) -> dict[str, Any]:
        """The values by field."""
        return dict(zip(self._fields, self, strict=False))

    def _replace(self, **changes: Any) -> Record:
        """The same with other values."""
        if unknown := changes.keys() - set(self._fields):
            raise ValueError(f"Got unexpected field names: {sorted(unknown)!r}")
        return type(self)((self._asdict() | changes).values())


def record_type(kind: Any, fields: list[str]) -> Any:
    """What makes such a tuple from its values; `kind` is its class, a proxy unless it is one of this side's own."""
    if is_class(kind) and issubclass(kind, tuple) and getattr(kind, "_fields", None) == tuple(fields):
        return kind._make  # type: ignore[attr-defined]
    if len(fields) > _MAX_FIELDS or not all(name.isidentifier() and name[0] != "_" for name in fields):
        raise WireError("no such field")
    name = (remote_of(kind).name if isinstance(kind, Proxy) else None) or "Record"
    getters = {field: property(operator.itemgetter(place)) for place, field in enumerate(fields)}
    names = {"__slots__": (), "_fields": tuple(fields), "_kind": kind, **getters}
    return type(name if name.isidentifier() else "Record", (Record,), names)


def kind_of_record(thing: Any) -> Any:
    """The class of a named tuple, which the other side knows better where it is its own."""
    return type(thing)._kind if isinstance(thing, Record) else type(thing)


class Attributes(dict[Any, Any]):
    """A dict whose values are attributes, too, such as the results of scipy and the data sets of scikit-learn."""

    def __getattr__(self, name: str) -> Any:
        try:
            return self[name]
        except KeyError:
            raise AttributeError(name) from None

    def __dir__(self) -> list[str]:
        return [name for name in self if isinstance(name, str)]


def has_attributes(kind: type) -> bool:
    """Whether a class of dicts gives their values as attributes."""
    return any("__getattr__" in vars(base) for base in kind.__mro__)


class ProxyCache:
    """The proxies of one side, one for each thing of the other, so that the same thing is the same proxy."""

    def __init__(self, owner: Owner, make: Callable[[Owner, messages.Remote], Proxy] = stand_in) -> None:
        self._owner = owner
        self._make = make
        self._proxies: dict[int, Proxy] = {}

    def borrow(self, remote: messages.Remote) -> Proxy:
        """The proxy of what the other side lends."""
        if remote.ref not in self._proxies:
            self._proxies[remote.ref] = self._make(self._owner, remote)
        return self._proxies[remote.ref]

    def export_number(self, thing: object) -> int | None:
        """The number under which the other side lent `thing`, or None when it is not, or no longer, borrowed."""
        proxy = thing if isinstance(thing, Proxy) else there(thing)
        if proxy is None:
            return None
        number = remote_of(proxy).ref
        return number if self._proxies.get(number) is proxy else None

    def forget(self) -> None:
        """The other side took everything back, or is gone."""
        self._proxies.clear()
