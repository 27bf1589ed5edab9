"""Notebooks: which a course has, reading and writing them, and putting answers into them.

What a cell is for is said in `autograder.cells`.
"""

from __future__ import annotations

import codecs
import copy
import json
import re
import uuid
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec
import nbformat

from autograder.cells import role
from autograder.models import CourseError

CONFIG_FILE = "nbgrader_config.py"
_MOST_CELLS = 10_000
_MOST_BYTES, _MOST_BYTES_OF_METADATA = 16_000_000, 1_000_000
_WITH_IDS = 5
"""The minor version of notebook format 4 from which cells have ids."""

_ID = re.compile(r"[a-zA-Z0-9-_]{1,64}")


class NotANotebook(CourseError):  # noqa: N818 - named for what it is
    """A file that should be a notebook and is something else; its advice is to ask for it again."""


def assignments(root: Path) -> list[str]:
    """The names of all assignments below `root / "source"`, sorted."""
    return sorted(path.parent.name for path in (root / "source").glob("*/*.ipynb") if path.stem == path.parent.name)


def require_course(root: Path) -> None:
    """Raise CourseError, which says where to run commands, unless `root` holds a course."""
    for name in ("source", CONFIG_FILE):
        if not (root / name).exists():
            advice = f"Run this from the folder that holds source/ and {CONFIG_FILE}."
            raise CourseError("missing.", root / name, advice)


def require_assignment(root: Path, assignment: str) -> Path:
    """The source notebook of `assignment`; raises CourseError, which lists the assignments, when it does not exist."""
    require_course(root)
    path = root / "source" / assignment / f"{assignment}.ipynb"
    if assignment not in (known := assignments(root)):
        raise CourseError("there is no such assignment.", path, f"The course has: {', '.join(known) or 'none'}.")
    return path


def read(path: Path) -> nbformat.NotebookNode:
    """The notebook at `path`, upgraded to format 4 where it is older.

    Raises CourseError when the file is missing or unreadable, and NotANotebook when it is something else.
    """
    return parse_at(path, content_of(path))


def content_of(path: Path) -> bytes:
    """The bytes of the notebook at `path`; raises CourseError when it is missing or unreadable."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise CourseError("missing.", path) from None
    except OSError as error:
        raise CourseError(f"cannot be read ({error.strerror}).", path, "Check its permissions.") from None


def parse_at(path: Path, content: bytes) -> nbformat.NotebookNode:
    """The notebook in `content`, which was read from `path`; raises NotANotebook when it is something else."""
    try:
        return parse(content)[0]
    except NotANotebook as error:
        raise NotANotebook(error.reason, path, error.advice) from None


def parse(content: bytes) -> tuple[nbformat.NotebookNode, int]:
    """The notebook in `content`, upgraded to format 4 where it is older, and the format it was stored in.

    Raises NotANotebook when it is something else.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise NotANotebook("not a text file.", advice="Ask for the notebook again.") from None
    try:
        stored = json.loads(text)
        notebook = nbformat.reads(text, as_version=4)
    except json.JSONDecodeError as error:
        reason = f"not valid JSON (line {error.lineno}, column {error.colno})."
        raise NotANotebook(reason, advice="Ask for the notebook again.") from None
    except Exception as error:  # nbformat raises many types for odd structures: AttributeError, KeyError, ...
        raise NotANotebook(f"not a notebook ({_first_line(error)}).", advice="Ask for it again.") from None
    if not isinstance(stored, dict) or not isinstance(stored.get("cells", stored.get("worksheets")), list):
        raise NotANotebook("not a notebook (it has no cells).", advice="Ask for it again.")
    return notebook, int(stored.get("nbformat", 3))


class _HandedInCell(msgspec.Struct):
    """The parts of a cell that are read; its outputs are skipped, since grading makes them again."""

    cell_type: Literal["code", "markdown", "raw"]
    source: str | list[str] = ""
    metadata: msgspec.Raw = msgspec.Raw(b"{}")
    attachments: msgspec.Raw = msgspec.Raw(b"{}")
    id: str = ""


class _HandedIn(msgspec.Struct):
    """The parts of a notebook of format 4 that are read."""

    nbformat: Literal[4]
    cells: list[_HandedInCell]
    nbformat_minor: Annotated[int, msgspec.Meta(ge=0)] = 0
    metadata: msgspec.Raw = msgspec.Raw(b"{}")


