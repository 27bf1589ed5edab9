"""Answers kept as text become the submission a student would have handed in."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder.models import CourseError
from autograder.notebook import fill_in
from tests.conftest import REPOSITORY, cell

RELEASE = REPOSITORY / "release" / "feedforward" / "feedforward.ipynb"


def test_each_part_fills_deletes_copies_or_follows_its_cell(tmp_path: Path) -> None:
    """All four kinds of part at once."""
    answers = tmp_path / "answers.py"
    answers.write_text(
        "# %% relu\nrelu = 1\n# %% add_bias deleted\n# %% forward copied\nf = 2\n# %% calc_o1 below\nc = 3\n"
    )
    notebook = fill_in(RELEASE, answers)
    names = [part.metadata.get("nbgrader", {}).get("grade_id") for part in notebook.cells]
    assert cell(notebook, "relu").source == "relu = 1"
    assert "add_bias" not in names
    assert names.count("forward") == 2
    assert notebook.cells[names.index("calc_o1") + 1].source == "c = 3"


def test_a_part_for_no_cell_is_refused(tmp_path: Path) -> None:
    """A renamed grade id must not silently turn an example into a blank."""
    answers = tmp_path / "answers.py"
    answers.write_text("# %% rellu\nrelu = 1\n")
    with pytest.raises(CourseError, match="no cell 'rellu'"):
        fill_in(RELEASE, answers)
