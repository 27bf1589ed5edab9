"""Figures: whatever window or widget a cell asks for, they are drawn into the notebook."""

from __future__ import annotations

from typing import TYPE_CHECKING

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


def show_at_end_of_cells(shell: InteractiveShell) -> None:
    """Show the figures of a cell when it ends, which `%matplotlib` turns off for every backend but `inline`."""
    from matplotlib_inline.backend_inline import configure_inline_support

    configure_inline_support(shell, _INLINE)  # type: ignore[no-untyped-call]
