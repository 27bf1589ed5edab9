"""What is given back, as the platforms read it: each page and each score at the right student, nothing else changed."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from nbgrader.api import Gradebook

from autograder.cli import main
from autograder.config import course_config
from tests.lms.conftest import collect
from tests.lms.downloads import SOLVED, canvas


def give_back(course: Path, *options: str) -> Result:
    """Run `autograder return backprop`."""
    return CliRunner().invoke(main, ["--root", str(course), "return", "backprop", *options])


def canvas_reads(archive: Path) -> dict[str, str]:
    """The pages by the user or anonymous id whose upload they answer, by Canvas's rule for names."""
    uploads = {"6789012": "12345", "6789014": "12347", "6789020": "12350", "6789030": "anon_Ab3xY"}
    found = {}
    with zipfile.ZipFile(archive) as pages:
        for name in pages.namelist():
            numbers = [part for part in name.split("_") if part.isdigit()][:2]
            user = name[: name.index("_", 5)] if name.startswith("anon_") else numbers[0]
            assert uploads[numbers[-1]] == user and user not in found
            found[user] = pages.read(name).decode()
    return found


def moodle_reads(archive: Path) -> dict[int, tuple[str, str]]:
    """The name and text of each page by participant, by Moodle's rule: a part of the path is split at underscores."""
    found = {}
    with zipfile.ZipFile(archive) as pages:
        for path in pages.namelist():
            parts = path.split("/")
            _, participant, plugin, kind, *rest = parts[0].split("_", 4)
            assert (plugin, kind) == ("assignsubmission", "file") and int(participant) not in found
            found[int(participant)] = "/".join([*filter(None, rest), *parts[1:]]), pages.read(path).decode()
    return found


def table(path: Path, text: str, encoding: str = "utf-8") -> Path:
    """A file with this text."""
    path.write_bytes(text.encode(encoding))
    return path


def cells(path: Path, delimiter: str = ",", encoding: str = "utf-8") -> list[list[str]]:
    """All cells of a table."""
    return list(csv.reader(io.StringIO(path.read_bytes().decode(encoding), newline=""), delimiter=delimiter))


def differences(before: Path, after: Path, by: int = 1, **stored: str) -> Mapping[str, tuple[str, str]]:
    """The cells that changed, by another cell of their row; all changes must be in one column."""
    one, other = (cells(path, **stored) for path in (before, after))
    assert len(one) == len(other)
    changes = [
        (row, place, old, new)
        for row, (a, b) in enumerate(zip(one, other, strict=True))
        for place, (old, new) in enumerate(zip(a, b, strict=True))
        if old != new
    ]
    assert len({place for _, place, _, _ in changes}) == 1
    return {one[row][by]: (old, new) for row, _, old, new in changes}


GRADEBOOK = (
    "Student,ID,SIS Login ID,Section,Lab Backprop (77),Backprop (78),LSTM (79),Backprop Current Score\r\n"
    "    Points Possible,,,,5.00,{points},30.00,(read only)\r\n"
    '"Lovelace, Ada",12345,ada,A,1.00,,3.00,9\r\n'
    '"Gödel, Kurt",12347,kurt,"A, ""B""",2.00,7.00,,9\r\n'
    '"Noether, Emmy",12350,emmy,A,,,,9\r\n'
    '"Kowalewskaja, Sofia",12351,sofia,A,,,,9\r\n'
    '"Hopper, Grace",12360,grace,A,,3.00,,9\r\n'
)
COLUMN = ("--column", "Backprop", "--unmarked", "--partial")


def test_pages_and_scores_go_back_to_canvas(collected: Path) -> None:
    """The newest attachment gets the page, each member of a group the score; only one column changes."""
    scores = table(collected / "scores.csv", GRADEBOOK.format(points="24.00"))
    done = give_back(collected, "--scores", str(scores), *COLUMN)
    folder = collected / "grading" / "return" / "backprop"
    pages = canvas_reads(folder / "feedback-canvas.zip")
    students = {"12345": "lovelaceada_12345", "12347": "gödelkurt_12347", "12350": "team_5", "anon_Ab3xY": "anon_Ab3xY"}
    assert pages.keys() == students.keys() and all(students[each] in page for each, page in pages.items())
    assert differences(scores, folder / "scores-filled.csv") == {
        "12345": ("", "20.00"),
        "12347": ("7.00", "0.00"),
        "12350": ("", "20.00"),
        "12351": ("", "20.00"),
    }
    assert done.exit_code == 1 and "anon_Ab3xY: not in scores.csv" in done.output


