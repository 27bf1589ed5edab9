"""From a cell's outputs to a verdict, and back to outputs that nbgrader reads the same way everywhere.

nbgrader takes the first result among a cell's outputs as its score, no output as full marks and any warning as zero.
So every grade cell gets its verdict written out: what it printed, then its points or its error.
"""

from __future__ import annotations

import nbformat

from autograder.records import Outcome, Verdict


def judge(cell: nbformat.NotebookNode) -> Verdict:
    """The verdict on an executed grade cell: it failed when it raised, and only then."""
    metadata = cell.metadata["nbgrader"]
    grade_id, points = str(metadata["grade_id"]), float(metadata["points"])
    error = next((output for output in cell.outputs if output.output_type == "error"), None)
    if error is None:
        return Verdict(grade_id, Outcome.PASSED, points, points)
    return Verdict(grade_id, Outcome.FAILED, 0.0, points, f"{error.ename}: {error.evalue}")


def write(cell: nbformat.NotebookNode, verdict: Verdict) -> None:
    """Replace the outputs of a grade cell by an explicit account of `verdict`.

    Warnings stay readable but move to stdout, where they cost nothing; results a cell left behind go.
    """
    printed, errors = [], []
    for output in cell.outputs:
        if output.output_type == "stream":
            printed.append(nbformat.v4.new_output("stream", name="stdout", text=output.text))
        elif output.output_type == "display_data":
            printed.append(output)
        elif output.output_type == "error":
            errors.append(output)
    if verdict.outcome is Outcome.PASSED:
        points = nbformat.v4.new_output(
            "execute_result", {"text/plain": f"{verdict.points:g}"}, execution_count=cell.execution_count
        )
        cell.outputs = [*printed, points]
    else:
        cell.outputs = [*printed, *(errors[:1] or [_refusal(verdict.message)])]


def refuse(cell: nbformat.NotebookNode, sentence: str) -> None:
    """Give a grade cell that could not run the sentence that says why."""
    cell.outputs = [_refusal(sentence)]


def _refusal(sentence: str) -> nbformat.NotebookNode:
    return nbformat.v4.new_output("error", ename="NotRun", evalue=sentence, traceback=[sentence])
