"""The records that all packages share."""

from __future__ import annotations

import traceback
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path

from autograder.cells import Role
from autograder.names import AnswerNames

DISTRIBUTION = "neural-networks-by-hand"
"""The name under which pip knows this package."""


class CourseError(Exception):
    """Something that a person can correct; as text it is one line: "where: reason advice".

    Args:
        reason: what is wrong, as a sentence with its full stop.
        where: the file, folder, assignment or address that it is about.
        advice: what to do about it, one sentence or more.
    """

    def __init__(self, reason: str, where: object = "", advice: str = "") -> None:
        super().__init__(reason, where, advice)  # what pickle needs to make it again in another process
        self.reason = reason
        self.where = str(where)
        self.advice = advice

    def __str__(self) -> str:
        sentences = " ".join(filter(None, (self.reason, self.advice)))
        return f"{self.where}: {sentences}" if self.where else sentences

    def within(self, where: object) -> CourseError:
        """The same error with `where` before its own place, if it has one."""
        return CourseError(self.reason, f"{where}: {self.where}" if self.where else where, self.advice)


def place_of(error: Exception) -> str:
    """The file and line of the engine's code at which an error came up that nobody thought of."""
    steps = traceback.extract_tb(error.__traceback__)
    ours = [step for step in steps if "autograder" in Path(step.filename).parts] or steps
    return f"{Path(ours[-1].filename).name}, line {ours[-1].lineno}" if ours else "an unknown place"


def unexpected(error: Exception) -> CourseError:
    """What to say of such an error: whose fault it is, and what to do."""
    advice = "Mark this submission by hand, and report the error to the authors of the autograder."
    return CourseError(f"the autograder has an error ({place_of(error)}) that this submission brings out.", "", advice)


class Outcome(Enum):
    """The outcome of one graded cell."""

    PASSED = "passed"
    PARTIAL = "passed in part"
    FAILED = "failed"
    UNJUDGED = "could not be judged"


@dataclass(frozen=True)
class Diagnosis:
    """Why a check failed: the mistake that is behind it, by name, and the first step that went wrong.

    A mistake is named only when it alone explains all that was seen.
    """

    mistakes: tuple[str, ...] = ()
    divergence: str = ""


@dataclass(frozen=True)
class Verdict:
    """The grader's decision on one grade cell.

    `message` says what happened when the cell did not pass, hidden tests included; `student_message` is what a student
    may read of that. Both are empty when it did. A cell that could not be judged has no points yet: a person has to
    look at it, or the check has to be corrected and the class graded again.
    """

    grade_id: str
    outcome: Outcome
    points: float
    max_points: float
    message: str = ""
    student_message: str = ""
    diagnosis: Diagnosis = Diagnosis()


@dataclass(frozen=True)
class Limits:
    """How long student code may run, in seconds, and how much it may use.

    Memory is what a student process may take beyond what the fork server has, disk what it may write, output how much
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

    `metadata` is nbgrader's own metadata, complete, so that a cell a student damaged can be put back. `handed_out` is
    what students receive of its source, `cell_id` the id that the notebook format gives it, if any.
    """

    grade_id: str
    cell_type: str
    source: str
    locked: bool
    metadata: dict[str, object]
    handed_out: str = ""
    cell_id: str = ""

    @property
    def role(self) -> Role:
        """What it is for."""
        return Role(self.metadata)


@dataclass(frozen=True)
class Shown:
    """What the author's solution showed of its own objects, when the checks were tried on it.

    `checks` are those in which it gave such objects at all. `places` are the operators by which one met a thing that
    was no such object, each with its check and the place in its code. `changing` are the checks that changed in place
    what it gave, such as a list.
    """

    checks: frozenset[str] = frozenset()
    places: frozenset[tuple[str, str, str]] = frozenset()
    changing: frozenset[str] = frozenset()


@dataclass(frozen=True)
class WrittenFiles:
    """The files beside the source that the solution changes, and the modules it writes which checks import."""

    files: tuple[str, ...] = ()
    modules: tuple[str, ...] = ()


@dataclass(frozen=True)
class Trial:
    """What trying the checks of an assignment on the author's own solution showed; judging students relies on it.

    `broken_checks` says why checks must not judge, by grade id, as the end of a sentence: such a check does not give
    the solution its points, or ends in a number that cannot be its points. It has the locked cells that raised, too.
    `scored_checks` end in a number of their own that is their points, as nbgrader has it. `names` are those that the
    author's answers define, read and change, `modules` what the checks imported: a grader has it before it forks.
    `shown` is what they asked of the solution's objects, `written` what the solution wrote that every student's code
    may write then.
    """

    broken_checks: Mapping[str, str] = field(default_factory=dict)
    scored_checks: frozenset[str] = frozenset()
    names: AnswerNames | None = None
    modules: tuple[str, ...] = ()
    shown: Shown = Shown()
    written: WrittenFiles = WrittenFiles()


