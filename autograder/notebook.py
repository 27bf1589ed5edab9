"""Notebooks: which a course has, reading and writing them, and putting answers into them.

What a cell is for is said in `autograder.cells`.
"""

from __future__ import annotations

import codecs
import copy
import json
import re
import uuid
import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec
import nbformat
from nbformat.v4.rwbase import rejoin_lines

from autograder.cells import cell_prefix, metadata_problem, role
from autograder.folders import CONFIG_FILE as CONFIG_FILE
from autograder.folders import source_folder
from autograder.models import CourseError
from autograder.text import text_of

_VISIBLE = "[!.]*.ipynb"
"""The notebooks that nbgrader takes from a folder."""

_MOST_CELLS = 10_000
_MOST_BYTES, _MOST_BYTES_OF_METADATA = 16_000_000, 1_000_000
_WITH_IDS = 5
"""The minor version of notebook format 4 from which cells have ids."""

_ID = re.compile(r"[a-zA-Z0-9-_]{1,64}")
_CELL_TYPES = ("code", "markdown", "raw")
_HALF = re.compile(r"\\u[dD][89a-fA-F]|[\ud800-\udfff]")
"""What a half character begins with in JSON; whole ones that are written as two halves begin so, too."""


class NotANotebook(CourseError):  # noqa: N818 - named for what it is
    """A file that should be a notebook and is something else; its advice is to ask for it again."""


def assignments(root: Path) -> list[str]:
    """The names of all assignments of the course at `root`, sorted: the folders in which there are notebooks."""
    folders = source_folder(root).glob("[!.]*")
    return sorted(folder.name for folder in folders if any(folder.glob(_VISIBLE)))


def require_course(root: Path) -> None:
    """Raise CourseError, which says where to run commands, unless `root` holds a course."""
    for path in (root / CONFIG_FILE, source_folder(root)):
        if not path.exists():
            advice = f"Run this from the folder that holds source/ and {CONFIG_FILE}."
            raise CourseError("missing.", path, advice)


def require_assignment(root: Path, assignment: str) -> list[Path]:
    """The source notebooks of `assignment`, sorted; raises CourseError, which lists the assignments, without any."""
    require_course(root)
    folder = source_folder(root) / assignment
    if assignment not in (known := assignments(root)):
        raise CourseError("there is no such assignment.", folder, f"The course has: {', '.join(known) or 'none'}.")
    return sorted(folder.glob(_VISIBLE))


def prefixed(paths: Sequence[Path]) -> Iterator[tuple[str, Path]]:
    """Each source notebook of an assignment, and what the names of its cells begin with (see `cells.cell_prefix`)."""
    yield from ((cell_prefix(path.stem, paths), path) for path in paths)


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


def require_sound(path: Path, notebook: nbformat.NotebookNode) -> None:
    """Raise CourseError when nbgrader's metadata in an instructor's notebook at `path` is broken."""
    if problem := metadata_problem(notebook.cells):
        advice = "Correct it in Jupyter, in the side bar 'Create Assignment' or under 'Cell metadata'."
        raise CourseError(problem, path, advice)


def parse_at(path: Path, content: bytes) -> nbformat.NotebookNode:
    """The notebook in `content`, which was read from `path`; raises NotANotebook when it is something else."""
    try:
        return parse(content)[0]
    except NotANotebook as error:
        raise NotANotebook(error.reason, path, "Correct the file, or replace it with a copy.") from None


def parse(content: bytes) -> tuple[nbformat.NotebookNode, int]:
    """The notebook in `content`, upgraded to format 4 where it is older, and the format it was stored in.

    What a cell lacks is added: an id, metadata, a source. Raises NotANotebook when it is something else.
    """
    try:
        stored = _json(text_of(content))
    except json.JSONDecodeError as error:
        reason = f"is not a notebook: not valid JSON (line {error.lineno}, column {error.colno})."
        raise NotANotebook(reason, advice="Ask the student for the notebook again.") from None
    except (RecursionError, ValueError):  # lists in lists in lists, or a number of thousands of digits
        raise NotANotebook("is not a notebook.", advice="Ask the student for the notebook again.") from None
    if isinstance(stored, dict) and isinstance(stored.get("cells"), list):
        return _complete(stored), 4
    if not isinstance(stored, dict) or not isinstance(stored.get("worksheets"), list):
        raise NotANotebook("is not a notebook (it has no cells).", advice="Ask the student for the notebook again.")
    return _upgraded(stored)


def _json(text: str) -> Any:
    """What a JSON text says, without half characters, which no file and no database can hold."""
    found = json.loads(text)
    if _HALF.search(text):
        whole = json.dumps(found, ensure_ascii=False).encode("utf-16", "surrogatepass")
        found = json.loads(whole.decode("utf-16", "replace"))
    return found


