"""Who draws is recognised by the code, wherever it stands."""

from __future__ import annotations

import nbformat
import pytest

from autograder.notebook import draws

CODE, WORDS = nbformat.v4.new_code_cell, nbformat.v4.new_markdown_cell


@pytest.mark.parametrize(
    ("cells", "files", "expected"),
    [
        ([CODE("import numpy")], {}, False),
        ([CODE("import numpy"), CODE("def f():\n    import matplotlib.pyplot as plt")], {}, True),
        ([CODE("%pylab inline")], {}, True),
        ([WORDS("What is matplotlib?")], {}, False),
        ([CODE("import plots")], {"plots.py": b"from matplotlib import pyplot"}, True),
        ([CODE("open('notes.txt')")], {"notes.txt": b"matplotlib"}, False),
    ],
)
def test_a_notebook_draws_when_its_code_speaks_of_it(
    cells: list[nbformat.NotebookNode], files: dict[str, bytes], expected: bool
) -> None:
    """In a cell, in a magic, in a module beside it; not in words or data."""
    assert draws(nbformat.v4.new_notebook(cells=cells), files) is expected
