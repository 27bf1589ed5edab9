"""Hints for students at work: what a common mistake does, as a fingerprint, beside the sentence that helps with it.

The tools of a course's shown checks (`source/checks.py`) may have a line `_HINTS = ""` and a function `fingerprints`,
which turns what a function does in some calls into short codes. Here every known mistake gets its codes, and `build`
writes them into that line. So a notebook recognises a mistake, and holds neither right answers nor inputs of hidden
checks.
"""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Iterable, Mapping
from typing import Any

from autograder.judge.mistakes import Catalogue, Mistake, Solution, code_of

_LINE = '_HINTS = ""\n'


def with_hints(tools: str, known: Catalogue | None, given: Iterable[str]) -> str:
    """The tools of the shown checks with the hints of one assignment in them, or as they are if there are none.

    Args:
        tools: the text of `source/checks.py`.
        known: what is known of the answers to the assignment.
        given: the texts of the cells that give names which answers use.

    """
    if known is None or _LINE not in tools:
        return tools
    names: dict[str, Any] = {}
    for source in (tools, *given, *(solution.source for solution in known.solutions.values())):
        exec(code_of(source), names)
    found = {
        function: _of_function(known, solution, names)
        for function, solution in known.solutions.items()
        if solution.calls
    }
    return tools.replace(_LINE, f'_HINTS = "{_packed(found)}"  # noqa: E501\n') if found else tools


def _of_function(known: Catalogue, solution: Solution, names: dict[str, Any]) -> dict[str, Any]:
    asked = {
        "calls": [_with_values(call) for call in solution.calls],
        "other_calls": [_with_values(call) for call in solution.other_calls],
        "parts": len(solution.parts),
    }
    right = _fingerprints(solution, asked, names)
    sentences: dict[str, str] = {}
    for mistake in (*known.of(solution.function), *known.variants_of(solution.function)):
        for code in _fingerprints(mistake, asked, names):
            if code not in right:
                sentences.setdefault(code, mistake.sentence)
    return {**asked, "sentences": sentences}


def _with_values(call: str | tuple[str, Mapping[str, float]]) -> tuple[str, dict[str, float]]:
    return (call, {}) if isinstance(call, str) else (call[0], dict(call[1]))


def _fingerprints(answer: Mistake | Solution, asked: Mapping[str, Any], names: dict[str, Any]) -> list[str]:
    """What the tools say of an answer, where everything it builds on is right."""
    function = answer.function
    right = names[function]
    try:
        exec(code_of(answer.source), names)
        found: list[str] = names["fingerprints"](function, **asked)
        return found
    finally:
        names[function] = right


def _packed(found: Mapping[str, Any]) -> str:
    """As short as can be, and the same on every machine."""
    text = json.dumps(found, ensure_ascii=False, separators=(",", ":"))
    return base64.b64encode(zlib.compress(text.encode(), 9)).decode()
