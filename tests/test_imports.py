"""Libraries that take long to import are imported ahead where a notebook's code needs them, and only there."""

from __future__ import annotations

import nbformat
import pytest

from autograder.cells import NOT_WHEN_GRADING, set_role
from autograder.imports import draws
from autograder.protocol.libraries import is_drawing

CODE, WORDS = nbformat.v4.new_code_cell, nbformat.v4.new_markdown_cell
SHOW = "def show(x):\n    import matplotlib.pyplot as plt\n    plt.plot(x)\n\ndef both(x):\n    show(x)\n"


def locked(source: str) -> nbformat.NotebookNode:
    """A locked cell that is no check."""
    cell = CODE(source)
    set_role(cell, {"grade_id": "given", "locked": True, "grade": False, "solution": False, "schema_version": 3})
    return cell


@pytest.mark.parametrize(
    ("cells", "files", "expected"),
    [
        ([CODE("import numpy")], {}, False),
        ([CODE("import numpy"), CODE("def f():\n    import matplotlib.pyplot as plt")], {}, True),
        ([CODE("%pylab inline")], {}, True),
        ([WORDS("What is matplotlib?")], {}, False),
        ([CODE("import plots")], {"plots.py": b"from matplotlib import pyplot"}, True),
        ([CODE("open('notes.txt')")], {"notes.txt": b"matplotlib"}, False),
        ([CODE("import matplotlib", metadata={"tags": [NOT_WHEN_GRADING]})], {}, False),
        ([locked("import matplotlib.pyplot as plt")], {}, True),
        ([locked("%matplotlib inline")], {}, True),
        ([locked(SHOW), CODE("relu(3)  # nothing to show")], {}, False),
        ([locked(SHOW), CODE("show([1, 2])")], {}, True),
        ([locked(SHOW), CODE("both([1, 2])")], {}, True),
        ([locked(f"{SHOW}board = both"), CODE("board([1, 2])")], {}, True),
        ([locked(f"{SHOW}x = 3"), CODE("print(x)")], {}, False),
        ([locked(SHOW), CODE("import plots")], {"plots.py": b"def draw(show):\n    show([1])"}, True),
    ],
)
def test_a_notebook_draws_when_code_that_runs_speaks_of_it(
    cells: list[nbformat.NotebookNode], files: dict[str, bytes], expected: bool
) -> None:
    """In a cell, in a magic, in a module beside it, by a function of a locked cell; not in words or data."""
    assert draws(cells, files) is expected


@pytest.mark.parametrize(
    ("module", "expected"),
    [("matplotlib", True), ("matplotlib.pyplot", True), ("pylab", True), ("numpy.linalg", False)],
)
def test_a_library_that_draws_is_told_by_its_name(module: str, expected: bool) -> None:
    """Whatever part of it is imported."""
    assert is_drawing(module) is expected