def parse_handed_in(content: bytes) -> tuple[nbformat.NotebookNode, int]:
    """As `parse`, for a notebook that a student handed in: of any size, without its outputs.

    Raises CourseError when it is not a notebook, or when it is too large even without its outputs.
    """
    try:
        found = msgspec.json.decode(content.removeprefix(codecs.BOM_UTF8), type=_HandedIn)
        _require_size(found)
        return _notebook(found), 4
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError):  # of another format, or not a notebook
        if len(content) > _MOST_BYTES:
            raise _too_large() from None
    notebook, stored_format = parse(content)
    if len(notebook.cells) > _MOST_CELLS:
        raise _too_many_cells()
    return notebook, stored_format


def _too_large() -> CourseError:
    return CourseError(
        "too large to grade, even without its outputs.", advice="Ask for it again, without pictures in its text."
    )


def _too_many_cells() -> CourseError:
    return CourseError(f"has more than {_MOST_CELLS} cells.", advice="Ask for it again, with fewer.")


def _require_size(found: _HandedIn) -> None:
    sizes = [len(found.metadata)]
    for cell in found.cells:
        sizes += [sum(map(len, cell.source)) if isinstance(cell.source, list) else len(cell.source)]
        sizes += [len(cell.metadata), len(cell.attachments)]
    if len(found.cells) > _MOST_CELLS:
        raise _too_many_cells()
    if sum(sizes) > _MOST_BYTES or sum(len(cell.metadata) for cell in found.cells) > _MOST_BYTES_OF_METADATA:
        raise _too_large()


def _notebook(found: _HandedIn) -> nbformat.NotebookNode:
    """The notebook as nbformat would have read it; each cell has an id of its own."""
    names, cells = set[str](), []
    for cell in found.cells:
        source = "".join(cell.source) if isinstance(cell.source, list) else cell.source
        made = nbformat.from_dict({"cell_type": cell.cell_type, "metadata": _object(cell.metadata), "source": source})
        if cell.cell_type == "code":
            made.outputs, made.execution_count = [], None
        elif attachments := _object(cell.attachments):
            made.attachments = nbformat.from_dict(attachments)
        if found.nbformat_minor >= _WITH_IDS:
            made["id"] = cell.id if _ID.fullmatch(cell.id) and cell.id not in names else uuid.uuid4().hex[:8]
            names.add(made["id"])
        cells.append(made)
    minor = min(found.nbformat_minor, nbformat.v4.nbformat_minor)
    whole = {"nbformat": 4, "nbformat_minor": minor, "metadata": _object(found.metadata), "cells": []}
    notebook = nbformat.from_dict(whole)
    notebook.cells = cells
    return notebook


def _object(raw: msgspec.Raw) -> dict[str, Any]:
    found = msgspec.json.decode(raw)
    if not isinstance(found, dict):
        raise msgspec.ValidationError("metadata that is not an object")
    return found


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0][:120]


_DRAWING = ("matplotlib", "pylab")


def draws(notebook: nbformat.NotebookNode, files: Mapping[str, bytes]) -> bool:
    """Whether the code of a notebook, or of `files` beside it, mentions a library that draws figures."""
    sources = [cell.source for cell in notebook.cells if cell.cell_type == "code"]
    return any(word in source for word in _DRAWING for source in sources) or any(
        word.encode() in content for word in _DRAWING for name, content in files.items() if name.endswith(".py")
    )


_PART = re.compile(r"^# %% (\S+)[ ]*(\S*)[ ]*$", re.MULTILINE)
_CHANGES = ("", "deleted", "copied", "below")


def fill_in(release: Path, answers: Path) -> nbformat.NotebookNode:
    """The notebook at `release`, filled in with the parts of `answers`.

    Raises CourseError when a part names a cell the notebook does not have.
    """
    notebook = read(release)
    _, *pieces = _PART.split(answers.read_text(encoding="utf-8"))
    for name, change, text in zip(pieces[::3], pieces[1::3], pieces[2::3], strict=True):
        if change not in _CHANGES:
            raise CourseError(f"'{change}' is none of {', '.join(_CHANGES[1:])}.", answers)
        at = next((at for at, cell in enumerate(notebook.cells) if role(cell).grade_id == name), None)
        if at is None:
            raise CourseError(f"{release} has no cell '{name}'.", answers)
        _change(notebook.cells, at, change, text.strip("\n"))
    return notebook


def _change(cells: list[nbformat.NotebookNode], at: int, change: str, text: str) -> None:
    if change == "deleted":
        del cells[at]
        return
    if change == "below":
        cells.insert(at + 1, nbformat.v4.new_code_cell(text))
        return
    if text:
        cells[at].source = text
    if change == "copied":
        copied = copy.deepcopy(cells[at])
        copied["id"] = f"{cells[at]['id']}-copy"
        cells.insert(at, copied)
