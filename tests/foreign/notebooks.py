"""Assignments as text: cells after separators, with a right answer and, where there is one, a wrong one.

A separator says what the cell is: `# %% answer NAME`, `# %% test NAME [POINTS]` (`unlocked-test` where the metadata say
so), `# %% locked NAME`, `# %% plain`, `# %% markdown`, `# %% bare` (metadata without a grade id). `# %% wrong NAME` is
the cell that a student handed in instead of the answer NAME. Files beside the notebook lie in a folder of its name.
"""

from __future__ import annotations

import re
from pathlib import Path

import nbformat

from autograder.files import plain_files

HERE = Path(__file__).resolve().parent
_SEPARATOR = re.compile(r"^# %% ([\w-]+) ?(\S*) ?(\S*)$\n?", re.MULTILINE)


def source(path: Path, submission: str = "right") -> nbformat.NotebookNode:
    """The source notebook in the file at `path`, or what a student hands in with the `wrong` answers in it."""
    parts = _SEPARATOR.split(path.read_text())[1:]
    cells = [
        (parts[at], parts[at + 1], parts[at + 2], parts[at + 3].rstrip("\n").removeprefix("\n"))
        for at in range(0, len(parts), 4)
    ]
    wrong = {name: text for kind, name, _, text in cells if kind == "wrong"}
    notebook = nbformat.v4.new_notebook()
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    for kind, name, points, text in cells:
        if kind == "wrong":
            continue
        is_replaced = submission == "wrong" and kind == "answer" and name in wrong
        notebook.cells.append(_cell(kind, name, points, wrong[name] if is_replaced else text, len(notebook.cells)))
    return notebook


def has_wrong_answers(path: Path) -> bool:
    """Whether the file at `path` says what a student handed in instead."""
    return "\n# %% wrong " in path.read_text()


def files(path: Path) -> dict[str, bytes]:
    """What lies beside the notebook in the file at `path`."""
    folder = path.with_suffix(".files")
    return dict(plain_files(folder)) if folder.is_dir() else {}


def _cell(kind: str, name: str, points: str, text: str, place: int) -> nbformat.NotebookNode:
    if kind == "markdown":
        return nbformat.v4.new_markdown_cell(text, id=f"cell-{place}")
    cell = nbformat.v4.new_code_cell(text, id=f"cell-{place}")
    if kind == "bare":
        cell.metadata["nbgrader"] = {"grade": False, "locked": False, "solution": False}
    elif kind != "plain":
        is_test = kind in ("test", "unlocked-test")
        cell.metadata["nbgrader"] = {
            "grade_id": name,
            "grade": is_test,
            "solution": kind == "answer",
            "locked": kind in ("test", "locked"),
            "task": False,
            "schema_version": 3,
            "cell_type": "code",
        }
        if is_test:
            cell.metadata["nbgrader"]["points"] = float(points or 1)
    return cell
