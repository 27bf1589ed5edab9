"""What all pages of an assignment share, read once from a source notebook: parts, their instructions, their checks."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum

import nbformat
from markupsafe import Markup

from autograder.cells import (
    Role,
    aspect_of,
    defined_names,
    hidden_lines,
    is_hidden,
    is_made_up,
    owner_of,
    role,
    squeezed,
)
from autograder.names import subject_of
from autograder.report.untrusted import listing, markdown

_HEADING = re.compile(r"^(#{1,6})\s+(.+?)\s*#*$", re.MULTILINE)
_MOST_NAMES = 2
_POINTS = re.compile(r"\s*\(\d+ points?\)$")


class Kind(Enum):
    """How an answer is marked."""

    CODE = "code"
    WORDS = "words"


@dataclass(frozen=True)
class Check:
    """A graded cell of the instructor's; `aspect` is what it looks at beyond the function in general, if anything.

    `hidden` says that nothing of it was handed out, `mixed` that a part of it was not.
    """

    grade_id: str
    aspect: str
    hidden: bool
    points: float
    source: Markup
    mixed: bool = False

    @property
    def title(self) -> str:
        """Its name on a page."""
        kind = "Further checks" if self.hidden else "Checks" if self.mixed else "Shown checks"
        return kind + (f": {self.aspect}" if self.aspect else "")


@dataclass(frozen=True)
class Part:
    """One answer of an assignment, with the instructions before it and the checks that judge it.

    `name` is its grade id, and `label` what people call it: the same, or what it defines if nbgrader made that id up,
    else its number among the answers of the notebook.
    """

    name: str
    kind: Kind
    heading: str
    instructions: Markup
    checks: tuple[Check, ...]
    points: float
    label: str = ""


@dataclass(frozen=True)
class Outline:
    """A notebook of an assignment as pages need it.

    `texts` are the sources of all cells the instructor wrote, `openings` the part that each heading cell opens. Both
    are `squeezed`: an editor may have changed white space. `notebook` is its name, `prefix` what stands before its
    grade ids in the names that cells have in the assignment (see `cells.cell_prefix`).
    """

    assignment: str
    title: str
    parts: tuple[Part, ...]
    texts: frozenset[str]
    openings: Mapping[str, str]
    notebook: str = ""
    prefix: str = ""

    def by_part(self, notebook: nbformat.NotebookNode) -> Iterator[tuple[str, nbformat.NotebookNode]]:
        """The answers in a student's notebook, and the cells without a role, each with the part that it belongs to.

        That is the part whose heading or answer it follows; an empty name before the first.
        """
        names, here = {part.name for part in self.parts}, ""
        for cell in notebook.cells:
            found = role(cell)
            opened = self.openings.get(squeezed(cell.source)) if cell.cell_type == "markdown" else None
            if opened is not None:
                here = opened
            elif found.grade_id in names:
                here = found.grade_id
                yield here, cell
            elif not found:
                yield here, cell


def outline(assignment: str, notebook: nbformat.NotebookNode, name: str = "", prefix: str = "") -> Outline:
    """The outline of a source notebook.

    Args:
        assignment: the name of the assignment.
        notebook: its source notebook.
        name: the name of that notebook.
        prefix: what stands before its grade ids, where the assignment has more than one.
    """
    cells = [(cell, role(cell)) for cell in notebook.cells]
    answers = [each.grade_id for _, each in cells if _is_part(each)]
    checks = _checks(cells, answers)
    parts, openings = list[Part](), dict[str, str]()
    opening: list[str] = []
    for cell, each in cells:
        if cell.cell_type == "markdown" and not each:
            opening = [cell.source] if _HEADING.search(cell.source) else [*opening, cell.source]
        elif _is_part(each):
            parts.append(_part(cell, each, opening, checks.get(each.grade_id, []), len(parts) + 1))
            openings.update(dict.fromkeys(map(squeezed, opening[:1]), each.grade_id))
            opening = []
    return Outline(
        assignment=assignment,
        title=_title(notebook, openings) or name or assignment,
        parts=tuple(parts),
        texts=frozenset(squeezed(cell.source) for cell in notebook.cells),
        openings=openings,
        notebook=name,
        prefix=prefix,
    )


def _is_part(cell_role: Role) -> bool:
    return cell_role.is_answer or cell_role.is_task


def _part(cell: nbformat.NotebookNode, cell_role: Role, opening: list[str], checks: list[Check], number: int) -> Part:
    text = [cell.source] if cell_role.is_task else []
    return Part(
        name=cell_role.grade_id,
        kind=Kind.WORDS if cell_role.is_marked_by_hand else Kind.CODE,
        heading=_heading(opening),
        instructions=markdown("\n\n".join([_HEADING.sub("", part, count=1) for part in opening] + text)),
        checks=tuple(checks),
        points=cell_role.points + sum(check.points for check in checks),
        label=_label(cell, cell_role) or f"Answer {number}",
    )


def _label(cell: nbformat.NotebookNode, cell_role: Role) -> str:
    if not is_made_up(cell_role.grade_id):
        return cell_role.grade_id
    if cell.cell_type != "code":
        return _heading([cell.source] if cell_role.is_task else [])
    defined = sorted(defined_names(cell.source), key=cell.source.find)
    return ", ".join(defined[:_MOST_NAMES])


def _heading(opening: Iterable[str]) -> str:
    found = next((match for part in opening if (match := _HEADING.search(part))), None)
    return _POINTS.sub("", found[2]).replace("`", "").replace("*", "") if found else ""


def _title(notebook: nbformat.NotebookNode, openings: Mapping[str, str]) -> str:
    """The first heading, unless it is of a lower level and opens a part."""
    texts = (cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    text, found = next(((text, match) for text in texts if (match := _HEADING.search(text))), ("", None))
    if found is None or (len(found[1]) > 1 and squeezed(text) in openings):
        return ""
    return found[2].replace("`", "").replace("*", "")


def _checks(cells: list[tuple[nbformat.NotebookNode, Role]], answers: list[str]) -> dict[str, list[Check]]:
    """The checks of each answer: those that carry its name, those that use what it defines, else those that follow it.

    One that uses what the answer right before it defines is of that answer.
    """
    found: dict[str, list[Check]] = {}
    last = ""
    coded = [(cell, each.grade_id) for cell, each in cells if each.is_answer and cell.cell_type == "code"]
    defining = {name: grade_id for cell, grade_id in reversed(coded) for name in defined_names(cell.source)}
    for cell, each in cells:
        name, source = each.grade_id, cell.source
        if _is_part(each):
            last = name
        elif each.is_check:
            owner = owner_of(name, answers) or _used(name, source, defining, last) or last
            hidden, mixed = is_hidden(name, owner, source), bool(hidden_lines(source))
            check = Check(name, aspect_of(name, owner), hidden, each.points, listing(source), mixed)
            found.setdefault(owner, []).append(check)
    return found


def _used(grade_id: str, check: str, defining: Mapping[str, str], last: str) -> str:
    """The answer that defines what a check uses; nothing when it uses nothing of the kind."""
    for names in (frozenset(name for name, owner in defining.items() if owner == last), frozenset(defining)):
        if found := subject_of(grade_id, check, names).name:
            return defining[found]
    return ""
