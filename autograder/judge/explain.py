"""Why an answer is wrong: the known mistake that does the same, and the first step that differs."""

from __future__ import annotations

import functools
import time
import warnings
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograder.fast import all_close
from autograder.judge.mistakes import Catalogue, Mistake, Solution, define
from autograder.judge.recording import Call, Effect
from autograder.models import Diagnosis
from autograder.protocol.proxies import Proxy


def agree(one: Effect, other: Effect) -> bool:
    """Whether both raised or returned the same and left their arguments the same."""
    if one.error or other.error:
        return one.error == other.error
    return same_value(one.value, other.value) and all(map(same_value, one.arguments, other.arguments))


def same_value(got: Any, want: Any) -> bool:
    """Whether a value is the wanted one; parts of a tuple and numbers may come in any shape, an array keeps its own."""
    if isinstance(want, tuple):
        found = parts(got, len(want))
        return found is not None and all(map(same_part, found, want))
    mine, theirs = _numbers(got), _numbers(want)
    if mine is None or theirs is None:
        return False
    return all_close(mine.ravel(), theirs.ravel()) if theirs.ndim == 0 else all_close(mine, theirs)


def same_part(got: Any, want: Any) -> bool:
    """Whether a part of a result is the wanted one, in any shape."""
    mine, theirs = _numbers(got), _numbers(want)
    return mine is not None and theirs is not None and all_close(mine.ravel(), theirs.ravel())


def parts(value: Any, count: int) -> list[Any] | None:
    """The parts of a result, or None when there are not so many."""
    if isinstance(value, list | tuple) or (isinstance(value, np.ndarray) and value.ndim):
        found = list(value)
        return found if len(found) == count else None
    return None


def count(value: Any) -> int:
    """How many numbers a result is made of."""
    return sum(map(np.size, value)) if isinstance(value, list | tuple) else np.size(value)


def _numbers(value: Any) -> np.ndarray[Any, np.dtype[np.float64]] | None:
    try:
        return np.asarray(value, dtype=float)
    except (TypeError, ValueError, OverflowError):
        return None


_MOST_CLASSES = 2
"""How many classes of inputs one sentence names."""


def divergence(solution: Solution, seen: Iterable[tuple[Call, Effect, Effect]]) -> str:
    """One sentence about the first difference between what a function did and should have done; or nothing.

    Of inputs it says no more than the solution's circumstance does, and of values nothing.
    """
    if not solution.is_in_steps:
        return _elsewhere(solution, seen)
    differing: dict[int, set[str]] = {}
    agreeing: set[str] = set()
    for call, effect, wanted in seen:
        if effect.error or wanted.error:
            continue
        order = [*solution.steps.values()] or [*range(len(wanted.value))]
        if (found := parts(effect.value, len(order))) is None:
            return f"There must be one {solution.each} for each step of the sequence." if solution.each else ""
        step = next((at for at, place in enumerate(order) if not same_part(found[place], wanted.value[place])), None)
        if step is not None:
            differing.setdefault(step, set()).add(call.describe(solution.circumstance, step))
        elif solution.steps:
            agreeing.add(call.describe(solution.circumstance, 0))
    if not differing:
        return ""
    first = min(differing)
    if solution.each:
        return f"The first wrong {solution.each} is at step {first + 1}{_where(differing[first])}."
    return f"{_first_of([*solution.steps], first)}{_where(differing[first]) if agreeing - differing[first] else ''}."


def _elsewhere(solution: Solution, seen: Iterable[tuple[Call, Effect, Effect]]) -> str:
    """The class of inputs on which alone a function goes wrong; nothing when there is no such class."""
    right, wrong = set[str](), set[str]()
    for call, effect, wanted in seen:
        words = call.describe(solution.circumstance, 0)
        (right if agree(effect, wanted) else wrong).add(words)
    if not right or not wrong or "" in wrong or right & wrong or len(wrong) > _MOST_CLASSES:
        return ""
    return f"The result is right for other inputs, but wrong where {' or where '.join(sorted(wrong))}."


