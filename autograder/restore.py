"""Putting a submitted notebook back into the form in which it was handed out, without touching the answers.

Students copy, move and delete cells, edit locked ones, and Colab or an old editor may drop or change metadata. After
`restore` every instructor cell is there exactly once, with the instructor's source, type and points, and in the
instructor's order: a check that came before the answers, or a locked cell that came after them, would judge something
else than it was written for.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import nbformat

from autograder.cells import NOT_WHEN_GRADING, drop_role, is_run, role, set_role
from autograder.models import MasterCell


def restore(notebook: nbformat.NotebookNode, master: Mapping[str, MasterCell], order: Sequence[str]) -> tuple[str, ...]:
    """Put back, in place, what was changed in the instructor's cells; returns a line for each notable change.

    `order` lists grade ids as they follow each other in the source. A cell of the student's own stays behind the
    instructor's cell that it follows.
    """
    notes = _drop_copies(notebook, master)
    for cell in notebook.cells:
        if (wanted := master.get(role(cell).grade_id)) is not None:
            notes += _reset(cell, wanted)
    ordered = [master[name] for name in order if name in master]
    notes += _put_in_order(notebook, ordered)
    notes += _add_missing(notebook, ordered)
    return tuple(notes)


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


def _drop_copies(notebook: nbformat.NotebookNode, master: Mapping[str, MasterCell]) -> list[str]:
    """Keep the last edited one of cells with the same grade id; the others stay as plain cells."""
    copies: dict[str, list[nbformat.NotebookNode]] = {}
    for cell in notebook.cells:
        copies.setdefault(role(cell).grade_id, []).append(cell)
    notes = []
    for name, cells in copies.items():
        if name not in master:
            for cell in cells:
                drop_role(cell)
            continue
        written = [cell for cell in cells if cell.source.strip() != master[name].source.strip()]
        kept = (written or cells)[-1]
        for cell in cells:
            if cell is not kept:
                drop_role(cell)
                if master[name].locked or cell not in written:
                    _disable(cell)
        if len(cells) > 1:
            notes.append(f"cell '{name}' appears {_times(len(cells))}; using the last edited copy")
    return notes


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


def _reset(cell: nbformat.NotebookNode, wanted: MasterCell) -> list[str]:
    notes = []
    if cell.cell_type != wanted.cell_type:
        notes.append(f"cell '{wanted.grade_id}' had become a {cell.cell_type} cell; changed back")
        _retype(cell, wanted.cell_type)
    if wanted.locked:
        cell.source = wanted.source
    set_role(cell, nbformat.from_dict(wanted.metadata))
    return notes


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
