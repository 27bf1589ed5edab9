"""Tables of grades: who has 0 and who has nothing, and no text that a spreadsheet would run."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from nbgrader.apps import ExportApp
from traitlets.config import Config

from autograder.config import course_config
from autograder.nbgrader_plugins import SpreadsheetExport
from autograder.report.grades import table
from tests.conftest import REPOSITORY, hand_in
from tests.report.conftest import gradebook


def exported(course: Path, **settings: object) -> dict[str, dict[str, str]]:
    """What `nbgrader export` writes, by student."""
    config = course_config(course)
    config.SpreadsheetExport = Config(settings)
    app = ExportApp(config=config)
    with gradebook(course) as book:
        SpreadsheetExport(parent=app).export(book)
    path = Path(str(settings.get("to", course / "grading" / "grades.csv")))
    with path.open(encoding="utf-8", newline="") as file:
        return {row["student_id"]: row for row in csv.DictReader(file)}


def test_an_export_tells_not_graded_and_not_handed_in_from_nothing(graded: Path) -> None:
    """The scores of the one and the other are empty; 0 is the score of work that earned nothing."""
    with gradebook(graded) as book:
        book.update_or_create_student("ada", first_name="=cmd()", last_name="Love, lace")
        book.update_or_create_student("kai")
        book.add_submission("backprop", "kai")
    hand_in(graded, "quentin", REPOSITORY / "release" / "backprop" / "backprop.ipynb", "backprop")
    rows = exported(graded)
    assert {name: (row["score"], row["status"]) for name, row in rows.items()} == {
        "ada": ("", "not handed in"),
        "blank": ("0.0", "graded"),
        "document": ("15.0", "graded"),
        "grace": ("20.0", "graded"),
        "kai": ("", "not graded"),
        "quentin": ("", "not graded"),
    }
    assert rows["ada"]["first_name"] == "'=cmd()" and rows["ada"]["last_name"] == "Love, lace"
    assert {row["max_score"] for row in rows.values()} == {"24.0"}


def test_an_export_goes_where_it_is_told_and_holds_whom_it_is_asked_for(graded: Path, tmp_path: Path) -> None:
    """As with nbgrader's own; by default it goes where the class is, which git ignores."""
    rows = exported(graded, to=str(tmp_path / "some" / "grades.csv"), student=["grace"], assignment=["backprop"])
    assert list(rows) == ["grace"] and not (graded / "grading" / "grades.csv").exists()


@pytest.mark.parametrize(
    "name",
    ["=HYPERLINK(1)", "+1+cmd", "-2+3", "@SUM(1)", "\t=1", "\r=1", "\n=1", " =1", "\ufeff=1", "\u200b=1", "\uff1d1"],
)
def test_no_name_is_a_formula(name: str) -> None:
    """Also behind what nobody sees, and in the wide letters that some spreadsheets read as the usual ones."""
    assert f"'{name}" in table(("student",), [(name,)])


def test_numbers_and_usual_names_stay_as_they_are() -> None:
    """A penalty may be negative, and a name may have a hyphen."""
    assert (
        table(("student", "points"), [("Anne-Marie", -1.5), ("Ö=", None)]) == "student,points\nAnne-Marie,-1.5\nÖ=,\n"
    )
