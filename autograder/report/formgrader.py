"""A graded notebook as Formgrader may show it: nothing that a student wrote runs there, or fetches anything.

Formgrader puts text and outputs of a notebook into its page as they are, and the page can give marks.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import nbformat

from autograder.notebooks.reading import nbgrader_metadata
from autograder.report.outputs import Outputs
from autograder.text import bounded, plain

_NAME = re.compile(r"[\w.-]{1,100}")
_MOST_CHARACTERS = 100_000
_PICTURES = ("image/png", "image/jpeg", "image/gif")
_BASE64 = re.compile(r"[A-Za-z0-9+/=\s]*")


def harmless(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """The same notebook with text for the filter `markdown`, outputs as clean HTML, and no metadata but nbgrader's."""
    outputs = Outputs()
    cells = [_cell(cell, number, outputs) for number, cell in enumerate(notebook.cells)]
    metadata = {"language_info": {"name": "python", "pygments_lexer": "ipython3"}}
    made = {"nbformat": 4, "nbformat_minor": 5, "metadata": metadata, "cells": []}
    return nbformat.from_dict({**made, "cells": cells})


def _cell(cell: nbformat.NotebookNode, number: int, outputs: Outputs) -> dict[str, Any]:
    text = bounded(plain(str(cell.source)), _MOST_CHARACTERS)[0]
    made: dict[str, Any] = {"id": f"cell-{number}", "cell_type": "markdown", "metadata": _metadata(cell)}
    if cell.cell_type == "code":
        count = cell.get("execution_count")
        shown = [_output(each, outputs) for each in cell.get("outputs", [])]
        return made | {
            "cell_type": "code",
            "source": text,
            "execution_count": count if isinstance(count, int) else None,
            "outputs": [output for output in shown if output],
        }
    if cell.cell_type == "markdown":
        return made | {"source": with_pictures(text, cell.get("attachments", {}))}
    return made | {"source": "\n".join(f"    {line}" for line in text.split("\n"))}


def _metadata(cell: nbformat.NotebookNode) -> dict[str, Any]:
    found = nbgrader_metadata(cell)
    kept: dict[str, Any] = {key: bool(found.get(key)) for key in ("grade", "solution", "locked", "task")}
    if not _NAME.fullmatch(name := str(found.get("grade_id", ""))):
        return {}
    points = found.get("points", 0)
    return {"nbgrader": kept | {"grade_id": name, "points": points if isinstance(points, int | float) else 0}}


def _output(output: nbformat.NotebookNode, outputs: Outputs) -> dict[str, Any]:
    """Streams and errors stay, since the page escapes them; what was displayed becomes clean HTML."""
    if output.get("output_type") == "stream":
        text = bounded(plain(str(output.get("text", ""))), _MOST_CHARACTERS)[0]
        return {"output_type": "stream", "name": "stdout", "text": text}
    if output.get("output_type") == "error":
        lines = [bounded(plain(str(line)), _MOST_CHARACTERS)[0] for line in output.get("traceback", [])[:400]]
        return {"output_type": "error", "ename": "", "evalue": "", "traceback": lines}
    html = "".join(outputs.shown([output]))
    return {"output_type": "display_data", "metadata": {}, "data": {"text/html": html}} if html else {}


def with_pictures(text: str, attachments: Any) -> str:
    """`text` with the pictures that were pasted into its cell, in place of what refers to them."""
    for name, kinds in attachments.items() if isinstance(attachments, Mapping) else ():
        content = _picture(kinds)
        if content:
            text = text.replace(f"attachment:{name}", content)
    return text


def _picture(kinds: Any) -> str:
    for kind in _PICTURES:
        content = kinds.get(kind) if isinstance(kinds, Mapping) else None
        if isinstance(content, list):
            content = "".join(map(str, content))
        if isinstance(content, str) and _BASE64.fullmatch(content):
            return f"data:{kind};base64,{''.join(content.split())}"
    return ""
