"""Putting a submitted notebook back into the form in which it was handed out, without touching the answers.

Students copy, move, merge and delete cells, edit locked ones, and Colab or an old editor may drop or change metadata.
After `restore` every instructor cell is there exactly once, with the instructor's source, type and points, and in the
instructor's order: a check that came before the answers, or a locked cell that came after them, would judge something
else than it was written for. What a student wrote into a locked cell stands in a cell beside it.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property

import nbformat
from nbgrader.utils import compute_checksum

from autograder.cells import NOT_WHEN_GRADING, defined_names, drop_role, is_run, role, set_role, squeezed, without_title
from autograder.models import MasterCell

_Cells = list[nbformat.NotebookNode]


def restore(notebook: nbformat.NotebookNode, master: Mapping[str, MasterCell], order: Sequence[str]) -> tuple[str, ...]:
    """Put back, in place, what was changed in the instructor's cells; returns a line for each notable change.

    `order` lists grade ids as they follow each other in the source. A cell of the student's own stays behind the
    instructor's cell that it follows.
    """
    ordered = [master[name] for name in order if name in master]
    notebook.cells = [cell for cell in notebook.cells if not _is_badge(cell)]
    notes = _give_back_roles(notebook, ordered)
    notes += _drop_copies(notebook, master)
    notes += _reset_all(notebook, master)
    notes += _put_in_order(notebook, ordered)
    notes += _find_answers(notebook, ordered)
    notes += _add_missing(notebook, ordered)
    return tuple(notes)


_TAG = re.compile(r"<[^<>]*>")
_BADGES = {"https://colab.research.google.com/": "", "https://deepnote.com?": "CreatedinDeepnote"}
"""What the links lead to that Colab and Deepnote add in a cell of their own, and the words in them."""


def _is_badge(cell: nbformat.NotebookNode) -> bool:
    """Whether an editor added this cell to link to itself; below a question, it would look like an answer."""
    if cell.cell_type != "markdown" or role(cell) or not cell.source.startswith("<a "):
        return False
    words = squeezed(_TAG.sub("", cell.source))
    return any(link in cell.source and words == own for link, own in _BADGES.items())


def share_of(notebook: nbformat.NotebookNode, master: Mapping[str, MasterCell]) -> float:
    """The part of an assignment's answers and checks that is found in `notebook`, from 0 to 1.

    Cells that are only given count for nothing: several assignments of a course may share them.
    """
    wanted = {name for name, cell in master.items() if not cell.role.is_given} or set(master)
    found = {role(cell).grade_id for cell in notebook.cells}
    found |= {cell.grade_id for _, cell in _recognised(notebook, list(master.values()))}
    code = [cell.source for cell in notebook.cells if cell.cell_type == "code"]
    for name in wanted - found:
        if (names := _names(master[name])) and any(_defines(source, names) for source in code):
            found.add(name)
    return len(wanted & found) / max(len(wanted), 1)


def likeness(notebook: nbformat.NotebookNode, master: Mapping[str, MasterCell]) -> int:
    """How many of the instructor's locked cells are in `notebook` with their text as it was handed out.

    It tells notebooks apart that have the same grade ids.
    """
    texts = {squeezed(cell.source) for cell in notebook.cells} - {""}
    return sum(cell.locked and squeezed(cell.handed_out) in texts for cell in master.values())


def answered_beside(notebook: nbformat.NotebookNode, plain: Mapping[str, str]) -> frozenset[str]:
    """The answers in words next to which there is text of the student's own, in cells without a role.

    `plain` holds the sources of the cells that were handed out without a role, by their ids. A student's cell belongs
    to the answer above it, or to the one below it where it follows the text that asks for that.
    """
    texts = _Texts([*plain.values(), *(cell.source for cell in notebook.cells if role(cell))])
    found: set[str] = set()
    for above, between, below in _gaps(notebook):
        cells = [cell for cell in between if (above or below) and cell.source.strip()]
        is_own = [
            cell.source not in texts and (cell.cell_type != "code" or cell.get("id") not in plain) for cell in cells
        ]
        asked = is_own.index(False) if False in is_own else None
        if above and any(is_own[:asked] if below else is_own):
            found.add(above)
        prose = [own and cell.cell_type != "code" for own, cell in zip(is_own, cells, strict=True)]
        if below and (any(is_own[asked:]) or (not above and any(prose))):
            found.add(below)
    return frozenset(found)


class _Texts:
    """Texts of cells; one that differs from one of them by white space only is among them."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._texts = frozenset(texts)

    def __contains__(self, text: str) -> bool:
        return text in self._texts or without_title(text) in self._texts or squeezed(text) in self._squeezed

    @cached_property
    def _squeezed(self) -> frozenset[str]:
        return frozenset(map(squeezed, self._texts))


