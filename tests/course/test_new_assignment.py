"""A new assignment is files beside the others: no line of the engine, and none of its tests, is changed for it."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest

from autograder.build import build, check
from autograder.lint import lint
from autograder.notebook import fill_in
from tests.conftest import copy_course, grade_class, hand_in

_REFERENCE = """\
def double(x):
    return 2 * x


def twice(x):
    return double(double(x))
"""
_MISTAKES = """\
from autograder.judge.mistakes import Solution

DOUBLE = Solution("double", "1. `double`", "def double(x):\\n    return 2 * x\\n")
TWICE = Solution("twice", "2. `twice`", "def twice(x):\\n    return double(double(x))\\n")
SOLUTIONS = (DOUBLE, TWICE)
MISTAKES = (
    DOUBLE.variant("square", "This is the square of x.", ("2 * x", "x * x")),
    TWICE.variant("once", "double is called once; call it on its own result.", ("double(double(x))", "double(x)")),
)
"""
_ANSWERS = """\
# %% double
def double(x):
    return x * x
# %% twice
def twice(x):
    y = double(x)
    return double(y)
"""


def _notebook() -> nbformat.NotebookNode:
    def cell(name: str, source: str, **role: object) -> nbformat.NotebookNode:
        metadata = {"grade": False, "locked": False, "solution": False, "task": False, "schema_version": 3} | role
        return nbformat.v4.new_code_cell(source, id=name, metadata={"nbgrader": {"grade_id": name, **metadata}})

    text = nbformat.v4.new_markdown_cell
    cells = [text("# Doubling\n\n*A small assignment, 8 points.*", id="title")]
    for number, name in enumerate(("double", "twice"), 1):
        body = {"double": "2 * x", "twice": "double(double(x))"}[name]
        lend = "double = reference.double\n" if name == "twice" else ""
        hidden = f"### BEGIN HIDDEN TESTS\nfrom answers.doubling import reference\n{lend}"
        hidden += f"found = [{name}(x) for x in range(9)]\n"
        hidden += f"assert found == [reference.{name}(x) for x in range(9)]\n### END HIDDEN TESTS"
        graded = {"grade": True, "locked": True}
        cells += [
            text(f"## {number}. `{name}` (4 points)", id=f"text-{name}"),
            cell(
                name,
                f"def {name}(x):\n    ### BEGIN SOLUTION\n    return {body}\n    ### END SOLUTION",
                solution=True,
            ),
            cell(f"{name}-shown", f"assert {name}(0) == 0", points=1, **graded),
            cell(f"{name}-hidden", hidden, points=3, **graded),
        ]
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    return nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernel})


@pytest.fixture
def with_it(tmp_path: Path) -> Path:
    """A course with backprop and the new assignment."""
    course = copy_course(tmp_path / "course", "backprop")
    (course / "source" / "doubling").mkdir()
    nbformat.write(_notebook(), course / "source" / "doubling" / "doubling.ipynb")
    (course / "answers" / "doubling").mkdir()
    (course / "answers" / "doubling" / "reference.py").write_text(_REFERENCE)
    (course / "answers" / "doubling" / "mistakes.py").write_text(_MISTAKES)
    return course


def test_a_new_assignment_is_built_graded_and_explained(with_it: Path, tmp_path: Path) -> None:
    """One mistake costs the points of one function, and has its name."""
    build(with_it)
    assert check(with_it) == [] and lint(with_it) == []
    (tmp_path / "doubling.py").write_text(_ANSWERS)
    nbformat.write(
        fill_in(with_it / "release" / "doubling" / "doubling.ipynb", tmp_path / "doubling.py"),
        tmp_path / "doubling.ipynb",
    )
    hand_in(with_it, "ada", tmp_path / "doubling.ipynb", "doubling")
    result = grade_class(with_it, "doubling")["ada"]
    assert result.score is not None
    assert (result.score.points, result.score.max_points) == (5, 8)
    graded = nbformat.read(with_it / "grading" / "autograded" / "ada" / "doubling" / "doubling.ipynb", as_version=4)
    mistakes = {
        cell.id: cell.metadata["autograder"]["mistakes"] for cell in graded.cells if "autograder" in cell.metadata
    }
    assert mistakes["double-hidden"] == ["double-square"]


def test_an_assignment_needs_no_known_mistakes(with_it: Path) -> None:
    """Verdicts are given without them."""
    (with_it / "answers" / "doubling" / "mistakes.py").unlink()
    hand_in(with_it, "ada", with_it / "source" / "doubling" / "doubling.ipynb", "doubling")
    result = grade_class(with_it, "doubling")["ada"]
    assert result.score is not None and result.score.points == 8
