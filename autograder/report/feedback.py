"""Feedback: one page for each graded submission, with marks, what the grader found, and the student's own work."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from enum import Enum
from functools import partial
from pathlib import Path
from shlex import quote

import nbformat
from markupsafe import Markup
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config

from autograder.cells import role, squeezed, without_title
from autograder.config import course_config
from autograder.files import SECRET_FILE, TIME_FILE, drop, folder_of, keep, told_by_exchange
from autograder.gradebook.database import NO_RESPONSE
from autograder.gradebook.late import settle
from autograder.gradebook.read import Mark, Marks, is_over, marks
from autograder.judge.mistakes import Mistake, catalogue, named
from autograder.judge.verdicts import Finding, findings, run
from autograder.late_policy import Policy, policy_of
from autograder.models import CourseError
from autograder.notebook import NotANotebook, prefixed, read, require_assignment
from autograder.report import lateness
from autograder.report.assignment import Check, Kind, Outline, Part, outline
from autograder.report.rendering import render
from autograder.report.untrusted import Outputs, listing, markdown
from autograder.source import read_source
from autograder.student.limits import cores
from autograder.text import plain, shown
from autograder.timeouts import Alarm, Failed, Overdue, Refused
from autograder.timeouts import each as each_in_forks


def graded(sheet: Sheet, folder: Path, marks: Marks) -> dict[str, nbformat.NotebookNode]:
    """The graded notebooks in one student's folder, by name; one that was not handed in is left out.

    Raises CourseError when one is missing or broken, or was graded under another version than the present one.
    """
    return {
        each.notebook: _graded(folder / f"{each.notebook}.ipynb", each.assignment, sheet.versions[each.notebook])
        for each in sheet.outlines
        if not _is_absent(sheet, each, folder, marks)
    }


def _is_absent(sheet: Sheet, outline: Outline, folder: Path, marks: Marks) -> bool:
    """Whether others were handed in and this notebook was not: then its cells have 0 points."""
    paths = {each.notebook: folder / f"{each.notebook}.ipynb" for each in sheet.outlines}
    if len(paths) == 1 or paths[outline.notebook].exists() or not any(path.exists() for path in paths.values()):
        return False
    return all(mark.auto == 0 for mark in marks.within(outline.prefix).marks.values())


def _graded(path: Path, assignment: str, version: str) -> nbformat.NotebookNode:
    again = f"Grade again: `autograder grade {quote(assignment)} --again`."
    if not path.parent.exists():
        again += " If nothing is handed in any more, `nbgrader db student remove` removes the student."
    try:
        notebook = read(path)
    except NotANotebook as error:  # the grader wrote it, so no student has to hand it in again
        raise CourseError(error.reason, path, again) from None
    except CourseError as error:
        raise CourseError(error.reason, path, f"{error.advice} {again}".strip()) from None
    if (digest := run(notebook).digest) and digest != version:
        raise CourseError("graded by an older version of the checks.", path, again)
    return notebook


def cause_of(part: Part, marks: Marks, found: Mapping[str, Finding]) -> str:
    """The name of the one mistake that explains what failed of a part, as far as its points are missing now.

    Empty when no mistake explains it, or more than one: of two, one would be false.
    """
    names: set[str] = set()
    for check in part.checks:
        mark, finding = marks.marks.get(check.grade_id), found.get(check.grade_id)
        if mark and finding and _state(mark) in _NOT_YET and len(finding.mistakes) == 1:
            names.update(finding.mistakes)
    return names.pop() if len(names) == 1 else ""


_EMPTY = nbformat.from_dict({"cells": [], "metadata": {}})
_MOST_CELLS = 60
NO_ANSWER = "There is no answer in your notebook to this question."
_NEUTRAL = "Your answer does not pass here yet."
_COMMENT = re.compile(r"#\s*(\S[^\n]*)")


class State(Enum):
    """The state of a check or an answer; `value` is the word on the page, `sign` a shape beside it."""

    PASSED = "Passed"
    PARTIAL = "In part"
    FAILED = "Not yet"
    WAITS = "To be marked by hand"
    MARKED = "Marked"

    @property
    def sign(self) -> str:
        """A shape, so that nothing is shown by colour alone."""
        return {"PASSED": "✓", "PARTIAL": "◐", "FAILED": "✕", "WAITS": "…", "MARKED": "✎"}[self.name]


@dataclass(frozen=True)
class CheckView:
    """One check as the page shows it; `source` is empty unless a student may see it."""

    check: Check
    mark: Mark
    state: State
    student_message: str
    divergence: str
    source: Markup


@dataclass(frozen=True)
class CellView:
    """A cell that is not an answer; `summary` replaces its code when the instructor wrote it."""

    summary: str
    code: Markup
    words: Markup
    outputs: list[Markup]


@dataclass
class PartView:
    """One answer as the page shows it."""

    part: Part
    mark: Mark | None
    state: State | None
    checks: list[CheckView]
    cause: Mistake | None
    comment: Markup
    answered: bool
    code: Markup = field(default_factory=Markup)
    words: Markup = field(default_factory=Markup)
    outputs: list[Markup] = field(default_factory=list)
    cells: list[CellView] = field(default_factory=list)
    number: int = 0

    @property
    def points(self) -> float:
        """The points of the answer and its checks."""
        return (self.mark.points if self.mark else 0.0) + sum(view.mark.points for view in self.checks)

    @property
    def waits(self) -> bool:
        """Whether a person still has to mark any of it."""
        return self.state is State.WAITS or any(view.state is State.WAITS for view in self.checks)

    def sums(self, hidden: bool) -> tuple[float, float] | None:
        """Points and maximum of the shown or of the hidden checks; None when the answer has no such checks."""
        chosen = [view.mark for view in self.checks if view.check.hidden is hidden]
        return (sum(mark.points for mark in chosen), sum(mark.max_points for mark in chosen)) if chosen else None


@dataclass(frozen=True)
class NotebookView:
    """One notebook as the page shows it; `loose` are the student's cells before its first part.

    `is_absent` says that others of the assignment were handed in and this one was not.
    """

    outline: Outline
    parts: Sequence[PartView]
    loose: Sequence[CellView]
    is_absent: bool = False

    @property
    def points(self) -> float:
        """The points of all its answers."""
        return sum(view.points for view in self.parts)

    @property
    def max_points(self) -> float:
        """What they could have earned."""
        return sum(view.part.points for view in self.parts)

    @property
    def waits(self) -> bool:
        """Whether a person still has to mark any of it."""
        return any(view.waits for view in self.parts)


def page(sheet: Sheet, marks: Marks, notebooks: Mapping[str, nbformat.NotebookNode], *, work: bool = True) -> str:
    """The page as HTML.

    Args:
        sheet: the assignment.
        marks: what the student has in the gradebook.
        notebooks: the graded notebooks, by their names.
        work: whether the student's own work is on it.
    """
    found, outputs, number = list[NotebookView](), Outputs(), 0
    for each in sheet.outlines:
        notebook = notebooks.get(each.notebook, _EMPTY)
        parts = {view.part.name: view for view in views(each, marks.within(each.prefix), notebook, sheet.show_hidden)}
        for view in parts.values():
            number += 1
            view.number = number
        loose = _add_cells(notebook, each, parts, outputs) if work else []
        is_absent = bool(notebooks) and each.notebook not in notebooks
        found.append(NotebookView(each, list(parts.values()), loose, is_absent))
    return render(
        "feedback.html",
        sheet=sheet,
        marks=marks,
        student=plain(marks.student),
        name=plain(marks.name),
        notebooks=found,
        has_further=any(check.hidden for each in sheet.outlines for part in each.parts for check in part.checks),
        waiting=sum(mark.max_points for mark in marks.marks.values() if mark.is_open),
        lateness=lateness.sentences(marks, sheet.policy),
        states=State,
        no_answer=NO_ANSWER,
        work=work,
    )


def views(outline: Outline, marks: Marks, notebook: nbformat.NotebookNode, show_hidden: bool = False) -> list[PartView]:
    """What is said of each answer, without the student's own work; a page says it, and so does `autograder.grade_file`.

    Args:
        outline: a notebook of the assignment.
        marks: what the submission earned in it, by grade ids.
        notebook: the graded notebook.
        show_hidden: whether hidden tests are shown.
    """
    found = findings(notebook)
    return [_part(outline, part, marks, found, show_hidden) for part in outline.parts]


def _part(outline: Outline, part: Part, marks: Marks, found: Mapping[str, Finding], show_hidden: bool) -> PartView:
    views = [_check(check, marks, found.get(check.grade_id, Finding()), show_hidden) for check in part.checks]
    cause = cause_of(part, marks, found)
    mark = marks.marks.get(part.name)
    return PartView(
        part=part,
        mark=mark,
        state=None if mark is None else State.WAITS if mark.is_open else State.MARKED,
        checks=views,
        cause=named(outline.assignment, cause) if cause else None,
        comment=markdown(marks.comments.get(part.name, "")),
        answered=marks.comments.get(part.name) != NO_RESPONSE,
    )


def _check(check: Check, marks: Marks, finding: Finding, show_hidden: bool) -> CheckView:
    mark = marks.marks.get(check.grade_id, Mark(None, None, 0.0, check.points, waits=True))
    state = _state(mark)
    student_message = (
        (finding.student_message or _NEUTRAL)
        if state in _NOT_YET
        else finding.student_message
        if finding.unjudged
        else ""
    )
    return CheckView(
        check=check,
        mark=mark,
        state=state,
        student_message=student_message,
        divergence=finding.divergence if state in _NOT_YET else "",
        source=check.source if show_hidden and check.hidden else Markup(),
    )


_NOT_YET = (State.FAILED, State.PARTIAL)


def _state(mark: Mark) -> State:
    if mark.is_open:
        return State.WAITS
    if mark.points >= mark.max_points:
        return State.PASSED
    return State.PARTIAL if mark.points > 0 else State.FAILED


def _add_cells(
    notebook: nbformat.NotebookNode, outline: Outline, parts: Mapping[str, PartView], outputs: Outputs
) -> list[CellView]:
    """Put each of the student's cells to the answer it follows; returns those before the first."""
    loose: list[CellView] = []
    shown = 0
    for name, cell in outline.by_part(notebook):
        if role(cell):
            _answer(parts[name], cell, outputs)
        elif shown < _MOST_CELLS:
            views = list(cell_views(cell, outline, outputs))
            (parts[name].cells if name else loose).extend(views)
            shown += len(views)
    return loose


