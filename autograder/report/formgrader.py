"""A graded notebook as Formgrader may show it: nothing that a student wrote runs there, or fetches anything.

Formgrader puts text and outputs of a notebook into its page as they are, and the page can give marks.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import nbformat

from autograder.cells import model_answer, role, rubric
from autograder.report.untrusted import Outputs, illustrated, with_pictures
from autograder.text import bounded, plain

_NAME = re.compile(r"[\w.-]{1,100}")
_MOST_CHARACTERS = 100_000
_MOST_OUTPUTS = 1000
_LINK = re.compile(r'<a((?: [a-z]+="[^"]*")*)>(.*?)</a>', re.DOTALL)
_ADDRESS = re.compile(r' href="([^"]*)"')


def harmless(
    notebook: nbformat.NotebookNode, model_answers: Mapping[str, str] = MappingProxyType({})
) -> nbformat.NotebookNode:
    """The same notebook with text for the filter `markdown`, outputs as clean HTML, and no metadata but nbgrader's.

    Below an answer that a person marks stands its model answer, if there is one; these are by grade id.
    """
    outputs, cells = Outputs(), list[dict[str, Any]]()
    for number, cell in enumerate(notebook.cells):
        cells.append(_cell(cell, number, outputs))
        if (model := model_answers.get(role(cell).grade_id)) is not None:
            cells.append({"id": f"model-{number}", "cell_type": "markdown", "metadata": {}, "source": model})
    metadata = {"language_info": {"name": "python", "pygments_lexer": "ipython3"}}
    made = {"nbformat": 4, "nbformat_minor": 5, "metadata": metadata, "cells": []}
    return nbformat.from_dict({**made, "cells": cells})


def model_answers(source: nbformat.NotebookNode) -> dict[str, str]:
    """What the instructor's notebook says of each answer that a person marks, by grade id: model answer and rubric."""
    found = {}
    for cell in source.cells:
        if role(cell).is_marked_by_hand:
            titles = {"Model answer": model_answer(cell), "Rubric": rubric(cell.source)}
            parts = [f"**{title}** (only you see it)\n\n{text}" for title, text in titles.items() if text]
            found[role(cell).grade_id] = "\n\n".join(parts)
    return {name: text for name, text in found.items() if text}


def _cell(cell: nbformat.NotebookNode, number: int, outputs: Outputs) -> dict[str, Any]:
    text = bounded(plain(str(cell.source)), _MOST_CHARACTERS)[0]
    made: dict[str, Any] = {"id": f"cell-{number}", "cell_type": "markdown", "metadata": _metadata(cell)}
    if cell.cell_type == "code":
        count = cell.get("execution_count")
        shown = [_output(each, outputs) for each in cell.get("outputs", [])[:_MOST_OUTPUTS]]
        return made | {
            "cell_type": "code",
            "source": text,
            "execution_count": count if isinstance(count, int) and count >= 0 else None,
            "outputs": [output for output in shown if output],
        }
    if cell.cell_type == "markdown":
        return made | {"source": with_pictures(text, cell.get("attachments", {}))}
    return made | {"source": "\n".join(f"    {line}" for line in text.split("\n"))}


def _metadata(cell: nbformat.NotebookNode) -> dict[str, Any]:
    if not _NAME.fullmatch((found := role(cell)).grade_id):
        return {}
    points = found.metadata.get("points", 0)
    flags = {"grade": found.is_graded, "solution": found.is_answer, "locked": found.is_locked, "task": found.is_task}
    kept = {**flags, "grade_id": found.grade_id, "points": points if isinstance(points, int | float) else 0}
    return {"nbgrader": kept}


def _output(output: nbformat.NotebookNode, outputs: Outputs) -> dict[str, Any]:
    """Streams and errors stay, since the page escapes them; what was displayed becomes clean HTML."""
    if output.get("output_type") == "stream":
        text = bounded(plain(str(output.get("text", ""))), _MOST_CHARACTERS)[0]
        return {"output_type": "stream", "name": "stdout", "text": text}
    if output.get("output_type") == "error":
        trace = list(output.get("traceback") or ())[:400]
        lines = [bounded(plain(str(line)), _MOST_CHARACTERS)[0] for line in trace]
        return {"output_type": "error", "ename": "", "evalue": "", "traceback": lines}
    html = "".join(outputs.shown([output]))
    data = {"text/html": _inert(html)}
    return {"output_type": "display_data", "metadata": {}, "data": data} if html else {}


def as_html(text: str) -> str:
    """The HTML of a cell's text, its pictures included."""
    return _inert(str(illustrated(text)))


def _inert(html: str) -> str:
    """`html`, which is clean, with the address of a link in place of the link, and out of reach of MathJax.

    Formgrader's own pages take text from their address as a script, and it reads settings, which are Python code, from
    a folder that an address names: one click on a link that leads there, even by way of another site, would do harm.
    """
    return f'<div class="tex2jax_ignore">{_LINK.sub(_spelled_out, html)}</div>'


def _spelled_out(link: re.Match[str]) -> str:
    address = _ADDRESS.search(link[1])
    return f"{link[2]} [{address[1]}]" if address and address[1] != link[2] else link[2]
