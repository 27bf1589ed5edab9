"""`matplotlib.pyplot` in an instructor's code is the student's, however the code imports it.

It keeps the current figure, and in one process there is one of it. So a check that asks `plt.gca()` after it called a
function of the student's finds what that drew, and axes that a check makes can be given to such a function. What is
drawn stays in the student process; titles, limits, colours and points come over as data and are compared here. All
other modules of matplotlib are this process's own.
"""

from __future__ import annotations

import contextlib
import importlib
import sys
import types
from collections.abc import Callable, Iterator, Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from typing import Any

from autograder.protocol.messages import PYPLOT

_PACKAGE, _, _PART = PYPLOT.partition(".")
_ask: Callable[[], Any] | None = None


class _Pyplot(types.ModuleType):
    """Everything but what Python's own import sets is asked for, and set, in the student process."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") or _ask is None:
            raise AttributeError(name)
        return getattr(_ask(), name)

    def __setattr__(self, name: str, value: Any) -> None:
        if name.startswith("__") or _ask is None:
            super().__setattr__(name, value)
        else:
            setattr(_ask(), name, value)

    def __delattr__(self, name: str) -> None:
        if _ask is not None:
            delattr(_ask(), name)

    def __dir__(self) -> list[str]:
        return list(dir(_ask())) if _ask is not None else []


class _Finder(MetaPathFinder, Loader):
    """Finds that module, and no other."""

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: types.ModuleType | None = None
    ) -> ModuleSpec | None:
        return ModuleSpec(name, self) if name == PYPLOT else None

    def create_module(self, spec: ModuleSpec) -> types.ModuleType:
        return _MODULE

    def exec_module(self, module: types.ModuleType) -> None:
        importlib.import_module(f"{_PACKAGE}.figure")  # with it come the classes of all that can be drawn


_MODULE = _Pyplot(PYPLOT)
_FINDER = _Finder()


@contextlib.contextmanager
def of_student(ask: Callable[[], Any]) -> Iterator[None]:
    """In the body, imports of `matplotlib.pyplot` give that of the student process, which `ask` returns a proxy of."""
    global _ask
    before, own = _ask, sys.modules.get(PYPLOT)
    _ask = ask
    sys.meta_path.insert(0, _FINDER)
    if own is not None:
        _put(_MODULE)
    try:
        yield
    finally:
        _ask = before
        sys.meta_path.remove(_FINDER)
        if own is not None or PYPLOT in sys.modules:
            _put(own)


def _put(module: types.ModuleType | None) -> None:
    """Let this be what an import gives from now on; None for what it gives by itself."""
    package = sys.modules.get(_PACKAGE)
    if module is None:
        sys.modules.pop(PYPLOT, None)
        vars(package).pop(_PART, None)
    else:
        sys.modules[PYPLOT] = module
        vars(package)[_PART] = module
