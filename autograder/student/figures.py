"""Figures: whatever window or widget a cell asks for, they are drawn into the notebook."""

from __future__ import annotations

import contextlib
import importlib
import sys
from typing import TYPE_CHECKING, Any

from autograder.protocol.messages import PYPLOT

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

NO_WINDOWS = "While a notebook is graded there are no windows. Figures appear in the notebook."

_INLINE = "module://matplotlib_inline.backend_inline"
_WIDGETS = ("widget", "ipympl")
"""Backends of a package of their own, which need not be installed then."""


def draw_into_notebook() -> None:
    """Let every interactive backend of matplotlib be the one that draws into the notebook.

    With their own, `%matplotlib qt` and `matplotlib.use("TkAgg")` end a cell where there is no screen, and
    `%matplotlib notebook` leaves an empty page.
    """
    from matplotlib.backends.registry import BackendFilter, backend_registry

    backend_registry._ensure_entry_points_loaded()  # type: ignore[no-untyped-call]  # they must not be known before
    backend_registry._backend_to_gui_framework.update(dict.fromkeys(_WIDGETS, "ipympl"))
    windows = backend_registry.list_builtin(BackendFilter.INTERACTIVE)  # type: ignore[no-untyped-call]
    for name in [*windows, *_WIDGETS]:
        backend_registry._name_to_module[name] = _INLINE


class Pyplot:
    """`matplotlib.pyplot` as checks use it; what one of them replaces in it stays so until `put_back`."""

    def __init__(self) -> None:
        vars(self)["_module"] = importlib.import_module(PYPLOT)
        vars(self)["_before"] = {}

    def __getattr__(self, name: str) -> Any:
        return getattr(self._module, name)

    def __setattr__(self, name: str, value: Any) -> None:
        self._keep(name)
        setattr(self._module, name, value)

    def __delattr__(self, name: str) -> None:
        self._keep(name)
        delattr(self._module, name)

    def __dir__(self) -> list[str]:
        return dir(self._module)

    def _keep(self, name: str) -> None:
        with contextlib.suppress(AttributeError):
            self._before.setdefault(name, getattr(self._module, name))

    def put_back(self) -> None:
        """Let the module have again what it had before."""
        vars(self._module).update(self._before)
        self._before.clear()


def end_cell() -> None:
    """Close the figures that a check left open, as they are closed at the end of each cell of a notebook."""
    pyplot = sys.modules.get(PYPLOT)
    if pyplot is None or not pyplot.get_fignums():
        return
    from matplotlib_inline.config import InlineBackend

    if InlineBackend.instance().close_figures:
        pyplot.close("all")


def show_at_end_of_cells(shell: InteractiveShell) -> None:
    """Show the figures of a cell when it ends, which `%matplotlib` turns off for every backend but `inline`."""
    from matplotlib_inline.backend_inline import configure_inline_support

    configure_inline_support(shell, _INLINE)  # type: ignore[no-untyped-call]
