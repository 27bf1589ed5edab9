"""What all pages of an assignment share, read once from its source: its parts, their instructions, their checks."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Any

import nbformat
from markupsafe import Markup

from autograder.notebook import hidden_lines, nbgrader_metadata, read, without_hidden
from autograder.report.untrusted import listing, markdown

_HEADING = re.compile(r"^(#{1,6})\s+(.+?)\s*#*$", re.MULTILINE)
_POINTS = re.compile(r"\s*\(\d+ points?\)$")
_COMMENT = re.compile(r"^\s*#.*$", re.MULTILINE)


class Kind(Enum):
    """How an answer is marked."""

    CODE = "code"
    WORDS = "words"


@dataclass(frozen=True)
class Check:
    """A graded cell of the instructor's; `aspect` is what it looks at beyond the function in general, if anything."""

    grade_id: str
    aspect: str
    hidden: bool
    points: float
    source: Markup

    @property
    def title(self) -> str:
        """Its name on a page."""
        return ("Further checks" if self.hidden else "Shown checks") + (f": {self.aspect}" if self.aspect else "")


@dataclass(frozen=True)
class Part:
    """One answer of an assignment, with the instructions before it and the checks that judge it."""

    name: str
    kind: Kind
    heading: str
    instructions: Markup
    checks: tuple[Check, ...]
    points: float


@dataclass(frozen=True)
class Outline:
    """An assignment as its pages need it.

    `texts` are the sources of all cells the instructor wrote, `openings` the part that each heading cell opens.
    """

    assignment: str
    title: str
    parts: tuple[Part, ...]
    texts: frozenset[str]
    openings: Mapping[str, str]


def outline(source: Path) -> Outline:
    """The outline of the assignment whose source notebook this is; raises CourseError when it cannot be read."""
    notebook = read(source)
    cells = [(cell, nbgrader_metadata(cell)) for cell in notebook.cells]
    answers = [str(metadata["grade_id"]) for _, metadata in cells if _is_answer(metadata)]
    checks = _checks(cells, answers)
    parts, openings = [], {}
    opening: list[str] = []
    for cell, metadata in cells:
        if cell.cell_type == "markdown" and not metadata:
            opening = [cell.source] if _HEADING.search(cell.source) else [*opening, cell.source]
        elif _is_answer(metadata):
            name = str(metadata["grade_id"])
            parts.append(_part(cell, metadata, opening, checks.get(name, [])))
            openings.update(dict.fromkeys(opening[:1], name))
            opening = []
    return Outline(
        assignment=source.stem,
        title=_title(notebook) or source.stem,
        parts=tuple(parts),
        texts=frozenset(cell.source for cell in notebook.cells),
        openings=openings,
    )


def _is_answer(metadata: Mapping[str, Any]) -> bool:
    return bool(metadata.get("solution") or metadata.get("task"))


def _part(cell: nbformat.NotebookNode, metadata: Mapping[str, Any], opening: list[str], checks: list[Check]) -> Part:
    by_hand = bool(metadata.get("grade") or metadata.get("task"))
    text = [cell.source] if metadata.get("task") else []
    return Part(
        name=str(metadata["grade_id"]),
        kind=Kind.WORDS if by_hand else Kind.CODE,
        heading=_heading(opening),
        instructions=markdown("\n\n".join([_HEADING.sub("", part, count=1) for part in opening] + text)),
        checks=tuple(checks),
        points=float(metadata.get("points", 0)) + sum(check.points for check in checks),
    )


def _heading(opening: Iterable[str]) -> str:
    found = next((match for part in opening if (match := _HEADING.search(part))), None)
    return _POINTS.sub("", found[2]).replace("`", "").replace("*", "") if found else ""


def _title(notebook: nbformat.NotebookNode) -> str:
    texts = (cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    found = next((match for text in texts if (match := _HEADING.search(text))), None)
    return found[2].replace("`", "").replace("*", "") if found else ""


def _checks(cells: list[tuple[nbformat.NotebookNode, dict[str, Any]]], answers: list[str]) -> dict[str, list[Check]]:
    """The checks of each answer: those that carry its name, and those of no name that follow it."""
    found: dict[str, list[Check]] = {}
    last = ""
    for cell, metadata in cells:
        if _is_answer(metadata):
            last = str(metadata["grade_id"])
        elif metadata.get("grade"):
            name = str(metadata["grade_id"])
            owner = max((answer for answer in answers if name.startswith(f"{answer}-")), key=len, default=last)
            found.setdefault(owner, []).append(_check(name, owner, cell.source, float(metadata.get("points", 0))))
    return found


def _check(name: str, owner: str, source: str, points: float) -> Check:
    words = name.removeprefix(f"{owner}-").split("-") if name.startswith(f"{owner}-") else [name]
    rest = [word for word in words if word not in ("shown", "hidden")]
    return Check(name, " ".join(rest).replace("_", " "), _is_hidden(words, source), points, listing(source))


def _is_hidden(words: list[str], source: str) -> bool:
    """By its name, or else when nothing is left of it that a student was shown."""
    if words[-1] in ("shown", "hidden"):
        return words[-1] == "hidden"
    return bool(hidden_lines(source)) and not _COMMENT.sub("", without_hidden(source)).strip()
