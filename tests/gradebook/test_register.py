"""Entering an assignment: what the gradebook then knows of it, and a gradebook that cannot be used."""

from __future__ import annotations

from pathlib import Path

import pytest
from nbgrader.api import Gradebook

from autograder.config import course_config
from autograder.gradebook.write import register
from autograder.models import CourseError
from autograder.notebook import read
from autograder.source import master_cells
from tests.conftest import cell, edit, grade_class, hand_in

SOURCE = Path("source", "backprop", "backprop.ipynb")


def test_the_master_cells_are_the_instructors_hidden_tests_included(course: Path) -> None:
    """Every cell that a submission may lose can be put back from here; answers are as they were handed out."""
    master = master_cells(course_config(course), read(course / SOURCE))
    assert "reference.backward" in master["backward-hidden"].source
    assert master["backward-hidden"].locked and not master["backward-hidden"].role.is_answer
    assert master["backward-hidden"].metadata["points"] == 4
    assert master["backward"].role.is_answer and not master["backward"].locked
    assert "BEGIN SOLUTION" not in master["backward"].source
    assert master["given-imports"].locked
    assert next(iter(master)) == "given-imports"


def test_the_gradebook_is_the_one_nbgrader_would_have_made(course: Path, tmp_path: Path) -> None:
    """Cells, points, sources and checksums, and a schema that nbgrader takes for its own newest."""
    config = course_config(course)
    register(config, "backprop", read(course / SOURCE), "first")
    source = read(course / SOURCE)
    with Gradebook(config.CourseDirectory.db_url) as gradebook:
        notebook = gradebook.find_notebook("backprop", "backprop")
        assert {part.name: part.checksum for part in notebook.source_cells} == {
            name: part.metadata["checksum"] for name, part in master_cells(config, source).items()
        }
        assert notebook.max_score == 20
        tables = gradebook.db.connection().exec_driver_sql("select version_num from alembic_version").all()
        assert len(tables) == 1


def test_a_changed_source_is_entered_and_an_unchanged_one_is_not_touched(course: Path) -> None:
    """Points raised in the source are raised in the gradebook once the digest says that something changed."""
    config = course_config(course)
    register(config, "backprop", read(course / SOURCE), "first")
    edit(course / SOURCE, lambda notebook: cell(notebook, "backward-hidden").metadata.nbgrader.update(points=9))
    register(config, "backprop", read(course / SOURCE), "first")
    assert most(course) == 20
    register(config, "backprop", read(course / SOURCE), "second")
    assert most(course) == 25


def most(course: Path) -> float:
    """The points backprop has in the gradebook."""
    with Gradebook(course_config(course).CourseDirectory.db_url) as gradebook:
        return float(gradebook.find_assignment("backprop").max_score)


def test_cells_cannot_be_added_once_there_are_scores(course: Path) -> None:
    """Nbgrader cannot keep them apart; one line says so, and what to do."""
    hand_in(course, "ada", course / "release" / "backprop" / "backprop.ipynb", "backprop")
    grade_class(course, "backprop")
    edit(course / SOURCE, lambda notebook: cell(notebook, "backward-hidden").metadata.nbgrader.update(grade_id="new"))
    with pytest.raises(CourseError, match=r"Cannot add or remove cells.*a name of its own"):
        grade_class(course, "backprop")


def test_a_gradebook_that_is_none_is_told_in_one_line(course: Path) -> None:
    """A file that is not a database is left as it is."""
    gradebook = course / "grading" / "gradebook.db"
    gradebook.write_text("not a database, but somebody's file")
    with pytest.raises(CourseError, match=r"gradebook.db.*cannot be used") as caught:
        register(course_config(course), "backprop", read(course / SOURCE), "first")
    assert "\n" not in str(caught.value)
    assert gradebook.read_text() == "not a database, but somebody's file"