def _answer(view: PartView, cell: nbformat.NotebookNode, outputs: Outputs) -> None:
    if cell.cell_type == "code":
        view.code, view.outputs = listing(cell.source), outputs.shown(cell.outputs)
    elif view.answered and view.part.kind is Kind.WORDS and not role(cell).is_task:
        view.words = outputs.text(cell)


def cell_views(cell: nbformat.NotebookNode, outline: Outline, outputs: Outputs) -> Iterator[CellView]:
    """A cell without a role as a page shows it, or nothing when it has nothing to show."""
    given = squeezed(cell.source) in outline.texts
    summary = _COMMENT.match(without_title(cell.source)) if given else None
    title = (summary[1] if summary else "A cell of the notebook") if given else ""
    if cell.cell_type == "code" and cell.source.strip():
        shown = outputs.shown(cell.outputs)
        if shown or not given:
            yield CellView(title, listing(cell.source), Markup(), shown)
    elif not given and cell.source.strip():
        yield CellView(title, Markup(), outputs.text(cell), [])


_BATCH = 8
"""A fork takes as long as one or two pages."""

_SECONDS, _WORK_SECONDS = 4.5, 2.0
"""What a batch of pages, or a single one, may take, and what it may take to show one student's work."""

_MEGABYTES = 300


