"""Markdown as Jupyter reads it, formulas included, as HTML that may stand on a page."""

from __future__ import annotations

from functools import lru_cache
from html import escape

from markupsafe import Markup
from mistune import HTMLRenderer
from nbconvert.filters.markdown_mistune import MarkdownWithMath

from autograder.report.maths import mathml
from autograder.report.sanitise import clean
from autograder.text import bounded, plain

_LONGEST = 20_000
_TOP, _LOWEST = 3, 6


@lru_cache(maxsize=256)
def markdown(text: str) -> Markup:
    """`text` as HTML, its headings below those of the page; what no parser takes is shown as it is."""
    kept, cut = bounded(plain(text), _LONGEST)
    try:
        html = str(MarkdownWithMath(renderer=_Renderer(escape=False))(kept))
    except RecursionError:
        html = f"<pre>{escape(kept)}</pre>"
    return clean(html + ("<p>The rest is too long to show.</p>" if cut else ""))


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