@dataclass(frozen=True)
class Assignment:
    """Everything the grading of one notebook needs to know; it can travel to any machine that has this package.

    An assignment with several notebooks has one of these for each, all with the `name` of the assignment. `master`
    holds the instructor's cells by grade id in the order of the source, `plain` the sources of all its other cells by
    their ids, `files` what lies beside the source, `answers` the texts of its reference and known mistakes, `libraries`
    what the whole notebook imports of installed packages, `check_libraries` what its locked cells do. `digest` is made
    of all these: a submission graded under another one is graded again. `trial` is what its checks showed on the
    author's solution.
    """

    name: str
    master: Mapping[str, MasterCell]
    kernelspec: Mapping[str, str]
    files: Mapping[str, bytes]
    limits: Limits
    digest: str
    answers: Mapping[str, str] = field(default_factory=dict)
    trial: Trial = field(default_factory=Trial)
    plain: Mapping[str, str] = field(default_factory=dict)
    libraries: tuple[str, ...] = ()
    check_libraries: tuple[str, ...] = ()
    notebook_name: str = ""

    @property
    def broken_checks(self) -> Mapping[str, str]:
        """The checks that must not judge, each with the reason."""
        return self.trial.broken_checks


@dataclass(frozen=True)
class Submission:
    """The place of one student's notebooks for one assignment.

    `path` is where a person looks for it: at its notebook, or in the folder of several. `folder` is the student's own,
    `notebooks` holds the path of each notebook that was handed in by its name in the assignment. When one lies
    elsewhere than it should, `notes` say where it was found, or `problem` why none was taken.
    """

    student: str
    assignment: str
    path: Path
    folder: Path
    notes: tuple[str, ...] = ()
    problem: CourseError | None = None
    notebooks: Mapping[str, Path] = field(default_factory=dict)


@dataclass(frozen=True)
class HandedIn:
    """A notebook that one student handed in, as bytes, and the files beside it; a note for each that was left out."""

    student: str
    notebook: bytes
    files: Mapping[str, bytes]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Judged:
    """A judged notebook: its text, its verdicts, and the answers that were left as they were handed out."""

    notebook: str
    verdicts: tuple[Verdict, ...]
    no_response: frozenset[str]


@dataclass(frozen=True)
class Graded:
    """The result of grading one notebook, or one submission with all its notebooks, which are joined.

    `notebook` is the graded notebook as text, and `no_response` names the answers that were left as they were handed
    out. When it could not be graded, `problem` says why and the rest is empty. `level` is how far student
    code was confined where it was graded, `seconds` tells how long each stage took.

    Of a submission, verdicts and answers go by their names in the assignment (see `cells.cell_prefix`), and `missing`
    names the notebooks that were not handed in.
    """

    student: str
    notebook: str = ""
    verdicts: tuple[Verdict, ...] = ()
    no_response: frozenset[str] = frozenset()
    notes: tuple[str, ...] = ()
    problem: CourseError | None = None
    level: str = ""
    seconds: Mapping[str, float] = field(default_factory=dict)
    missing: tuple[str, ...] = ()

    @property
    def points(self) -> dict[str, float]:
        """The points that grading gives by itself, by grade id; a person gives those of all other graded cells."""
        judged = (verdict for verdict in self.verdicts if verdict.outcome is not Outcome.UNJUDGED)
        return {verdict.grade_id: verdict.points for verdict in judged} | dict.fromkeys(self.no_response, 0.0)


@dataclass(frozen=True)
class Score:
    """What the gradebook holds for one submission.

    `points` of `max_points` are those of the checks, `by_hand` those that a person gave for answers; `penalty` is taken
    off for lateness. `to_read` counts the cells that a person still has to look at.
    """

    points: float
    max_points: float
    by_hand: float
    to_read: int
    penalty: float = 0.0

    @property
    def total(self) -> float:
        """The score that counts, as nbgrader exports it."""
        return self.points + self.by_hand - self.penalty


@dataclass(frozen=True)
class Result:
    """How the grading of one submission ended.

    `score` is None when it could not be graded, and then `problem` says why in one line. `notes` are lines the
    instructor should see although grading went on, such as a cell that was put back. `is_new` is false when nothing had
    changed since it was graded before. `level` is how far student code was confined, empty when none of it ran.
    `before` is the score that stood in the gradebook before, if there was one.
    """

    student: str
    assignment: str
    score: Score | None
    problem: str = ""
    notes: tuple[str, ...] = ()
    is_new: bool = True
    level: str = ""
    seconds: Mapping[str, float] = field(default_factory=dict)
    before: Score | None = None

    @property
    def is_changed(self) -> bool:
        """Whether there was another score before."""
        return self.score is not None and self.before is not None and self.score.total != self.before.total
