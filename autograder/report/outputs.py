"""What a student's cells displayed, as HTML that may stand on a page and does not fill it."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Callable, Iterable, Iterator, Mapping
from html import escape
from typing import Any

import nbformat
from markupsafe import Markup

from autograder.report.markdown import markdown
from autograder.report.sanitise import clean
from autograder.text import bounded, plain

_MOST_CHARACTERS, _MOST_LINES = 4000, 60
_MOST_OUTPUTS = 20
_WORD = re.compile(r"[^\s:\"']+")
_SOMETHING = re.compile(r"<(?:img|math|hr|table)\b|>\s*[^<\s]")
_TOO_LARGE = "This output is too large to show."


class Outputs:
    """The outputs of one page, which share its room.

    What a browser or the sanitiser would take long over is left out: elements are counted because each may lie inside
    the one before it.
    """

    def __init__(self, characters: int = 8_000_000, elements: int = 10_000) -> None:
        self._characters, self._elements = characters, elements

    def shown(self, outputs: Iterable[nbformat.NotebookNode]) -> list[Markup]:
        """One piece of HTML for each output that has something to show."""
        joined = list(_joined(outputs))
        pieces = [piece for output in joined[:_MOST_OUTPUTS] if (piece := self._piece(output))]
        if len(joined) > _MOST_OUTPUTS:
            pieces.append(_note(f"{len(joined) - _MOST_OUTPUTS} more outputs are left out."))
        return pieces

    def _piece(self, output: Mapping[str, Any]) -> Markup:
        kind = output.get("output_type")
        if kind == "stream":
            text = str(output.get("text", ""))
            return _pre(_without_folders(text) if output.get("name") == "stderr" else text)
        if kind == "error":
            message = f"{output.get('ename', '')}: {output.get('evalue', '')}".strip(": ")
            return _pre(message, "error")
        data = output.get("data")
        return self._richest(data) if isinstance(data, Mapping) else Markup()

    def _richest(self, data: Mapping[str, Any]) -> Markup:
        for kind, show in _KINDS.items():
            content = data.get(kind)
            if isinstance(content, list):
                content = "".join(map(str, content))
            if not isinstance(content, str) or not content.strip():
                continue
            if kind in _BY_SIZE and not self._fits(content):
                return _note(_TOO_LARGE)
            if piece := show(content):
                return piece
        return Markup()

    def _fits(self, content: str) -> bool:
        elements = content.count("<")
        if len(content) > self._characters or elements > self._elements:
            return False
        self._characters -= len(content)
        self._elements -= elements
        return True


def _without_folders(text: str) -> str:
    """`text` with only the names of modules that warnings come from, not where these lie on the grader's machine."""
    return _WORD.sub(lambda word: _module(word[0]), text)


def _module(word: str) -> str:
    return word.rpartition("/")[2] if word.startswith("/") and word.endswith(".py") else word


def _joined(outputs: Iterable[nbformat.NotebookNode]) -> Iterator[Mapping[str, Any]]:
    """The outputs, neighbouring pieces of one stream made one."""
    stream: dict[str, Any] | None = None
    for output in outputs:
        if stream is not None and output.get("output_type") == "stream" and output.get("name") == stream["name"]:
            stream["text"] += str(output.get("text", ""))
            continue
        if stream is not None:
            yield stream
            stream = None
        if output.get("output_type") == "stream":
            stream = {"output_type": "stream", "name": output.get("name"), "text": str(output.get("text", ""))}
        else:
            yield output
    if stream is not None:
        yield stream


def _pre(text: str, kind: str = "text") -> Markup:
    kept, cut = bounded(plain(text), _MOST_CHARACTERS, _MOST_LINES)
    if not kept.strip():
        return Markup()
    more = _note("The rest is left out.") if cut else ""
    return Markup('<pre class="{}">{}</pre>{}').format(kind, kept.rstrip("\n"), more)


def _note(sentence: str) -> Markup:
    return Markup('<p class="note">{}</p>').format(sentence)


def _html(content: str) -> Markup:
    """Nothing where only a script would have drawn something; the plain text beside it says more."""
    cleaned = clean(content)
    return _displayed(cleaned) if _says(cleaned) else Markup()


def _says(html: str) -> bool:
    return bool(_SOMETHING.search(f">{html}"))


def _image(kind: str) -> Callable[[str], Markup]:
    def show(content: str) -> Markup:
        return _html(f'<img src="data:{kind};base64,{escape("".join(content.split()))}">')

    return show


def _svg(content: str) -> Markup:
    """Drawn as a picture, where a browser runs no script of it and fetches nothing for it."""
    return _html(f'<img src="data:image/svg+xml;base64,{b64encode(content.encode()).decode()}">')


def _markdown(content: str) -> Markup:
    return _displayed(markdown(content))


def _displayed(html: Markup) -> Markup:
    """A table may be wider than the page: whoever has no mouse must be able to scroll it."""
    reached = Markup(' tabindex="0"') if "<table" in html else ""
    return Markup('<div class="displayed"{}>{}</div>').format(reached, html)


_KINDS: dict[str, Callable[[str], Markup]] = {
    "text/html": _html,
    "text/markdown": _markdown,
    "text/latex": _markdown,
    "image/svg+xml": _svg,
    "image/png": _image("image/png"),
    "image/jpeg": _image("image/jpeg"),
    "image/gif": _image("image/gif"),
    "text/plain": _pre,
}
_BY_SIZE = _KINDS.keys() - {"text/plain"}
