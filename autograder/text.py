"""Text from outside the course: read in any encoding, made safe for a terminal or a page."""

from __future__ import annotations

import codecs
import json
import re

_ESCAPES = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[@-Z\\-_])")
_UNSEEN = r"\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ufffe\uffff\ud800-\udfff"
"""What controls a terminal, turns text around, or is half a character."""

_NO_TEXT = re.compile(rf"[\x00-\x08\x0b-\x1f{_UNSEEN}]")
_NO_LINE = re.compile(rf"[\x00-\x1f{_UNSEEN}]")
_OVERWRITTEN = re.compile(r"^.*\r(?!$)", re.MULTILINE)


def is_utf8(content: bytes) -> bool:
    """Whether these bytes are a text in UTF-8."""
    try:
        content.decode()
    except UnicodeDecodeError:
        return False
    return b"\x00" not in content  # as UTF-16 has them


def text_of(content: bytes) -> str:
    """What a text file says, whichever editor of Windows or Linux wrote it: UTF-8, UTF-16, UTF-32, or nearly UTF-8.

    A byte that is no UTF-8 is read as Windows-1252, in which older programs write.
    """
    encoding = json.detect_encoding(content)
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        return content.decode("utf-8-sig", _BYTE_BY_BYTE)


def _as_windows_1252(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeDecodeError)
    return error.object[error.start : error.end].decode("cp1252", "replace"), error.end


_BYTE_BY_BYTE = "autograder-windows-1252"
codecs.register_error(_BYTE_BY_BYTE, _as_windows_1252)


def shown(line: str) -> str:
    """`line` with each character that would not be seen as one shown by its number: for a terminal, and for names."""
    return _NO_LINE.sub(lambda match: ascii(match[0])[1:-1], line)


_PLAINER = {"✎": "*", "−": "-", "–": "-", "…": "...", "’": "'", "‘": "'", "“": '"', "”": '"'}
"""Signs, and what may stand for them."""


def encodable(text: str, encoding: str) -> str:
    """`text` in characters that `encoding` has: another sign for some of them, the number of all others."""
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        plainer = "".join(_PLAINER.get(character, character) for character in text)
        return plainer.encode(encoding, "backslashreplace").decode(encoding)
    return text


def plain(text: str) -> str:
    """`text` as a terminal would leave it: no colours, no control characters, nothing that turns the line around."""
    text = _ESCAPES.sub("", text).replace("\r\n", "\n")
    return _NO_TEXT.sub("", _OVERWRITTEN.sub("", text))


def bounded(text: str, characters: int, lines: int = 0) -> tuple[str, bool]:
    """The beginning of `text`, and whether there is more; no bound on lines when `lines` is 0."""
    kept = text[:characters]
    if lines:
        kept = "\n".join(kept.split("\n", lines)[:lines])
    return kept, len(kept) < len(text.rstrip("\n"))
