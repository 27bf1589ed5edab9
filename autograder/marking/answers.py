"""What a person marks: the questions of an assignment with their rubrics, and what each student answered."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from shlex import quote

import nbformat
from markupsafe import Markup
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config

from autograder.cells import model_answer, role, rubric, squeezed
from autograder.config import course_config
from autograder.files import folder_of
from autograder.gradebook.by_hand import Marked
from autograder.gradebook.by_hand import read as read_marks
from autograder.models import CourseError
from autograder.notebook import prefixed, read, require_assignment
from autograder.report.assignment import Outline, Part, outline
from autograder.report.feedback import CellView, cell_views
from autograder.report.rendering import render
from autograder.report.untrusted import Outputs, listing, markdown
from autograder.source import master_cells
from autograder.source_notebook import read_source_notebook
from autograder.student.limits import cores
from autograder.timeouts import Failed, Refused, each

TEMPLATES = "autograder.marking"

_SECONDS, _MEGABYTES, _BATCH = 10.0, 500, 8
"""What it may take to look at a batch of notebooks, or at a single one."""


@dataclass(frozen=True)
class Question:
    """One answer of the assignment that a person marks, with what its author says about it.

    `name` is its name in the assignment (see `cells.cell_prefix`).
    """

    name: str
    heading: str
    instructions: Markup
    model_answer: Markup
    rubric: Markup


@dataclass(frozen=True)
class Content:
    """What a student answered, without its looks: those with the same digest wrote the same."""

    digest: str
    is_blank: bool


@dataclass(frozen=True)
class MarkingRun:
    """A graded class, whose answers to `questions` a person marks."""

    config: Config
    assignment: str
    title: str
    outlines: Sequence[Outline]
    questions: Sequence[Question]
    stubs: Mapping[str, str]

    def marks(self) -> list[Marked]:
        """What the gradebook holds for each answer; raises CourseError when it cannot be used."""
        names = [question.name for question in self.questions]
        return read_marks(self.config.CourseDirectory.db_url, self.assignment, names)

    def contents(self, students: Collection[str]) -> dict[tuple[str, str], Content]:
        """What each of `students` answered to each question; those whose notebook cannot be read are left out."""
        listed = sorted(students)
        folders = [self._graded(student) for student in listed]
        made = each(partial(_contents, self), folders, len(cores()), _SECONDS, _MEGABYTES, _BATCH)
        return {
            (student, name): content
            for student, found in zip(listed, made, strict=True)
            if not isinstance(found, Failed)
            for name, content in found.items()
        }

    def shown(self, student: str, question: str) -> str:
        """The answer as HTML that is safe on a page, or a sentence that says why it cannot be shown."""
        (made,) = each(partial(_shown, self, question), [self._graded(student)], 1, _SECONDS, _MEGABYTES, 1)
        if not isinstance(made, Failed):
            return made
        problem = made.error.reason if isinstance(made, Refused) else f"showing it {made.how}."
        return render("answer.html", TEMPLATES, work=None, problem=problem, assignment=quote(self.assignment))

    def _graded(self, student: str) -> Path:
        course = CourseDirectory(config=self.config)
        return folder_of(course, self.assignment, student)

    def outline_of(self, question: str) -> Outline:
        """The outline of the notebook in which the question of this name stands."""
        return next(each for each in self.outlines if question.startswith(each.prefix))


def prepare(root: Path, assignment: str) -> MarkingRun:
    """The class that has been graded for `assignment`.

    Raises CourseError when there is no such assignment, when it has no answer that a person marks, or when nothing of
    it has been graded.
    """
    paths = require_assignment(root, assignment)
    config = course_config(root)
    outlines, questions, stubs = list[Outline](), list[Question](), dict[str, str]()
    for prefix, path in prefixed(paths):
        source = read_source_notebook(config, path)
        cells = {found.grade_id: cell for cell in source.cells if (found := role(cell)).is_marked_by_hand}
        here, master = outline(assignment, source, path.stem, prefix), master_cells(config, source)
        outlines.append(here)
        questions += [_question(here, part, cells[part.name]) for part in here.parts if part.name in cells]
        stubs |= {prefix + name: squeezed(master[name].handed_out) for name in cells}
    if not questions:
        where = paths[0] if len(paths) == 1 else paths[0].parent
        raise CourseError(
            "has no answer that is marked by hand.", where, "There is nothing to mark; the scores are complete."
        )
    title = outlines[0].title if len(outlines) == 1 else assignment
    run = MarkingRun(config, assignment, title, outlines, questions, stubs)
    if not run.marks():
        raise CourseError("not graded yet.", assignment, f"Run `autograder grade {quote(assignment)}` first.")
    return run


def _question(outline: Outline, part: Part, cell: nbformat.NotebookNode) -> Question:
    model = model_answer(cell)
    shown = Markup('<pre class="code" tabindex="0"><code>{}</code></pre>').format(listing(model))
    heading = part.heading or part.label
    return Question(
        outline.prefix + part.name,
        f"{outline.notebook}: {heading}" if outline.prefix else heading,
        part.instructions,
        markdown(model) if cell.cell_type == "markdown" else shown,
        markdown(rubric(cell.source)),
    )


@dataclass(frozen=True)
class _Part:
    """The cells of one question in a student's notebook: the answer, and the student's own cells beside it."""

    answer: nbformat.NotebookNode | None
    beside: Sequence[nbformat.NotebookNode]


_Notebooks = Mapping[str, nbformat.NotebookNode]


def _notebooks(run: MarkingRun, folder: Path) -> _Notebooks:
    """A student's graded notebooks, by name; of several, those that were not handed in are left out."""
    paths = {each.notebook: folder / f"{each.notebook}.ipynb" for each in run.outlines}
    present = {name: path for name, path in paths.items() if path.exists()}
    return {name: read(path) for name, path in (present or paths).items()}


