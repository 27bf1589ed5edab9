"""A new assignment, made from the files in `template/`: two functions, their checks, answers and known mistakes."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from autograder.cells import role
from autograder.models import CourseError
from autograder.notebook import require_course

_TEMPLATE = Path(__file__).parent / "template"
_PLACEHOLDER = "ASSIGNMENT"
_NAME = re.compile(r"[a-z][a-z0-9_]{0,63}")
_VARIANTS = {"with-tools", "without-tools"}
"""Tags of cells that are kept if the course has `source/checks.py`, or if it has none."""


def make(root: Path, name: str) -> list[Path]:
    """Write the files of a new assignment, and return their paths.

    Args:
        root: the course folder.
        name: what the assignment is called: a name that Python can import, in small letters.

    Raises:
        CourseError: `name` cannot be used, or something is there already; nothing was written.
    """
    require_course(root)
    if not _NAME.fullmatch(name):
        advice = "Use small letters, digits and _, and begin with a letter: checks import answers by this name."
        raise CourseError("not a name for an assignment.", name, advice)
    notebook = json.loads((_TEMPLATE / "assignment.ipynb").read_text(encoding="utf-8").replace(_PLACEHOLDER, name))
    unused = "without-tools" if (root / "source" / "checks.py").exists() else "with-tools"
    notebook["cells"] = [_named(cell) for cell in notebook["cells"] if unused not in cell["metadata"].get("tags", ())]
    contents = {Path("source", name, f"{name}.ipynb"): json.dumps(notebook, indent=1, ensure_ascii=False) + "\n"}
    for module in ("reference.py", "mistakes.py"):
        contents[Path("answers", name, module)] = (_TEMPLATE / module).read_text(encoding="utf-8")
    for folder in {path.parent for path in contents}:
        if (root / folder).exists():
            raise CourseError("exists already.", root / folder, "Choose another name, or remove this folder first.")
    for path, content in contents.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(content, encoding="utf-8")
    return list(contents)


def _named(cell: dict[str, Any]) -> dict[str, Any]:
    """A cell of the template as authors get it: without our tags, its id the grade id."""
    if tags := [tag for tag in cell["metadata"].pop("tags", ()) if tag not in _VARIANTS]:
        cell["metadata"]["tags"] = tags
    return cell | {"id": role(cell).grade_id or cell["id"]}
