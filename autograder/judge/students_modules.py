"""Modules that a student's code wrote, as a check imports them: they run in the student process, which is asked.

Only a module that the author's own solution wrote, and that checks imported from it, is found so: a student cannot
write one that a check looks for elsewhere.
"""

from __future__ import annotations

import sys
import types
from collections.abc import Callable, Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from importlib.util import spec_from_loader
from typing import Any

Ask = Callable[[str, bool], Any]
"""The module of a name, in the student process; executed again when asked so."""


class Finder(MetaPathFinder):
    """Finds what `place_of` knows a path for, after all other modules; `imported` are the names that it found."""

    def __init__(self, ask: Ask, place_of: Callable[[str], str]) -> None:
        self._ask = ask
        self._place_of = place_of
        self.imported: set[str] = set()

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: types.ModuleType | None = None
    ) -> ModuleSpec | None:
        """A module that is asked for in the student process; None for any that is not known."""
        if not (place := self._place_of(name.replace(".", "/"))):
            return None
        self.imported.add(name.partition(".")[0])
        is_package = not place.endswith(".py")
        spec = spec_from_loader(name, _Loader(self._ask), origin=place, is_package=is_package)
        if spec is not None and not is_package:
            spec.has_location = True  # it has a `__file__`
        return spec

    def forget(self) -> None:
        """Let nobody find later what was imported."""
        for name in [name for name, module in sys.modules.items() if isinstance(module, _Module)]:
            del sys.modules[name]


class _Loader(Loader):
    def __init__(self, ask: Ask) -> None:
        self._ask = ask

    def create_module(self, spec: ModuleSpec) -> types.ModuleType:
        return _Module(spec.name, self._ask)

    def exec_module(self, module: types.ModuleType) -> None:
        there = self._ask(module.__name__, "_is_executed" in vars(module))
        vars(module).update(_is_executed=True, __doc__=getattr(there, "__doc__", None))


class _Module(types.ModuleType):
    """A module in the student process; what it holds is asked for whenever it is used."""

    def __init__(self, name: str, ask: Ask) -> None:
        super().__init__(name)
        vars(self)["_there"] = lambda: ask(name, False)

    def __getattr__(self, name: str) -> Any:
        if name == "__all__":
            return [each for each in dir(self) if not each.startswith("_")]
        if name.startswith("__"):
            raise AttributeError(name)
        return getattr(vars(self)["_there"](), name)

    def __setattr__(self, name: str, value: Any) -> None:
        if name.startswith("__"):
            super().__setattr__(name, value)
        else:
            setattr(vars(self)["_there"](), name, value)

    def __delattr__(self, name: str) -> None:
        delattr(vars(self)["_there"](), name)

    def __dir__(self) -> list[str]:
        return sorted(dir(vars(self)["_there"]()))
