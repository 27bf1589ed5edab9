"""Why an answer is wrong: the known mistake that does the same, and the first step that differs."""

from __future__ import annotations

import time
import warnings
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from autograder.fast import all_close
from autograder.judge.mistakes import Catalogue, Solution, define
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


def divergence(solution: Solution, seen: Iterable[tuple[Call, Effect, Effect]]) -> str:
    """One sentence about the first difference between what a function did and should have done; or nothing.

    Of inputs it says no more than the solution's circumstance does, and of values nothing.
    """
    if not solution.is_in_steps:
        return ""
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


def _where(circumstances: set[str]) -> str:
    """The circumstance, if there is but one."""
    (words, *more) = circumstances
    return f", where {words}" if words and not more else ""


def _first_of(steps: list[str], first: int) -> str:
    if first == 0:
        return f"{steps[0]} is already wrong"
    *most, last = steps[:first]
    correct = f"{', '.join(most)} and {last} are correct" if most else f"{last} is correct"
    return f"{correct}; {steps[first]} is the first wrong value"


_MAX_SECONDS = 0.5
_LEAST_NUMBERS = 6
"""The least count of numbers that all calls together must have asked for: fewer agree by chance."""


def diagnose(catalogue: Catalogue, function: str, calls: Iterable[Call], given: Mapping[str, Any]) -> Diagnosis:
    """The one known mistake that explains every call of `function`, and the first step that went wrong.

    `given` are the names that locked cells define. When two known mistakes explain the calls, neither is named, since
    one of them would be false. When the calls agree with the reference, when nothing known explains them, when they
    asked for too little, when the values are not plain data, or when it takes too long, nothing is said.
    """
    deadline = time.monotonic() + _MAX_SECONDS
    try:
        with warnings.catch_warnings(action="ignore"), np.errstate(all="ignore"):
            return _diagnose(catalogue, function, calls, given, deadline)
    except Exception:  # it runs on values of the student's, and no verdict depends on it
        return Diagnosis()


def _diagnose(
    catalogue: Catalogue, function: str, calls: Iterable[Call], given: Mapping[str, Any], deadline: float
) -> Diagnosis:
    solution, candidates = catalogue.solutions[function], catalogue.of(function)
    seen: list[tuple[Call, Effect, Effect]] = []
    wrong: set[str] = set()
    for call in calls:
        if time.monotonic() > deadline:
            return Diagnosis()
        names = _plain({**catalogue.names, **given, **call.in_force})
        effect, wanted = call.effect(), call.replay(define(solution, names))
        known = {candidate.name: call.replay(define(candidate, names)) for candidate in candidates}
        candidates = [candidate for candidate in candidates if agree(effect, known[candidate.name])]
        wrong |= {candidate.name for candidate in candidates if not agree(known[candidate.name], wanted)}
        seen.append((call, effect, wanted))
        if not candidates and not solution.is_in_steps and not agree(effect, wanted):
            return Diagnosis()
    if all(agree(effect, wanted) for _, effect, wanted in seen):
        return Diagnosis()
    asked = sum(count(wanted.value) for _, _, wanted in seen)
    found = tuple(candidate.name for candidate in candidates if candidate.name in wrong)
    return Diagnosis(found if len(candidates) == 1 and asked >= _LEAST_NUMBERS else (), divergence(solution, seen))


def _plain(names: Mapping[str, Any]) -> dict[str, Any]:
    """The names whose values are not the student's, which could not be asked any more."""
    return {name: value for name, value in names.items() if not isinstance(value, Proxy)}
