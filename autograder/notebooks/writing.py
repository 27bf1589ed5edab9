"""Notebooks as text."""

from __future__ import annotations

import msgspec
import nbformat
from nbformat.v4.rwbase import split_lines, strip_transient


def written(notebook: nbformat.NotebookNode) -> str:
    """The text of a notebook, as nbformat writes it but for what is no number: that becomes null, as JSON has it.

    The sources in `notebook` are lists of lines afterwards: nbformat copies it first, which takes most of its time.
    Raises UnicodeEncodeError when it holds text that no file can.
    """
    plain = split_lines(strip_transient(notebook))
    return msgspec.json.format(msgspec.json.encode(plain, order="sorted"), indent=1).decode()
