"""Generated files follow from the source, to the byte, and a red light shows when they do not."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest

from autograder.build import build, check
from autograder.models import CourseError
from tests.conftest import REPOSITORY, cell, edit

SOURCE = Path("source", "backprop", "backprop.ipynb")
RELEASE = Path("release", "backprop", "backprop.ipynb")
SOLUTION = Path("solutions", "backprop", "backprop.ipynb")
LEDGER = Path("source", "checks.lock")


def reword(notebook: nbformat.NotebookNode) -> None:
    """Change a sentence of the prose."""
    notebook.cells[0].source += "\n\nGood luck!"


def misprint(notebook: nbformat.NotebookNode) -> None:
    """Change one digit of a printed result."""
    (output,) = next(part.outputs for part in notebook.cells if "Loss wrt" in str(part.get("outputs")))
    output.text = output.text.replace("2.081", "2.080")


def drop_an_assertion(notebook: nbformat.NotebookNode) -> None:
    """Remove a line of a hidden test, which stands in no generated notebook."""
    hidden = cell(notebook, "forward-hidden")
    lines = hidden.source.split("\n")
    hidden.source = "\n".join(line for line in lines if not line.startswith("assert round"))
    assert hidden.source.count("\n") == len(lines) - 2


def raise_the_points(notebook: nbformat.NotebookNode) -> None:
    """Change a score."""
    cell(notebook, "forward-hidden").metadata["nbgrader"]["points"] = 5


def leak(notebook: nbformat.NotebookNode) -> None:
    """Put a solution into what students get."""
    source = nbformat.read(REPOSITORY / SOURCE, as_version=4)
    cell(notebook, "forward").source = cell(source, "forward").source


def test_building_twice_writes_the_same_bytes(course: Path) -> None:
    """A second build finds nothing to write, and the first wrote what the repository holds."""
    assert build(course) == [LEDGER]  # the scratch course has one assignment
    before = {path: path.read_bytes() for path in course.rglob("*.ipynb")}
    for path in (RELEASE, SOLUTION):
        (course / path).unlink()
    assert build(course) == [RELEASE, SOLUTION]
    assert {path: path.read_bytes() for path in course.rglob("*.ipynb")} == before
    assert (course / RELEASE).read_bytes() == (REPOSITORY / RELEASE).read_bytes()


@pytest.mark.parametrize(
    ("changed", "change", "stale"),
    [
        (SOURCE, reword, [RELEASE, SOLUTION]),
        (SOURCE, drop_an_assertion, [LEDGER]),
        (SOURCE, raise_the_points, [RELEASE, SOLUTION, LEDGER]),
        (SOLUTION, misprint, [SOLUTION]),
        (RELEASE, leak, [RELEASE]),
    ],
)
def test_a_change_without_a_build_names_the_stale_files(
    course: Path, changed: Path, change: Callable[[nbformat.NotebookNode], None], stale: list[Path]
) -> None:
    """Prose, a hidden assertion, a score, a printed digit, a leaked solution."""
    lines = (REPOSITORY / LEDGER).read_text().splitlines(keepends=True)
    (course / LEDGER).write_text("".join(line for line in lines if line.startswith(("#", "backprop"))))
    edit(course / changed, change)
    assert sorted(check(course)) == sorted(stale)


def test_a_generated_file_without_a_source_is_stale_and_removed(course: Path) -> None:
    """A renamed assignment leaves nothing behind."""
    left_over = Path("release", "old", "old.ipynb")
    (course / left_over).parent.mkdir()
    shutil.copy(course / RELEASE, course / left_over)
    assert left_over in build(course)
    assert not (course / left_over).exists()


def test_a_solution_that_fails_its_own_check_is_not_built(course: Path) -> None:
    """Stock nbgrader exits 0 here; the build names the notebook and the sentence."""

    def spoil(notebook: nbformat.NotebookNode) -> None:
        cell(notebook, "forward").source = cell(notebook, "forward").source.replace("** 2 / 2", "** 2")

    edit(course / SOURCE, spoil)
    with pytest.raises(CourseError, match=r"source/backprop/backprop.ipynb.*loss"):
        build(course)


@pytest.mark.parametrize("content", [b"def broken(:\n", b"# \xff\n", b"x = 1\0\n"])
def test_tools_that_are_not_python_are_named_in_one_line(course: Path, content: bytes) -> None:
    """And nothing is written."""
    (course / "source" / "checks.py").write_bytes(content)
    before = {path: path.read_bytes() for path in course.rglob("*.ipynb")}
    with pytest.raises(CourseError, match=r"source/checks\.py: not valid Python \(.*\)\. Correct this"):
        build(course)
    assert {path: path.read_bytes() for path in course.rglob("*.ipynb")} == before
