"""Classes of installed libraries, by name, and what an object that stays on the other side passes for.

The name is only ever looked up among modules that this process has imported already, of packages that `allow` named:
those that the instructor's cells import. What is found is used in `isinstance`, and never called for the other side.
"""

from __future__ import annotations

import contextlib
import datetime
import decimal
import enum
import fractions
import functools
import importlib.util
import sys
import sysconfig
import types
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

DRAWING = ("matplotlib", "pylab")
_MOST_NAMES, _LONGEST_NAME = 30, 200
_OUR_OWN = __name__.partition(".")[0]
_NO_LIBRARY = frozenset(("__main__", "builtins", "__mp_main__", _OUR_OWN))
_CROSS_AS_DATA: tuple[type, ...] = (
    *(bool, int, float, complex, str, bytes, bytearray, memoryview, list, tuple, dict, set, frozenset, range, slice),
    *(np.ndarray, np.generic, np.dtype, type, types.ModuleType, BaseException),
    *(datetime.date, datetime.time, datetime.timedelta, decimal.Decimal, fractions.Fraction),
)
_COMPARED_BY_THEMSELVES = ("pandas", "sympy")
"""Packages whose functions for tests ask the objects whether they are equal: nothing passes for one of theirs."""

_HARMLESS = frozenset(("abc", "collections", "dataclasses", "enum", "numbers", "threading", "typing"))
"""Parts of the standard library whose classes students inherit from."""

_OWN = "__main__:"
_own: Callable[[str], Any] = dict[str, Any]().get
"""Gives what a locked cell, which runs on both sides, defined under a name."""

_allowed: set[str] = set()
_beside: frozenset[str] = frozenset()


def allow(packages: Iterable[str]) -> None:
    """Let objects of the other side pass for those of these packages, as far as this process has imported them."""
    _allowed.update(name for name in packages if name not in sys.stdlib_module_names or name in _HARMLESS)
    _stand_in.cache_clear()


def set_beside(modules: Iterable[str]) -> frozenset[str]:
    """Let objects pass for those of these modules, which lie beside the notebook for both sides; returns those before.

    Classes are of the same text there, unless a student's code changed its own, as it can change any library.
    """
    global _beside
    before, _beside = _beside, frozenset(modules)
    _stand_in.cache_clear()
    _lineage.cache_clear()
    return before


def set_own(find_own: Callable[[str], Any]) -> Callable[[str], Any]:
    """Let objects pass for those of classes that this gives by name; returns what gave them before."""
    global _own
    before, _own = _own, find_own
    return before


def beside() -> frozenset[str]:
    """The names of the modules that lie beside the notebook."""
    return _beside


def is_beside(kind: type) -> bool:
    """Whether a class is of a module that lies beside the notebook."""
    module = kind.__module__
    return bool(_beside) and isinstance(module, str) and module.partition(".")[0] in _beside


def lineage(thing: object) -> list[str]:
    """The names of the class of `thing`, or of `thing` itself when it is one, and of all that it inherits from.

    A class that is of no library has no name, so that only its place counts; when none has one, there is no list.
    """
    return _lineage(thing if issubclass(type(thing), type) else type(thing))


@functools.lru_cache(maxsize=1000)
def _lineage(kind: type) -> list[str]:
    names = [_name_of(each) for each in type.__dict__["__mro__"].__get__(kind)[:_MOST_NAMES] if each is not object]
    return names if any(names) else []


def _name_of(kind: type) -> str:
    """`module:name` of a class that can be found under it in an installed library or the notebook, else empty."""
    module, path = kind.__module__, kind.__qualname__
    if module == "__main__" and path.isidentifier() and len(path) < _LONGEST_NAME:
        return _OWN + path
    if not isinstance(module, str) or "<" in path or not _is_library(module):
        return ""
    name = f"{module}:{path}"
    return name if len(name) <= _LONGEST_NAME and _at(name) is kind else ""


def _is_library(module: str) -> bool:
    """Whether a module, which is imported, is Python's own or an installed one, and none of this package."""
    top = module.partition(".")[0]
    if top in _NO_LIBRARY or not isinstance(found := sys.modules.get(module), types.ModuleType):
        return False
    origin = getattr(getattr(found, "__spec__", None), "origin", None)
    return top in _beside or top in sys.stdlib_module_names or (isinstance(origin, str) and _is_installed(origin))


def is_drawing(module: str) -> bool:
    """Whether a module is of a library that draws figures, which takes longer to import than all others."""
    return module.partition(".")[0] in DRAWING