def _gaps(notebook: nbformat.NotebookNode) -> Iterator[tuple[str, _Cells, str]]:
    """The cells between two of the instructor's, with the names of these where they are answers in words."""
    above, between = "", _Cells()
    for cell in notebook.cells:
        if each := role(cell):
            words = each.grade_id if each.is_answer and each.is_marked_by_hand else ""
            yield above, between, words
            above, between = words, []
        else:
            between.append(cell)
    yield above, between, ""


def drop_metadata(notebook: nbformat.NotebookNode) -> None:
    """Remove, in place, all metadata that a student could set: a graded notebook needs none of it.

    It would vouch for outputs, bring widgets along, or be so odd that programs cannot show the notebook.
    """
    kept = {name: notebook.metadata[name] for name in ("kernelspec",) if name in notebook.metadata}
    notebook.metadata = nbformat.from_dict({**kept, "language_info": {"name": "python"}})
    for cell in notebook.cells:
        kept_role = role(cell)
        cell.metadata = nbformat.from_dict({} if is_run(cell) else {"tags": [NOT_WHEN_GRADING]})
        if kept_role:
            set_role(cell, nbformat.from_dict(dict(kept_role.metadata)))
        if not _is_attachments(cell.get("attachments", {})):
            del cell["attachments"]


def _is_attachments(found: object) -> bool:
    """Whether these are pictures by name and kind, as the format has them."""
    return isinstance(found, dict) and all(
        isinstance(kinds, dict) and all(isinstance(content, str | list) for content in kinds.values())
        for kinds in found.values()
    )


def _recognised(
    notebook: nbformat.NotebookNode, wanted: Sequence[MasterCell]
) -> list[tuple[nbformat.NotebookNode, MasterCell]]:
    """The instructor's cells that lost their metadata: those with the same cell id, then those with the same text."""
    names = {master.grade_id for master in wanted}
    missing = names - {role(cell).grade_id for cell in notebook.cells}
    if not missing:
        return []
    ids = {master.cell_id: master for master in wanted if master.cell_id and master.grade_id in missing}
    free = [cell for cell in notebook.cells if role(cell).grade_id not in names]
    found = [(cell, ids[cell["id"]]) for cell in free if cell.get("id") in ids]
    missing -= {master.grade_id for _, master in found}
    texts: dict[str, tuple[list[MasterCell], _Cells]] = {}
    for master in wanted:
        if master.grade_id in missing and (text := squeezed(master.handed_out)):
            texts.setdefault(text, ([], []))[0].append(master)
    for cell in free:
        if cell.get("id") not in ids and not role(cell).grade_id and (same := texts.get(squeezed(cell.source))):
            same[1].append(cell)
    for masters, cells in texts.values():
        if len(masters) == 1:
            found += [(cell, masters[0]) for cell in cells[-1:]]
        elif len(masters) == len(cells):
            found += list(zip(cells, masters, strict=True))
    return found


