"""Verdicts as outputs that nbgrader reads the same way everywhere.

nbgrader takes the first result among a cell's outputs as its score, no output as full marks and any warning as zero.
So every grade cell gets its verdict written out: what was printed, then its points or its error.
"""

from __future__ import annotations

from typing import Any

import nbformat

from autograder.records import Outcome, Verdict

KEY = "autograder"
"""Where a verdict stands in a cell's metadata; only the examiner writes there."""


def write(cell: nbformat.NotebookNode, verdict: Verdict, printed: str, error: nbformat.NotebookNode | None) -> None:
    """Replace the outputs of a grade cell by an explicit account of `verdict`."""
    cell.outputs = [nbformat.v4.new_output("stream", name="stdout", text=printed)] if printed else []
    cell.execution_count = None
    if verdict.outcome is Outcome.PASSED:
        cell.outputs.append(nbformat.v4.new_output("execute_result", {"text/plain": f"{verdict.points:g}"}))
    else:
        cell.outputs.append(error or refusal(verdict.message))


def note(cell: nbformat.NotebookNode, verdict: Verdict) -> None:
    """Leave what a student may know of `verdict` in the metadata of a grade cell, for whoever makes a page of it."""
    cell.metadata[KEY] = {
        "outcome": verdict.outcome.value,
        "points": verdict.points,
        "max_points": verdict.max_points,
        "told": verdict.told,
        "misconceptions": list(verdict.diagnosis.misconceptions),
        "divergence": verdict.diagnosis.divergence,
    }


def refusal(sentence: str, name: str = "NotRun") -> nbformat.NotebookNode:
    """An error output that is nothing but a sentence."""
    return nbformat.v4.new_output("error", ename=name, evalue=sentence, traceback=[sentence])


def valid_outputs(outputs: list[dict[str, Any]]) -> list[nbformat.NotebookNode]:
    """Those of a student cell's outputs that a notebook may hold; a student process can send anything."""
    valid = []
    for output in outputs:
        node = nbformat.from_dict(output)
        try:
            nbformat.validate(node, ref=str(node.get("output_type")), version=4)
        except Exception:  # whatever the odd structure provokes in the validator, it is no output
            continue
        valid.append(node)
    return valid
