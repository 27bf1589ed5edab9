"""The source of an assignment's notebook, read once: notebook, files, answers, limits; and the digest of it all."""

from __future__ import annotations

import copy
import functools
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import msgspec
import nbformat
from traitlets.config import Config

import autograder
from autograder.cells import as_handed_out, is_run, role
from autograder.config import AS_HANDED_OUT, limits, preprocess
from autograder.files import plain_files
from autograder.imports import draws, libraries
from autograder.judge.mistakes import catalogue, install, read_answers
from autograder.models import Assignment, CourseError, Limits, MasterCell
from autograder.notebook import content_of, parse_at, require_sound
from autograder.source_notebook import bring_up_to_date, complete

_JUDGES_NOTHING = frozenset(("report", "marking", "lms", "commands", "cli.py", "terminal.py", "lint.py"))
_JUDGES_NOTHING |= {
    "build.py",
    "hints.py",
    "new.py",
    "init.py",
    "compare.py",
    "scratch.py",
    "template",
    "grade_file.py",
    "notebook_result.py",
    "exchange.py",
    "nbgrader_errors.py",
}
_JUDGES_NOTHING |= {"extensions.py", "due_dates.py", "late_policy.py"}
"""What can change without a class being graded again."""


@dataclass(frozen=True)
class Source:
    """What an instructor wrote for a notebook of an assignment; `content` is the notebook as stored.

    `name` is the assignment's, `notebook_name` that of the notebook's file; files and answers go by name.
    """

    name: str
    notebook_name: str
    notebook: nbformat.NotebookNode
    content: bytes
    files: Mapping[str, bytes]
    answers: Mapping[str, str]
    limits: Limits

    @property
    def digest(self) -> str:
        """A word that changes when anything does that could change a verdict."""
        answers = {name: text.encode() for name, text in self.answers.items()}
        return digest_of(self.content, dict(self.files), answers, msgspec.json.encode(self.limits), _code())


def read_source(config: Config, path: Path) -> Source:
    """The source of the notebook at `path`, which lies in its assignment's folder; answers can be imported from now on.

    Raises CourseError when something of it cannot be read.
    """
    content = content_of(path)
    stored = parse_at(path, content)
    sources = [cell.source for cell in stored.cells]
    notebook = complete(config, path, stored)
    if sources != [cell.source for cell in notebook.cells]:  # a header, or tests that nbgrader wrote
        content = nbformat.writes(notebook).encode()
    name = path.parent.name
    answers = read_answers(Path(config.CourseDirectory.root), name)
    install(name, answers)
    return Source(name, path.stem, notebook, content, plain_files(path.parent), answers, limits(config))


def load(config: Config, source: Source) -> Assignment:
    """What grading needs to know of a notebook; raises CourseError when its answers cannot be used."""
    catalogue(source.name)  # says now what cannot be used
    try:
        master = master_cells(config, source.notebook)
    except CourseError as error:
        raise error.within(Path("source", source.name, f"{source.notebook_name}.ipynb")) from None
    return _assignment(source, master)


def read_released(path: Path) -> tuple[Source, Assignment]:
    """What the released notebook at `path` says of its assignment: no answers, and of hidden checks only their places.

    Raises CourseError when it cannot be read.
    """
    content = content_of(path)
    notebook = parse_at(path, content)
    bring_up_to_date(notebook)
    require_sound(path, notebook)
    source = Source(path.stem, path.stem, notebook, content, plain_files(path.parent), {}, Limits())
    return source, _assignment(source, _by_grade_id(notebook))


def _assignment(source: Source, master: Mapping[str, MasterCell]) -> Assignment:
    cells = [cell.source for cell in source.notebook.cells if cell.cell_type == "code" and is_run(cell)]
    checks = [cell.source for cell in master.values() if cell.cell_type == "code" and cell.role.is_locked]
    draws_figures = draws(source.notebook.cells, source.files)
    return Assignment(
        source.name,
        master,
        _kernelspec(source.notebook),
        source.files,
        source.limits,
        source.digest,
        source.answers,
        plain=_plain_cells(source.notebook),
        libraries=libraries(cells, source.files, draws_figures),
        check_libraries=libraries(checks, source.files, draws_figures),
        notebook_name=source.notebook_name,
    )


def master_cells(config: Config, source: nbformat.NotebookNode) -> dict[str, MasterCell]:
    """The instructor's cells of a source notebook as they are handed out, hidden tests included, in their order."""
    return _by_grade_id(preprocess(config, AS_HANDED_OUT, copy.deepcopy(source), {}))


def _by_grade_id(notebook: nbformat.NotebookNode) -> dict[str, MasterCell]:
    """The instructor's cells of a notebook, in their order."""
    found = ((cell, role(cell)) for cell in notebook.cells)
    return {
        each.grade_id: MasterCell(
            each.grade_id,
            cell.cell_type,
            cell.source,
            each.is_locked,
            dict(each.metadata),
            as_handed_out(cell.source),
            str(cell.get("id", "")),
        )
        for cell, each in found
        if each.is_graded or each.is_answer or each.is_locked or each.is_task
    }


def _plain_cells(source: nbformat.NotebookNode) -> dict[str, str]:
    """The sources of the cells without a role, by their ids, or by their places where they have none."""
    return {
        str(cell.get("id", place)): cell.source for place, cell in enumerate(source.cells) if not role(cell).grade_id
    }


def _kernelspec(source: nbformat.NotebookNode) -> dict[str, str]:
    """The kernel the source names."""
    return dict(json.loads(json.dumps(source.metadata.get("kernelspec", {}))))


def digest_of(*parts: bytes | dict[str, bytes]) -> str:
    """A short word for all of `parts`, which changes when any of them does."""
    return hashlib.sha256(msgspec.msgpack.encode(parts, order="deterministic")).hexdigest()


@functools.cache
def _code() -> bytes:
    """The digest of this package: when the way in which answers are judged changes, the class is judged again.

    Pages judge nothing, so a change to them is left out.
    """
    found, package = hashlib.sha256(), Path(autograder.__file__).parent
    for path in sorted(package.rglob("*.py")):
        if path.relative_to(package).parts[0] not in _JUDGES_NOTHING:
            found.update(path.read_bytes())
    return found.digest()
