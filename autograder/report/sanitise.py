"""HTML that somebody else wrote, before it may stand on a page: no script, no style, nothing from elsewhere."""

from __future__ import annotations

import re

import nh3
from markupsafe import Markup

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
    r"data:image/(?:(?:png|jpeg|gif);base64,[A-Za-z0-9+/=\s]+|svg\+xml(?:;charset=utf-8)?"
    r"(?:;base64,[A-Za-z0-9+/=\s]+|,[A-Za-z0-9%()*+,./:;=@_!~-]+))",
    re.IGNORECASE,
)
_SIZE = re.compile(r"\d{1,4}")
_WITHOUT_ALT = re.compile(r"<img(?![^>]*\salt=)")
_ALT = "A picture that the code displayed without a description"

_WIDE = '<math display="block">'
"""May be wider than a phone: whoever has no mouse must be able to scroll it."""


def clean(html: str) -> Markup:
    """`html` with text, tables, formulas and pictures kept, and all else taken out.

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