def _give_back_roles(notebook: nbformat.NotebookNode, wanted: Sequence[MasterCell]) -> list[str]:
    found = _recognised(notebook, wanted)
    for cell, master in found:
        set_role(cell, nbformat.from_dict(master.metadata))
    if not found:
        return []
    names = {master.grade_id for _, master in found}
    listed = _listed([master.grade_id for master in wanted if master.grade_id in names])
    return [f"{listed} had no metadata any more; found by cell id or text"]


_MOST_NAMES = 3


def _listed(names: Sequence[str]) -> str:
    """`cell 'a'`, or `cells 'a', 'b', 'c' and 4 more`."""
    quoted = [f"'{name}'" for name in names[:_MOST_NAMES]]
    more = [f"{len(names) - _MOST_NAMES} more"] if len(names) > _MOST_NAMES else []
    *first, last = [*quoted, *more]
    return f"cells {', '.join(first)} and {last}" if first else f"cell {last}"


def _is_as_handed_out(cell: nbformat.NotebookNode, wanted: MasterCell) -> bool:
    """Whether nothing but white space differs from what was handed out; of a locked cell, also in an older release.

    nbgrader's checksum in a cell is that of its text when it was handed out. For an answer it proves too little.
    """
    if wanted.handed_out in (cell.source, without_title(cell.source)):
        return True
    if squeezed(cell.source) == squeezed(wanted.handed_out):
        return wanted.locked or wanted.cell_type != "code" or _is_same_code(cell.source, wanted.handed_out)
    try:
        return wanted.locked and bool(role(cell).metadata.get("checksum") == compute_checksum(cell))
    except Exception:  # whatever a student made of the metadata
        return False


def _is_same_code(source: str, other: str) -> bool:
    """Whether white space makes no difference to what the code does: to change it can be the answer."""
    if source == other:
        return True
    try:
        return _structure(source) == _structure(other)
    except (SyntaxError, ValueError):  # also code with magics
        lines = [
            [line.expandtabs().rstrip() for line in text.splitlines() if squeezed(line)] for text in (source, other)
        ]
        return lines[0] == lines[1]


def _structure(source: str) -> str:
    """What the code of a cell does, whatever its indentation; that of docstrings counts for nothing either."""
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            node.value.value = squeezed(node.value.value)
    return ast.dump(tree)


def _drop_copies(notebook: nbformat.NotebookNode, master: Mapping[str, MasterCell]) -> list[str]:
    """Keep one of the cells with the same grade id: the last edited answer, the last locked cell that was not edited.

    The others stay as cells of the student's own.
    """
    copies: dict[str, _Cells] = {}
    for cell in notebook.cells:
        copies.setdefault(role(cell).grade_id, []).append(cell)
    notes = []
    for name, cells in copies.items():
        if name not in master:
            for cell in cells:
                drop_role(cell)
        elif len(cells) > 1:
            _keep_one(cells, master[name])
            kept = "the instructor's text is used, once" if master[name].locked else "using the last edited copy"
            notes.append(f"cell '{name}' appears {_times(len(cells))}; {kept}")
    return notes


def _keep_one(cells: _Cells, master: MasterCell) -> None:
    untouched = [cell for cell in cells if _is_as_handed_out(cell, master)]
    edited = [cell for cell in cells if not any(cell is other for other in untouched)]
    kept = ((untouched if master.locked else edited) or cells)[-1]
    for cell in cells:
        if cell is kept:
            continue
        drop_role(cell)
        added = _added(cell.source, master) if master.locked else None
        if added and any(added) and cell.cell_type == "code":
            cell.source = "\n\n".join(filter(None, added))
        elif master.locked or any(cell is other for other in untouched):
            _disable(cell)


def _disable(cell: nbformat.NotebookNode) -> None:
    """Keep a superfluous check or stub to be read; run as the student's own code it could only do harm."""
    if cell.cell_type == "code":
        _retype(cell, "raw")


