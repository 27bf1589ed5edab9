"""Grading one submission: from the bytes that were handed in to the graded notebook and its verdicts.

It reads no file, knows no gradebook and no other student, so it can be done on any machine that has this package.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace

import nbformat
from nbgrader.preprocessors import LimitOutput
from nbgrader.utils import compute_checksum

from autograder.cells import cell_prefix, role
from autograder.fast import notebook_text
from autograder.files import with_files_of
from autograder.grading.workplace import workplace
from autograder.imports import draws
from autograder.judge.modules import beside
from autograder.judge.run import examine
from autograder.judge.verdicts import account, keep_notes
from autograder.models import Assignment, CourseError, Graded, HandedIn, Judged, MasterCell, Verdict, unexpected
from autograder.notebook import parse_handed_in
from autograder.restore import answered_beside, drop_metadata, restore, share_of
from autograder.sandbox import ForkServer
from autograder.text import is_utf8


def grade(assignment: Assignment, handed_in: HandedIn, fork_server: ForkServer, in_fork: bool = False) -> Graded:
    """The result of grading one submission; what prevents its grading is its `problem`, never an exception.

    `in_fork` says that this process was forked for this submission, and ends after it.
    """
    seconds: dict[str, float] = {}
    try:
        return _grade(assignment, handed_in, fork_server, in_fork, seconds)
    except CourseError as error:
        problem = error
    except MemoryError:
        problem = CourseError(
            "needs more memory than one submission may use while it is graded.",
            advice="Ask the student for a smaller notebook.",
        )
    except Exception as error:  # no submission may stop the class
        problem = unexpected(error)
    return Graded(handed_in.student, problem=problem, seconds=seconds)


def joined(graded: Mapping[str, Graded], notes: Sequence[str], notebooks: Collection[str]) -> Graded:
    """The result of one submission whose notebooks were graded.

    Args:
        graded: the results of its notebooks, by their names; none of them has a problem.
        notes: what was said of the submission before it was graded, which is in the notes of its first notebook.
        notebooks: the names of all notebooks of the assignment.
    """
    first, *_ = graded.values()
    if len(notebooks) == 1:
        return first
    verdicts, no_response, said, seconds = list[Verdict](), set[str](), list(notes), dict[str, float]()
    for name, each in graded.items():
        prefix = cell_prefix(name, notebooks)
        verdicts += [replace(verdict, grade_id=prefix + verdict.grade_id) for verdict in each.verdicts]
        no_response |= {prefix + answer for answer in each.no_response}
        said += [f"{name}: {note}" for note in each.notes[len(notes) if each is first else 0 :]]
        seconds |= {stage: seconds.get(stage, 0.0) + taken for stage, taken in each.seconds.items()}
    missing = tuple(name for name in notebooks if name not in graded)
    said += [f"{name}.ipynb was not handed in, so its points are 0" for name in missing]
    return Graded(
        first.student,
        verdicts=tuple(verdicts),
        no_response=frozenset(no_response),
        notes=tuple(said),
        level=first.level,
        seconds=seconds,
        missing=missing,
    )


def judge(
    assignment: Assignment,
    notebook: nbformat.NotebookNode,
    files: Mapping[str, bytes],
    fork_server: ForkServer,
    in_fork: bool = False,
) -> Judged:
    """Judge a notebook in which all instructor's cells are as they were handed out; changes `notebook`.

    `files` are those beside it; `in_fork` as for `grade`. Raises CourseError when no student process can be started.
    """
    start = time.perf_counter()
    limits, written = assignment.limits, assignment.trial.written
    place = workplace(notebook, assignment.files, files, written, limits, fork_server, in_fork)
    with place as shared, beside(assignment.files):
        verdicts = examine(
            notebook,
            limits,
            lambda: fork_server.start(files, limits, draws(notebook.cells, files)),
            assignment.trial,
            assignment.name,
            shared,
        )
    no_response = _no_response(notebook, assignment.plain)
    seconds = {"examine": time.perf_counter() - start}
    account(notebook, verdicts, no_response, fork_server.level.value, assignment.digest, seconds)
    trim = LimitOutput()
    for cell in notebook.cells:
        trim.preprocess_cell(cell, {}, 0)
    return Judged(notebook_text(notebook), tuple(verdicts), no_response)


def _grade(
    assignment: Assignment, handed_in: HandedIn, fork_server: ForkServer, in_fork: bool, seconds: dict[str, float]
) -> Graded:
    with _timing(seconds, "read"):
        notebook, notes = _as_handed_out(assignment, handed_in.notebook)
        keep_notes(notebook, handed_in.notes + notes)
    with _timing(seconds, "judge"):
        judged = judge(assignment, notebook, with_files_of(assignment.files, handed_in.files), fork_server, in_fork)
    return Graded(
        handed_in.student,
        judged.notebook,
        judged.verdicts,
        judged.no_response,
        handed_in.notes + notes,
        level=fork_server.level.value,
        seconds=seconds,
    )


def _as_handed_out(assignment: Assignment, content: bytes) -> tuple[nbformat.NotebookNode, tuple[str, ...]]:
    """The notebook as it was handed out but for the answers, and a line for each thing that had to be put back."""
    notebook, stored_format = parse_handed_in(content)
    if not share_of(notebook, assignment.master):
        raise CourseError(
            f"has none of the cells of {assignment.name}.", advice="Ask the student whether this is the right notebook."
        )
    notes: tuple[str, ...] = ()
    if stored_format != 4:
        notes += (f"the notebook was in the old format {stored_format}; it was converted to format 4",)
    if not is_utf8(content):
        notes += ("the notebook is not in UTF-8, as it should be; check that its letters are right",)
    notes += put_back(notebook, assignment.master)
    if assignment.kernelspec:
        notebook.metadata["kernelspec"] = nbformat.from_dict(dict(assignment.kernelspec))
    return notebook, notes


def put_back(notebook: nbformat.NotebookNode, master: Mapping[str, MasterCell]) -> tuple[str, ...]:
    """Restore all that the instructor handed out in `notebook`, in place, and remove its outputs.

    Returns a line for each thing that an instructor should know. nbgrader's own commands call this, too.
    """
    notes = restore(notebook, master, list(master))
    drop_metadata(notebook)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    keep_notes(notebook, notes)
    return notes


def _no_response(notebook: nbformat.NotebookNode, plain: Mapping[str, str]) -> frozenset[str]:
    """The answers that are as they were handed out, but for those that stand in a cell beside their own."""
    untouched = frozenset(
        each.grade_id
        for cell in notebook.cells
        if (each := role(cell)).is_answer and each.metadata.get("checksum") == compute_checksum(cell)
    )
    return untouched - answered_beside(notebook, plain) if untouched else untouched


@contextmanager
def _timing(seconds: dict[str, float], stage: str) -> Iterator[None]:
    start = time.perf_counter()
    try:
        yield
    finally:
        seconds[stage] = time.perf_counter() - start