def worksheet(delimiter: str = ",", point: str = ".") -> str:
    """Moodle's grading worksheet, with a text of several lines and a row for somebody who did not hand in."""
    names = "Identifier,Full name,Status,Group,Grade,Maximum grade,Grade can be changed,Online text"
    rows = [
        ["Participant 501", "Zoë Müller", "Submitted", "", "", "24.00", "Yes", 'two\nlines, "quoted"'],
        ["Participant 502", "Ada Byron", "Submitted", "", "5.00", "24.00", "Yes", ""],
        ["Participant 503", "Ada Byron", "Submitted", "", "", "24.00", "Yes", ""],
        ["Participant 504", "Emmy Noether", "Submitted", "", "", "24.00", "Yes", ""],
        ["Participant 505", "Kim", "Submitted", "Team B", "", "24.00", "Yes", ""],
        ["Participant 506", "Lee", "Submitted", "Team B", "", "24.00", "Yes", ""],
        ["Participant 507", "Eve", "No submission", "", "3.00", "24.00", "Yes", ""],
    ]
    rows = [[each.replace(".", point) for each in row] for row in rows]
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter, lineterminator="\n").writerows([names.split(","), *rows])
    return text.getvalue()


@pytest.mark.parametrize(
    ("delimiter", "point", "encoding"),
    [(",", ".", "utf-8-sig"), (";", ",", "utf-8"), (",", ",", "cp1252"), ("\t", ",", "utf-16")],
)
def test_pages_and_scores_go_back_to_moodle(collected: Path, delimiter: str, point: str, encoding: str) -> None:
    """By the participant's number, also of namesakes and hidden names; the table stays stored as it was."""
    scores = table(collected / "scores.csv", worksheet(delimiter, point), encoding)
    done = give_back(collected, "--scores", str(scores), "--unmarked", "--partial")
    folder = collected / "grading" / "return" / "backprop"
    pages = moodle_reads(folder / "feedback-moodle.zip")
    students = {501: "Zoë Müller", 502: "Ada Byron 502", 503: "Ada Byron 503", 504: "Participant 504"}
    students[501007] = "Team B"
    assert pages.keys() == students.keys()
    assert all(name == "backprop.html" and students[each] in page for each, (name, page) in pages.items())
    right, wrong = f"20{point}00", f"0{point}00"
    changed = differences(scores, folder / "scores-filled.csv", 0, delimiter=delimiter, encoding=encoding)
    assert {name[-3:]: new for name, (_, new) in changed.items()} == {
        **dict.fromkeys(("501", "503", "505", "506"), right),
        **dict.fromkeys(("502", "504"), wrong),
    }
    assert "lovelaceada_12345: not in scores.csv" in done.output


def test_a_worksheet_in_another_language_is_filled_in_by_its_numbers(collected: Path) -> None:
    """The grades stand before the column that says the maximum in every row."""
    german = worksheet(";", ",")
    words = {"Identifier": "ID", "Participant": "Teilnehmer/in", "Full name": "Vollständiger Name", "Group": "Gruppe"}
    for word, translated in {**words, "Maximum grade": "Bestwertung"}.items():
        german = german.replace(word, translated)
    scores = table(collected / "noten.csv", german.replace("Grade;", "Bewertung;"))
    give_back(collected, "--scores", str(scores), "--unmarked", "--partial")
    filled = cells(collected / "grading" / "return" / "backprop" / "noten-filled.csv", ";")
    assert [row[4] for row in filled][:4] == ["Bewertung", "20,00", "0,00", "20,00"]


def test_nothing_is_returned_while_answers_are_to_be_marked(collected: Path) -> None:
    """Each student has a line; --partial returns the others, and marks by hand are part of the score."""
    done = give_back(collected)
    assert done.exit_code == 1 and "lovelaceada_12345: answers still to be marked: 1." in done.output
    assert not (collected / "grading" / "return").exists() and not (collected / "grading" / "feedback").exists()
    config = course_config(collected).CourseDirectory
    with Gradebook(config.db_url, config.course_id) as gradebook:
        for grade in gradebook.find_submission("backprop", "lovelaceada_12345").notebooks[0].grades:
            if grade.needs_manual_grade:
                grade.manual_score, grade.needs_manual_grade = 3, False
        gradebook.db.commit()
    scores = table(collected / "scores.csv", GRADEBOOK.format(points="24.00"))
    give_back(collected, "--scores", str(scores), "--column", "78", "--partial")
    changed = differences(scores, collected / "grading" / "return" / "backprop" / "scores-filled.csv")
    assert changed["12345"] == ("", "23.00") and "12350" not in changed