def _part(run: MarkingRun, notebooks: _Notebooks, question: str) -> _Part:
    outline = run.outline_of(question)
    if (notebook := notebooks.get(outline.notebook)) is None:
        return _Part(None, ())
    cells = [cell for name, cell in outline.by_part(notebook) if outline.prefix + name == question]
    texts = outline.texts | {""}
    beside = [cell for cell in cells if not role(cell) and squeezed(cell.source) not in texts]
    return _Part(next((cell for cell in cells if role(cell)), None), beside)


def _contents(run: MarkingRun, folder: Path) -> dict[str, Content]:
    notebooks = _notebooks(run, folder)
    return {question.name: _content(run, notebooks, question.name) for question in run.questions}


def _content(run: MarkingRun, notebooks: _Notebooks, question: str) -> Content:
    part = _part(run, notebooks, question)
    cells = [*([part.answer] if part.answer else []), *part.beside]
    parts = [[squeezed(cell.source), cell.get("attachments", {})] for cell in cells]
    text = squeezed(part.answer.source) if part.answer else ""
    is_task = part.answer is not None and role(part.answer).is_task
    is_blank = text in ("", run.stubs[question]) and not part.beside and not is_task
    return Content(hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest(), is_blank)


@dataclass(frozen=True)
class _Work:
    """An answer as the page shows it."""

    words: Markup
    code: Markup
    outputs: list[Markup]
    beside: list[CellView]


def _shown(run: MarkingRun, question: str, folder: Path) -> str:
    part, outputs = _part(run, _notebooks(run, folder), question), Outputs()
    answer, words, code, displayed = part.answer, Markup(), Markup(), list[Markup]()
    if answer is not None and answer.cell_type == "code":
        code, displayed = listing(answer.source), outputs.shown(answer.outputs)
    elif answer is not None and squeezed(answer.source) != run.stubs[question]:
        words = outputs.text(answer)
    beside = [view for cell in part.beside for view in cell_views(cell, run.outline_of(question), outputs)]
    work = _Work(words, code, displayed, beside)
    return render("answer.html", TEMPLATES, work=work, problem="", assignment=quote(run.assignment))
