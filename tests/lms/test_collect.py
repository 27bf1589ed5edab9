"""Downloads of learning platforms, and what lies in the folder of submissions afterwards."""

from __future__ import annotations

import json
import unicodedata
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from nbgrader.api import Gradebook

from autograder.cli import main
from autograder.config import course_config
from autograder.gradebook.database import engine
from autograder.gradebook.read import called_late
from tests.conftest import copy_course
from tests.lms.downloads import OTHER, SOLVED, UNTOUCHED, Files, canvas, moodle, zipped

PLACE = "backprop/backprop.ipynb"


class Course:
    """A course into which downloads are collected by the command, and what lies in it."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.submitted = root / "grading" / "submitted"

    def collect(self, files: Files | Path, *options: str) -> Result:
        """Collect a zip of these files as backprop."""
        source = files if isinstance(files, Path) else zipped(self.root / "download.zip", files)
        return CliRunner().invoke(main, ["--root", str(self.root), "collect", str(source), "backprop", *options])

    def files(self) -> dict[str, bytes]:
        """All files of all submissions, by their paths."""
        found = (path for path in sorted(self.submitted.rglob("*")) if path.is_file())
        return {path.relative_to(self.submitted).as_posix(): path.read_bytes() for path in found}

    def remembered(self) -> dict[str, dict[str, Any]]:
        """What is remembered of each submission."""
        found = json.loads((self.root / "grading" / "collected.json").read_bytes())
        return dict(found["submissions"]["backprop"])

    def state(self) -> dict[str, bytes]:
        """Every file of the class."""
        found = (path for path in sorted((self.root / "grading").rglob("*")) if path.is_file())
        return {str(path): path.read_bytes() for path in found}


@pytest.fixture(scope="module")
def two_assignments(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course without submissions."""
    return copy_course(tmp_path_factory.mktemp("collect") / "course", "backprop", "lstm")


@pytest.fixture
def empty(two_assignments: Path, tmp_path: Path) -> Course:
    """A course of two assignments in which nothing was handed in."""
    root = tmp_path / "course"
    root.mkdir()
    for each in two_assignments.iterdir():
        if each.name != "grading":
            (root / each.name).symlink_to(each)
    (root / "nbgrader_config.py").unlink()
    (root / "nbgrader_config.py").write_bytes((two_assignments / "nbgrader_config.py").read_bytes())
    (root / "grading").mkdir()
    return Course(root)


CANVAS = [
    (canvas("Lovelace, Ada", 12345, 6789012, "backprop.ipynb"), SOLVED),
    (canvas("Noether, Emmy", 12346, 6789013, "my work (1).ipynb", late=True), SOLVED),
    (canvas("Gödel, Kurt", 12347, 6789014, "backprop-2.ipynb"), SOLVED),
    (canvas("Gödel, Kurt", 12347, 6789010, "backprop-1.ipynb"), UNTOUCHED),
    (canvas("Gödel, Kurt", 12347, 6789015, "data_3_4.csv"), b"1,2\n"),
]


def test_a_download_of_canvas_is_found_out_and_put_where_grade_looks(empty: Course) -> None:
    """Ids, LATE and the newest of several files are remembered; a number in a file's name is not an id."""
    done = empty.collect(CANVAS)
    assert done.exit_code == 0 and "from Canvas" in done.output and "1 marked as late" in done.output
    assert empty.files() == {
        f"lovelaceada_12345/{PLACE}": SOLVED,
        f"noetheremmy_12346/{PLACE}": SOLVED,
        f"gödelkurt_12347/{PLACE}": SOLVED,
        "gödelkurt_12347/backprop/data_3_4.csv": b"1,2\n",
    }
    found = empty.remembered()
    assert found["noetheremmy_12346"]["is_late"] and found["gödelkurt_12347"]["attachment"] == "6789014"
    with engine(course_config(empty.root).CourseDirectory.db_url).connect() as connection:
        assert called_late(connection, "backprop") == {"noetheremmy_12346"}  # Canvas says no time


