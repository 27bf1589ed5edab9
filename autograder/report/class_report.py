"""The report on a class: who handed in, where they failed and why; one page for the instructor, and CSV beside it."""

from __future__ import annotations

import os
import statistics
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from urllib.parse import quote

import nbformat
import numpy as np
from nbgrader.coursedir import CourseDirectory
from numpy.typing import NDArray

from autograder.cells import role
from autograder.due_dates import duration
from autograder.files import folder_of, keep
from autograder.gradebook.changes import ScoreChange, changes_to_report
from autograder.gradebook.late import extensions
from autograder.gradebook.read import Marks, students
from autograder.judge.mistakes import named
from autograder.judge.verdicts import NOT_RUN, findings, run
from autograder.models import CourseError
from autograder.report import lateness
from autograder.report.assignment import Kind, Outline
from autograder.report.attention import SHOWN_FIRST, Concern, Concerns, LookedAt, is_large
from autograder.report.feedback import FeedbackRun, cause_of, folder, graded, handed_in, place
from autograder.report.grades import GRADED, NOT_GRADED, NOT_HANDED_IN, table
from autograder.report.rendering import points, render
from autograder.text import bounded, plain

_FEW, _WEAK = 5, 0.1


@dataclass(frozen=True)
class Item:
    """One graded cell over the class.

    `judged` counts the students whose answers were judged, `unread` those whose answers wait for a person; `share` is
    the part of the judged ones with full points, and
    `discrimination` the correlation of having full points with the rest of the score, from -1 to 1 (the point-biserial
    correlation, Lord & Novick 1968, section 15.3); None where all or none have full points, or the rest does not vary.
    """

    grade_id: str
    part: str
    title: str
    judged: int
    share: float
    discrimination: float | None
    unread: int = 0

    @property
    def tells_apart(self) -> bool:
        """Whether it tells strong from weak students; with only a few students, that cannot be known."""
        return self.judged < _FEW or (self.discrimination is not None and self.discrimination >= _WEAK)

    @property
    def remark(self) -> str:
        """What an author may want to do about it."""
        if self.unread:
            return f"{self.unread} not marked yet"
        if self.tells_apart:
            return ""
        if self.share in (0.0, 1.0):
            return "everybody has full points" if self.share else "nobody has full points"
        return (
            "strong and weak students pass equally often"
            if self.discrimination is not None
            else "all students have the same score otherwise"
        )


def items(outlines: Sequence[Outline], class_marks: Mapping[str, Marks]) -> list[Item]:
    """Every graded cell of the assignment in its order, over the submissions in which it was judged."""
    found = []
    for prefix, part in ((outline.prefix, part) for outline in outlines for part in outline.parts):
        titles = [(part.name, "In words")] if part.kind is Kind.WORDS else []
        for name, title in [*titles, *((check.grade_id, check.title) for check in part.checks)]:
            grade_id = prefix + name
            here = [marks for marks in class_marks.values() if grade_id in marks.marks]
            judged = [marks for marks in here if not marks.marks[grade_id].is_open]
            full = np.array([marks.marks[grade_id].points >= marks.marks[grade_id].max_points for marks in judged])
            rest = np.array([_rest(marks, grade_id) for marks in judged])
            share = float(full.mean()) if judged else 0.0
            found.append(
                Item(
                    grade_id,
                    prefix + part.label,
                    title,
                    len(judged),
                    share,
                    point_biserial(full, rest),
                    len(here) - len(judged),
                )
            )
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


def _rest(marks: Marks, grade_id: str) -> float:
    """The part that was earned of all other points; what nobody has marked yet counts as neither earned nor missed."""
    others = [mark for name, mark in marks.marks.items() if name != grade_id and not mark.is_open]
    return sum(mark.points for mark in others) / (sum(mark.max_points for mark in others) or 1.0)


@dataclass(frozen=True)
class Link:
    """A student, the number that stands for the name when names are hidden, and the path to the feedback page.

    The path leads there from the report, and is empty while the page does not exist.
    """

    student: str
    target: str = ""
    number: int = 0


