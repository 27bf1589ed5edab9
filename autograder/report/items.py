"""How well each check tells students apart: the two numbers of classical item analysis."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from autograder.gradebook.marks import Marks
from autograder.report.outline import Kind, Outline

_FEW, _WEAK = 5, 0.1


@dataclass(frozen=True)
class Item:
    """One graded cell over the class.

    `judged` counts the students whose answers were judged, `share` is the part of them with full points, and
    `discrimination` the correlation of having full points with the rest of the score, from -1 to 1 (the point-biserial
    correlation, Lord & Novick 1968, section 15.3); None where all or none have full points, or the rest does not vary.
    """

    grade_id: str
    part: str
    title: str
    judged: int
    share: float
    discrimination: float | None

    @property
    def tells_apart(self) -> bool:
        """Whether it says something about who can do more; with only a few students nobody can tell."""
        return self.judged < _FEW or (self.discrimination is not None and self.discrimination >= _WEAK)

    @property
    def remark(self) -> str:
        """What an author may want to do about it."""
        if self.tells_apart:
            return ""
        if self.share in (0.0, 1.0):
            return "everybody has full points" if self.share else "nobody has full points"
        return "good and weak students pass alike" if self.discrimination is not None else "the rest does not vary"


def items(outline: Outline, class_marks: Mapping[str, Marks]) -> list[Item]:
    """Every graded cell of the assignment in its order, over the submissions in which it was judged."""
    found = []
    for part in outline.parts:
        titles = [(part.name, "In words")] if part.kind is Kind.WORDS else []
        for grade_id, title in [*titles, *((check.grade_id, check.title) for check in part.checks)]:
            judged = [marks for marks in class_marks.values() if _is_judged(marks, grade_id)]
            full = np.array([marks.marks[grade_id].points >= marks.marks[grade_id].max_points for marks in judged])
            rest = np.array([_rest(marks, grade_id) for marks in judged])
            share = float(full.mean()) if judged else 0.0
            found.append(Item(grade_id, part.name, title, len(judged), share, point_biserial(full, rest)))
    return found


def point_biserial(passed: NDArray[np.bool_], rest: NDArray[np.float64]) -> float | None:
    """The correlation of passing, shape (n,), with the rest of the score, shape (n,); None where it is not defined."""
    if len(passed) < 2 or passed.all() or not passed.any() or np.ptp(rest) == 0:
        return None
    return float(np.corrcoef(passed.astype(float), rest)[0, 1])


def histogram(points: Sequence[float], most: float) -> list[tuple[float, float, int]]:
    """How many have how many points, in at most ten classes of equal width: (from, to, count), the last one closed."""
    width = max(most, 1.0) / 10
    edges = np.arange(11) * width
    counts, _ = np.histogram(np.clip(points, 0, edges[-1]), edges)
    return [
        (float(low), float(high), int(count)) for low, high, count in zip(edges[:-1], edges[1:], counts, strict=True)
    ]


def _is_judged(marks: Marks, grade_id: str) -> bool:
    return grade_id in marks.marks and not marks.marks[grade_id].waits


def _rest(marks: Marks, grade_id: str) -> float:
    return sum(mark.points for name, mark in marks.marks.items() if name != grade_id)
