"""The generators that `numpy.random.default_rng` makes: they travel by state, and may be drawn from but not set."""

from __future__ import annotations

import re
from typing import Any, TypeGuard

import numpy as np

from autograder.protocol import messages
from autograder.protocol.scalars import WireError

_MULTIPLIER = 0x2360ED051FC65DA44385DF649FCCF645
"""Of PCG64: a state becomes the next by multiplying by this and adding the generator's increment."""

_BITS = 128
_MOST_DRAWS = 2**22


def is_generator(thing: object) -> TypeGuard[np.random.Generator]:
    """Whether `thing` is what `numpy.random.default_rng` makes."""
    return type(thing) is np.random.Generator and type(thing.bit_generator) is np.random.PCG64


def encode(thing: np.random.Generator) -> messages.Generator:
    """Its state."""
    now: Any = thing.bit_generator.state
    inner = now["state"]
    return messages.Generator(f"{inner['state']:x}", f"{inner['inc']:x}", bool(now["has_uint32"]), now["uinteger"])


def decode(value: messages.Generator) -> np.random.Generator:
    """A generator in that state; raises WireError when there is no such state."""
    if not all(re.fullmatch("[0-9a-f]{1,32}", digits) for digits in (value.state, value.increment)):
        raise WireError("no such state")
    if not 0 <= value.left < 2**32 or not int(value.increment, 16) % 2:
        raise WireError("no such state")
    bits: Any = np.random.PCG64()
    inner = {"state": int(value.state, 16), "inc": int(value.increment, 16)}
    bits.state = {"bit_generator": "PCG64", "state": inner, "has_uint32": int(value.has_left), "uinteger": value.left}
    return np.random.Generator(bits)


def catch_up(mine: np.random.Generator, theirs: np.random.Generator) -> None:
    """Bring `mine` to where `theirs` is, by drawing from it; raises WireError when that cannot be reached.

    A borrower may have drawn from a generator, but cannot have chosen what it gives next.
    """
    bits: Any = mine.bit_generator
    old: Any = bits.state
    new: Any = theirs.bit_generator.state
    if old == new:
        return
    draws = _distance(old["state"]["state"], new["state"]["state"], old["state"]["inc"])
    if draws > _MOST_DRAWS or old["state"]["inc"] != new["state"]["inc"]:
        raise WireError("a generator that was set, not drawn from")
    drawn = bits.random_raw(draws)
    left = new["uinteger"]
    # numpy makes two draws of 32 bits from one of 64, and keeps the upper half for the next
    kept = left in (drawn >> 32) or (old["has_uint32"] and left == old["uinteger"])
    if new["has_uint32"] and not kept:
        raise WireError("a generator that was set, not drawn from")
    bits.state = new


def _distance(old: int, new: int, increment: int) -> int:
    """How many draws lead from one state to the other, bit by bit: a bit of a state depends on lower ones only."""
    multiplier, draws, bit, mask = _MULTIPLIER, 0, 1, 2**_BITS - 1
    while old != new and bit <= mask:
        if (old ^ new) & bit:
            old = (old * multiplier + increment) & mask
            draws |= bit
        bit <<= 1
        increment = ((multiplier + 1) * increment) & mask
        multiplier = multiplier * multiplier & mask
    return draws
