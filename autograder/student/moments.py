"""Going back to the state of a notebook when only some of its cells had run, without running them again.

The names of the notebook can always be set back. Their values may have been changed in place by a later cell, and so
may the state that a whole process shares: a cell sorts a list, seeds a generator or replaces a function of `math`. So
everything that is known to be changeable is written down at each moment and compared; what is not known counts as
changed. The grader then runs the cells again instead. A student process that lies about it gets the state it
pretends to have, which it could have had without a lie.
"""

from __future__ import annotations

import collections
import decimal
import fractions
import functools
import os
import random
import re
import sys
import types
import warnings
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

Contents = list[Any]

_LARGEST_ARRAY = 1 << 20
_MOST_THINGS = 20_000
_KEPT_BY_THE_SHELL = re.compile(r"_+|_i+|_i?\d+")
_KNOWN_LIBRARIES = ("__main__", "numpy", "scipy", "IPython")
_SET_BY_THE_SHELL = ("_", "input", "exit", "quit")
_HEAP_TYPE = 1 << 9
"""Py_TPFLAGS_HEAPTYPE: the class was made by code that ran, not by a library in C."""

_PLAIN = frozenset((int, float, complex, bool, str, bytes, type(None), range, slice, type(...)))
_CONSTANT = (
    *(types.BuiltinFunctionType, types.MethodDescriptorType, types.WrapperDescriptorType, types.CodeType, re.Pattern),
    *(np.ufunc, np.generic, np.dtype, type(np.sum), decimal.Decimal, fractions.Fraction, property),
    *(types.ModuleType, types.GenericAlias, type(vars(collections.namedtuple("_", "field"))["field"])),
)
_CONTAINERS = (list, tuple, set, frozenset, collections.deque, dict)
_BUILT_IN = frozenset((list, tuple, set, frozenset, dict))
_BESIDE_ATTRIBUTES = ("__dict__", "__weakref__", "__doc__", "__module__")


class _Unknown(Exception):  # noqa: N818 - named for what was met
    """Something whose state cannot be looked into."""


class Moments:
    """The moments that were kept, by number, and the way back to them; `own` are the names that are the shell's.

    The values of `names` at any of them are looked at again at each one after it, and at the end.
    """

    def __init__(self, names: dict[str, Any], own: frozenset[str]) -> None:
        self._names = names
        self._own = own
        self._kept: list[dict[str, Any]] = []
        self._things: dict[int, Any] = {}
        self._before: Contents = []
        self._around: tuple[Contents, Contents] | None = None
        self._have_changed = False

    def keep(self) -> None:
        """Keep this moment."""
        names = {name: value for name, value in self._names.items() if name not in self._own}
        self._kept.append(names)
        self._things |= {id(value): value for name, value in names.items() if not _KEPT_BY_THE_SHELL.fullmatch(name)}
        self._look()
        self._around = self._around or (_settings(), _surroundings())

    def are_unchanged(self) -> bool:
        """Whether everything that can be seen at each of them is still as it was then, but for the names."""
        self._look()
        return (
            not self._have_changed
            and self._around is not None
            and self._around[1] == _surroundings()
            and _LIBRARIES.are_as_they_were()
        )

    def go_back(self, number: int) -> None:
        """Let the notebook have the names of that moment again, and no others."""
        names = self._kept[number]
        for name in [name for name in self._names if name not in self._own and name not in names]:
            del self._names[name]
        self._names.update(names)

    def _look(self) -> None:
        """Compare with the last moment; what was kept since then is looked at behind all that was kept before."""
        if self._have_changed:
            return
        now, before = self._contents(), self._before
        if self._around is not None and (self._around[0] != _settings() or now[: len(before)] != before):
            self._have_changed = True
        self._before = now

    def _contents(self) -> Contents:
        """All that can be changed in each thing that was kept; when something is not known, it counts as changed."""
        walk, found = _Walk(), list[Any]()
        try:
            for thing in self._things.values():
                start = len(walk.found)
                walk.visit(thing)
                found.append(walk.found[start:])
        except Exception:  # _Unknown, or an exception of an odd object of the student's
            self._have_changed = True
        return found