def _where(circumstances: set[str]) -> str:
    """The circumstances, if there are few."""
    is_told = "" not in circumstances and len(circumstances) <= _MOST_CLASSES
    return f", where {' or where '.join(sorted(circumstances))}" if is_told else ""


def _first_of(steps: list[str], first: int) -> str:
    if first == 0:
        return f"{steps[0]} is already wrong"
    *most, last = steps[:first]
    correct = f"{', '.join(most)} and {last} are correct" if most else f"{last} is correct"
    return f"{correct}; {steps[first]} is the first wrong value"


_MAX_SECONDS = 1.0
_LEAST_NUMBERS = 6
"""The least count of numbers that all calls together must have asked for: fewer agree by chance."""


def diagnose(catalogue: Catalogue, function: str, calls: Iterable[Call], given: Mapping[str, Any]) -> Diagnosis:
    """The known mistake that explains every call of `function`, and the first step that went wrong.

    `given` are the names that locked cells define. When two mistakes that were written down explain the calls, neither
    is named, since one of them would be false. When none does, the simplest variant of the right answer is named that
    does the same. When the calls agree with the reference, when nothing explains them, when they asked for too little,
    when the values are not plain data, or when it takes too long, no mistake is named.
    """
    deadline = time.monotonic() + _MAX_SECONDS
    try:
        with warnings.catch_warnings(action="ignore"), np.errstate(all="ignore"):
            return _diagnose(catalogue, function, list(calls), given, deadline)
    except Exception:  # it runs on values of the student's, and no verdict depends on it
        return Diagnosis()


@dataclass(frozen=True)
class _Seen:
    """A call, the names in force, what the student's function did, and what the right answer does."""

    call: Call
    names: Mapping[str, Any]
    effect: Effect
    wanted: Effect

    @functools.cached_property
    def is_wrong(self) -> bool:
        """Whether the two differ."""
        return not agree(self.effect, self.wanted)


def _diagnose(
    catalogue: Catalogue, function: str, calls: Sequence[Call], given: Mapping[str, Any], deadline: float
) -> Diagnosis:
    solution = catalogue.solutions[function]
    seen: list[_Seen] = []
    names: Mapping[str, Any] = {}
    for before, call in zip([None, *calls], calls, strict=False):
        if before is None or before.in_force is not call.in_force:
            names = catalogue.environment(_plain(given), _plain(call.in_force))
        seen.append(_Seen(call, names, call.effect(), call.replay(define(solution, names))))
        if time.monotonic() > deadline:
            return Diagnosis()
    if not any(each.is_wrong for each in seen):
        return Diagnosis()
    said = divergence(solution, [(each.call, each.effect, each.wanted) for each in seen])
    if sum(count(each.wanted.value) for each in seen) < _LEAST_NUMBERS:
        return Diagnosis((), said)
    # Wrong answers first: most candidates fail at the first of them, and need no further call.
    seen.sort(key=lambda each: not each.is_wrong)
    for find in (catalogue.of, catalogue.variants_of):
        candidates = find(function)  # variants are made when they are first needed, which takes a while
        left = _explaining(candidates, seen, time.monotonic() + _MAX_SECONDS)
        if left and (len(left) == 1 or candidates[0].is_variant):
            return Diagnosis((left[0].name,), said)
        if left:
            break
    return Diagnosis((), said)


def _explaining(candidates: Iterable[Mistake], seen: Sequence[_Seen], deadline: float) -> list[Mistake]:
    """Those that do in every call what the student's function did."""
    left = list(candidates)
    for each in seen:
        if time.monotonic() > deadline:
            return []
        left = [mistake for mistake in left if _explains(mistake, each)]
    return left


def _explains(mistake: Mistake, seen: _Seen) -> bool:
    """Whether a mistake does the same in a call; that both fail says nothing of a variant, as many of them do."""
    effect = seen.call.replay(define(mistake, seen.names))
    return agree(seen.effect, effect) and not (mistake.is_variant and effect.error)


def _plain(names: Mapping[str, Any]) -> dict[str, Any]:
    """The names whose values are not the student's, which could not be asked any more."""
    return {name: value for name, value in names.items() if not isinstance(value, Proxy)}
