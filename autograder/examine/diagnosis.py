"""What a student misunderstood, found by comparing what their function did with what known mistakes do."""

from __future__ import annotations

import time
import warnings
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from autograder.examine.agreement import agree, count
from autograder.examine.divergence import divergence
from autograder.examine.recording import Call, Effect
from autograder.misconceptions import Catalogue, define
from autograder.records import Diagnosis
from autograder.wire.proxies import Proxy

_MAX_SECONDS = 0.5
_LEAST_NUMBERS = 6
"""What the calls must have asked for in all before a mistake is named: fewer numbers agree by chance."""


def diagnose(catalogue: Catalogue, function: str, calls: Iterable[Call], given: Mapping[str, Any]) -> Diagnosis:
    """The one known mistake that explains every call of `function`, and the first step that went wrong.

    `given` are the names that locked cells define. When two known mistakes explain the calls, neither is named, since
    one of them would be false. When the calls agree with the reference, when nothing known explains them, when they
    asked for too little, when the values are no plain data, or when it takes too long, nothing is said.
    """
    deadline = time.monotonic() + _MAX_SECONDS
    try:
        with warnings.catch_warnings(action="ignore"), np.errstate(all="ignore"):
            return _diagnose(catalogue, function, calls, given, deadline)
    except Exception:  # it runs on whatever the student returned, and no verdict depends on it
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
    """Those that are no thing of the student's, which could not be asked any more."""
    return {name: value for name, value in names.items() if not isinstance(value, Proxy)}
