"""Tests that nbgrader writes from the instructor's solution, where a check says `### AUTOTEST`.

nbgrader runs the solution for that, which takes a kernel and seconds. What it wrote is kept for as long as nothing
changes that it was made of, in a folder of this user's, so that `build`, `grade` and the rest all have the same tests.
"""

from __future__ import annotations

import copy
import hashlib
import json
import subprocess
import sys
from collections.abc import Mapping
from contextlib import suppress
from importlib import metadata
from pathlib import Path
from typing import Any

import nbformat
from platformdirs import user_cache_path
from traitlets.config import Config

from autograder.files import keep, plain_files
from autograder.models import CourseError

_DELIMITER, _FILE = "AUTOTEST", "autotests.yml"
"""nbgrader's own words, which `c.InstantiateTests` may change."""

_MOST_SECONDS = 600.0
_REFUSED = 3
"""How the process that writes them ends when nbgrader refuses."""


def with_tests(config: Config, path: Path, notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """The notebook with all its tests written, or as it is where it leaves none to nbgrader.

    Args:
        config: the settings of the course.
        path: where the notebook lies; the solution runs in that folder.
        notebook: what it says.

    Raises:
        CourseError: nbgrader cannot write the tests.
    """
    settings = _plain(config.InstantiateTests)
    delimiter = str(settings.get("autotest_delimiter", _DELIMITER))
    if not any(cell.cell_type == "code" and delimiter in cell.source for cell in notebook.cells):
        return notebook
    root = Path(config.CourseDirectory.root)
    text = nbformat.writes(notebook)
    kept = user_cache_path("autograder") / "tests" / f"{_digest(settings, root, path, text)}.ipynb"
    with suppress(OSError, ValueError):  # it was never written, or not to its end
        return nbformat.reads(kept.read_text(encoding="utf-8"), as_version=4)
    made = _written(settings, root, path, text)
    with suppress(OSError, CourseError):  # a folder that cannot be written costs time only
        kept.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        keep(kept, made.encode())
        kept.chmod(0o600)
    return nbformat.reads(made, as_version=4)


def _plain(settings: Mapping[str, Any]) -> dict[str, Any]:
    """The settings that another process can be told; functions, which are for other languages, are left out."""
    found = {}
    for name, value in settings.items():
        with suppress(TypeError, ValueError):
            found[name] = json.loads(json.dumps(value))
    return found


def _digest(settings: Mapping[str, Any], root: Path, path: Path, text: str) -> str:
    """A word that changes when anything does of which the tests are made."""
    found = hashlib.sha256(json.dumps([settings, metadata.version("nbgrader"), sys.version, text]).encode())
    shared = root / str(settings.get("autotest_filename", _FILE))
    files = plain_files(path.parent) | ({"": shared.read_bytes()} if shared.is_file() else {})
    for name, content in sorted(files.items()):
        found.update(f"{name} {len(content)} ".encode() + content)
    return found.hexdigest()


def _written(settings: Mapping[str, Any], root: Path, path: Path, text: str) -> str:
    """What nbgrader makes of the notebook, in a process of its own: a kernel leaves threads behind."""
    asked = json.dumps({"settings": settings, "folder": str(path.parent), "notebook": text})
    command = [sys.executable, "-m", "autograder.autotests"]
    try:
        done = subprocess.run(command, cwd=root, input=asked.encode(), capture_output=True, timeout=_MOST_SECONDS)
    except subprocess.TimeoutExpired:  # its kernel ends with it
        reason = f"nbgrader needs more than {_MOST_SECONDS:g} s to write the tests for `AUTOTEST`."
        raise CourseError(reason, path, "Run the solution in Jupyter to see which cell takes so long.") from None
    if done.returncode == 0:
        return done.stdout.decode()
    reason = done.stdout.decode() if done.returncode == _REFUSED else f"the exit status is {done.returncode}"
    advice = "nbgrader's documentation explains `AUTOTEST`: correct the check, the solution or autotests.yml."
    raise CourseError(f"nbgrader cannot write the tests for `AUTOTEST` ({reason}).", path, advice)


def _write() -> None:
    """Answer one request of `_written` on standard output: the notebook, or why there is none."""
    from nbgrader.preprocessors import InstantiateTests

    asked = json.load(sys.stdin)
    notebook = nbformat.reads(asked["notebook"], as_version=4)
    instantiate = InstantiateTests(config=Config({"InstantiateTests": asked["settings"]}))
    instantiate.log.setLevel("CRITICAL")
    before = copy.deepcopy(notebook)
    try:
        made, _ = instantiate.preprocess(notebook, {"metadata": {"path": asked["folder"]}})
    except Exception as error:  # nbgrader and the kernel raise anything, and the other process has to say it
        name = getattr(error, "ename", type(error).__name__)
        text = getattr(error, "evalue", None) or str(error)  # nbgrader raises a kernel's error without a text
        sys.stdout.write(f"{name}: {' '.join(str(text).split())}")
        sys.exit(_REFUSED)
    for cell, written in zip(before.cells, made.cells, strict=True):
        cell.source = written.source
    sys.stdout.write(nbformat.writes(before))


if __name__ == "__main__":
    _write()
