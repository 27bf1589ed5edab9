"""Rounds: every contender grades the same class once a round, one after the other, so that a slow minute hits all."""

from __future__ import annotations

import shutil
import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.contenders import Contender
from benchmarks.generating import Submission
from benchmarks.measuring import Cost, measure


@dataclass(frozen=True)
class Spread:
    """A median and how far the rounds went from it."""

    median: float
    least: float
    most: float

    @classmethod
    def of(cls, numbers: Sequence[float]) -> Spread:
        """The spread of at least one number."""
        return cls(statistics.median(numbers), min(numbers), max(numbers))


@dataclass
class Track:
    """What one contender took in each round, and where its last round lies."""

    contender: Contender
    folder: Path
    costs: list[Cost] = field(default_factory=list)

    @property
    def seconds(self) -> list[float]:
        """Of each round."""
        return [cost.seconds for cost in self.costs]

    @property
    def cpu_seconds(self) -> list[float]:
        """Of each round, over all processes."""
        return [cost.cpu_seconds for cost in self.costs]


def alternate(
    contenders: Sequence[Contender],
    submissions: Sequence[Submission],
    rounds: int,
    scratch: Path,
    say: Callable[[str], object],
) -> dict[str, Track]:
    """Let the contenders take turns for this many rounds, each time from an ungraded class; by contender's name."""
    tracks = {each.name: Track(each, scratch / each.name.replace(" ", "-")) for each in contenders}
    for number in range(1, rounds + 1):
        for name, track in tracks.items():
            shutil.rmtree(track.folder, ignore_errors=True)
            track.folder.mkdir(parents=True)
            lanes = track.contender.prepare(submissions, track.folder)
            track.costs.append(cost := measure(lanes))
            say(f"round {number}: {name}: {cost.seconds:.2f} s, CPU {cost.cpu_seconds:.2f} s")
            for line in cost.failures:
                say(f"  {line}")
    return tracks


def ratios(slower: Sequence[float], faster: Sequence[float]) -> Spread:
    """How many times, round by round."""
    return Spread.of([one / other for one, other in zip(slower, faster, strict=True)])