@dataclass(frozen=True)
class Row:
    """One student in the table; `marks` is None without a score, `late` says how late the work came."""

    link: Link
    marks: Marks | None = None
    late: str = ""
    extension: str = ""
    change: ScoreChange | None = None
    concerns: Sequence[Concern] = ()

    @property
    def keys(self) -> str:
        """The words by which the page filters, without spaces in them."""
        return " ".join(concern.name.lower() for concern in self.concerns)


@dataclass(frozen=True)
class Mistake:
    """A mistake and the students who probably have it."""

    name: str
    sentence: str
    place: str
    students: list[Link]


@dataclass(frozen=True)
class CutOff:
    """A cell that could not run to its end, and why."""

    link: Link
    cell: str
    reason: str


@dataclass
class Overview:
    """A class and one assignment: a row for each student.

    `seconds` are those that grading one submission took; `waiting` goes by part.
    """

    rows: list[Row]
    most: float
    items: list[Item]
    mistakes: list[Mistake]
    cut_off: list[CutOff]
    seconds: list[float]
    waiting: list[tuple[str, list[Link]]]
    not_graded: list[str]
    not_handed_in: list[str]
    concerns: Concerns = field(default_factory=Concerns)
    problems: dict[str, str] = field(default_factory=dict)

    @property
    def graded(self) -> list[Row]:
        """The rows of those who have a score."""
        return [row for row in self.rows if row.marks is not None]

    @property
    def points(self) -> list[float]:
        """Everybody's score."""
        return [row.marks.points for row in self.rows if row.marks is not None]

    @property
    def changes(self) -> list[Row]:
        """The rows of those whose score changed since the last report, the largest change first."""
        return sorted((row for row in self.rows if row.change), key=lambda row: -row.change.size if row.change else 0)

    @property
    def first(self) -> list[tuple[Concern, list[tuple[Link, str]]]]:
        """What to look at first: each reason with the students, and a detail where there is one."""
        links = {row.link.student: row.link for row in self.rows}
        return [
            (concern, [(links[student], detail) for student, detail in sorted(found.items())])
            for concern in SHOWN_FIRST
            if (found := self.concerns.students.get(concern))
        ]

    @property
    def median(self) -> float:
        """The score in the middle."""
        return statistics.median(self.points)


def overview(feedback_run: FeedbackRun, report: Path) -> Overview:
    """The overview of a graded class, its links made for a page in the folder `report`.

    The gradebook remembers it as the last report, with which the next one is compared.
    """
    course, assignment = CourseDirectory(config=feedback_run.config), feedback_run.assignment
    url, marks = feedback_run.config.CourseDirectory.db_url, feedback_run.marks
    here = handed_in(course, assignment)
    not_graded = sorted(here - marks.keys())
    not_handed_in = sorted((handed_in(course, "*") | set(students(url))) - here - marks.keys())
    links = links_to(feedback_run, report, [*marks, *not_graded, *not_handed_in])
    seen = _Seen()
    for student in marks:
        try:
            notebooks = graded(feedback_run.sheet, folder_of(course, assignment, student), marks[student])
        except CourseError as error:
            seen.problems[student] = str(error)
            continue
        seen.look_at(links[student], notebooks, feedback_run.sheet.outlines, marks[student])
    changes = {each.student: each for each in changes_to_report(url, assignment, list(marks))}
    most = max(each.max_points for each in marks.values())
    _add_concerns(seen.concerns, feedback_run, changes, most)
    for concern, names in ((Concern.REFUSED, not_graded), (Concern.ABSENT, not_handed_in)):
        for student in names:
            seen.concerns.add(concern, student)
    for student, problem in seen.problems.items():
        seen.concerns.add(Concern.UNUSABLE, student, problem)
    extended = {each.student: duration(each.length) for each in extensions(url) if each.assignment == assignment}
    return Overview(
        rows=[
            Row(
                link,
                marks.get(student),
                seen.concerns.students.get(Concern.LATE, {}).get(student, ""),
                extended.get(student, ""),
                changes.get(student),
                seen.concerns.of(student),
            )
            for student, link in links.items()
        ],
        most=most,
        items=items(feedback_run.sheet.outlines, marks),
        mistakes=_mistakes(assignment, seen.mistakes),
        cut_off=seen.cut_off,
        seconds=seen.seconds,
        waiting=_waiting(feedback_run, links),
        not_graded=not_graded,
        not_handed_in=not_handed_in,
        concerns=seen.concerns,
        problems=seen.problems,
    )


