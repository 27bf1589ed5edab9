"""Text that a student's code produced, before it may stand on a page."""

from __future__ import annotations

import re

_ESCAPES = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[@-Z\\-_])")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ufffe\uffff\ud800-\udfff]")
_OVERWRITTEN = re.compile(r"^.*\r(?!$)", re.MULTILINE)


def plain(text: str) -> str:
    """`text` as a terminal would leave it: no colours, no control characters, nothing that turns the line around."""
    text = _ESCAPES.sub("", text).replace("\r\n", "\n")
    return _CONTROL.sub("", _OVERWRITTEN.sub("", text))


def bounded(text: str, characters: int, lines: int = 0) -> tuple[str, bool]:
    """The beginning of `text`, and whether there is more; no bound on lines when `lines` is 0."""
    kept = text[:characters]
    if lines:
        kept = "\n".join(kept.split("\n", lines)[:lines])
    return kept, len(kept) < len(text.rstrip("\n"))
