"""Reading an assignment: all that the grading of its submissions needs to know."""

from __future__ import annotations

import functools
import hashlib
from pathlib import Path

import msgspec
import nbformat
from traitlets.config import Config

import autograder
from autograder.gradebook.register import kernelspec, master_cells
from autograder.gradebook.session import limits
from autograder.grading.attachments import plain_files
from autograder.grading.soundness import unsound
from autograder.notebooks.reading import read, require_assignment
from autograder.records import Assignment


def load(config: Config, name: str) -> tuple[Assignment, nbformat.NotebookNode]:
    """The assignment `name` of the course, and its source notebook.

    Raises CourseError when there is none, or when it cannot be read or run.
    """
    path = require_assignment(Path(config.CourseDirectory.root), name)
    source = read(path)
    master = master_cells(config, source)
    bounds = limits(config)
    files = plain_files(path.parent)
    digest = digest_of(path.read_bytes(), files, msgspec.json.encode(bounds), _code())
    return Assignment(name, master, kernelspec(source), files, bounds, unsound(path, bounds), digest), source


def digest_of(*parts: bytes | dict[str, bytes]) -> str:
    """A short word that stands for all of `parts`: when any of them changes, it does."""
    return hashlib.sha256(msgspec.msgpack.encode(parts, order="deterministic")).hexdigest()


@functools.cache
def _code() -> bytes:
    """The whole package, references included: whoever changes how answers are judged has the class judged again."""
    found = hashlib.sha256()
    for path in sorted(Path(autograder.__file__).parent.rglob("*.py")):
        found.update(path.read_bytes())
    return found.digest()