def test_what_was_handed_in_again_is_graded_before_it_is_returned(collected: Path) -> None:
    """Its score and page are those of the earlier file."""
    collect(collected, [(canvas("Gödel, Kurt", 12347, 6789099, "backprop.ipynb"), SOLVED)])
    done = give_back(collected, "--unmarked")
    assert done.exit_code == 1 and "gödelkurt_12347: handed in again since it was graded" in done.output


def test_a_student_whose_file_could_not_be_graded_is_named(collected: Path) -> None:
    """Nobody is left out without a word."""
    pdf = (canvas("Weber, Lena", 12360, 6789200, "backprop.pdf"), b"%PDF-1.7")
    collect(collected, [pdf, (canvas("Noether, Emmy", 12361, 6789201, "backprop.ipynb"), SOLVED)])
    done = give_back(collected, "--unmarked", "--dry-run")
    assert done.exit_code == 1 and "noetheremmy_12361: not graded, so" in done.output
    assert "weberlena_12360: not graded, so there is no page and no score." in done.output


BAD = {
    "names nobody who was graded": 'Student,ID,Section,Backprop (9)\n"Curie, Marie",5,A,\n',
    "names no students": "a,b\n1,2\n",
    "not a table": "PK\x03\x04\x00",
    "has no column for the scores": 'Student,ID,Section,LSTM (9)\n"Lovelace, Ada",12345,A,\n',
    "has more than one column": 'Student,ID,Section,Backprop 1 (9),Backprop 2 (10)\n"Lovelace, Ada",12345,A,,\n',
    "gives 100 points": 'Student,ID,Section,Backprop (9)\n    Points Possible,,,100\n"Lovelace, Ada",12345,A,\n',
}


@pytest.mark.parametrize("line", BAD)
def test_another_table_is_refused_in_one_line_and_nothing_is_written(collected: Path, line: str) -> None:
    """Of another course, of another assignment, or not a table."""
    scores = table(collected / "scores.csv", BAD[line])
    done = give_back(collected, "--scores", str(scores), "--unmarked")
    assert done.exit_code == 1 and line in done.output and "scores.csv" in done.output
    assert len(done.output.splitlines()) == 1 and not (collected / "grading" / "return").exists()


def test_students_who_are_not_in_the_table_stop_it_and_scores_can_be_scaled(collected: Path) -> None:
    """A student who is excused keeps that; a dry run writes nothing."""
    text = GRADEBOOK.format(points="100.00").replace("7.00,,9", "EX,,9")
    scores = table(collected / "scores.csv", text)
    options = ("--scores", str(scores), "--column", "Backprop (78)", "--unmarked", "--scale")
    done = give_back(collected, *options)
    assert done.exit_code == 1 and "Zoë Müller: not in scores.csv" in done.output
    dry = give_back(collected, *options, "--partial", "--dry-run")
    assert "lovelaceada_12345: no score becomes 83.33" in dry.output and "'EX' on the platform" in dry.output
    assert not (collected / "grading" / "return").exists()


def test_students_who_were_not_collected_are_found_by_login_or_name_unless_two_have_it(collected: Path) -> None:
    """There are no pages then, since the platform's own names are not known."""
    (collected / "grading" / "collected.json").unlink()
    head = "Student,ID,SIS Login ID,Section,Backprop (9)\n"
    rows = ["Emmy,1,team_5,A,", '"Müller, Zoë",2,,A,', '"Byron 502, Ada",3,,A,', '"Byron 502, Ada",4,,A,']
    scores = table(collected / "scores.csv", head + "\n".join([*rows, '"502, Ada Byron",5,,A,\n']))
    done = give_back(collected, "--scores", str(scores), "--unmarked", "--partial")
    folder = collected / "grading" / "return" / "backprop"
    assert [path.name for path in folder.iterdir()] == ["scores-filled.csv"]
    assert differences(scores, folder / "scores-filled.csv").keys() == {"1", "2"}
    assert "Ada Byron 502: more than one row of scores.csv may be meant" in done.output


def test_a_worksheet_of_another_assignment_whose_numbers_are_other_peoples_is_refused(collected: Path) -> None:
    """Moodle counts participants in each assignment; the same number with another name is somebody else."""
    head = "Identifier,Full name,Grade,Maximum grade"
    text = f"{head}\nParticipant 501,Grace Hopper,,24.00\nParticipant 7,Zoë Müller,,24.00\n"
    done = give_back(collected, "--scores", str(table(collected / "scores.csv", text)), "--unmarked")
    assert done.exit_code == 1 and "names nobody who was graded" in done.output
