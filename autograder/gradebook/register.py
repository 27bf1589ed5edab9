"""Entering the present source of an assignment into the gradebook, as `nbgrader generate_assignment` would."""

from __future__ import annotations

import copy
import json
from typing import Any

import nbformat
import sqlalchemy as sa
from nbgrader.api import Gradebook
from nbgrader.preprocessors import (
    CheckCellMetadata,
    ClearOutput,
    ClearSolutions,
    ComputeChecksums,
    LockCells,
    NbGraderPreprocessor,
    SaveCells,
)
from traitlets.config import Config

from autograder.cells import role
from autograder.gradebook.database import engine, opening, registered, registering
from autograder.models import CourseError, MasterCell

_AS_HANDED_OUT = (LockCells, ClearSolutions, ClearOutput, CheckCellMetadata, ComputeChecksums)


def master_cells(config: Config, source: nbformat.NotebookNode) -> dict[str, MasterCell]:
    """The instructor's cells of a source notebook as they are handed out, hidden tests included, in their order."""
    notebook = _run(config, _AS_HANDED_OUT, copy.deepcopy(source), {})
    found = ((cell, role(cell)) for cell in notebook.cells)
    return {
        each.grade_id: MasterCell(each.grade_id, cell.cell_type, cell.source, each.is_locked, dict(each.metadata))
        for cell, each in found
        if each.is_graded or each.is_answer or each.is_locked or each.is_task
    }


def register(config: Config, assignment: str, source: nbformat.NotebookNode, digest: str) -> None:
    """Enter `source` into the gradebook, unless it holds the version of this `digest` already.

    Raises CourseError when the database cannot be used, or when cells were added or removed while there are
    submissions: nbgrader could not keep their scores apart.
    """
    url = config.CourseDirectory.db_url
    if _holds(url, assignment, digest):
        return
    names = {"db_url": url, "assignment": assignment, "notebook": assignment}
    with registering(url):
        if _holds(url, assignment, digest):  # somebody else was quicker
            return
        with Gradebook(url, config.CourseDirectory.course_id) as gradebook:
            gradebook.update_or_create_assignment(assignment)
        try:
            _run(config, (*_AS_HANDED_OUT, SaveCells), copy.deepcopy(source), names)
        except RuntimeError as error:
            raise CourseError(f"{error}.", assignment, "Give the new version a name of its own.") from error
        with engine(url).begin() as connection:
            connection.execute(sa.delete(registered).where(registered.c.assignment == assignment))
            connection.execute(sa.insert(registered).values(assignment=assignment, digest=digest))


def _holds(url: str, assignment: str, digest: str) -> bool:
    known = sa.select(registered.c.digest).where(registered.c.assignment == assignment)
    with opening(url), engine(url).connect() as connection:
        return bool(connection.scalar(known) == digest)


def kernelspec(source: nbformat.NotebookNode) -> dict[str, str]:
    """The kernel the source names."""
    return dict(json.loads(json.dumps(source.metadata.get("kernelspec", {}))))


def _run(
    config: Config,
    preprocessors: tuple[type[NbGraderPreprocessor], ...],
    notebook: nbformat.NotebookNode,
    names: dict[str, Any],
) -> nbformat.NotebookNode:
    resources: dict[str, Any] = {"nbgrader": names}
    for preprocessor in preprocessors:
        notebook, resources = preprocessor(config=config).preprocess(notebook, resources)
    return notebook
