"""What came of each attack under stock nbgrader and under ours, kept in `outcomes.json`."""

from __future__ import annotations

from pathlib import Path

import msgspec

OUTCOMES = Path(__file__).with_name("outcomes.json")


class Outcome(msgspec.Struct, omit_defaults=True):
    """A score, None when there is none, and the harm seen, in words."""

    score: float | None
    harm: list[str] = []


class Pair(msgspec.Struct):
    """The same attack twice."""

    stock: Outcome
    ours: Outcome


def load() -> dict[str, Pair]:
    """Every outcome on record, by the attack's name."""
    return msgspec.json.decode(OUTCOMES.read_bytes(), type=dict[str, Pair]) if OUTCOMES.exists() else {}


def save(outcomes: dict[str, Pair]) -> None:
    """Write them down, one attack a paragraph, sorted."""
    encoded = msgspec.json.encode(dict(sorted(outcomes.items())))
    OUTCOMES.write_bytes(msgspec.json.format(encoded, indent=1) + b"\n")
