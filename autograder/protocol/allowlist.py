"""Things both sides have, which travel by name: built-in types, a few modules, pure functions of Python's and numpy's.

The list is fixed here. A name that is not on it means nothing, whatever module may have a thing of that name.
"""

from __future__ import annotations

import abc
import asyncio
import builtins
import cmath
import collections
import dataclasses
import decimal
import enum
import importlib
import json
import math
import operator
import statistics
import sys
import types
from typing import Any

import numpy as np

from autograder.protocol import composites

_PLAIN_TYPES = (object, bool, int, float, complex, str, bytes, list, tuple, dict, set, frozenset, range, slice)
_PURE = (abs, all, any, callable, chr, divmod, hash, hex, isinstance, issubclass, iter, len, max, min, next, ord)
_ALSO_PURE = (pow, repr, reversed, round, sorted, sum, enumerate, filter, map, zip)
_LIBRARY_ERRORS = (
    *(dataclasses.FrozenInstanceError, json.JSONDecodeError, asyncio.TimeoutError, asyncio.InvalidStateError),
    *(decimal.InvalidOperation, decimal.DivisionByZero, statistics.StatisticsError),
)
_MARKS_OF_FIELDS = ("MISSING", "_FIELD", "_FIELD_CLASSVAR", "_FIELD_INITVAR", "KW_ONLY")
_BASES = (
    abc.ABC,
    enum.Enum,
    enum.IntEnum,
    enum.StrEnum,
    enum.Flag,
    enum.IntFlag,
    collections.UserDict,
    collections.UserList,
)
"""Classes of the standard library that others extend."""
_MODULES = frozenset(
    (
        *("math", "cmath", "operator", "random", "itertools", "functools", "collections", "statistics", "string", "re"),
        *("json", "copy", "datetime", "decimal", "fractions", "time", "typing", "matplotlib", "matplotlib.pyplot"),
        *("numpy", "numpy.linalg", "numpy.random", "numpy.testing", "scipy", "scipy.special", "scipy.optimize"),
        *("scipy.stats", "pandas", "pandas.testing", "pandas.api.types", "sympy", "pathlib", "uuid", "zoneinfo"),
    )
)
_FILES = frozenset(
    ("load", "save", "loadtxt", "savetxt", "savez", "savez_compressed", "genfromtxt", "fromregex", "memmap")
)


def _all_known() -> dict[str, Any]:
    errors = [kind for kind in vars(builtins).values() if isinstance(kind, type) and issubclass(kind, Exception)]
    errors_of_libraries = (np.linalg.LinAlgError, np.exceptions.AxisError, *_LIBRARY_ERRORS)
    built_in: tuple[Any, ...] = (*_PLAIN_TYPES, *_PURE, *_ALSO_PURE, *errors)
    known: dict[str, Any] = {f"builtins.{thing.__name__}": thing for thing in built_in}
    known |= {f"{kind.__module__}.{kind.__name__}": kind for kind in errors_of_libraries}
    known["builtins.NotImplemented"] = NotImplemented
    known |= {f"dataclasses.{name}": vars(dataclasses)[name] for name in _MARKS_OF_FIELDS}
    known |= {f"{kind.__module__}.{kind.__qualname__}": kind for kind in _BASES}
    for module in (math, cmath, operator):
        functions = {name: thing for name, thing in vars(module).items() if type(thing) is types.BuiltinFunctionType}
        known |= {f"{module.__name__}.{name}": thing for name, thing in functions.items() if name[0] != "_"}
    del known["operator.call"]  # it would call whatever it is given
    pure = (np.ufunc, type(np.sum))
    for name in sorted(set(np.__all__) - _FILES):
        thing = vars(np).get(name)  # not `getattr`, for which numpy imports more: up to a tenth of a second
        if isinstance(thing, pure) or (isinstance(thing, type) and issubclass(thing, np.generic | np.ndarray)):
            known[f"numpy.{name}"] = thing
    return known


_THINGS = _all_known()
_NAMES = {id(thing): name for name, thing in reversed(_THINGS.items())}


def name_of(thing: object) -> str | None:
    """The name under which both sides have `thing`, or None."""
    if isinstance(thing, types.ModuleType):
        name = thing.__name__
        return f"module {name}" if name in _MODULES and sys.modules.get(name) is thing else None
    if (known := _NAMES.get(id(thing))) is not None:  # these things live for ever, so no other has their identity
        return known
    return composites.type_name(thing) if isinstance(thing, type) else None


def find(name: str) -> Any:
    """The thing of this name; raises KeyError for what is not on the list."""
    if name.startswith("module "):
        if (module := name.removeprefix("module ")) not in _MODULES:
            raise KeyError(name)
        if module == "matplotlib":
            importlib.import_module("matplotlib.pyplot")  # which most code that imports it takes for granted
        return importlib.import_module(module)
    return _THINGS[name] if name in _THINGS else composites.find_type(name)
