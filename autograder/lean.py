"""nbgrader as a library, without the web pages it loads with itself: a third of a short command's time."""

from __future__ import annotations

import sys
import types

_PAGES = ("assignment_list", "course_list", "formgrader", "validate_assignment")


def import_nbgrader() -> None:
    """Import nbgrader, unless that was done; whoever needs its web pages afterwards can still import them."""
    if "nbgrader" in sys.modules:
        return
    names = [f"nbgrader.server_extensions.{page}" for page in _PAGES]
    for name in names:
        sys.modules[name] = types.ModuleType(name)
        vars(sys.modules[name])["load_jupyter_server_extension"] = None
    try:
        import nbgrader  # noqa: F401
    finally:
        for name in names:
            del sys.modules[name]