def import_numpy() -> None:
    """Import the parts of numpy that it imports when they are asked for, so that no process forked from here has to.

    Not f2py, which is for compilers and takes as long as all the others.
    """
    for name in set(np.__all__) - {"f2py"}:
        getattr(np, name)


def is_installed(package: str) -> bool:
    """Whether the package or module of this name, which need not be imported, is an installed one."""
    try:
        spec = importlib.util.find_spec(package)
    except (ImportError, ValueError):
        return False
    places = [spec.origin or "", *(spec.submodule_search_locations or ())] if spec is not None else []
    return package not in _NO_LIBRARY and any(map(_is_installed, places))


@functools.lru_cache(maxsize=1000)
def _is_installed(origin: str) -> bool:
    paths = sysconfig.get_paths()
    return any(Path(origin).is_relative_to(paths[name]) for name in ("purelib", "platlib"))


def _at(name: str) -> Any:
    """What stands under a name in the modules that are imported, without running any code of theirs."""
    module, _, path = name.partition(":")
    found: Any = sys.modules.get(module)
    for part in path.split("."):
        try:
            found = vars(found).get(part)
        except TypeError:
            return None
    return found


def find(name: str) -> type | None:
    """The class of that name, if one of the other side may pass for it here."""
    module, _, path = name.partition(":")
    if name.startswith(_OWN):
        own = _own(path)
        is_class = issubclass(type(own), type) and not issubclass(own, _CROSS_AS_DATA)
        return own if is_class and own.__module__ == "__main__" and own.__qualname__ == path else None
    top = module.partition(".")[0]
    if (top not in _allowed and top not in _beside) or top in _COMPARED_BY_THEMSELVES or not _is_library(module):
        return None
    found = _at(name)
    if not issubclass(type(found), type) or issubclass(found, _CROSS_AS_DATA):
        return None
    return found if (found.__module__, found.__qualname__) == (module, path) else None


def member(names: Sequence[str], name: str) -> Any:
    """The member of that name of the enumeration, if a locked cell defined it here too; None for any other."""
    found = find(names[0]) if names and names[0].startswith(_OWN) else None
    return found.__members__.get(name) if found is not None and issubclass(found, enum.Enum) else None


def name_of_member(thing: object) -> str:
    """Its name, if it is a member of an enumeration of the notebook's; empty for any other."""
    is_member = issubclass(type(thing), enum.Enum) and type(thing).__module__ == "__main__"
    name = vars(thing).get("_name_") if is_member else None
    return name if type(name) is str and len(name) < _LONGEST_NAME else ""


def stand_in(kind: str, names: Sequence[str]) -> type | None:
    """A class that inherits from those of these names which are found, for `isinstance`; None when there are none.

    It cannot be called: what makes another object of the class of one it was given must not do so here. But of a class
    that a locked cell defined it is the class itself, which its own methods may ask for.
    """
    own = tuple(find(name) for name in names[:_MOST_NAMES] if name.startswith(_OWN))
    return own[0] if own and own[0] is not None else _stand_in(kind, tuple(names[:_MOST_NAMES]), own)


@functools.lru_cache(maxsize=1000)
def _stand_in(kind: str, names: tuple[str, ...], own: tuple[type | None, ...]) -> type | None:
    found = [each for each in own if each is not None]
    found += [each for name in names if name and not name.startswith(_OWN) and (each := find(name)) is not None]
    nearest = [each for each in found if not any(issubclass(other, each) for other in found if other is not each)]
    for bases in (nearest, nearest[:1]):
        if bases:
            with contextlib.suppress(Exception):  # no class can inherit from all of them, or from this one
                return _made(kind, bases)
    return None


class _Quiet:
    """First of the bases, so that a library is not told of the class."""

    __slots__ = ()

    def __init_subclass__(cls, **_: object) -> None:
        return


def _made(kind: str, bases: list[type]) -> type:
    def refuse(cls: type, *_: object, **__: object) -> Any:
        raise TypeError(f"only the notebook's own code can make an object of its class {kind}")

    own = {
        "__call__": refuse,
        "__instancecheck__": type.__instancecheck__,
        "__subclasscheck__": type.__subclasscheck__,
    }
    kinds = [type(base) for base in bases]
    nearest = next((each for each in kinds if all(issubclass(each, other) for other in kinds)), type)
    meta = type(nearest.__name__, (nearest,), own)
    return type.__new__(meta, kind, (_Quiet, *bases), {"__module__": bases[0].__module__})
