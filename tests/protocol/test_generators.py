"""A generator that was lent may have been drawn from, and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from autograder.protocol import generators
from autograder.protocol.scalars import WireError

DRAWS: list[Callable[[np.random.Generator], Any]] = [
    lambda rng: rng.normal(size=37),
    lambda rng: rng.integers(10, size=3),
    lambda rng: (rng.integers(10), rng.random(), rng.normal()),
    lambda rng: rng.shuffle(np.arange(6)),
    lambda rng: rng.random(3, dtype=np.float32),
]


@pytest.mark.parametrize("draw", DRAWS)
def test_draws_on_the_other_side_move_the_one_here(draw: Callable[[np.random.Generator], Any]) -> None:
    """Also where numpy keeps half of a draw for the next."""
    mine = np.random.default_rng(3)
    mine.integers(5)
    theirs = generators.decode(generators.encode(mine))
    for _ in range(2):
        draw(theirs)
        generators.catch_up(mine, theirs)
        assert mine.bit_generator.state == theirs.bit_generator.state


def _reseeded(rng: np.random.Generator) -> None:
    rng.bit_generator.state = np.random.PCG64(5).state


def _with_another_increment(rng: np.random.Generator) -> None:
    state: Any = rng.bit_generator.state
    state["state"]["inc"] = 1
    rng.bit_generator.state = state


def _with_a_chosen_half(rng: np.random.Generator) -> None:
    rng.bit_generator.state = dict(rng.bit_generator.state) | {"has_uint32": 1, "uinteger": 0}


def _moved_far(rng: np.random.Generator) -> None:
    rng.bit_generator.advance(2**40)  # type: ignore[attr-defined]


@pytest.mark.parametrize("cheat", [_reseeded, _with_another_increment, _with_a_chosen_half, _moved_far])
def test_a_generator_that_was_set_is_refused(cheat: Callable[[np.random.Generator], None]) -> None:
    """Or a student's function would choose the numbers of the next hidden test."""
    mine = np.random.default_rng(3)
    before = mine.bit_generator.state
    theirs = generators.decode(generators.encode(mine))
    cheat(theirs)
    with pytest.raises(WireError, match="set, not drawn from"):
        generators.catch_up(mine, theirs)
    assert before["state"] == mine.bit_generator.state["state"]