def _retype(cell: nbformat.NotebookNode, cell_type: str) -> None:
    cell.cell_type = cell_type
    if cell_type == "code":
        cell.outputs, cell.execution_count = [], None
    else:
        cell.pop("outputs", None)
        cell.pop("execution_count", None)


def _times(count: int) -> str:
    return "twice" if count == 2 else f"{count} times"


def _reset_all(notebook: nbformat.NotebookNode, master: Mapping[str, MasterCell]) -> list[str]:
    """Give every instructor's cell its type, its text where it is locked, and its metadata."""
    notes, cells = list[str](), _Cells()
    for cell in notebook.cells:
        if (wanted := master.get(role(cell).grade_id)) is None:
            cells.append(cell)
            continue
        is_untouched = _is_as_handed_out(cell, wanted)
        before, after = _Cells(), _Cells()
        if wanted.locked and not is_untouched:
            before, after, note = _taken_out(cell, wanted, master)
            notes.append(note)
        if cell.cell_type != wanted.cell_type:
            notes.append(f"cell '{wanted.grade_id}' had become a {cell.cell_type} cell; changed back")
            _retype(cell, wanted.cell_type)
        if wanted.locked or is_untouched:
            cell.source = wanted.source
        set_role(cell, nbformat.from_dict(wanted.metadata))
        cells += [*before, cell, *after]
    notebook.cells = cells
    return notes


def _taken_out(
    cell: nbformat.NotebookNode, wanted: MasterCell, master: Mapping[str, MasterCell]
) -> tuple[_Cells, _Cells, str]:
    """What a student wrote into a locked cell, as cells before it and behind it, and a line about it.

    Code that was added before or behind the instructor's lines runs as it did for the student, say when two cells were
    merged. Anything else is kept to be read.
    """
    text = _without_others(cell.source, wanted, master)
    added = _added(text, wanted) if cell.cell_type == wanted.cell_type == "code" else None
    locked = f"cell '{wanted.grade_id}' is locked but"
    if added and any(added):
        before, after = ([nbformat.v4.new_code_cell(part)] if part else [] for part in added)
        return before, after, f"{locked} held the student's code; put back, that code runs in a cell of its own"
    given = {squeezed(line) for line in wanted.handed_out.splitlines()}
    if all(squeezed(line) in given for line in text.splitlines() if squeezed(line)):
        return [], [], f"{locked} was changed; put back"
    fence = "`" * max(3, 1 + max(map(len, re.findall("`+", text)), default=0))
    listing = f"Text in the locked cell `{wanted.grade_id}` (not run):\n\n{fence}\n{text}\n{fence}"
    kept = [nbformat.v4.new_markdown_cell(listing)]
    return [], kept, f"{locked} was changed; put back, the changed text is kept below it and was not run"


def _without_others(text: str, wanted: MasterCell, master: Mapping[str, MasterCell]) -> str:
    """`text` without the lines of other locked cells, which were merged into this one."""
    lines = text.splitlines()
    bare = [squeezed(line) for line in lines]
    for other in master.values():
        block = [squeezed(line) for line in other.handed_out.splitlines()]
        if other is wanted or not other.locked or not any(block) or block[0] not in bare:
            continue
        at = bare.index(block[0])
        if bare[at : at + len(block)] == block:
            del bare[at : at + len(block)], lines[at : at + len(block)]
    return "\n".join(lines)


def _added(text: str, wanted: MasterCell) -> tuple[str, str] | None:
    """The lines before the instructor's code, and those that follow its first line.

    None when the code is not there whole, or when lines were added inside of a block. Comments may be missing.
    """
    lines = [line for line in wanted.handed_out.splitlines() if squeezed(line)]
    code = [line for line in lines if not line.lstrip().startswith("#")]
    comments = {squeezed(line) for line in lines} - set(map(squeezed, code))
    parts, found, is_open = (list[str](), list[str]()), 0, False
    for line in without_title(text).splitlines():
        bare = squeezed(line)
        if found < len(code) and bare == squeezed(code[found]):
            if is_open and line[:1].isspace():
                return None
            found, is_open = found + 1, False
        elif bare not in comments:
            if bare and not is_open and line[:1].isspace():
                return None
            is_open = is_open or bool(bare)
            parts[found > 0].append(line)
    if found < len(code):
        return None
    before, after = ("\n".join(part).strip("\n") for part in parts)
    return before, after