def _upgraded(stored: dict[str, Any]) -> tuple[nbformat.NotebookNode, int]:
    """A notebook of format 2 or 3 in format 4, and the format it had."""
    version = 2 if stored.get("nbformat") == 2 else 3
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            upgraded = nbformat.reads(json.dumps({**stored, "nbformat": version}), as_version=4)
    except Exception:  # nbformat raises many types for odd structures: AttributeError, KeyError, ...
        advice = "Ask the student to save it with a newer Jupyter and hand it in again."
        raise NotANotebook(f"is a damaged notebook of format {version}.", advice=advice) from None
    return _complete(upgraded), version


def _complete(stored: Mapping[str, Any]) -> nbformat.NotebookNode:
    """A notebook of format 4 with all that a cell must have; what is no cell at all is left out.

    `nbformat.reads` refuses such a notebook, or prints warnings about it.
    """
    minor = stored.get("nbformat_minor")
    minor = minor if type(minor) is int and minor >= 0 else nbformat.v4.nbformat_minor
    cells = [(_whole(cell), str(cell.get("id", ""))) for cell in stored["cells"] if isinstance(cell, dict)]
    return _assembled(minor, _dict(stored.get("metadata")), cells)


def _whole(cell: Mapping[str, Any]) -> nbformat.NotebookNode:
    kind = cell.get("cell_type")
    kind = kind if isinstance(kind, str) and kind in _CELL_TYPES else "raw"
    made: dict[str, object] = {
        "cell_type": kind,
        "metadata": _dict(cell.get("metadata")),
        "source": _joined(cell.get("source")),
    }
    if kind == "code":
        outputs, count = cell.get("outputs"), cell.get("execution_count")
        made["outputs"] = [each for each in outputs if _is_output(each)] if isinstance(outputs, list) else []
        made["execution_count"] = count if type(count) is int else None
    elif attachments := _dict(cell.get("attachments")):
        made["attachments"] = attachments
    return nbformat.from_dict(made)


def _is_output(found: object) -> bool:
    return isinstance(found, dict) and "output_type" in found and isinstance(found.get("data", {}), dict)


def _dict(found: object) -> dict[str, Any]:
    return found if isinstance(found, dict) else {}


def _joined(source: object) -> str:
    lines = source if isinstance(source, list) else [source]
    return "".join(line for line in lines if isinstance(line, str))


def _assembled(
    minor: int, metadata: Mapping[str, Any], cells: Iterable[tuple[nbformat.NotebookNode, str]]
) -> nbformat.NotebookNode:
    """A notebook of cells and their ids; a cell without one, or with another cell's, gets a new one."""
    names = set[str]()
    minor = min(minor, nbformat.v4.nbformat_minor)
    notebook = nbformat.from_dict({"nbformat": 4, "nbformat_minor": minor, "metadata": metadata, "cells": []})
    for cell, name in cells:
        if minor >= _WITH_IDS:
            cell["id"] = name if _ID.fullmatch(name) and name not in names else uuid.uuid4().hex[:8]
            names.add(cell["id"])
        notebook.cells.append(cell)
    joined: nbformat.NotebookNode = rejoin_lines(notebook)
    return joined


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
    except (msgspec.MsgspecError, RecursionError, UnicodeError):  # of another format, or not a notebook
        if len(content) > _MOST_BYTES:
            raise _too_large() from None
    notebook, stored_format = parse(content)
    if len(notebook.cells) > _MOST_CELLS:
        raise _too_many_cells()
    return notebook, stored_format


def _too_large() -> CourseError:
    return CourseError(
        "is too large to grade, even without its outputs.",
        advice="Ask the student for the notebook again, without pictures in its text.",
    )


def _too_many_cells() -> CourseError:
    return CourseError(
        f"has more than {_MOST_CELLS} cells.", advice="Ask the student for the notebook again, with fewer cells."
    )


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
    """The notebook as nbformat would have read it, without outputs."""
    cells = []
    for cell in found.cells:
        made = nbformat.from_dict(
            {"cell_type": cell.cell_type, "metadata": _object(cell.metadata), "source": _joined(cell.source)}
        )
        if cell.cell_type == "code":
            made.outputs, made.execution_count = [], None
        elif attachments := _object(cell.attachments):
            made.attachments = nbformat.from_dict(attachments)
        cells.append((made, cell.id))
    return _assembled(found.nbformat_minor, _object(found.metadata), cells)


def _object(raw: msgspec.Raw) -> dict[str, Any]:
    found = msgspec.json.decode(raw)
    if not isinstance(found, dict):
        raise msgspec.ValidationError("metadata that is not an object")
    return found


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
            raise CourseError(f"'{change}' is not one of {', '.join(_CHANGES[1:])}.", answers)
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
