"""The module `__main__` while an instructor's cell runs: its names are those of the cell, as in a notebook.

`unittest.main`, `mock.patch("__main__.f")`, dataclasses and pickle look names up there.
"""

from __future__ import annotations

import contextlib
import sys
import types
from collections.abc import Callable, Iterator
from typing import Any

from autograder.protocol import libraries

_NAMES = "_MainModule__names"


class _MainModule(types.ModuleType):
    def __init__(self, names: dict[str, Any]) -> None:
        super().__init__("__main__")
        object.__setattr__(self, _NAMES, names)

    def __getattribute__(self, name: str) -> Any:
        names = object.__getattribute__(self, _NAMES)
        if name == "__dict__":
            if sys._getframe(1).f_globals.get("__name__") == "doctest":
                raise RuntimeError("doctest cannot see the functions of the notebook. Write the examples as asserts.")
            return names
        try:
            return names[name]
        except KeyError:
            return object.__getattribute__(self, name)

    def __setattr__(self, name: str, value: Any) -> None:
        object.__getattribute__(self, _NAMES)[name] = value

    def __delattr__(self, name: str) -> None:
        try:
            del object.__getattribute__(self, _NAMES)[name]
        except KeyError:
            raise AttributeError(name) from None

    def __dir__(self) -> list[str]:
        return list(object.__getattribute__(self, _NAMES))


@contextlib.contextmanager
def made_of(names: dict[str, Any], given: Callable[[str], Any]) -> Iterator[None]:
    """In the body, `__main__` has these names, and objects of the student's pass for those of the classes `given`."""
    before, sys.modules["__main__"] = sys.modules["__main__"], _MainModule(names)
    others = libraries.set_own(given)
    try:
        yield
    finally:
        sys.modules["__main__"] = before
        libraries.set_own(others)
