"""What was handed in, under whichever name and in whichever folder, and when."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

import nbformat
import pytest

from autograder.config import course_config
from autograder.grading.inputs import find, take_in, time_of
from autograder.models import CourseError, HandedIn, Submission
from autograder.source import master_cells, read_source
from tests.conftest import REPOSITORY, copy_course


def read_time(content: bytes) -> datetime | None:
    """The time in a `timestamp.txt` of this content."""
    path = Path("submitted", "ada", "backprop", "backprop.ipynb")
    submission = Submission("ada", "backprop", path, path.parent.parent)
    return time_of(submission, HandedIn("ada", b"", {"timestamp.txt": content}))


@pytest.mark.parametrize(
    "content",
    [
        b"2026-01-02 10:00:00 UTC",
        "2026-01-02 10:00:00 UTC".encode("utf-8-sig"),
        "2026-01-02 10:00:00 UTC\r\n".encode("utf-16"),
        b"\xfe\xff" + "2026-01-02 10:00:00".encode("utf-16-be"),
        b"\n2026-01-02 10:00:00\n\n",
        b"2026-01-02 12:00:00 +0200",
        b"2026-01-02 05:00:00.000000 America/New_York",
        b"2026-01-02T10:00:00Z",
        b"2026-01-02T15:30:00+05:30",
        b"Fri, 02 Jan 2026 11:00:00 +0100",
        b"2026-01-02 05:00:00 AM EST",
    ],
)
def test_a_time_with_a_bom_in_utf_16_or_with_a_zone_is_read(content: bytes) -> None:
    """All of these are ten o'clock in UTC."""
    assert read_time(content) == datetime(2026, 1, 2, 10)


def test_a_submission_without_a_timestamp_has_no_time() -> None:
    """Nor has one whose file is empty."""
    assert read_time(b"") is None and read_time(b"\xef\xbb\xbf\n") is None


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"2026-01-02 10:00:00\n2026-01-03 10:00:00", "has 2 lines"),
        (b"2026-01-02 10:00:00 CEST", "'CEST' is not known"),
        (b"2026-01-02 10:00:00 Mars/Olympus", "'Mars/Olympus' is not known"),
        (b"2026-01-02 10:00:00 UTC+3", "'UTC+3' can be read in two ways"),
        (b"10:30", "'10:30' does not name a day"),
        (b"yesterday", "'yesterday' is not a time"),
        (b"0001-01-01 00:00 +1400", "is not a time"),
        (b"\x00\xff\x1b[31m", "is not a time"),
    ],
)
def test_what_is_not_one_certain_time_is_refused_in_one_line(content: bytes, reason: str) -> None:
    """The line names the file, says what is wrong with it, and how to write it."""
    with pytest.raises(CourseError) as refusal:
        read_time(content)
    line = str(refusal.value)
    assert reason in line and "timestamp.txt" in line and "2026-12-31 23:59:00 +0100" in line
    assert len(line.splitlines()) == 1 and line.isprintable()


SOLVED, UNTOUCHED, OTHER = (
    (REPOSITORY / folder / name / f"{name}.ipynb").read_bytes()
    for folder, name in (("solutions", "backprop"), ("release", "backprop"), ("solutions", "lstm"))
)
EMPTY = nbformat.writes(nbformat.v4.new_notebook()).encode()
PLACE = "backprop/backprop.ipynb"


