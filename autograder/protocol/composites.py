"""Data of the standard library's and of other libraries' types, each of which is built again from its parts.

Only the types on the lists of `standard_types`, `numpy_types`, `frames` and `expressions` travel in this way. A
subclass of one of them stays where it is: its methods may be anybody's. The list of a library that is not
imported yet is read when the first thing of that library is met.
"""

from __future__ import annotations

import importlib.util
import types
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib.abc import InspectLoader
from typing import Any

import numpy as np

_LISTS = {"pandas": "autograder.protocol.frames", "sympy": "autograder.protocol.expressions"}
"""The module that lists the types of each library that is imported late."""


class Stays(Exception):  # noqa: N818 - named for what happens
    """A thing that cannot travel as data, so that it stays where it is."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A type whose things are data.

    Args:
        name: The type's public name, by which both sides know it.
        types: The types of its things, without their subclasses.
        parts: What a thing is made of; raises Stays for one that cannot travel. A list among the parts is part of the
            description, and no list of the notebook's; so is an array.
        build: Makes a thing of such parts, which may be anything at all; it raises what the library raises for them.
        change: Lets the first thing be like the second; None when nothing can change a thing of this type.
        size: What a thing counts for beyond its parts, such as the steps of a range.
    """

    name: str
    types: tuple[type, ...]
    parts: Callable[[Any], Sequence[Any]]
    build: Callable[..., Any]
    change: Callable[[Any, Any], None] | None = None
    size: Callable[[Any], int] | None = None


_ROUTINES = frozenset((types.FunctionType, types.MethodType, types.BuiltinFunctionType, type))
_BY_TYPE: dict[type, Kind] = {}
_BY_NAME: dict[str, Kind] = {}
_TYPES: dict[str, type] = {}
_NAMES: dict[type, str] = {}
_READ: dict[str, types.ModuleType] = {}


def kind_of(thing: object) -> Kind | None:
    """The kind of `thing`, or None when it is not of a listed type."""
    kind = type(thing)
    if (found := _BY_TYPE.get(kind)) is not None or kind in _ROUTINES:
        return found
    if isinstance(thing, np.dtype):  # each dtype is of a class of its own
        return _found("numpy.dtype")
    _read_list_of(kind)
    return _BY_TYPE.get(kind)


def build(name: str, parts: Sequence[Any]) -> tuple[Any, Kind]:
    """A thing of the kind of this name; raises KeyError for an unknown name, ImportError without the library.

    Raises whatever the library raises for parts that do not fit.
    """
    kind = _found(name)
    return kind.build(*parts), kind


def type_name(thing: type) -> str | None:
    """The name under which both sides have this type; None when it is not on a list."""
    _read_list_of(thing)
    return _NAMES.get(thing)


def find_type(name: str) -> type:
    """The type of this name; raises KeyError for an unknown name, and ImportError without the library."""
    _read_list_for(name)
    return _TYPES[name]


def types_of(library: str) -> types.ModuleType:
    """The module with the list of a library, which is read unless that was done before."""
    if library not in _READ:
        module = types.ModuleType(_LISTS[library])
        exec(_CODE[library], vars(module))
        _READ[library] = module
        know(module.KINDS)
        _name({f"{library}.{kind.__name__}": kind for kind in module.NAMED})
    return _READ[library]


def know(kinds: Sequence[Kind]) -> None:
    """Add these kinds to those that travel."""
    _BY_NAME.update({kind.name: kind for kind in kinds})
    _BY_TYPE.update({each: kind for kind in kinds for each in kind.types})
    _name({kind.name: each for kind in kinds for each in kind.types if kind.name.endswith(f".{each.__name__}")})


def _name(named: Mapping[str, type]) -> None:
    _TYPES.update(named)
    _NAMES.update({kind: name for name, kind in named.items()})


def _read_list_of(kind: type) -> None:
    """Read the list on which this type would be, unless that was done before."""
    module = getattr(kind, "__module__", None)
    if type(module) is str:
        _read_list_for(module)


def _read_list_for(name: str) -> None:
    """Read the list of the library to which a name with dots belongs, if there is one and it was not read before."""
    library = name.partition(".")[0]
    if library in _LISTS:
        types_of(library)


def _found(name: str) -> Kind:
    _read_list_for(name)
    return _BY_NAME[name]


def _code(module: str) -> types.CodeType:
    spec = importlib.util.find_spec(module)
    assert spec is not None and isinstance(spec.loader, InspectLoader)
    code = spec.loader.get_code(module)
    assert code is not None
    return code


_CODE = {library: _code(module) for library, module in _LISTS.items()}
"""A student process sees no files of ours, so what it may have to import later is kept."""