def test_anonymous_and_group_submissions_of_canvas_are_collected(empty: Course) -> None:
    """A group has a number in its name, and one file for all its members, whom the platform's list names."""
    groups = empty.root / "groups.csv"
    head = "name,canvas_user_id,user_id,login_id,sections,group_name"
    groups.write_text(f"{head}\nAda,12345,,ada1,A,Team_5\nEmmy,12346,,,A,Team_5\n")
    anonymous = (canvas("", "Ab3xY", 61, "backprop.ipynb", late=True), SOLVED)
    assert empty.collect([anonymous]).exit_code == 0
    assert empty.files() == {f"anon_Ab3xY/{PLACE}": SOLVED} and empty.remembered()["anon_Ab3xY"]["is_late"]
    done = empty.collect([("team_5_12345_6789012_backprop.ipynb", SOLVED)], "--roster", str(groups))
    assert done.exit_code == 0 and f"team_5/{PLACE}" in empty.files()
    assert empty.remembered()["team_5"]["members"] == ["12345", "12346"]


@pytest.mark.parametrize("ending", ["", "_"])
def test_a_download_of_moodle_is_collected_with_the_names_in_it(empty: Course, ending: str) -> None:
    """The same name in composed and decomposed letters is one student's in the next download, too."""
    name = unicodedata.normalize("NFD", "Zoë Müller")
    assert empty.collect([(moodle(name, 501, "backprop (1).ipynb", ending), SOLVED)]).exit_code == 0
    assert empty.files() == {f"Zoë Müller/{PLACE}": SOLVED}
    again = empty.collect([(moodle("Zoë Müller", 501, "backprop (1).ipynb", ending), SOLVED)])
    assert again.exit_code == 0 and "1 unchanged" in again.output
    config = course_config(empty.root).CourseDirectory
    with Gradebook(config.db_url, config.course_id) as gradebook:
        assert [(each.id, each.first_name, each.last_name) for each in gradebook.students] == [
            ("Zoë Müller", "Zoë", "Müller")
        ]


def test_in_the_next_assignment_the_same_name_is_the_same_student(empty: Course) -> None:
    """Moodle gives everybody a new number for it; Canvas does not."""
    lstm = [[(moodle("Zoë Müller", number, "x.ipynb"), content)] for number, content in ((501, SOLVED), (902, OTHER))]
    assert empty.collect(lstm[0]).exit_code == 0
    source = zipped(empty.root / "lstm.zip", lstm[1])
    assert CliRunner().invoke(main, ["--root", str(empty.root), "collect", str(source), "lstm"]).exit_code == 0
    assert set(empty.files()) == {f"Zoë Müller/{PLACE}", "Zoë Müller/lstm/lstm.ipynb"}


def test_namesakes_and_hidden_names_of_moodle_stay_apart(empty: Course) -> None:
    """Each has a folder of its own, named with the participant's number; nobody is guessed."""
    files = [(moodle("Ada Lovelace", number, "backprop.ipynb"), SOLVED) for number in (501, 502)]
    assert empty.collect(files).exit_code == 0
    assert set(empty.files()) == {f"Ada Lovelace 501/{PLACE}", f"Ada Lovelace 502/{PLACE}"}
    assert empty.collect([("Participant_77_assignsubmission_file_backprop.ipynb", SOLVED)]).exit_code == 0
    assert f"Participant 77/{PLACE}" in empty.files()


def test_nobody_takes_anothers_place_by_a_name(empty: Course) -> None:
    """Students choose their names on some platforms; a folder that is somebody's stays that."""
    roster = empty.root / "class.csv"
    roster.write_text("First name,Last name,Email address,Username\nAda,Lovelace,a@a.example,ada1\n")
    ada = (moodle("Ada Lovelace", 501, "backprop.ipynb"), SOLVED)
    assert empty.collect([ada], "--roster", str(roster)).exit_code == 0
    assert set(empty.files()) == {f"ada1/{PLACE}"}
    assert empty.collect([(moodle("ada1", 666, "backprop.ipynb"), UNTOUCHED)]).exit_code == 0
    assert empty.files() == {f"ada1/{PLACE}": SOLVED, f"ada1 666/{PLACE}": UNTOUCHED}


def test_who_hands_in_another_assignment_or_no_file_is_reported_and_the_others_are_collected(empty: Course) -> None:
    """One line each, and nothing is written of theirs."""
    start = "Back_attempt_2026-01-02-10-00-00"
    files = [
        (start.replace("_attempt", "_ada_attempt") + "_x.ipynb", SOLVED),
        (start.replace("_attempt", "_kurt_attempt") + "_x.ipynb", OTHER),
        (start.replace("_attempt", "_eve_attempt") + ".txt", b"Name: Eve\n"),
    ]
    done = empty.collect(files)
    assert done.exit_code == 1 and "kurt: not collected; handed in another assignment's notebook" in done.output
    assert "eve: not collected; handed in no file." in done.output
    assert {name for name in empty.files() if name.endswith(".ipynb")} == {f"ada/{PLACE}"}