@pytest.fixture(scope="module")
def two_assignments(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course without submissions."""
    return copy_course(tmp_path_factory.mktemp("inputs") / "course", "backprop", "lstm")


class Handed:
    """A class in which students handed in these files, by their paths below the folder of all submissions."""

    def __init__(self, course: Path, root: Path, files: Mapping[str, bytes]) -> None:
        self.config = course_config(course)
        self.config.CourseDirectory.submitted_directory = str(root)
        source = course / "source" / PLACE
        self.master = master_cells(self.config, read_source(self.config, source).notebook)
        for name, content in {"grace/" + PLACE: SOLVED, **files}.items():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_bytes(content)

    def by_student(self) -> dict[str, HandedIn | str]:
        """What is taken in of each student but grace, or why nothing is."""
        found: dict[str, HandedIn | str] = {}
        for submission in find(self.config, "backprop", {"backprop": self.master}):
            try:
                found[submission.student] = take_in(submission)
            except CourseError as error:
                found[submission.student] = str(error)
        assert isinstance(found.pop("grace"), HandedIn)
        return found


@pytest.mark.parametrize(
    "name",
    [
        "backprop/backprop (1).ipynb",
        "backprop/backprop-Copy1.ipynb",
        "backprop/Ada Lovelace_123_assignsubmission_file_backprop.ipynb",
        "backprop/homework/backprop.ipynb",
        "ada/backprop/backprop.ipynb",
        "backprop/BACKPROP.IPYNB",
        "Backprop/backprop.ipynb",
        "back prop/Untitled.ipynb",
        "backprop.ipynb",
        "final version.ipynb",
        "lstm/backprop.ipynb",
        "backprop/backprop.ipynb.txt",
        "backprop/backprop.json",
    ],
)
def test_one_notebook_with_the_cells_of_the_assignment_is_taken_and_reported(
    two_assignments: Path, tmp_path: Path, name: str
) -> None:
    """As browsers, learning platforms and students name it; the files beside it are taken as well."""
    beside = str(Path("ada", name).parent / "numbers.csv")
    found = Handed(two_assignments, tmp_path, {f"ada/{name}": SOLVED, beside: b"1"}).by_student()["ada"]
    assert isinstance(found, HandedIn)
    assert found.notebook == SOLVED and found.files["numbers.csv"] == b"1"
    assert found.notes == (f"{name} was graded, because {PLACE} is missing",)


def test_a_loose_notebook_takes_no_files_of_other_assignments(two_assignments: Path, tmp_path: Path) -> None:
    """Folders of data beside it are its own."""
    files = {"ada/backprop.ipynb": SOLVED, "ada/data/a.csv": b"1", "ada/lstm/lstm.ipynb": OTHER, "ada/lstm/b.csv": b"2"}
    found = Handed(two_assignments, tmp_path, files).by_student()["ada"]
    assert isinstance(found, HandedIn) and set(found.files) == {"data/a.csv"}


def test_of_two_candidates_both_are_reported_and_neither_is_guessed(two_assignments: Path, tmp_path: Path) -> None:
    """Unless they are the same, byte for byte."""
    names = ("backprop/backprop (1).ipynb", "backprop/backprop (2).ipynb")
    files = {f"ada/{names[0]}": SOLVED, f"ada/{names[1]}": UNTOUCHED, **{f"bob/{name}": SOLVED for name in names}}
    found = Handed(two_assignments, tmp_path, files).by_student()
    assert f"each of these files could be the submission: {', '.join(names)}. Give this name" in str(found["ada"])
    assert isinstance(found["bob"], HandedIn)


@pytest.mark.parametrize("name", ["backprop/backprop-Copy1.ipynb", "backprop (1)/backprop.ipynb", "backprop.ipynb"])
def test_a_second_notebook_beside_the_right_one_is_reported(two_assignments: Path, tmp_path: Path, name: str) -> None:
    """The work may be in that one."""
    found = Handed(two_assignments, tmp_path, {f"ada/{PLACE}": UNTOUCHED, f"ada/{name}": SOLVED}).by_student()["ada"]
    assert isinstance(found, HandedIn) and found.notebook == UNTOUCHED
    (note,) = found.notes
    assert (
        note.startswith("these were also handed in, but are not graded: ")
        and note.split(": ")[1] in f"{name}{Path(name).name}"
    )


@pytest.mark.parametrize(
    ("name", "content", "line"),
    [
        ("ada/backprop/backprop.zip", b"PK", r"found backprop/backprop.zip\)\. Unpack the archive"),
        ("ada/homework.7z", b"7z", r"found homework.7z\)\. Unpack the archive"),
        ("ada/backprop/backprop.py", b"x = 1", r"found backprop/backprop.py"),
        ("ada/notes.docx", b"PK", r"found notes.docx"),
        ("ada/Untitled.ipynb", EMPTY, r"found Untitled.ipynb"),
        ("ada/backprop/backprop (1).ipynb", b"", r"found backprop/backprop \(1\).ipynb"),
        ("ada/backprop/lstm.ipynb", OTHER, r"found backprop/lstm.ipynb"),
        ("ada/backprop/readme.txt", b"later", r"missing"),
        ("backprop/ada.ipynb", SOLVED, r"has the name of an assignment"),
        ("lovelaceada_12345_67890_backprop.ipynb", SOLVED, r"not in a student's folder"),
        ("lovelaceada_12345_67890_backprop.pdf", b"", r"not in a student's folder"),
        ("Untitled1.IPYNB", SOLVED, r"not in a student's folder"),
        ("ada.zip", b"PK", r"not in a student's folder"),
    ],
)
def test_a_student_whose_work_is_not_found_does_not_vanish(
    two_assignments: Path, tmp_path: Path, name: str, content: bytes, line: str
) -> None:
    """One line says what is there and what to do."""
    (problem,) = Handed(two_assignments, tmp_path, {name: content}).by_student().values()
    assert isinstance(problem, str)
    with pytest.raises(AssertionError, match=line):
        raise AssertionError(problem)
    assert "\n" not in problem and problem.endswith((".", "/"))


@pytest.mark.parametrize(
    "name",
    [
        "ada/lstm/lstm.ipynb",
        "ada/lstm.ipynb",
        "ada/lstm (1)/homework.ipynb",
        "ada/__MACOSX/backprop/._backprop.ipynb",
        "ada/.ipynb_checkpoints/backprop-checkpoint.ipynb",
        "ada/.git/backprop.ipynb",
        "__MACOSX/backprop/backprop.ipynb",
        "node_modules/backprop/backprop.ipynb",
        ".ipynb_checkpoints/backprop/backprop.ipynb",
        "lovelaceada_12345_67890_lstm.ipynb",
        "lstm/ada.ipynb",
        "class.csv",
    ],
)
def test_work_for_another_assignment_and_what_programs_leave_are_not_reported(
    two_assignments: Path, tmp_path: Path, name: str
) -> None:
    """Who has handed in nothing has not failed to hand in."""
    assert Handed(two_assignments, tmp_path, {name: OTHER}).by_student() == {}


def test_a_large_notebook_takes_no_room_and_is_refused_above_64_megabytes(
    two_assignments: Path, tmp_path: Path
) -> None:
    """It is never graded and called left out at the same time."""
    large = json.loads(SOLVED)
    large["metadata"]["padding"] = "x" * 63_000_000
    files = {f"ada/{PLACE}": json.dumps(large).encode(), f"ada/{PLACE}".replace(".ipynb", ".csv"): b"1" * 2_000_000}
    large["metadata"]["padding"] = "x" * 68_000_000
    files[f"bob/{PLACE}"] = json.dumps(large).encode()
    found = Handed(two_assignments, tmp_path, files).by_student()
    ada = found["ada"]
    assert isinstance(ada, HandedIn) and ada.notes == () and set(ada.files) == {"backprop.csv"}
    assert "MB, and the limit is 64 MB" in str(found["bob"])


def test_the_time_beside_the_place_of_the_notebook_counts_wherever_that_was_found(
    two_assignments: Path, tmp_path: Path
) -> None:
    """`timestamp.txt` lies in the assignment's folder."""
    files = {"ada/backprop/mine/backprop.ipynb": SOLVED, "ada/backprop/timestamp.txt": b"2026-01-02 10:00:00 UTC"}
    handed = Handed(two_assignments, tmp_path, files)
    found = handed.by_student()["ada"]
    assert isinstance(found, HandedIn) and found.files["timestamp.txt"] == b"2026-01-02 10:00:00 UTC"