@dataclass(frozen=True)
class Sheet:
    """What all pages of an assignment share: its notebooks and the version of each, by name.

    `show_hidden` says whether hidden tests are on the pages, `policy` what lateness costs.
    """

    assignment: str
    outlines: Sequence[Outline]
    versions: Mapping[str, str]
    show_hidden: bool
    policy: Policy

    @property
    def title(self) -> str:
        """The title of its notebook; the name of the assignment where it has several."""
        return self.outlines[0].title if len(self.outlines) == 1 else self.assignment


@dataclass(frozen=True)
class Written:
    """The result for one student's page; `problem` says in one line why it is missing or still the old one."""

    student: str
    path: Path
    problem: str = ""


@dataclass(frozen=True)
class FeedbackRun:
    """The students who get feedback on one assignment, and what their pages share."""

    config: Config
    assignment: str
    sheet: Sheet
    marks: Mapping[str, Marks]


def prepare(root: Path, assignment: str) -> FeedbackRun:
    """The class that has been graded for `assignment`.

    Raises CourseError when the assignment does not exist, or when nothing of it was handed in or graded.
    """
    require_assignment(root, assignment)
    return open_class(course_config(root), assignment)


def open_class(config: Config, assignment: str) -> FeedbackRun:
    """The class that has been graded for `assignment`, in a course whose settings are read already."""
    paths = require_assignment(Path(config.CourseDirectory.root), assignment)
    url = config.CourseDirectory.db_url
    try:
        settle(config, assignment)
        found = marks(url, assignment)
    except CourseError:
        _require_submissions(config, assignment)
        raise
    wanted = bool(config.FeedbackPage.get("show_hidden_tests_after_due", False))
    sources = [(prefix, read_source(config, path)) for prefix, path in prefixed(paths)]
    sheet = Sheet(
        assignment,
        [outline(assignment, source.notebook, source.notebook_name, prefix) for prefix, source in sources],
        {source.notebook_name: source.digest for _, source in sources},
        wanted and is_over(url, assignment),
        policy_of(config),
    )
    return FeedbackRun(config, assignment, sheet, found)