def test_a_worksheet_names_students_their_groups_and_times(empty: Course) -> None:
    """Also those who have not handed in; their names are in nbgrader's gradebook."""
    roster = empty.root / "grades.csv"
    roster.write_text(
        "\ufeffIdentifier,Full name,Email address,Status,Group,Grade,Maximum grade,Last modified (submission)\n"
        'Participant 501,Ada Lovelace,ada@a.example,Submitted,,,24.00,"Friday, 2 January 2026, 10:00 AM"\n'
        "Participant 502,Ada Lovelace,ada@b.example,Submitted,,,24.00,-\n"
        "Participant 503,Emmy Noether,emmy@a.example,No submission,Team A,,24.00,-\n",
        encoding="utf-8",
    )
    files = [
        (moodle("Ada Lovelace", 501, "backprop.ipynb"), SOLVED),
        (moodle("Ada Lovelace", 502, "backprop.ipynb"), UNTOUCHED),
        (moodle("Team A", 9, "backprop.ipynb"), UNTOUCHED),
        (moodle("Eve", 999, "backprop.ipynb"), SOLVED),
    ]
    done = empty.collect(files, "--roster", str(roster))
    assert done.exit_code == 1 and "Eve (999): not collected; not in the table of the class." in done.output
    assert {name: content for name, content in empty.files().items() if name.endswith(".ipynb")} == {
        f"Ada Lovelace 501/{PLACE}": SOLVED,
        f"Ada Lovelace 502/{PLACE}": UNTOUCHED,
        f"Team A/{PLACE}": UNTOUCHED,
    }
    assert b"2026-01-02" in empty.files()["Ada Lovelace 501/backprop/timestamp.txt"]
    assert empty.remembered()["Team A"]["members"] == ["503"]
    config = course_config(empty.root).CourseDirectory
    with Gradebook(config.db_url, config.course_id) as gradebook:
        assert {each.id: each.email for each in gradebook.students} == {
            "Ada Lovelace 501": "ada@a.example",
            "Ada Lovelace 502": "ada@b.example",
            "Emmy Noether": "emmy@a.example",
        }


def test_the_last_attempt_of_blackboard_is_collected_with_its_time(empty: Course) -> None:
    """The receipt beside it says the zone."""
    start = "Backprop_ada1_attempt_2026-01-0"
    files = [
        (f"{start}2-10-00-00_backprop.ipynb", UNTOUCHED),
        (f"{start}3-10-00-00_backprop.ipynb", SOLVED),
        (
            f"{start}3-10-00-00.txt",
            b"Name: Ada (ada1)\nDate Submitted: Saturday, 3 January 2026 10:00:00 o'clock EST\n",
        ),
    ]
    assert empty.collect(files).exit_code == 0
    time = empty.files()["ada1/backprop/timestamp.txt"]
    assert empty.files()[f"ada1/{PLACE}"] == SOLVED and time == b"2026-01-03 15:00:00 UTC\n"


def test_a_plain_folder_is_collected(empty: Course, tmp_path: Path) -> None:
    """A folder for each student, with or without one for the assignment; links are not followed."""
    files = {f"ada/{PLACE}": SOLVED, "kurt/x.ipynb": SOLVED, "kurt/lstm/a.ipynb": OTHER}
    files["ada/backprop/timestamp.txt"] = files["kurt/timestamp.txt"] = b"2026-01-02 10:00:00 UTC"
    for name, content in files.items():
        path = tmp_path / "class" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    (tmp_path / "class" / "eve").symlink_to(tmp_path / "class" / "ada")
    done = empty.collect(tmp_path / "class")
    assert done.exit_code == 0 and "eve is left out: a link" in done.output
    assert empty.files() == {
        f"ada/{PLACE}": SOLVED,
        f"kurt/{PLACE}": SOLVED,
        "ada/backprop/timestamp.txt": files["ada/backprop/timestamp.txt"],
    }


