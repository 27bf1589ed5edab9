"""Verdicts as outputs that nbgrader reads the same way everywhere.

nbgrader takes the first result among a cell's outputs as its score, no output as full marks and any warning as zero.
So every grade cell gets its verdict written out: what was printed, then its points or its error.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import nbformat

from autograder.models import Outcome, Verdict

KEY = "autograder"
"""Where a verdict stands in a cell's metadata; only the grader writes there."""


def write(cell: nbformat.NotebookNode, verdict: Verdict, printed: str, error: nbformat.NotebookNode | None) -> None:
    """Replace the outputs of a grade cell by an explicit account of `verdict`."""
    cell.outputs = [_output("stream", name="stdout", text=printed)] if printed else []
    cell.execution_count = None
    if verdict.outcome is Outcome.PASSED:
        data = {"text/plain": f"{verdict.points:g}"}
        cell.outputs.append(_output("execute_result", data=data, metadata={}, execution_count=None))
    else:
        cell.outputs.append(error or refusal(verdict.message))


def account(
    notebook: nbformat.NotebookNode,
    verdicts: Sequence[Verdict],
    sandbox: str,
    digest: str,
    seconds: Mapping[str, float],
) -> None:
    """Note in `notebook` how it was graded: how far student code was confined, under which version, how long it took.

    Checks that could not be judged are named, for the code that saves the scores.
    """
    unjudged = [verdict.grade_id for verdict in verdicts if verdict.outcome is Outcome.UNJUDGED]
    taken = {stage: round(each, 4) for stage, each in seconds.items()}
    notebook.metadata[KEY] = {"sandbox": sandbox, "digest": digest, "seconds": taken, "unjudged": unjudged}


def note(cell: nbformat.NotebookNode, verdict: Verdict) -> None:
    """Leave what a student may know of `verdict` in the metadata of a grade cell, for whoever makes a page of it."""
    cell.metadata[KEY] = {
        "outcome": verdict.outcome.value,
        "points": verdict.points,
        "max_points": verdict.max_points,
        "student_message": verdict.student_message,
        "mistakes": list(verdict.diagnosis.mistakes),
        "divergence": verdict.diagnosis.divergence,
    }


def refusal(sentence: str, name: str = "NotRun") -> nbformat.NotebookNode:
    """An error output that is nothing but a sentence."""
    return error(name, sentence, [sentence])


def error(name: str, message: str, lines: Iterable[str]) -> nbformat.NotebookNode:
    """An error output."""
    return _output("error", ename=name, evalue=message, traceback=[str(line) for line in lines])


def _output(kind: str, **fields: Any) -> nbformat.NotebookNode:
    """An output of ours; nbformat's own constructor would check it against a schema each time."""
    return nbformat.from_dict({"output_type": kind, **fields})
