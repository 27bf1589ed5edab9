"""What an instructor should look at first: whom the report on a class names at its top, and why."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum

import nbformat

from autograder.cells import role
from autograder.judge.verdicts import notes, unjudged
from autograder.text import bounded, plain

_LONGEST = 160
_LARGE = 0.2
"""The part of all points from which on a change of a score is a large one."""


class Concern(Enum):
    """A reason to look at something; `value` is the word in a row of the table, and what a filter shows."""

    BROKEN = "check broken"
    REFUSED = "not graded"
    UNUSABLE = "graded notebook unusable"
    INCOMPLETE = "notebook missing"
    REACHING = "reaches outside"
    CHANGED = "large change"
    UNTIMED = "late, time unknown"
    LATE = "late"
    TO_MARK = "to mark"
    RESTORED = "repaired"
    ABSENT = "not handed in"

    @property
    def heading(self) -> str:
        """What is said of all of them together."""
        return _TEXTS[self.name][0]

    @property
    def advice(self) -> str:
        """What it means, and what to do."""
        return _TEXTS[self.name][1]


_TEXTS = {
    "BROKEN": ("Broken checks", "These checks could not judge. Correct the check, then grade again."),
    "REFUSED": ("Not graded", "Run `autograder grade` again and read the reason."),
    "UNUSABLE": ("Graded notebooks that cannot be used", "They have a score, but are missing from this report."),
    "INCOMPLETE": ("Notebooks not handed in", "They give 0 points. The other notebooks of these students were graded."),
    "REACHING": (
        "Code that reaches outside of the notebook",
        "It uses parts of Python or of the grader that answers seldom need. Read it.",
    ),
    "CHANGED": ("Large changes of a score", "They changed by at least a fifth of all points since the last report."),
    "UNTIMED": ("Late, time unknown", "The learning platform says that they are late, but not when they came."),
    "LATE": ("Late", "Handed in after the due date and its extension."),
    "TO_MARK": ("Answers to mark", "Mark them with `autograder read`. An answer without a mark counts 0 points."),
    "RESTORED": ("Repaired notebooks", "Cells were put back, moved or found elsewhere. The notebooks were graded."),
    "ABSENT": ("Not handed in", "These students are in the gradebook and have no submission."),
}

SHOWN_FIRST = tuple(each for each in Concern if each is not Concern.LATE)
"""The concerns that stand at the top, the most urgent first; lateness is in the table of students."""


@dataclass(frozen=True)
class LookedAt:
    """A graded notebook, what stands before its grade ids, and the sources of the cells that students were given."""

    notebook: nbformat.NotebookNode
    prefix: str
    given: frozenset[str]


@dataclass
class Concerns:
    """Who is named for which reason, with a detail where there is one; how many each broken check did not judge."""

    students: dict[Concern, dict[str, str]] = field(default_factory=dict)
    broken_checks: Counter[str] = field(default_factory=Counter)

    def add(self, concern: Concern, student: str, detail: str = "") -> None:
        """Name a student for one more reason."""
        self.students.setdefault(concern, {})[student] = bounded(plain(detail), _LONGEST, 1)[0]

    def of(self, student: str) -> list[Concern]:
        """Why a student is named."""
        return [concern for concern in Concern if student in self.students.get(concern, {})]

    def look_at(self, student: str, notebooks: Sequence[LookedAt]) -> None:
        """Take in what a student's graded notebooks give reason to look at."""
        if found := [note for each in notebooks for note in notes(each.notebook)]:
            self.add(Concern.RESTORED, student, "; ".join(found))
        if names := [name for each in notebooks for name in _reaching(each.notebook, each.given)]:
            self.add(Concern.REACHING, student, ", ".join(dict.fromkeys(names)))
        if checks := [each.prefix + name for each in notebooks for name in sorted(unjudged(each.notebook))]:
            self.add(Concern.BROKEN, student, ", ".join(checks))
            self.broken_checks.update(checks)


def is_large(change: float, most: float) -> bool:
    """Whether a score changed by so much that somebody should look at it."""
    return change >= _LARGE * most > 0


_OUTSIDE = re.compile(
    r"\b(?:autograder|nbgrader|gradebook|ctypes|ptrace)\b|/proc/|\b(?:__subclasses__|_getframe|f_back|f_locals|"
    r"get_objects|get_referrers|settrace|setprofile)\b|\bos\.(?:kill|fork|ptrace)\b"
)
"""What honest answers do not need, in any course: other objects, other processes, the grader."""

_MOST_NAMES = 4


def _reaching(notebook: nbformat.NotebookNode, given: frozenset[str]) -> list[str]:
    found: dict[str, None] = {}
    for cell in notebook.cells:
        each = role(cell)
        if cell.cell_type == "code" and cell.source not in given and not each.is_check and not each.is_locked:
            found |= dict.fromkeys(match[0] for match in _OUTSIDE.finditer(cell.source))
    return list(found)[:_MOST_NAMES]
