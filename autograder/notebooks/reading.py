"""Reading notebooks and the nbgrader metadata in them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import nbformat

from autograder.records import CourseError


def assignments(root: Path) -> list[str]:
    """The names of all assignments below `root / "source"`, sorted."""
    return sorted(path.parent.name for path in (root / "source").glob("*/*.ipynb") if path.stem == path.parent.name)


def require_course(root: Path) -> None:
    """Raise CourseError, saying where to stand, unless there is a course at `root`."""
    for name in ("source", "nbgrader_config.py"):
        if not (root / name).exists():
            raise CourseError(
                f"{root / name}: missing. Run this from the folder that holds source/ and nbgrader_config.py."
            )


def require_assignment(root: Path, assignment: str) -> Path:
    """The source notebook of `assignment`; raises CourseError with the known names when there is none."""
    require_course(root)
    path = root / "source" / assignment / f"{assignment}.ipynb"
    if assignment not in (known := assignments(root)):
        raise CourseError(f"{path}: no such assignment. Known are: {', '.join(known) or 'none'}.")
    return path


def read(path: Path) -> nbformat.NotebookNode:
    """The notebook at `path`, upgraded to format 4 where it is older.

    Raises CourseError, in one line, when the file is missing, unreadable or not a notebook.
    """
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise CourseError(f"{path}: missing.") from None
    except OSError as error:
        raise CourseError(f"{path}: cannot be read ({error.strerror}). Check its permissions.") from None
    try:
        return parse(content)[0]
    except CourseError as error:
        raise CourseError(f"{path}: {error}") from None


def parse(content: bytes) -> tuple[nbformat.NotebookNode, int]:
    """The notebook in `content`, upgraded to format 4 where it is older, and the format it was stored in.

    Raises CourseError, in one line, when it is not a notebook.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise CourseError("not a text file. Ask for the notebook again.") from None
    try:
        stored = json.loads(text)
        notebook = nbformat.reads(text, as_version=4)
    except json.JSONDecodeError as error:
        raise CourseError(
            f"not valid JSON (line {error.lineno}, column {error.colno}). Ask for the notebook again."
        ) from None
    except Exception as error:  # nbformat raises whatever the odd structure provokes: AttributeError, KeyError, ...
        raise CourseError(f"not a notebook ({_first_line(error)}). Ask for it again.") from None
    if not isinstance(stored, dict) or not isinstance(stored.get("cells", stored.get("worksheets")), list):
        raise CourseError("not a notebook (it has no cells). Ask for it again.")
    return notebook, int(stored.get("nbformat", 3))


def nbgrader_metadata(cell: nbformat.NotebookNode) -> dict[str, Any]:
    """Nbgrader's metadata of a cell, empty for an ordinary one and for one whose metadata somebody broke."""
    found = cell.metadata.get("nbgrader")
    return dict(found) if isinstance(found, dict) else {}


def grade_ids(notebook: nbformat.NotebookNode) -> list[str]:
    """The grade ids in `notebook`, in the order of its cells."""
    found = (nbgrader_metadata(cell).get("grade_id") for cell in notebook.cells)
    return [str(name) for name in found if name]


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0][:120]
