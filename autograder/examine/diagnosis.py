"""What a student misunderstood, told by comparing what their function did with what known misconceptions do."""

from __future__ import annotations

import time
import warnings
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from autograder.examine.agreement import agree
from autograder.examine.divergence import divergence
from autograder.examine.recording import Call, Effect
from autograder.misconceptions import Catalogue, define
from autograder.records import Diagnosis
from autograder.wire.proxies import Proxy

_MAX_SECONDS = 0.5


def diagnose(catalogue: Catalogue, function: str, calls: Iterable[Call], given: Mapping[str, Any]) -> Diagnosis:
    """The misconception that explains every call of `function`, and the first step that went wrong.

    `given` are the names that locked cells define. When the calls agree with the reference, when nothing known or more
    than one thing explains them, when the values are no plain data, or when it takes too long, nothing is said.
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
    for call in calls:
        if time.monotonic() > deadline:
            return Diagnosis()
        names = _plain({**catalogue.names, **given, **call.in_force})
        effect, wanted = call.effect(), call.replay(define(solution, names))
        candidates = [known for known in candidates if agree(effect, call.replay(define(known, names)))]
        seen.append((call, effect, wanted))
        if not candidates and not solution.is_in_steps and not agree(effect, wanted):
            return Diagnosis()
    if all(agree(effect, wanted) for _, effect, wanted in seen):
        return Diagnosis()
    found = (candidates[0].name,) if len(candidates) == 1 else ()  # of two that fit, one would be false
    return Diagnosis(found, divergence(solution, seen))


def _plain(names: Mapping[str, Any]) -> dict[str, Any]:
    """Those that are no thing of the student's, which could not be asked any more."""
    return {name: value for name, value in names.items() if not isinstance(value, Proxy)}
