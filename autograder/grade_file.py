"""Grading one notebook on its own: no class, no gradebook, and no file is written.

What is said of each check is what the feedback page says, since both read `report.feedback.views`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from importlib import metadata
from pathlib import Path

import nbformat

from autograder.cells import cell_prefix
from autograder.config import course_config
from autograder.files import require_plain
from autograder.gradebook.database import NO_RESPONSE
from autograder.gradebook.read import Mark, Marks
from autograder.grading.inputs import source_of, take_in
from autograder.grading.pool import grade_here, tried
from autograder.judge.verdicts import unjudged
from autograder.models import DISTRIBUTION, Assignment, CourseError, Graded, HandedIn, Submission
from autograder.notebook import assignments, content_of, require_assignment
from autograder.notebook_result import CheckResult, Kind, NotebookResult, State
from autograder.report.assignment import Kind as PartKind
from autograder.report.assignment import Outline, outline
from autograder.report.feedback import NO_ANSWER, CheckView, PartView, views
from autograder.source import load, read_released, read_source


@dataclass(frozen=True)
class Prepared:
    """An assignment that notebooks can be graded for; `hidden_checks` says whether its hidden checks are known."""

    assignment: Assignment
    outline: Outline
    hidden_checks: bool = True


def prepare(root: Path, name: str, notebook: str = "") -> Prepared:
    """A notebook of an assignment, its checks tried out on its own solution.

    Args:
        root: the folder of the course.
        name: the name of the assignment.
        notebook: the name of the notebook, where the assignment has several.

    Raises:
        CourseError: the course, the assignment or the notebook cannot be used.
    """
    paths = {path.stem: path for path in require_assignment(root, name)}
    if not notebook and len(paths) > 1:
        raise CourseError("has several notebooks.", name, f"Name one of them: {', '.join(paths)}.")
    path = paths[notebook] if notebook else next(iter(paths.values()))
    config = course_config(root)
    source = read_source(config, path)
    assignment = tried(load(config, source), source.notebook)
    prefix = cell_prefix(path.stem, paths)
    return Prepared(assignment, outline(name, source.notebook, path.stem, prefix))


def prepare_all(root: Path, name: str) -> dict[str, Prepared]:
    """Every notebook of an assignment as `prepare` returns it, by their names."""
    return {path.stem: prepare(root, name, path.stem) for path in require_assignment(root, name)}


def broken_checks(root: Path) -> list[str]:
    """A line for each check of the course below `root` that does not pass its own solution."""
    return [
        f"{path.relative_to(root)}: check '{grade_id}' is broken: {reason}."
        for name in assignments(root)
        for path in require_assignment(root, name)
        for grade_id, reason in prepare(root, name, path.stem).assignment.broken_checks.items()
    ]


def prepare_released(path: Path) -> Prepared:
    """The assignment as far as its released notebook tells: the shown checks, as students have them.

    Raises CourseError when the notebook cannot be used.
    """
    source, assignment = read_released(path)
    whole = outline(source.name, source.notebook)
    parts = [
        replace(part, checks=shown, points=part.points - sum(check.points for check in part.checks if check.hidden))
        for part in whole.parts
        if (shown := tuple(check for check in part.checks if not check.hidden)) or part.kind is PartKind.WORDS
    ]
    return Prepared(assignment, replace(whole, parts=tuple(parts)), hidden_checks=False)


def read_notebook(path: Path, *, beside: bool = False) -> HandedIn:
    """The notebook at `path` as a submission, with the files `beside` it if wanted.

    Raises CourseError when it is missing or cannot be read.
    """
    if beside:
        content_of(path)  # says what is wrong with the path
        return take_in(Submission(path.stem, path.stem, path, path.parent))
    require_plain(path)
    return HandedIn(path.stem, content_of(path), {})


def find_source(root: Path, path: Path, assignment: str = "") -> Path:
    """The source notebook of the course below `root` that the notebook at `path` is of, by its cells.

    With an `assignment`, it is one of that. Raises CourseError when it is not a notebook, or one of no assignment.
    """
    among = require_assignment(root, assignment) if assignment else []
    if len(among) == 1:
        return among[0]
    try:
        return source_of(course_config(root), content_of(path), path.stem, among)
    except CourseError as error:
        raise error if error.where else error.within(path) from None


def grade(prepared: Prepared, handed_in: HandedIn, name: str, level: str) -> NotebookResult:
    """The result for one notebook.

    Args:
        prepared: the assignment.
        handed_in: the notebook and the files beside it.
        name: what to call the notebook's file.
        level: the sandbox level that student code is confined at, or more.

    Returns:
        What a student may read of every check.

    Raises:
        CourseError: the notebook could not be graded.
    """
    graded = grade_here(prepared.assignment, handed_in, level)
    if graded.problem:
        raise graded.problem
    marks = _marks(prepared, graded)
    notebook = nbformat.reads(graded.notebook, as_version=4)
    found = views(prepared.outline, marks, notebook)
    return NotebookResult(
        assignment=prepared.assignment.name,
        title=prepared.outline.title,
        notebook=name,
        points=marks.points,
        max_points=marks.max_points,
        points_to_mark=sum(mark.max_points for mark in marks.marks.values() if mark.is_open),
        hidden_checks=prepared.hidden_checks,
        checks=[each for view in found for each in _results(view)],
        notes=list(graded.notes),
        broken_checks=sorted({*prepared.assignment.broken_checks, *unjudged(notebook)}),
        sandbox=graded.level,
        digest=prepared.assignment.digest,
        version=metadata.version(DISTRIBUTION),
    )


def absent(prepared: Prepared, level: str) -> NotebookResult:
    """The result for a notebook that was not handed in; `level` is that at which student code is confined."""
    sentence = f"{prepared.outline.notebook}.ipynb was not handed in."
    checks = [
        CheckResult(
            grade_id=check.grade_id,
            function=part.label,
            heading=part.heading,
            title=check.title,
            kind=Kind.HIDDEN if check.hidden else Kind.SHOWN,
            state=State.FAILED,
            points=0.0,
            max_points=check.points,
            sentence=sentence,
        )
        for part in prepared.outline.parts
        for check in part.checks
    ]
    return NotebookResult(
        assignment=prepared.assignment.name,
        title=prepared.outline.title,
        notebook="",
        points=0.0,
        max_points=sum(part.points for part in prepared.outline.parts),
        points_to_mark=0.0,
        hidden_checks=prepared.hidden_checks,
        checks=checks,
        notes=[sentence.removesuffix(".")],
        broken_checks=sorted(prepared.assignment.broken_checks),
        sandbox=level,
        digest=prepared.assignment.digest,
        version=metadata.version(DISTRIBUTION),
    )


def _marks(prepared: Prepared, graded: Graded) -> Marks:
    """What the gradebook would hold of it, before a person has marked anything."""
    points = graded.points
    wanted = {part.name for part in prepared.outline.parts}
    wanted |= {check.grade_id for part in prepared.outline.parts for check in part.checks}
    found = {
        name: Mark(points.get(name), None, 0.0, cell.role.points, waits=name not in points)
        for name, cell in prepared.assignment.master.items()
        if name in wanted and (cell.role.is_graded or cell.role.is_task)
    }
    return Marks(graded.student, "", found, dict.fromkeys(graded.no_response, NO_RESPONSE), 0.0)


def _results(view: PartView) -> Iterator[CheckResult]:
    part = view.part
    if view.mark is not None and view.state is not None:
        yield CheckResult(
            grade_id=part.name,
            function=part.label,
            heading=part.heading,
            title="In words",
            kind=Kind.QUESTION,
            state=State[view.state.name],
            points=view.mark.points,
            max_points=view.mark.max_points,
            sentence="" if view.answered else NO_ANSWER,
        )
    yield from (_result(view, check) for check in view.checks)


def _result(view: PartView, check: CheckView) -> CheckResult:
    state = State[check.state.name]
    cause = view.cause if state in (State.FAILED, State.PARTIAL) else None
    return CheckResult(
        grade_id=check.check.grade_id,
        function=view.part.label,
        heading=view.part.heading,
        title=check.check.title,
        kind=Kind.HIDDEN if check.check.hidden else Kind.SHOWN,
        state=state,
        points=check.mark.points,
        max_points=check.mark.max_points,
        sentence=check.student_message,
        first_wrong_value=check.divergence,
        mistake=cause.sentence if cause else "",
        read_again=cause.place if cause else "",
    )
