"""Known wrong answers, and the sentence each deserves."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Misconception:
    """A likely mistake: the sentence a student reads about it, and the place in the notebook to read again."""

    name: str
    sentence: str
    place: str


def named(assignment: str, name: str) -> Misconception:
    """The misconception `name` of `assignment`; raises KeyError when there is none."""
    raise KeyError(name)
