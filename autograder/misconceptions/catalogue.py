"""Looking misconceptions up by assignment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import ModuleType
from typing import Any

from autograder.misconceptions import backprop, feedforward, lstm
from autograder.misconceptions.misconception import Misconception, Solution
from autograder.reference import backprop as backprop_reference
from autograder.reference import feedforward as feedforward_reference
from autograder.reference import lstm as lstm_reference


@dataclass(frozen=True)
class Catalogue:
    """What is known of the answers to one assignment.

    `solutions` are by function, `misconceptions` by name. `names` are the reference's functions: what an answer builds
    on unless a test put something else in its place.
    """

    solutions: Mapping[str, Solution]
    misconceptions: Mapping[str, Misconception]
    names: Mapping[str, Any]

    def of(self, function: str) -> list[Misconception]:
        """The misconceptions about one function."""
        return [known for known in self.misconceptions.values() if known.function == function]


def _catalogue(known: ModuleType, reference: ModuleType) -> Catalogue:
    solutions = {solution.function: solution for solution in known.SOLUTIONS}
    return Catalogue(
        solutions,
        {misconception.name: misconception for misconception in known.MISCONCEPTIONS},
        {function: getattr(reference, function) for function in solutions},
    )


CATALOGUES: Mapping[str, Catalogue] = {
    "feedforward": _catalogue(feedforward, feedforward_reference),
    "lstm": _catalogue(lstm, lstm_reference),
    "backprop": _catalogue(backprop, backprop_reference),
}
"""The assignments whose wrong answers are explained; of any other only verdicts are given."""


def named(assignment: str, name: str) -> Misconception | None:
    """The misconception of that name; None when the assignment has none, or no longer."""
    catalogue = CATALOGUES.get(assignment)
    return catalogue.misconceptions.get(name) if catalogue else None