def _put_in_order(notebook: nbformat.NotebookNode, wanted: Sequence[MasterCell]) -> list[str]:
    """Move instructor cells that are out of order, each with the student's cells that follow it."""
    places = {master.grade_id: place for place, master in enumerate(wanted)}
    groups: list[list[nbformat.NotebookNode]] = [[]]
    for cell in notebook.cells:
        if role(cell).grade_id in places:
            groups.append([])
        groups[-1].append(cell)
    first, *others = groups
    ordered = sorted(others, key=lambda group: places[role(group[0]).grade_id])
    if all(one is other for one, other in zip(ordered, others, strict=True)):
        return []
    notebook.cells = [cell for group in [first, *ordered] for cell in group]
    return ["cells were moved; put back into the order of the assignment"]


def _find_answers(notebook: nbformat.NotebookNode, wanted: Sequence[MasterCell]) -> list[str]:
    """Take, for an answer that is missing, the last cell of the student's own in its place that defines the same."""
    places = {master.grade_id: place for place, master in enumerate(wanted)}
    present = [places.get(role(cell).grade_id, -1) for cell in notebook.cells]
    notes = []
    for place, master in enumerate(wanted):
        if place in present or not (names := _names(master)):
            continue
        start = max((at for at, other in enumerate(present) if 0 <= other < place), default=-1)
        end = min((at for at, other in enumerate(present) if other > place), default=len(present))
        for at in range(end - 1, start, -1):
            cell = notebook.cells[at]
            if not role(cell) and cell.cell_type == "code" and _defines(cell.source, names):
                set_role(cell, nbformat.from_dict(master.metadata))
                present[at] = place
                notes.append(f"cell '{master.grade_id}' was missing; using the student's own cell that defines it")
                break
    return notes


def _names(master: MasterCell) -> frozenset[str]:
    """The names that an answer in code has to define; none for any other cell."""
    is_code = master.role.is_answer and master.cell_type == "code"
    return defined_names(master.handed_out) if is_code else frozenset()


def _defines(source: str, names: Iterable[str]) -> bool:
    """Whether a cell binds all of `names` in lines that are in no block, whatever else stands in it."""
    return all(
        re.search(
            rf"^(?:(?:async\s+)?def|class)\s+{re.escape(name)}\b|^{re.escape(name)}\s*=(?!=)", source, re.MULTILINE
        )
        for name in names
    )


def _add_missing(notebook: nbformat.NotebookNode, wanted: Sequence[MasterCell]) -> list[str]:
    notes = []
    places = {master.grade_id for master in wanted}
    present = [role(cell).grade_id for cell in notebook.cells]
    after = -1
    for master in wanted:
        if master.grade_id in present:
            after = present.index(master.grade_id)
            continue
        after += 1
        while master.role.is_check and after < len(present) and present[after] not in places:
            after += 1  # the student may have answered in a cell of their own
        present.insert(after, master.grade_id)
        notebook.cells.insert(after, _new_cell(master))
        if master.role.is_answer:
            notes.append(f"cell '{master.grade_id}' was missing; put back empty")
        else:
            notes.append(f"cell '{master.grade_id}' was missing; put back")
    return notes


def _new_cell(master: MasterCell) -> nbformat.NotebookNode:
    """An answer comes back empty, not as the stub: the student may have answered in a cell of their own."""
    make = nbformat.v4.new_code_cell if master.cell_type == "code" else nbformat.v4.new_markdown_cell
    made = make(source="" if master.role.is_answer else master.source)
    set_role(made, nbformat.from_dict(master.metadata))
    return made
