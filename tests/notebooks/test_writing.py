"""A graded notebook is written as nbformat itself would write it."""

from __future__ import annotations

import nbformat
import pytest

from autograder.notebook import read, written
from tests.conftest import REPOSITORY


@pytest.mark.parametrize("name", ["feedforward", "lstm", "backprop"])
def test_a_notebook_is_written_as_nbformat_writes_it(name: str) -> None:
    """So a graded notebook that is opened and saved again is the same file."""
    notebook = read(REPOSITORY / "solutions" / name / f"{name}.ipynb")
    as_nbformat = nbformat.writes(notebook)
    assert written(notebook) == as_nbformat


def test_text_that_no_file_can_hold_is_refused() -> None:
    """Half of a surrogate pair, which JSON can smuggle in."""
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("'\ud800'")])
    with pytest.raises(UnicodeEncodeError):
        written(notebook)
