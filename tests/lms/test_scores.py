"""Which column of a platform's table holds the scores of an assignment, and how a number is written there."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder.lms.platforms import Platform
from autograder.lms.scores import Column, platform_of, score_column
from autograder.lms.tables import read_people, read_table
from autograder.models import CourseError

NAMES = ("lstm", "lstm bonus", "backprop")


def column(path: Path, text: str, assignment: str, wanted: str = "", encoding: str = "utf-8") -> Column:
    """The column of an assignment in a table of this text."""
    path.write_bytes(text.encode(encoding))
    return score_column(read_people(read_table(path)), assignment, NAMES, wanted)


CANVAS = "LastName;FirstName;ID;Section;LSTM Bonus, A, B (1);Week 2: L.S.T.M. (2);Final (3)\n"
CANVAS += "Points Possible;;;;5,00;30,00;9\nLovelace;Ada;7;S;;2,50;\n"


def test_the_longest_name_of_an_assignment_in_a_title_counts(tmp_path: Path) -> None:
    """A title belongs to one assignment; a comma in it does not separate cells."""
    found = column(tmp_path / "a.csv", CANVAS, "lstm")
    assert (found.name, found.maximum, found.comma) == ("Week 2: L.S.T.M. (2)", 30.0, True)
    assert column(tmp_path / "a.csv", CANVAS, "lstm bonus").name == "LSTM Bonus, A, B (1)"


@pytest.mark.parametrize("wanted", ["Final", "final (3)", "3"])
def test_a_column_can_be_named_by_its_heading_its_title_or_its_number(tmp_path: Path, wanted: str) -> None:
    """Its title need not mention the assignment then."""
    assert column(tmp_path / "a.csv", CANVAS, "backprop", wanted).name == "Final (3)"


def test_the_line_about_a_missing_column_offers_those_that_there_are(tmp_path: Path) -> None:
    """Totals and what Canvas says is read only are not among them."""
    text = "Student,ID,Section,A (1),B (2),A Current Score\n    Points Possible,,,5,(read only),\nAda,1,S,,,\n"
    with pytest.raises(CourseError) as refusal:
        column(tmp_path / "a.csv", text, "backprop")
    assert str(refusal.value).endswith("Name one with --column: 'A (1)'.")


def test_blackboards_grade_centre_is_a_table_in_utf_16_with_tabs(tmp_path: Path) -> None:
    """Its heading says the points."""
    text = '"Last Name"\t"First Name"\t"Username"\t"Backprop [Total Pts: 24 Score] |99"\nLovelace\tAda\tada1\t\n'
    found = column(tmp_path / "a.xls", text, "backprop", encoding="utf-16")
    assert platform_of(read_people(found.table)) is Platform.BLACKBOARD and found.maximum == 24
    found.fill(0, 23.456)
    assert found.table.content().decode("utf-16").endswith("ada1\t23.46\n")


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("Student,ID,Section,Backprop (1)\nAda,1,S\n", "Student,ID,Section,Backprop (1)\nAda,1,S,1.50\n"),
        ("Student;ID;Section;Backprop (1)\nAda;1;S;\n", "Student;ID;Section;Backprop (1)\nAda;1;S;1,50\n"),
        ("Student;ID;Section;Backprop (1)\nAda;1;S;7.5\n", "Student;ID;Section;Backprop (1)\nAda;1;S;1.50\n"),
        (
            'Student,ID,Section,Backprop (1)\r\nAda,1,S,"7,5"\r\n',
            'Student,ID,Section,Backprop (1)\r\nAda,1,S,"1,50"\r\n',
        ),
    ],
)
def test_a_score_is_written_as_the_numbers_that_are_there(tmp_path: Path, text: str, written: str) -> None:
    """With a decimal comma where they have one, or where cells are separated by semicolons."""
    found = column(tmp_path / "a.csv", text, "backprop")
    found.fill(0, 1.5)
    assert found.table.content().decode() == written