def write(feedback_run: FeedbackRun) -> Iterator[Written]:
    """Write every page, yielding each as it is there, in the order of the students' names; on all cores.

    A page is replaced whole or not at all. Raises CourseError when pages can no longer be written.
    """
    course = CourseDirectory(config=feedback_run.config)
    tasks = [
        (folder_of(course, feedback_run.assignment, student), place(course, feedback_run, student), each)
        for student, each in feedback_run.marks.items()
    ]
    _get_ready(feedback_run)
    made = each_in_forks(partial(_write, feedback_run.sheet), tasks, len(cores()), _SECONDS, _MEGABYTES, _BATCH)
    for (graded_in, target, of), written in zip(tasks, made, strict=True):
        yield _write_plainly(feedback_run.sheet, graded_in, target, of) if isinstance(written, Failed) else written


def _get_ready(feedback_run: FeedbackRun) -> None:
    """Do once what each fork would do for its first page: import the known mistakes, compile the templates."""
    with suppress(CourseError):  # which a page says that needs them
        catalogue(feedback_run.assignment)
    for of in list(feedback_run.marks.values())[:1]:
        _plain_page(feedback_run.sheet, of)


def folder(feedback_run: FeedbackRun) -> Path:
    """The folder of all pages."""
    return Path(feedback_run.config.CourseDirectory.root, feedback_run.config.CourseDirectory.feedback_directory)


def place(course: CourseDirectory, feedback_run: FeedbackRun, student: str) -> Path:
    """The path of the page of `student`, which is about all notebooks of the assignment."""
    folder = course.format_path(course.feedback_directory, student, feedback_run.assignment)
    return Path(course.root, folder, f"{feedback_run.assignment}.html")


def handed_in(course: CourseDirectory, assignment: str) -> set[str]:
    """The students who have a folder for a submission of `assignment`, or of any when it is `*`."""
    submitted = Path(course.root, course.submitted_directory)
    return {shown(path.parent.name) for path in submitted.glob(f"*/{assignment}") if path.is_dir()}


def one(sheet: Sheet, folder: Path, of: Marks) -> str:
    """The page of one student from the graded notebooks in `folder`.

    Raises CourseError when one is missing or broken or was graded by an older version of the checks.
    """
    (made,) = each_in_forks(partial(_page, sheet, folder), [of], 1, _SECONDS, _MEGABYTES, 1)
    if isinstance(made, Refused):
        raise made.error
    return _plain_page(sheet, of) if isinstance(made, Failed) else made


_Task = tuple[Path, Path, Marks]


def _write(sheet: Sheet, task: _Task) -> Written:
    graded_in, target, of = task
    try:
        html = _page(sheet, graded_in, of)
    except CourseError as error:
        return Written(of.student, target, str(error))
    _keep(sheet, target, html, graded_in)
    return Written(of.student, target)


def _page(sheet: Sheet, folder: Path, of: Marks) -> str:
    """The page, without the student's work where that would take too long."""
    found = graded(sheet, folder, of)
    alarm = Alarm()
    try:
        with alarm.set_for(time.monotonic() + _WORK_SECONDS), alarm.exposed():
            return page(sheet, of, found)
    except Overdue:
        return page(sheet, of, found, work=False)


def _write_plainly(sheet: Sheet, graded_in: Path, target: Path, of: Marks) -> Written:
    _keep(sheet, target, _plain_page(sheet, of), graded_in)
    return Written(of.student, target)


def _keep(sheet: Sheet, target: Path, html: str, graded_in: Path) -> None:
    """Write a page and, beside it, what nbgrader's exchange told of the submission that it is of.

    The page of one submission never lies beside the secret of another, not even for a moment: the student would find
    it under the wrong one. The pages that nbgrader wrote for single notebooks go: they would be older ones.
    """
    for each in sheet.outlines:
        if each.notebook != target.stem:
            drop(target.with_name(f"{each.notebook}.html"))
    told = told_by_exchange(graded_in)
    if told_by_exchange(target.parent).get(SECRET_FILE) != told.get(SECRET_FILE):
        drop(target)
    for name in (TIME_FILE, SECRET_FILE):
        if name in told:
            keep(target.with_name(name), told[name])
        else:
            drop(target.with_name(name))
    keep(target, html.encode())


def _plain_page(sheet: Sheet, of: Marks) -> str:
    """A page of what the gradebook says, for a notebook that cannot be shown."""
    return page(sheet, of, {}, work=False)


def _require_submissions(config: Config, assignment: str) -> None:
    course = CourseDirectory(config=config)
    if not handed_in(course, assignment):
        place = Path(course.root, course.submitted_directory)
        raise CourseError(
            f"no submission of {assignment}.", place, f"Put them into {place}/<student>/{assignment}/ and grade them."
        )
