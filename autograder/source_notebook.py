"""The notebook that an instructor wrote, as nbgrader hands it out, but with its solutions and hidden tests.

Every command reads it here: its metadata are brought up to date, the course's header and footer are in it, and where
it leaves the writing of tests to nbgrader (`### AUTOTEST`), they are written.
"""

from __future__ import annotations

import copy
from pathlib import Path

import nbformat
from nbgrader.nbgraderformat import MetadataValidator
from traitlets.config import Config

from autograder.autotests import with_tests
from autograder.cells import drop_role, role, set_role
from autograder.config import quiet
from autograder.notebook import content_of, parse_at, require_sound

_WITH_IDS = (4, 5)
"""The format from which cells have ids."""


def read_source_notebook(config: Config, path: Path) -> nbformat.NotebookNode:
    """The notebook at `path` of the course with this `config`; raises CourseError when it cannot be used."""
    return complete(config, path, parse_at(path, content_of(path)))


def complete(config: Config, path: Path, notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """The same for a notebook that was read from `path`, which is changed."""
    bring_up_to_date(notebook)
    require_sound(path, notebook)
    framed = _framed(config, notebook)
    if len(framed.cells) > len(notebook.cells):
        require_sound(path, framed)
    return with_tests(config, path, framed)


def bring_up_to_date(notebook: nbformat.NotebookNode) -> None:
    """Write nbgrader's metadata as it writes them today, in place, as `nbgrader update` does.

    A cell that is neither graded nor locked nor an answer has none. A text that is only one of an answer and graded is
    both, worth nothing where no points are said: nbgrader has no other answers in words.
    """
    validator = MetadataValidator()
    for cell in notebook.cells:
        if not isinstance(found := cell.metadata.get("nbgrader"), dict):
            continue
        each = role(cell)
        if not (each.is_graded or each.is_answer or each.is_task or found.get("locked")):
            drop_role(cell)
        elif _is_known(found.get("schema_version", 0)):
            updated = copy.deepcopy(cell)
            try:
                with quiet(validator.log):
                    validator.upgrade_cell_metadata(updated)
            except (TypeError, ValueError):  # points that are no number, which is said with the cell
                continue
            set_role(cell, updated.metadata.nbgrader)
        if cell.cell_type == "markdown" and not each.is_task and each.is_graded != each.is_answer:
            set_role(cell, {"points": 0, **role(cell).metadata, "grade": True, "solution": True, "locked": False})


def _is_known(version: object) -> bool:
    return type(version) is int and version <= MetadataValidator.schema_version


def _framed(config: Config, notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """The notebook between the header and the footer of the course, as nbgrader puts them there."""
    places = {name: config.IncludeHeaderFooter.get(name, "") for name in ("header", "footer")}
    if not any(places.values()):
        return notebook
    framed = copy.copy(notebook)
    around = {name: _cells(config, str(place), name, notebook) for name, place in places.items()}
    framed.cells = [*around["header"], *notebook.cells, *around["footer"]]
    return framed


def _cells(config: Config, place: str, name: str, notebook: nbformat.NotebookNode) -> list[nbformat.NotebookNode]:
    if not place:
        return []
    path = Path(config.CourseDirectory.root, place)
    read = parse_at(path, content_of(path))
    bring_up_to_date(read)
    for number, cell in enumerate(read.cells):
        cell.pop("id", None)  # a header without ids would get others every time it is read
        if (notebook.nbformat, notebook.nbformat_minor) >= _WITH_IDS:
            cell["id"] = f"{name}-{number}"
    cells: list[nbformat.NotebookNode] = read.cells
    return cells
