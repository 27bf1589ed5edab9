"""Formulas as MathML, which browsers draw without help from anywhere."""

from __future__ import annotations

import re
from functools import lru_cache
from html import escape

from latex2mathml.converter import convert

_LONGEST = 2000
_ALIGNED = re.compile(r"\\(begin|end)\{(?:aligned|alignedat|gathered)\}")


@lru_cache(maxsize=4096)
def mathml(latex: str, display: bool) -> str:
    """The formula as a `<math>` element, or as its source where it is no formula. To be sanitised like any HTML."""
    if len(latex) <= _LONGEST:
        try:
            return str(convert(_ALIGNED.sub(r"\\\1{align*}", latex.strip()), display="block" if display else "inline"))
        except Exception:  # the converter raises whatever the odd formula provokes, RecursionError included
            pass
    return f"<code>{escape(latex)}</code>"
