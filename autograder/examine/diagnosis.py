"""What a student misunderstood, told by comparing what their function did with what known misconceptions do."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from typing import Any

from autograder.examine.agreement import agree
from autograder.examine.divergence import divergence
from autograder.examine.recording import Call, Effect
from autograder.misconceptions import Catalogue, Misconception, Solution, define
from autograder.records import Diagnosis
from autograder.wire.proxies import Proxy

_MAX_SECONDS = 0.5
_MAX_CANDIDATES = 2


def diagnose(catalogue: Catalogue, function: str, calls: Iterable[Call], given: Mapping[str, Any]) -> Diagnosis:
    """The misconceptions that explain every call of `function`, and the first step that went wrong.

    `given` are the names that locked cells define. When the calls agree with the reference, when nothing known or too
    much explains them, when the values are no plain data, or when it takes too long, nothing is said.
    """
    try:
        return _diagnose(catalogue, function, calls, given, time.monotonic() + _MAX_SECONDS)
    except Exception:  # it runs on whatever the student returned, and a verdict does not depend on it
        return Diagnosis()


def _diagnose(
    catalogue: Catalogue, function: str, calls: Iterable[Call], given: Mapping[str, Any], deadline: float
) -> Diagnosis:
    solution, candidates = catalogue.solutions[function], catalogue.of(function)
    seen: list[tuple[Call, Effect, Effect]] = []
    for call in calls:
        if time.monotonic() > deadline:
            return Diagnosis()
        names = {**catalogue.names, **_plain(given), **_plain(call.in_force)}
        effect, wanted = call.effect(), _replay(call, solution, names)
        candidates = [known for known in candidates if agree(effect, _replay(call, known, names))]
        seen.append((call, effect, wanted))
    if all(agree(effect, wanted) for _, effect, wanted in seen):
        return Diagnosis()
    found = tuple(known.name for known in candidates) if len(candidates) <= _MAX_CANDIDATES else ()
    return Diagnosis(found, divergence(solution, seen))


def _replay(call: Call, answer: Misconception | Solution, names: Mapping[str, Any]) -> Effect:
    return call.replay(define(answer, names))


def _plain(names: Mapping[str, Any]) -> dict[str, Any]:
    """Without what is the student's: it could not be asked any more."""
    return {name: value for name, value in names.items() if not isinstance(value, Proxy)}
