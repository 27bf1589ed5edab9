"""Cells with IPython's own syntax (`%matplotlib inline`, `%%time`, `!ls`) as plain Python.

Author's cells run in the grader, which is no notebook. `autograder.judge.ipython` says what each magic does there.
"""

from __future__ import annotations

import ast
import contextlib
import functools
import re

_TIMED = "time|timeit|prun"
_TIMED_CELL = re.compile(rf"\A\s*%%(?:{_TIMED})\b[^\n]*")
_TIMED_LINE = re.compile(
    rf"^([ \t]*(?:\w+\s*=\s*)?)%(?:{_TIMED})\b(?:[ \t]+-\w+(?:[ \t]+\d+)?)*[ \t]+(?=\S)", re.MULTILINE
)
"""Magics that run the code behind them: without them it is the same code, in the same lines."""


@functools.lru_cache(maxsize=1000)
def python_of(source: str) -> str:
    """The Python of a cell: `source` itself where that is Python, else what IPython makes of it.

    Raises SyntaxError when it is neither.
    """
    for text in (source, _TIMED_LINE.sub(r"\1", _TIMED_CELL.sub("", source))):
        with contextlib.suppress(SyntaxError):
            ast.parse(text)
            return text
    return _transformed(text)


def _transformed(source: str) -> str:
    from IPython.core.inputtransformer2 import TransformerManager  # most courses have no such cell

    transformer = TransformerManager()  # type: ignore[no-untyped-call]
    return str(transformer.transform_cell(source))
