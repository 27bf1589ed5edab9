"""The scores of two contenders: every cell on which they do not agree, and what the peer's notebook shows there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbgrader.api import Gradebook

from benchmarks.generating import ASSIGNMENTS, check_cells

Cell = tuple[str, str, str]
"""Student, assignment, grade id."""


@dataclass(frozen=True)
class Difference:
    """One cell that two contenders score differently; `because` is what the peer's graded notebook shows there."""

    student: str
    assignment: str
    grade_id: str
    peer: float | None
    ours: float | None
    because: str


@dataclass(frozen=True)
class Agreement:
    """How many cells were compared, and those that differ."""

    compared: int
    differences: Sequence[Difference]


def scores(gradebooks: Sequence[Path]) -> dict[Cell, float | None]:
    """The automatic score of every graded cell; None where there is none."""
    found: dict[Cell, float | None] = {}
    for path in gradebooks:
        with Gradebook(f"sqlite:///{path}") as gradebook:
            for assignment in {each.name for each in gradebook.assignments} & set(ASSIGNMENTS):
                judged = set(check_cells(assignment))
                for submission in gradebook.assignment_submissions(assignment):
                    for grade in (grade for notebook in submission.notebooks for grade in notebook.grades):
                        if grade.name in judged:
                            found[submission.student.id, assignment, grade.name] = grade.auto_score
    return found


def compare(
    peer: Mapping[Cell, float | None], ours: Mapping[Cell, float | None], autograded: Sequence[Path]
) -> Agreement:
    """Look for every cell that only one of them scored, or both differently."""
    cells = peer.keys() | ours.keys()
    differing = sorted(cell for cell in cells if peer.get(cell) != ours.get(cell))
    found = [Difference(*cell, peer.get(cell), ours.get(cell), _reason(cell, autograded)) for cell in differing]
    return Agreement(len(cells), found)


def _reason(cell: Cell, autograded: Sequence[Path]) -> str:
    student, assignment, grade_id = cell
    for folder in autograded:
        path = folder / student / assignment / f"{assignment}.ipynb"
        if path.exists():
            return _outputs(nbformat.read(path, as_version=4), grade_id)
    return "no graded notebook"


def _outputs(notebook: nbformat.NotebookNode, grade_id: str) -> str:
    """What the cell shows that decides its score: an error, or text on stderr."""
    for cell in notebook.cells:
        if cell.metadata.get("nbgrader", {}).get("grade_id") == grade_id:
            for output in cell.get("outputs", []):
                if output.output_type == "error":
                    return f"{output.ename}: {output.evalue}".splitlines()[0][:160]
                if output.get("name") == "stderr":
                    return f"a warning: {_warning(output.text)}"
    return "nothing wrong"


def _warning(text: str) -> str:
    lines = [line for line in text.splitlines() if "Warning: " in line]
    return (lines or text.splitlines() or [""])[0].split(": ", 1)[-1][:160]