def _add_concerns(
    concerns: Concerns, feedback_run: FeedbackRun, changes: Mapping[str, ScoreChange], most: float
) -> None:
    """Name those whose scores and marks give reason to look at them."""
    for student, marks in feedback_run.marks.items():
        if late := lateness.late_by(marks, feedback_run.sheet.policy):
            is_untimed = marks.lateness.handed_in is None or marks.lateness.due is None
            concerns.add(Concern.UNTIMED if is_untimed else Concern.LATE, student, "" if is_untimed else late)
        if marks.waiting:
            concerns.add(Concern.TO_MARK, student)
        if (change := changes.get(student)) and is_large(change.size, most):
            concerns.add(Concern.CHANGED, student, f"{points(change.before)} → {points(change.after)}, {change.reason}")


@dataclass
class _Seen:
    """The findings of all graded notebooks."""

    mistakes: dict[str, list[Link]] = field(default_factory=dict)
    cut_off: list[CutOff] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    problems: dict[str, str] = field(default_factory=dict)
    concerns: Concerns = field(default_factory=Concerns)

    def look_at(
        self, link: Link, notebooks: Mapping[str, nbformat.NotebookNode], outlines: Sequence[Outline], marks: Marks
    ) -> None:
        """Take in one student's work.

        Args:
            link: the student.
            notebooks: the graded notebooks, by their names.
            outlines: the notebooks of the assignment.
            marks: what the student has in the gradebook, which decides what has failed.
        """
        here = [(each, notebooks[each.notebook]) for each in outlines if each.notebook in notebooks]
        causes = (name for outline, notebook in here for name in _causes(outline, notebook, marks))
        for name in dict.fromkeys(causes):
            self.mistakes.setdefault(name, []).append(link)
        for outline, notebook in here:
            self.cut_off += _cut_off(link, notebook, outline.prefix)
        looked_at = [LookedAt(notebook, outline.prefix, outline.texts) for outline, notebook in here]
        self.concerns.look_at(link.student, looked_at)
        if absent := [f"{each.notebook}.ipynb" for each in outlines if each.notebook not in notebooks]:
            self.concerns.add(Concern.INCOMPLETE, link.student, ", ".join(absent))
        if taken := [seconds for _, notebook in here for seconds in run(notebook).seconds.values()]:
            self.seconds.append(sum(taken))


def _causes(outline: Outline, notebook: nbformat.NotebookNode, marks: Marks) -> Iterable[str]:
    found, here = findings(notebook), marks.within(outline.prefix)
    return (name for part in outline.parts if (name := cause_of(part, here, found)))


def _cut_off(link: Link, notebook: nbformat.NotebookNode, prefix: str) -> Iterable[CutOff]:
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            if output.get("output_type") == "error" and output.get("ename") == NOT_RUN:
                grade_id = role(cell).grade_id
                name = prefix + grade_id if grade_id else "a cell that the student added"
                yield CutOff(link, name, bounded(plain(str(output.get("evalue", ""))), 200, 1)[0])


def _mistakes(assignment: str, found: Mapping[str, list[Link]]) -> list[Mistake]:
    """The most frequent first; one that is not known any more goes by its name."""
    mistakes = []
    for name, links in sorted(found.items(), key=lambda each: (-len(each[1]), each[0])):
        known = named(assignment, name)
        mistakes.append(Mistake(name, known.sentence if known else "", known.place if known else "", links))
    return mistakes


