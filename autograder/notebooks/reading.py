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


def require_assignment(root: Path, assignment: str) -> Path:
    """The source notebook of `assignment`; raises CourseError with the known names when there is none."""
    path = root / "source" / assignment / f"{assignment}.ipynb"
    if assignment not in (known := assignments(root)):
        raise CourseError(f"{path}: no such assignment. Known are: {', '.join(known) or 'none'}.")
    return path


def read(path: Path) -> nbformat.NotebookNode:
    """The notebook at `path`, upgraded to format 4 where it is older.

    Raises CourseError, in one line, when the file is missing, unreadable or not a notebook.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise CourseError(f"{path}: missing.") from None
    except UnicodeDecodeError:
        raise CourseError(f"{path}: not a text file. Ask for the notebook again.") from None
    except OSError as error:
        raise CourseError(f"{path}: cannot be read ({error.strerror}). Check its permissions.") from None
    try:
        stored = json.loads(text)
        notebook = nbformat.reads(text, as_version=4)
    except json.JSONDecodeError as error:
        raise CourseError(
            f"{path}: not valid JSON (line {error.lineno}, column {error.colno}). Ask for the notebook again."
        ) from None
    except Exception as error:  # nbformat raises whatever the odd structure provokes: AttributeError, KeyError, ...
        raise CourseError(f"{path}: not a notebook ({_first_line(error)}). Ask for it again.") from None
    if not isinstance(stored, dict) or not isinstance(stored.get("cells", stored.get("worksheets")), list):
        raise CourseError(f"{path}: not a notebook (it has no cells). Ask for it again.")
    return notebook


def stored_format(path: Path) -> int:
    """The major notebook format in which the readable notebook at `path` is stored."""
    return int(json.loads(path.read_text(encoding="utf-8")).get("nbformat", 3))


def nbgrader_metadata(cell: nbformat.NotebookNode) -> dict[str, Any]:
    """Nbgrader's metadata of a cell, empty for an ordinary one."""
    return dict(cell.metadata.get("nbgrader", {}))


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0][:120]
