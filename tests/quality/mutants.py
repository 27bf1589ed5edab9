"""Wrong answers made by machine: a right one with one operator, number or loop changed."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count

from cosmic_ray.mutating import mutate_code
from cosmic_ray.plugins import get_operator, operator_names

_OPERATORS = [get_operator(name)() for name in operator_names() if not get_operator(name).arguments()]


@dataclass(frozen=True)
class Answer:
    """What a student might write into the answer cell of `function`."""

    assignment: str
    function: str
    source: str


def mutants(right: Answer) -> Iterator[tuple[str, Answer]]:
    """Every mutant of a right answer that is valid Python, each once and with the line that was changed."""
    seen = {right.source}
    for operator in _OPERATORS:
        for occurrence in count():
            if (mutated := mutate_code(right.source, operator, occurrence)) is None:
                break
            if mutated not in seen and _is_python(mutated):
                seen.add(mutated)
                yield _change(right.source, mutated), Answer(right.assignment, right.function, mutated)


def _is_python(source: str) -> bool:
    with contextlib.suppress(SyntaxError):
        compile(source, "<mutant>", "exec")
        return True
    return False


def _change(source: str, mutated: str) -> str:
    before = set(source.splitlines())
    return " / ".join(line.strip() for line in mutated.splitlines() if line not in before)
