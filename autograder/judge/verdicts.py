"""Verdicts in a graded notebook: written as outputs that nbgrader reads, noted for pages, and read again by these.

nbgrader takes the first result among a cell's outputs as its score, no output as full marks and any warning as zero.
So every grade cell gets its verdict written out: what was printed, then its points or its error.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import nbformat

from autograder.cells import role
from autograder.fast import new_output
from autograder.models import Outcome, Verdict
from autograder.text import bounded, plain

KEY = "autograder"
"""The key of a verdict in a cell's metadata; only the grader writes there."""


def write(cell: nbformat.NotebookNode, verdict: Verdict, printed: str, error: nbformat.NotebookNode | None) -> None:
    """Replace the outputs of a grade cell by an explicit account of `verdict`."""
    cell.outputs = [new_output("stream", name="stdout", text=printed)] if printed else []
    cell.execution_count = None
    if verdict.outcome in (Outcome.PASSED, Outcome.PARTIAL):
        data = {"text/plain": _exactly(verdict.points)}
        cell.outputs.append(new_output("execute_result", data=data, metadata={}, execution_count=None))
    else:
        cell.outputs.append(error or refusal(verdict.message))


def _exactly(points: float) -> str:
    """The points as text that is read as the same number."""
    return short if float(short := f"{points:g}") == points else repr(points)


def account(
    notebook: nbformat.NotebookNode,
    verdicts: Sequence[Verdict],
    no_response: Iterable[str],
    sandbox: str,
    digest: str,
    seconds: Mapping[str, float],
) -> None:
    """Note in `notebook` how it was graded, for pages and for the code that saves the scores.

    Args:
        notebook: the graded notebook, which is changed.
        verdicts: those on its checks; the ones that could not be judged are named.
        no_response: the answers that are as they were handed out.
        sandbox: how far student code was confined.
        digest: the version of the assignment that it was graded under.
        seconds: how long each stage took.
    """
    left_open = [verdict.grade_id for verdict in verdicts if verdict.outcome is Outcome.UNJUDGED]
    taken = {stage: round(each, 4) for stage, each in seconds.items()}
    noted = list(notes(notebook))
    notebook.metadata[KEY] = {"sandbox": sandbox, "digest": digest, "seconds": taken, "unjudged": left_open}
    notebook.metadata[KEY]["notes"] = noted
    notebook.metadata[KEY]["no_response"] = sorted(no_response)


def note(cell: nbformat.NotebookNode, verdict: Verdict) -> None:
    """Write what a student may know of `verdict` into the metadata of a grade cell, for the feedback page."""
    cell.metadata[KEY] = {
        "outcome": verdict.outcome.value,
        "points": verdict.points,
        "max_points": verdict.max_points,
        "student_message": verdict.student_message,
        "mistakes": list(verdict.diagnosis.mistakes),
        "divergence": verdict.diagnosis.divergence,
    }


NOT_RUN, NOT_JUDGED, HINT = "NotRun", "NotJudged", "Hint"
"""The names of the errors for a cell that could not run to its end, for a check that says nothing about the answer, and
for a sentence of the check's own."""


def refusal(sentence: str, name: str = NOT_RUN) -> nbformat.NotebookNode:
    """An error output with one sentence."""
    return error(name, sentence, [sentence])


def error(name: str, message: str, lines: Iterable[str]) -> nbformat.NotebookNode:
    """An error output."""
    return new_output("error", ename=name, evalue=message, traceback=[str(line) for line in lines])


_LONGEST = 1000


@dataclass(frozen=True)
class Finding:
    """What the grader found out about one check, in words a student may read; all of it may be missing."""

    outcome: str = ""
    student_message: str = ""
    mistakes: tuple[str, ...] = ()
    divergence: str = ""

    @property
    def unjudged(self) -> bool:
        """Whether the check said nothing about the answer."""
        return self.outcome == Outcome.UNJUDGED.value


@dataclass(frozen=True)
class Run:
    """How the grading of one submission went: how far student code was confined, which version, the seconds it took."""

    sandbox: str = ""
    digest: str = ""
    seconds: Mapping[str, float] = field(default_factory=dict)


def run(notebook: nbformat.NotebookNode) -> Run:
    """How grading this notebook went."""
    found = _ours(notebook)
    seconds = found.get("seconds")
    return Run(
        _text(found, "sandbox"),
        _text(found, "digest"),
        {str(stage): float(taken) for stage, taken in seconds.items() if isinstance(taken, int | float)}
        if isinstance(seconds, Mapping)
        else {},
    )


def keep_notes(notebook: nbformat.NotebookNode, lines: Iterable[str]) -> None:
    """Keep in `notebook`, before it is judged, what an instructor should know of how it was handed in."""
    notebook.metadata[KEY] = {"notes": list(lines)}


def notes(notebook: nbformat.NotebookNode) -> tuple[str, ...]:
    """What an instructor should know of how this notebook was handed in, such as cells that were put back."""
    found = _ours(notebook).get("notes", ())
    return tuple(each for each in found if isinstance(each, str)) if isinstance(found, list) else ()


def unjudged(notebook: nbformat.NotebookNode) -> frozenset[str]:
    """The checks of a graded notebook that said nothing about the answer."""
    return frozenset(_ours(notebook).get("unjudged", ()))


def no_response(notebook: nbformat.NotebookNode) -> frozenset[str]:
    """The answers of a graded notebook that are as they were handed out."""
    return frozenset(_ours(notebook).get("no_response", ()))


def findings(notebook: nbformat.NotebookNode) -> dict[str, Finding]:
    """The findings by grade id, for each check of the notebook."""
    found = ((cell, role(cell)) for cell in notebook.cells if cell.cell_type == "code")
    return {each.grade_id: _finding(_ours(cell)) for cell, each in found if each.is_check}


def _finding(found: Mapping[str, Any]) -> Finding:
    names = found.get("mistakes")
    return Finding(
        _text(found, "outcome"),
        _text(found, "student_message"),
        tuple(name for name in names if isinstance(name, str)) if isinstance(names, list) else (),
        _text(found, "divergence"),
    )


def _ours(node: nbformat.NotebookNode) -> Mapping[str, Any]:
    found = node.metadata.get(KEY)
    return found if isinstance(found, Mapping) else {}


def _text(found: Mapping[str, Any], key: str) -> str:
    value = found.get(key)
    return bounded(plain(value), _LONGEST)[0].strip() if isinstance(value, str) else ""
