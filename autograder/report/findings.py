"""What grading wrote into a graded notebook, taken from metadata that may be older, or broken, or missing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nbformat

from autograder import misconceptions
from autograder.misconceptions import Misconception
from autograder.notebooks.reading import nbgrader_metadata, read
from autograder.records import CourseError, Outcome
from autograder.text import bounded, plain

_LONGEST = 1000


@dataclass(frozen=True)
class Finding:
    """What the examiner found out about one check, in words a student may read; all of it may be missing."""

    outcome: str = ""
    told: str = ""
    misconceptions: tuple[str, ...] = ()
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


def graded(path: Path, assignment: str, version: str) -> nbformat.NotebookNode:
    """The graded notebook at `path`.

    Raises CourseError when it is missing or broken, or was graded under another version than the present one.
    """
    again = f"Grade again: `autograder grade {assignment} --again`."
    try:
        notebook = read(path)
    except CourseError as error:
        reason = str(error).replace("Ask for the notebook again.", "").replace("Ask for it again.", "")
        raise CourseError(f"{reason.strip()} {again}") from None
    if (digest := run(notebook).digest) and digest != version:
        raise CourseError(f"{path}: graded by an older version of the checks. {again}")
    return notebook


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


def findings(notebook: nbformat.NotebookNode) -> dict[str, Finding]:
    """What was found by grade id, for each check of the notebook."""
    found = ((cell, nbgrader_metadata(cell)) for cell in notebook.cells if cell.cell_type == "code")
    return {
        str(metadata["grade_id"]): _finding(_ours(cell))
        for cell, metadata in found
        if metadata.get("grade") and not metadata.get("solution")
    }


def likely(assignment: str, finding: Finding) -> Misconception | None:
    """The misconception that is known by the one name in a finding; of two names, one would be false."""
    return misconceptions.named(assignment, *finding.misconceptions) if len(finding.misconceptions) == 1 else None


def _finding(found: Mapping[str, Any]) -> Finding:
    names = found.get("misconceptions")
    return Finding(
        _text(found, "outcome"),
        _text(found, "told"),
        tuple(name for name in names if isinstance(name, str)) if isinstance(names, list) else (),
        _text(found, "divergence"),
    )


def _ours(node: nbformat.NotebookNode) -> Mapping[str, Any]:
    found = node.metadata.get("autograder")
    return found if isinstance(found, Mapping) else {}


def _text(found: Mapping[str, Any], key: str) -> str:
    value = found.get(key)
    return bounded(plain(value), _LONGEST)[0].strip() if isinstance(value, str) else ""
