"""Whether a notebook draws anything."""

from __future__ import annotations

from collections.abc import Mapping

import nbformat

_DRAWING = ("matplotlib", "pylab")


def draws(notebook: nbformat.NotebookNode, files: Mapping[str, bytes]) -> bool:
    """Whether its code, or that in `files` beside it, speaks of what figures are drawn with."""
    sources = [cell.source for cell in notebook.cells if cell.cell_type == "code"]
    return any(word in source for word in _DRAWING for source in sources) or any(
        word.encode() in content for word in _DRAWING for name, content in files.items() if name.endswith(".py")
    )