class _Walk:
    """Looks at a value and at all that it holds, each thing once."""

    def __init__(self) -> None:
        self.found: Contents = []
        self._seen: dict[int, int] = {}

    def visit(self, thing: Any) -> None:
        """Write down what can be changed in `thing`; raises _Unknown."""
        kind = type(thing)
        if kind in _PLAIN:
            self.found.append((kind, thing))
        elif id(thing) in self._seen:
            self.found.append(self._seen[id(thing)])
        else:
            self._seen[id(thing)] = len(self._seen)
            if len(self.found) > _MOST_THINGS:
                raise _Unknown
            self._look_into(thing, kind)

    def _look_into(self, thing: Any, kind: type) -> None:
        if kind not in _BUILT_IN and not _is_of_known_library(thing):
            raise _Unknown
        if kind is types.FunctionType:  # which most things of a notebook are
            self._look_into_function(thing)
        elif kind in _BUILT_IN:
            self._look_into_object(thing, kind)
        elif isinstance(thing, _CONSTANT):
            self.found.append(id(thing))
        elif isinstance(thing, type):
            self._look_into_class(thing)
        elif kind in (np.ndarray, np.matrix):
            if thing.dtype.hasobject or thing.nbytes > _LARGEST_ARRAY:
                raise _Unknown
            self.found.append((thing.shape, thing.dtype, thing.flags.writeable, thing.tobytes()))
        elif isinstance(thing, np.random.Generator):
            self.found.append(repr(thing.bit_generator.state))
        elif isinstance(thing, types.MethodType):
            self._visit_all((thing.__self__, thing.__func__))
        elif kind is functools.partial:
            self._visit_all((thing.func, thing.args, thing.keywords))
        elif isinstance(thing, (staticmethod, classmethod)):
            self.visit(thing.__func__)
        else:
            self._look_into_object(thing, kind)

    def _look_into_function(self, thing: types.FunctionType) -> None:
        parts = (thing.__defaults__, thing.__kwdefaults__, thing.__dict__, thing.__closure__)
        self.found.append((thing.__code__, *map(bool, parts)))
        if any(parts):
            self._visit_all(parts[:3])
            self._visit_all(cell.cell_contents for cell in thing.__closure__ or () if cell != types.CellType())

    def _look_into_class(self, thing: type) -> None:
        self.found.append(id(thing))
        if thing.__module__ == "__main__":
            self._visit_all(value for name, value in vars(thing).items() if name not in _BESIDE_ATTRIBUTES)

    def _look_into_object(self, thing: Any, kind: type) -> None:
        """Containers by what is in them, others by their attributes, where these are all there is."""
        base = _container_of(kind)
        self.found.append((id(kind), len(thing) if base else 0))
        if base is dict:
            self._visit_all(part for pair in dict.items(thing) for part in pair)
            self.visit(getattr(thing, "default_factory", None))
        elif base is not None:
            self._visit_all(base.__iter__(thing))
        attributes = getattr(thing, "__dict__", None)
        if attributes is not None:
            self._visit_all(part for pair in attributes.items() for part in pair)
        elif base is None:
            raise _Unknown

    def _visit_all(self, things: Iterator[Any] | tuple[Any, ...]) -> None:
        for thing in things:
            self.visit(thing)


def _is_of_known_library(thing: Any) -> bool:
    """Whether a module, a class or a function is the notebook's own, Python's, or of a library without hidden state."""
    name = getattr(thing, "__name__" if isinstance(thing, types.ModuleType) else "__module__", None)
    return _is_known(str(name)) if isinstance(name, str) else True


@functools.lru_cache(maxsize=1000)
def _is_known(module: str) -> bool:
    package = module.partition(".")[0]
    return package in _KNOWN_LIBRARIES or package in sys.stdlib_module_names or package.startswith("namedtuple_")


def _container_of(kind: type) -> Any:
    """The kind of container of Python's that `kind` is, if any; raises _Unknown when it was made in C otherwise."""
    if kind in _BUILT_IN:
        return kind
    base = next((each for each in _CONTAINERS if issubclass(kind, each)), None)
    if not all(each in (object, base) or each.__flags__ & _HEAP_TYPE for each in kind.__mro__):
        raise _Unknown
    return base


def _settings() -> Contents:
    """The settings of a whole process that cells change, and may change back again."""
    return [
        np.geterr(),
        np.get_printoptions(),
        list(warnings.filters),
        os.getcwd(),  # noqa: PTH109 - a text
        sys.getrecursionlimit(),
        repr(decimal.getcontext()),
    ]


def _surroundings() -> Contents:
    """The other state that all code of a process shares; it takes longer, so only the first moment has it."""
    drawn: Any = np.random.get_state(legacy=False)
    return [
        random.getstate(),
        (drawn["state"]["key"].tobytes(), drawn["state"]["pos"], drawn["has_gauss"], drawn["gauss"]),
        dict(os.environ),
        sorted((entry.name, entry.stat().st_mtime_ns, entry.stat().st_size) for entry in os.scandir()),
    ]


class _Libraries:
    """The libraries that a fresh student process has, as they were then."""

    def __init__(self) -> None:
        self._names = ("builtins", "math", "random", "operator", "itertools", "functools", "numpy", "scipy.special")
        self._before: list[tuple[dict[str, Any], dict[str, Any]]] = []
        self._loaded: frozenset[str] = frozenset()

    def remember(self) -> None:
        """Take them as they are now."""
        modules = [vars(sys.modules[name]) for name in self._names if name in sys.modules]
        self._before = [
            (names, {name: value for name, value in names.items() if name not in _SET_BY_THE_SHELL})
            for names in modules
        ]
        self._loaded = frozenset(sys.modules)

    def are_as_they_were(self) -> bool:
        """Whether nothing of theirs was replaced, and nothing was imported beside them but what Python brings."""
        new = {name.partition(".")[0] for name in sys.modules.keys() - self._loaded}
        if not all(name in sys.stdlib_module_names or name in self._loaded for name in new):
            return False
        return all(names.get(name) is value for names, before in self._before for name, value in before.items())


_LIBRARIES = _Libraries()
remember_libraries: Callable[[], None] = _LIBRARIES.remember
"""Called once in a fork server, before any student process."""