def _waiting(feedback_run: FeedbackRun, links: Mapping[str, Link]) -> list[tuple[str, list[Link]]]:
    found: dict[str, list[Link]] = {}
    for student, marks in feedback_run.marks.items():
        for name, mark in marks.marks.items():
            if mark.waits:
                found.setdefault(name, []).append(links[student])
    return sorted(found.items())


def links_to(feedback_run: FeedbackRun, report: Path, names: Sequence[str]) -> dict[str, Link]:
    """A link for each student, from a page in the folder `report`; numbers do not follow the order of the names."""
    course = CourseDirectory(config=feedback_run.config)
    shuffled = sorted(names, key=lambda name: sha256(name.encode()).digest())
    numbers = {name: number for number, name in enumerate(shuffled, 1)}
    return {
        name: Link(name, _target(place(course, feedback_run, name), report), numbers[name]) for name in sorted(names)
    }


def _target(page: Path, report: Path) -> str:
    return quote(Path(os.path.relpath(page, report)).as_posix()) if page.exists() else ""


def tables(overview: Overview) -> dict[str, str]:
    """The text of each table by its name."""
    return {
        "scores": table(
            ("student", "points", "max_points", "waiting", "status", "late_penalty", "late_by", "extension", "before"),
            (_cells(row, overview) for row in overview.rows),
        ),
        "checks": table(
            ("check", "function", "judged", "share_passed", "discrimination"),
            (
                (item.grade_id, item.part, item.judged, round(item.share, 4), _rounded(item.discrimination))
                for item in overview.items
            ),
        ),
        "mistakes": table(
            ("mistake", "student"),
            ((mistake.name, link.student) for mistake in overview.mistakes for link in mistake.students),
        ),
    }


def _cells(row: Row, overview: Overview) -> Sequence[object]:
    """What the table of scores says of one student."""
    student, marks = row.link.student, row.marks
    if marks is None:
        status = NOT_GRADED if student in overview.not_graded else NOT_HANDED_IN
        return [student, None, overview.most, None, status, None, None, None, None]
    before = row.change.before if row.change else None
    late = [marks.penalty or None, row.late, row.extension]
    return [student, marks.points, overview.most, marks.waiting, GRADED, *late, before]


def _rounded(number: float | None) -> float | str:
    return "" if number is None else round(number, 4)


_WIDTH, _HEIGHT, _GAP = 56.0, 180.0, 4.0


@dataclass(frozen=True)
class Bar:
    """One class of a histogram, as it is drawn: lengths in the units of the drawing, from its top left corner."""

    low: float
    high: float
    count: int
    x: float
    y: float
    width: float
    height: float


def write(feedback_run: FeedbackRun) -> tuple[list[Path], Overview]:
    """Write the report on a graded class beside the feedback; returns what was written, and what it says.

    Raises CourseError when it cannot be written.
    """
    place = folder(feedback_run).parent / "report"
    found = overview(feedback_run, place)
    files = {f"{feedback_run.assignment}-{name}.csv": text for name, text in tables(found).items()}
    files = {f"{feedback_run.assignment}.html": page(feedback_run, found, list(files)), **files}
    for name, text in files.items():
        keep(place / name, text.encode())
    return [place / name for name in files], found


def page(feedback_run: FeedbackRun, found: Overview, csv_files: list[str]) -> str:
    """The report as HTML."""
    return render(
        "report.html",
        sheet=feedback_run.sheet,
        class_=found,
        bars=bars(found),
        csv_files=csv_files,
        kinds=[(each.name.lower(), each.value) for each in Concern if each in found.concerns.students],
        median_seconds=statistics.median(found.seconds) if found.seconds else None,
    )


def bars(found: Overview) -> list[Bar]:
    """The distribution of scores, drawn."""
    classes = histogram(found.points, found.most)
    tallest = max(count for _, _, count in classes) or 1
    return [
        Bar(low, high, count, at * _WIDTH, _HEIGHT * (1 - count / tallest), _WIDTH - _GAP, _HEIGHT * count / tallest)
        for at, (low, high, count) in enumerate(classes)
    ]