def test_nothing_newer_or_changed_by_hand_is_overwritten(empty: Course) -> None:
    """Newer files replace older ones; --replace takes what a person decided to take."""
    ada, place = "lovelaceada_12345", f"lovelaceada_12345/{PLACE}"

    def download(attachment: int, content: bytes) -> Files:
        return [(canvas("Lovelace, Ada", 12345, attachment, "backprop.ipynb"), content)]

    assert empty.collect(download(999, UNTOUCHED)).exit_code == 0
    assert empty.collect(download(1000, SOLVED)).exit_code == 0 and empty.files()[place] == SOLVED
    older = empty.collect(download(999, UNTOUCHED))
    assert older.exit_code == 1 and "older than what lies there" in older.output and empty.files()[place] == SOLVED
    assert empty.remembered()[ada]["attachment"] == "1000"
    by_hand = empty.submitted / place
    by_hand.write_bytes(SOLVED + b"\n")
    kept = empty.collect(download(1001, UNTOUCHED))
    assert kept.exit_code == 1 and "changed by hand" in kept.output and by_hand.read_bytes() == SOLVED + b"\n"
    assert empty.collect(download(1001, UNTOUCHED), "--replace").exit_code == 0 and by_hand.read_bytes() == UNTOUCHED


def test_a_dry_run_says_what_would_be_done_and_writes_nothing(empty: Course) -> None:
    """Not even the gradebook is made."""
    done = empty.collect(CANVAS, "--dry-run")
    assert done.exit_code == 0 and "lovelaceada_12345: new" in done.output and "Nothing was written" in done.output
    assert not empty.state()


def test_a_student_cannot_say_when_a_notebook_was_handed_in(empty: Course) -> None:
    """A file `timestamp.txt` among a student's files would move the due date."""
    files = [
        (moodle("Ada", 1, "backprop.ipynb"), SOLVED),
        (moodle("Ada", 1, "timestamp.txt"), b"2020-01-01 00:00:00 UTC"),
        (moodle("Ada", 1, "nbgrader_config.py"), b"raise SystemExit"),
    ]
    assert empty.collect(files).exit_code == 0
    assert set(empty.files()) == {f"Ada/{PLACE}"}


def test_a_file_that_is_no_notebook_is_kept_for_a_person(empty: Course) -> None:
    """It does not take the place of a notebook that was there before."""
    good = (moodle("Ada", 1, "backprop.ipynb"), SOLVED)
    assert empty.collect([good, (moodle("Kurt", 2, "backprop.pdf"), b"%PDF")]).exit_code == 1
    assert set(empty.files()) == {f"Ada/{PLACE}", "Kurt/backprop/backprop.pdf"}
    later = empty.collect([(moodle("Ada", 1, "backprop.pdf"), b"%PDF"), (moodle("Eve", 3, "backprop.ipynb"), SOLVED)])
    assert later.exit_code == 1 and "the earlier submission is kept" in later.output
    assert empty.files()[f"Ada/{PLACE}"] == SOLVED


BAD: dict[str, Files | bytes | None] = {
    "holds no notebook of backprop": [(moodle(each, 1, f"{each}.ipynb"), OTHER) for each in ("backprop", "lstm")],
    "no file's name says who handed it in": [("photo.jpg", b"x"), ("backprop.ipynb", SOLVED)],
    "not a zip file, or a damaged one": b"PK\x03\x04 half of it",
    "missing. Check its name.": None,
}


@pytest.mark.parametrize("line", BAD)
def test_a_bad_download_is_refused_in_one_line_and_changes_nothing(empty: Course, line: str) -> None:
    """The line names the file."""
    assert empty.collect([(moodle("Ada", 1, "backprop.ipynb"), SOLVED)]).exit_code == 0
    before, path, content = empty.state(), empty.root / "bad.zip", BAD[line]
    if isinstance(content, bytes):
        path.write_bytes(content)
    elif content is not None:
        zipped(path, content)
    done = empty.collect(path)
    assert done.exit_code == 1 and line in done.output and "bad.zip" in done.output
    assert len(done.output.splitlines()) == 1 and empty.state() == before


def test_half_a_zip_and_a_class_that_nobody_is_in_change_nothing(empty: Course) -> None:
    """Also a zip with one damaged file."""
    whole = zipped(empty.root / "whole.zip", CANVAS).read_bytes()
    roster = empty.root / "class.csv"
    roster.write_text('Student,ID,SIS Login ID,Section\n"Hopper, Grace",99,grace,A\n')
    for content in (whole[: len(whole) // 2], whole[:5000] + b"\x00" * 200 + whole[5200:]):
        (empty.root / "bad.zip").write_bytes(content)
        done = empty.collect(empty.root / "bad.zip")
        assert done.exit_code == 1 and "damaged" in done.output and len(done.output.splitlines()) == 1
    done = empty.collect(CANVAS, "--roster", str(roster))
    assert done.exit_code == 1 and "names nobody who is in the table" in done.output and not empty.state()
