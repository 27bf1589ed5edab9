"""What a student wrote or displayed, as HTML that is safe on a page: no script, no style, nothing from elsewhere."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from html import escape
from typing import Any
from urllib.parse import quote

import nbformat
import nh3
from latex2mathml.converter import convert
from markupsafe import Markup
from mistune import HTMLRenderer
from nbconvert.filters.markdown_mistune import MarkdownWithMath
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

from autograder.text import bounded, plain

_PLACES = {"article", "aside", "footer", "header", "hgroup", "nav", "h1", "h2", "area", "map", "bdo"}
"""What would be taken for a place of the page, by eye or by a screen reader, or turn its text around."""
_FORMULAS = (
    {"math", "mi", "mn", "mo", "ms", "mtext", "mspace", "mrow", "mfrac", "msqrt", "mroot", "mstyle", "menclose"}
    | {"msub", "msup", "msubsup", "munder", "mover", "munderover", "mmultiscripts", "mprescripts", "none"}
    | {"mtable", "mtr", "mtd", "mpadded", "mphantom"}
)
_ATTRIBUTES = {
    "a": {"href", "title"},
    "img": {"src", "alt", "width", "height"},
    "ol": {"start"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
    "math": {"display"},
    "mo": {"stretchy", "fence", "form", "separator", "minsize", "maxsize"},
    "mspace": {"width"},
    "mstyle": {"displaystyle", "scriptlevel"},
    "mtable": {"displaystyle"},
    "mtd": {"columnalign"},
    "mfrac": {"linethickness"},
    "mover": {"accent"},
    "munder": {"accentunder"},
    "mi": {"mathvariant"},
}
_PICTURE = re.compile(
    r"data:image/(?:(?:png|jpeg|gif|webp);base64,[A-Za-z0-9+/=\s]+|svg\+xml(?:;charset=utf-8)?"
    r"(?:;base64,[A-Za-z0-9+/=\s]+|,[A-Za-z0-9%()*+,./:;=@_!~-]+))",
    re.IGNORECASE,
)
_SIZE = re.compile(r"\d{1,4}")
_WITHOUT_ALT = re.compile(r"<img(?![^>]*\salt=)")
_ALT = "A picture that the code displayed without a description"

_WIDE = '<math display="block">'
"""It may be wider than a phone, and must scroll without a mouse."""


def clean(html: str) -> Markup:
    """`html` with text, tables, formulas and pictures kept, and everything else removed.

    Pictures must be part of the page. Neither classes nor ids survive, so nothing can pass for a part of the page.
    """
    cleaned = _WITHOUT_ALT.sub(f'<img alt="{_ALT}"', _CLEANER.clean(html))
    return Markup(cleaned.replace(_WIDE, f'{_WIDE[:-1]} tabindex="0">'))


def _attribute(tag: str, name: str, value: str) -> str | None:
    if (tag, name) == ("img", "src"):
        return value if _PICTURE.fullmatch(value) else None
    if (tag, name) == ("a", "href"):
        return value if value.startswith(("http://", "https://", "mailto:")) else None
    if name in ("width", "height", "colspan", "rowspan", "start") and tag != "mspace":
        return value if _SIZE.fullmatch(value) else None
    return value


_CLEANER = nh3.Cleaner(
    tags=(nh3.ALLOWED_TAGS - _PLACES) | _FORMULAS,
    attributes=_ATTRIBUTES,
    attribute_filter=_attribute,
    url_schemes={"http", "https", "mailto", "data"},
    clean_content_tags={"script", "style", "iframe", "object", "template", "noscript", "title", "textarea", "svg"},
)


_LONGEST_FORMULA = 2000
_SIGN = re.compile(r"(<mo[^>]*>(?!&#x00029;|&#x0005D;|&#x0007D;|&#x0007C;|!|')[^<]*</mo>)<mo>(&#x02212;)</mo>")
"""A minus that follows another operator: it is a sign, and browsers would put the space of a difference around it."""
_ALIGNED = re.compile(r"\\(begin|end)\{(?:aligned|alignedat|gathered)\}")


@lru_cache(maxsize=4096)
def mathml(latex: str, display: bool) -> str:
    """The formula as a `<math>` element, or as its source when it is none. It must be sanitised like any HTML."""
    if len(latex) <= _LONGEST_FORMULA:
        try:
            made = convert(_ALIGNED.sub(r"\\\1{align*}", latex.strip()), display="block" if display else "inline")
            return _SIGN.sub(r'\1<mo form="prefix">\2</mo>', str(made))
        except Exception:  # the converter raises many types for odd formulas, RecursionError included
            pass
    return f"<code>{escape(latex)}</code>"


_LONGEST_TEXT = 20_000
_TOP, _LOWEST = 3, 6


@lru_cache(maxsize=256)
def markdown(text: str) -> Markup:
    """`text` as HTML, its headings below those of the page; what no parser takes is shown as it is."""
    kept, cut = bounded(plain(text), _LONGEST_TEXT)
    try:
        html = str(MarkdownWithMath(renderer=_Renderer(escape=False))(kept))
    except RecursionError:
        html = f"<pre>{escape(kept)}</pre>"
    return clean(html + ("<p>The rest is left out because it is too long.</p>" if cut else ""))


class _Renderer(HTMLRenderer):
    """Formulas become MathML instead of waiting for a script."""

    def heading(self, text: str, level: int, **attributes: object) -> str:
        """A heading that keeps its place in the order of the page."""
        depth = min(level + _TOP - 1, _LOWEST)
        return f"<h{depth}>{text}</h{depth}>\n"

    def block_math(self, body: str) -> str:
        """`$$ ... $$`."""
        return mathml(body, display=True)

    def multiline_math(self, text: str) -> str:
        """A formula over several lines."""
        return mathml(text, display=True)

    def latex_environment(self, name: str, body: str) -> str:
        r"""`\begin{name} ... \end{name}`."""
        return mathml(rf"\begin{{{name}}}{body}\end{{{name}}}", display=True)

    def inline_math(self, body: str) -> str:
        """`$ ... $`."""
        return mathml(body, display=False)


_PASTED = ("image/png", "image/jpeg", "image/gif", "image/webp")
_BASE64 = re.compile(r"[A-Za-z0-9+/=\s]+")
_CONTENT = re.compile(r"(?<=;base64,)[A-Za-z0-9+/=]{100,}")
_MOST_OF_PICTURES = 16_000_000
"""Characters that the pictures of one cell may take: its text can refer to each of them often."""


def with_pictures(text: str, attachments: Any, room: int = _MOST_OF_PICTURES) -> str:
    """`text` with the pictures that were pasted into its cell in place of what refers to them, if there is `room`."""
    for name in sorted(attachments, key=len, reverse=True) if isinstance(attachments, Mapping) else ():
        content = _pasted(attachments[name])
        for reference in (
            dict.fromkeys((f"attachment:{name}", f"attachment:{quote(name, errors='replace')}")) if content else ()
        ):
            times = min(text.count(reference), room // len(content))
            text = text.replace(reference, content, times)
            room -= times * len(content)
    return text


def _pasted(kinds: Any) -> str:
    for kind in _PASTED:
        content = kinds.get(kind) if isinstance(kinds, Mapping) else None
        if isinstance(content, list):
            content = "".join(map(str, content))
        if isinstance(content, str) and _BASE64.fullmatch(content):
            return f"data:{kind};base64,{''.join(content.split())}"
    return ""


def illustrated(text: str) -> Markup:
    """What `markdown` makes of `text`, with pictures that do not count as text, of which only so much is shown."""
    contents: list[str] = []

    def keep(match: re.Match[str]) -> str:
        contents.append(match[0])
        return f"kept{len(contents) - 1}="

    def content(match: re.Match[str]) -> str:
        return contents[number] if (number := int(match[1])) < len(contents) else ""

    html = markdown(_CONTENT.sub(keep, text))
    return Markup(re.sub(r"(?<=;base64,)kept(\d{1,9})=", content, html)) if contents else html


_MOST_CODE, _MOST_CODE_LINES, _LONGEST_LINE = 20_000, 400, 1000
"""The highlighter looks at the rest of a line again and again."""


@lru_cache(maxsize=512)
def listing(source: str) -> Markup:
    """`source` as HTML for a `<pre>`."""
    kept, cut = bounded(plain(source), _MOST_CODE, _MOST_CODE_LINES)
    kept = "\n".join(line if len(line) <= _LONGEST_LINE else f"{line[:_LONGEST_LINE]} …" for line in kept.split("\n"))
    html = highlight(kept, PythonLexer(stripnl=False, ensurenl=False), HtmlFormatter(nowrap=True))
    return Markup(html + ("\n… the rest is left out" if cut else ""))


_MOST_CHARACTERS, _MOST_LINES = 4000, 60
_MOST_OUTPUTS = 20
_WORD = re.compile(r"[^\s:\"']+")
_SOMETHING = re.compile(r"<(?:img|math|hr|table)\b|>\s*[^<\s]")
_TOO_LARGE = "This output is too large to show."


class Outputs:
    """The outputs and texts of one page, which share its room for large ones.

    Outputs that a browser or the sanitiser would take long for are left out: elements are counted because each may lie
    inside the one before it.
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

    def text(self, cell: nbformat.NotebookNode) -> Markup:
        """The text of a cell, with the pictures that were pasted into it."""
        text = with_pictures(cell.source, cell.get("attachments"), self._characters)
        self._characters -= max(0, len(text) - len(cell.source))
        return illustrated(text)

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
        elements = content.count("<") + content.count("&")
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
    more = _note("The rest is left out because it is too long.") if cut else ""
    return Markup('<pre class="{}">{}</pre>{}').format(kind, kept.rstrip("\n"), more)


def _note(sentence: str) -> Markup:
    return Markup('<p class="note">{}</p>').format(sentence)


def _html(content: str) -> Markup:
    """The HTML, or nothing where only a script would have drawn something: the plain text beside it says more."""
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
    """A table may be wider than the page, and must scroll without a mouse."""
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
