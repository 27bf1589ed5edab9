"""One student's feedback page: marks, what the examiner found, and the student's own work beside it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum

import nbformat
from markupsafe import Markup

from autograder.gradebook.marks import Mark, Marks
from autograder.misconceptions import Misconception
from autograder.notebooks.reading import nbgrader_metadata
from autograder.report.findings import Finding, findings, likely
from autograder.report.listing import listing
from autograder.report.markdown import markdown
from autograder.report.outline import Check, Kind, Outline, Part
from autograder.report.outputs import Outputs
from autograder.report.rendering import render
from autograder.text import plain

_MOST_CELLS = 60
_NO_RESPONSE = "No response."
"""What stands in the gradebook, as nbgrader writes it, when an answer is as it was handed out."""
_NEUTRAL = "Your answer does not pass here yet."
_COMMENT = re.compile(r"#\s*(\S[^\n]*)")


class State(Enum):
    """How a check or an answer stands; `value` is the word on the page, `sign` stands beside it."""

    PASSED = "Passed"
    FAILED = "Not yet"
    WAITS = "Waits for a person"
    MARKED = "Marked"

    @property
    def sign(self) -> str:
        """A shape, so that nothing is told by colour alone."""
        return {"PASSED": "✓", "FAILED": "✕", "WAITS": "…", "MARKED": "✎"}[self.name]


@dataclass(frozen=True)
class CheckView:
    """One check as the page shows it; `source` is empty unless a student may see it."""

    check: Check
    mark: Mark
    state: State
    told: str
    divergence: str
    source: Markup


@dataclass(frozen=True)
class CellView:
    """A cell that is nobody's answer; `summary` stands for its code when the instructor wrote it."""

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
    cause: Misconception | None
    comment: Markup
    answered: bool
    code: Markup = field(default_factory=Markup)
    words: Markup = field(default_factory=Markup)
    outputs: list[Markup] = field(default_factory=list)
    cells: list[CellView] = field(default_factory=list)

    @property
    def points(self) -> float:
        """What the answer earned in all."""
        return (self.mark.points if self.mark else 0.0) + sum(view.mark.points for view in self.checks)

    @property
    def waits(self) -> bool:
        """Whether any of it waits for a person."""
        return self.state is State.WAITS or any(view.state is State.WAITS for view in self.checks)

    def sums(self, hidden: bool) -> tuple[float, float] | None:
        """Points and most points of the shown or of the hidden checks; None where there are none."""
        chosen = [view.mark for view in self.checks if view.check.hidden is hidden]
        return (sum(mark.points for mark in chosen), sum(mark.max_points for mark in chosen)) if chosen else None


def page(
    outline: Outline, marks: Marks, notebook: nbformat.NotebookNode, show_hidden: bool = False, *, work: bool = True
) -> str:
    """The page as HTML; hidden tests are on it only with `show_hidden`, the student's own work only with `work`."""
    found = findings(notebook)
    parts = {part.name: _part(outline, part, marks, found, show_hidden) for part in outline.parts}
    loose = _pour(notebook, outline, parts, Outputs()) if work else []
    waiting = sum(mark.max_points for mark in marks.marks.values() if mark.is_open)
    return render(
        "feedback.html",
        outline=outline,
        marks=marks,
        student=plain(marks.student),
        name=plain(marks.name),
        parts=list(parts.values()),
        loose=loose,
        waiting=waiting,
        states=State,
        work=work,
    )


def _part(outline: Outline, part: Part, marks: Marks, found: Mapping[str, Finding], show_hidden: bool) -> PartView:
    views = [_check(check, marks, found.get(check.grade_id, Finding()), show_hidden) for check in part.checks]
    failed = [found.get(view.check.grade_id, Finding()) for view in views if view.state is State.FAILED]
    causes = {cause.name: cause for finding in failed if (cause := likely(outline.assignment, finding))}
    mark = marks.marks.get(part.name)
    return PartView(
        part=part,
        mark=mark,
        state=None if mark is None else State.WAITS if mark.is_open else State.MARKED,
        checks=views,
        cause=next(iter(causes.values())) if len(causes) == 1 else None,  # of two, one would be false
        comment=markdown(marks.comments.get(part.name, "")),
        answered=marks.comments.get(part.name) != _NO_RESPONSE,
    )


def _check(check: Check, marks: Marks, finding: Finding, show_hidden: bool) -> CheckView:
    mark = marks.marks.get(check.grade_id, Mark(None, None, 0.0, check.points, waits=True))
    state = State.WAITS if mark.is_open else State.PASSED if mark.points >= mark.max_points else State.FAILED
    told = (finding.told or _NEUTRAL) if state is State.FAILED else finding.told if finding.unjudged else ""
    return CheckView(
        check=check,
        mark=mark,
        state=state,
        told=told,
        divergence=finding.divergence if state is State.FAILED else "",
        source=check.source if show_hidden and check.hidden else Markup(),
    )


def _pour(
    notebook: nbformat.NotebookNode, outline: Outline, parts: Mapping[str, PartView], outputs: Outputs
) -> list[CellView]:
    """Put each of the student's cells to the answer it follows; returns those before the first."""
    loose: list[CellView] = []
    here, shown = loose, 0
    for cell in notebook.cells:
        metadata = nbgrader_metadata(cell)
        if (opened := outline.openings.get(cell.source)) in parts and cell.cell_type == "markdown":
            here = parts[str(opened)].cells
        elif (name := str(metadata.get("grade_id", ""))) in parts:
            here = parts[name].cells
            _answer(parts[name], cell, outputs)
        elif not metadata and shown < _MOST_CELLS:
            views = list(_cell(cell, outline, outputs))
            here += views
            shown += len(views)
    return loose


def _answer(view: PartView, cell: nbformat.NotebookNode, outputs: Outputs) -> None:
    if cell.cell_type == "code":
        view.code, view.outputs = listing(cell.source), outputs.shown(cell.outputs)
    elif view.answered and view.part.kind is Kind.WORDS and not nbgrader_metadata(cell).get("task"):
        view.words = markdown(cell.source)


def _cell(cell: nbformat.NotebookNode, outline: Outline, outputs: Outputs) -> Iterator[CellView]:
    given = cell.source in outline.texts
    summary = _COMMENT.match(cell.source) if given else None
    title = (summary[1] if summary else "A cell of the notebook") if given else ""
    if cell.cell_type == "code" and cell.source.strip():
        shown = outputs.shown(cell.outputs)
        if shown or not given:
            yield CellView(title, listing(cell.source), Markup(), shown)
    elif not given and cell.source.strip():
        yield CellView(title, Markup(), markdown(cell.source), [])
