"""What nbgrader gives for each grade cell, written to `stock.json`: `python -m tests.foreign.stock [NAME...]`.

nbgrader's own steps: tests put back, the notebook run by its Execute preprocessor in a fresh kernel, its rule for the
points. It takes seconds for a notebook, so the file is read by the tests, and made again by the thorough ones.
"""

from __future__ import annotations

import copy
import json
import os
import sys
import tempfile
from pathlib import Path

import nbformat
from nbgrader.preprocessors import Execute, InstantiateTests
from nbgrader.utils import determine_grade, is_grade

from tests.foreign.notebooks import HERE, files, has_wrong_answers, source

STOCK = HERE / "stock.json"
FILES = sorted(path for folder in ("causes", "cells", "documentation") for path in (HERE / folder).glob("*.ipy"))


def name_of(path: Path) -> str:
    """The folder and name of a file."""
    return f"{path.parent.name}/{path.stem}"


def points(path: Path, submission: str) -> dict[str, float]:
    """What nbgrader gives for each grade cell of the right or the wrong submission."""
    with tempfile.TemporaryDirectory() as folder:
        for name, content in files(path).items():
            Path(folder, name).parent.mkdir(parents=True, exist_ok=True)
            Path(folder, name).write_bytes(content)
        notebook = source(path, submission)
        before = Path.cwd()
        os.chdir(folder)
        try:
            if any("AUTOTEST" in cell.source for cell in notebook.cells):
                notebook = _instantiated(source(path), notebook)
            resources = {"metadata": {"path": folder}}
            run, _ = Execute(timeout=60, allow_errors=True).preprocess(copy.deepcopy(notebook), resources)
        finally:
            os.chdir(before)
    graded = {}
    for cell in run.cells:
        if is_grade(cell):
            graded[cell.metadata.nbgrader.grade_id] = float(determine_grade(cell)[0] or 0)
    return graded


def _instantiated(right: nbformat.NotebookNode, notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """The notebook with the tests that nbgrader writes from the right answers."""
    made, _ = InstantiateTests().preprocess(right, {"metadata": {"path": "."}, "kernel_name": "python3"})
    for cell, written in zip(notebook.cells, made.cells, strict=True):
        if is_grade(cell):
            cell.source = written.source
    return notebook


def both(path: Path) -> dict[str, dict[str, float]]:
    """The points of the right submission, and those of the wrong one where there is one."""
    submissions = ("right", "wrong") if has_wrong_answers(path) else ("right",)
    return {submission: points(path, submission) for submission in submissions}


def main(names: list[str]) -> None:
    """Write the file, for all or only for these."""
    found = json.loads(STOCK.read_text()) if STOCK.exists() else {}
    for path in FILES:
        if not names or path.stem in names or path.parent.name in names:
            found[name_of(path)] = both(path)
            print(name_of(path), found[name_of(path)], flush=True)
    known = {name_of(path) for path in FILES}
    kept = {name: each for name, each in sorted(found.items()) if name in known}
    STOCK.write_text(json.dumps(kept, indent=1) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
