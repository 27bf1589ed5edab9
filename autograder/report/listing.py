"""Code with its parts told apart by colour and weight."""

from __future__ import annotations

from functools import lru_cache

from markupsafe import Markup
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

from autograder.text import bounded, plain

_MOST_CHARACTERS, _MOST_LINES, _LONGEST_LINE = 20_000, 400, 1000
"""The highlighter looks at the rest of a line again and again."""


@lru_cache(maxsize=512)
def listing(source: str) -> Markup:
    """`source` as HTML to stand in a `<pre>`."""
    kept, cut = bounded(plain(source), _MOST_CHARACTERS, _MOST_LINES)
    kept = "\n".join(line if len(line) <= _LONGEST_LINE else f"{line[:_LONGEST_LINE]} …" for line in kept.split("\n"))
    html = highlight(kept, PythonLexer(stripnl=False, ensurenl=False), HtmlFormatter(nowrap=True))
    return Markup(html + ("\n… the rest is too long to show" if cut else ""))
