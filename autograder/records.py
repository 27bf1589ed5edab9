"""The words every room speaks. Imports nothing of ours."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path


class CourseError(Exception):
    """Something a person can mend: one line that names the file and says what to do."""


class Outcome(Enum):
    """What became of one graded cell."""

    PASSED = "passed"
    FAILED = "failed"
    UNJUDGED = "could not be judged"


@dataclass(frozen=True)
class Verdict:
    """The examiner's word on one grade cell.

    `message` is the sentence a student reads when the cell did not pass; it is empty when it did. A cell that could not
    be judged has no points yet: a person has to look at it, or the check has to be mended and the class graded again.
    """

    grade_id: str
    outcome: Outcome
    points: float
    max_points: float
    message: str = ""


@dataclass(frozen=True)
class Limits:
    """How long student code may run, in seconds, and how much it may use.

    Memory is what a student process may take beyond what a warm interpreter has, disk what it may write, output what
    is kept of what one cell displays.
    """

    cell_seconds: float = 10.0
    notebook_seconds: float = 60.0
    play_seconds: float = 3.0
    memory_megabytes: int = 1024
    disk_megabytes: int = 64
    output_characters: int = 1_000_000


@dataclass(frozen=True)
class MasterCell:
    """One instructor cell as the gradebook keeps it, hidden tests included.

    `metadata` is nbgrader's own metadata, complete, so that a cell a student damaged can be put back.
    """

    grade_id: str
    cell_type: str
    source: str
    locked: bool
    metadata: dict[str, object]

    @property
    def is_answer(self) -> bool:
        """Whether the student writes into this cell."""
        return bool(self.metadata["solution"])


@dataclass(frozen=True)
class Submission:
    """One student's notebook for one assignment."""

    student: str
    assignment: str
    path: Path


@dataclass(frozen=True)
class Score:
    """What the gradebook holds for one submission.

    `points` of `max_points` were given automatically, `by_hand` by a person for answers in words; `to_read` counts the
    cells a person has yet to look at.
    """

    points: float
    max_points: float
    by_hand: float
    to_read: int


@dataclass(frozen=True)
class Result:
    """How the grading of one submission ended.

    `score` is None when it could not be graded, and then `problem` says why in one line. `notes` are lines the
    instructor should see although grading went on, such as a cell that was put back.
    """

    student: str
    assignment: str
    score: Score | None
    problem: str = ""
    notes: tuple[str, ...] = field(default=())
