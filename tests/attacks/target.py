"""The assignment that is attacked: two functions, four things no student may ever see."""

from __future__ import annotations

import copy

import nbformat
from nbgrader.utils import compute_checksum

ASSIGNMENT = "target"
BYSTANDER = "bystander"
"""An honest student who is graded before everyone else."""

HIDDEN = "CANARY_HIDDEN_7c1f0e"
REFERENCE = "CANARY_REFERENCE_b52d91"
GRADEBOOK = "CANARY_GRADEBOOK_e0a843"
NEIGHBOUR = "CANARY_NEIGHBOUR_94f6d2"
CANARIES = {
    HIDDEN: "a hidden test",
    REFERENCE: "the reference",
    GRADEBOOK: "the gradebook",
    NEIGHBOUR: "another student's work",
}
"""Each planted word, and what whoever shows it has read."""

ANSWERS = f"""\
NOTE = "{REFERENCE}"

def double(x):
    return 2 * x

def triple(x):
    return 3 * x
"""
"""The reference, a module `answers` that hidden tests import."""

DOUBLE = "def double(x):\n    return 2 * x"
TRIPLE = "def triple(x):\n    return double(x) + x"

_TRIPLE_HIDDEN = """\
import answers
kept, double = double, answers.double
try:
    assert triple(1) == 3 and triple(2) == 6
finally:
    double = kept"""

_DOUBLE_HIDDEN = f"""\
import answers
import numpy as np
{HIDDEN} = "what no student may see"
for x in [3, -1, 0.5]:
    np.testing.assert_allclose(double(x), answers.double(x), err_msg={HIDDEN}, strict=True)"""


def source() -> nbformat.NotebookNode:
    """The instructor's notebook: 1 point for a check that is shown, 2 and 3 for two that are hidden."""
    cells = [
        _solution("double", DOUBLE),
        _solution("triple", TRIPLE),
        _check("triple-hidden", 2, f"### BEGIN HIDDEN TESTS\n{_TRIPLE_HIDDEN}\n### END HIDDEN TESTS"),
        _check("double-shown", 1, "assert double(3) == 6"),
        _check("double-hidden", 3, f"### BEGIN HIDDEN TESTS\n{_DOUBLE_HIDDEN}\n### END HIDDEN TESTS"),
    ]
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    return nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernel})


def handed_out() -> nbformat.NotebookNode:
    """What students get: hidden tests taken out, checksums put in."""
    notebook = copy.deepcopy(source())
    for cell in notebook.cells:
        if "HIDDEN TESTS" in cell.source:
            cell.source = ""
        cell.metadata["nbgrader"] |= {"checksum": compute_checksum(cell), "cell_type": "code"}
    return notebook


def _solution(name: str, text: str) -> nbformat.NotebookNode:
    return _cell(name, text, {"grade": False, "locked": False, "solution": True})


def _check(name: str, points: int, text: str) -> nbformat.NotebookNode:
    return _cell(name, text, {"grade": True, "locked": True, "solution": False, "points": points})


def _cell(name: str, text: str, role: dict[str, object]) -> nbformat.NotebookNode:
    metadata = {"grade_id": name, "schema_version": 3, "task": False} | role
    return nbformat.v4.new_code_cell(text, metadata={"nbgrader": metadata}, id=name)
