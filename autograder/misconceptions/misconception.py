"""What a misconception is, and the right answer that it slips from."""

from __future__ import annotations

import functools
import types
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Misconception:
    """A wrong answer that students really give.

    `sentence` helps whoever gave it without telling the right one, `place` is the section of the notebook to read
    again, and `source` is the answer as a student writes it.
    """

    name: str
    function: str
    sentence: str
    place: str
    source: str


@dataclass(frozen=True)
class Solution:
    """A right answer as a student may write it, from which misconceptions differ by what they get wrong.

    `steps` says where in its result each value stands that it computes on the way, in the order of computing. Where
    the result is a list with one item for each step, `each` names such an item instead. `circumstance` puts into words
    what a student may know of a call: it is given the number of the step from 0, and the arguments.
    """

    function: str
    place: str
    source: str
    steps: Mapping[str, int] = field(default_factory=dict)
    each: str = ""
    circumstance: Callable[..., str] | None = None

    @property
    def is_in_steps(self) -> bool:
        """Whether it can be told at which step an answer goes wrong."""
        return bool(self.steps or self.each)

    def slip(self, name: str, sentence: str, *edits: tuple[str, str]) -> Misconception:
        """The misconception that writes the first of each pair, which must be there, as the second instead."""
        source = self.source
        for right, wrong in edits:
            if right not in source:
                raise ValueError(f"{self.function} has no '{right}'")
            source = source.replace(right, wrong)
        return Misconception(f"{self.function}-{name}", self.function, sentence, self.place, source)


def define(answer: Misconception | Solution, names: Mapping[str, Any]) -> Callable[..., Any]:
    """The function that `answer` defines where `names` are in force."""
    namespace = dict(names)
    exec(_code(answer.source), namespace)
    function: Callable[..., Any] = namespace[answer.function]
    return function


@functools.cache
def _code(source: str) -> types.CodeType:
    return compile(source, "<answer>", "exec", dont_inherit=True)
