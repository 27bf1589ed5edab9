"""Whatever lies in one student's folder, everybody else is entered, and that student has marks or one clear line.

Culprits of one kind are in one class; a test asks what became of one of them.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.hostile.classroom import ASSIGNMENT, FULL_MARKS, OTHERS, Classroom, Run, Spoil, classroom, renamed
from tests.nbgrader_command import nbgrader

NOTEBOOK = f"{ASSIGNMENT}.ipynb"


def file(name: str | bytes, content: bytes = b"x") -> Spoil:
    """A file beside the notebook."""

    def spoil(folder: Path) -> None:
        with open(os.path.join(os.fsencode(folder), os.fsencode(name)), "wb") as out:  # noqa: PTH118, PTH123 - bytes
            out.write(content)

    return spoil


def deep_folders(folder: Path) -> None:
    """A path of nearly 4,095 bytes, which no longer fits below the folder of graded notebooks."""
    inner = os.open(folder, os.O_RDONLY)
    left = 4090 - len(os.fsencode(folder.resolve()))
    while left > 260:
        os.mkdir("d" * 250, dir_fd=inner)
        inner, left = os.open("d" * 250, os.O_RDONLY, dir_fd=inner), left - 251
    os.close(os.open("f" * (left - 1), os.O_CREAT | os.O_WRONLY, dir_fd=inner))


def sparse(folder: Path) -> None:
    """A notebook of 4 GB that takes no room on the disk."""
    os.truncate(folder / NOTEBOOK, 4 << 30)


def many_files(folder: Path) -> None:
    """More than anybody looks at."""
    for number in range(21_000):
        (folder / f"{number}").touch()


def changed(change: Callable[[dict[str, Any]], object]) -> Spoil:
    """A change to the JSON of the notebook."""

    def spoil(folder: Path) -> None:
        content = json.loads((folder / NOTEBOOK).read_text(encoding="utf-8"))
        change(content)
        (folder / NOTEBOOK).write_text(json.dumps(content), encoding="utf-8")

    return spoil


def add_cells(count: int, **fields: object) -> Spoil:
    """So many cells more."""
    one = {"cell_type": "raw", "metadata": {}, "source": "", **fields}
    return changed(lambda made: made["cells"].extend([one] * count))


HARMLESS: dict[str, Spoil] = {
    "a file name that is not UTF-8": file(b"M\xfcller.txt"),
    "a file name of 250 letters": file("n" * 250),
    "a file name with escape sequences": file("\x1b]0;owned\x07\x1b[2J\u202e"),
    "a path of 4,095 bytes": deep_folders,
    "20,000 files and more": many_files,
    "1,500 equal cell ids": add_cells(1500, id="same"),
    "a cell type with escape sequences": changed(lambda made: made["cells"][-1].update(cell_type="\x1b[2J")),
    "18 MB of outputs": changed(
        lambda made: [
            cell.update(outputs=[{"output_type": "stream", "name": "stdout", "text": ["x"] * 4}] * 20_000)
            for cell in made["cells"]
            if cell["cell_type"] == "code"
        ]
    ),
}
"""What costs no mark."""

_TOO_LARGE = "too large to grade"
REFUSED: dict[str, tuple[Spoil, str]] = {
    "a notebook of 4 GB": (sparse, "has 4096 MB, and the limit is 64 MB"),
    "a time that breaks the parser": (
        file("timestamp.txt", b"1e1000000000"),
        "timestamp.txt: '1e1000000000' is not a time",
    ),
    "a time of 800 kB": (file("timestamp.txt", b"1." * 400_000), r"timestamp.txt: '1\.[^\n]*' is not a time"),
    "a time with escape sequences": (file("timestamp.txt", b"\x1b[2Jnow\n\n"), r"timestamp.txt: '\\x1b\[2Jnow'"),
    "16 MB of metadata": (changed(lambda made: made["metadata"].update(x=[[]] * 4_000_000)), _TOO_LARGE),
    "20 MB of text": (add_cells(1, source="x" * 20_000_000), _TOO_LARGE),
    "40,000 cells": (add_cells(40_000), "has more than 10000 cells"),
    "100,000 nested lists": (
        lambda folder: (folder / NOTEBOOK).write_text('{"cells": ' + "[" * 100_000),
        "not (a notebook|valid JSON)",
    ),
}
"""What cannot be graded, and what its line says."""

RENAMED: dict[str, tuple[str | bytes, str, str]] = {
    "a folder name that is not UTF-8": (b"m\xfcller", r"m\udcfcller", "characters that cannot be shown"),
    "a folder name with escape sequences": ("m\x1b[2J\u202e", r"m\x1b[2J\u202e", "characters that cannot be shown"),
    "a folder name of both": (b"m\xfc\x1b[2J", r"m\udcfc\x1b[2J", "characters that cannot be shown"),
    "a folder name that is HTML": ("m<img src=x>", "m<img src=x>", "has one of the characters"),
    "a folder name longer than the gradebook keeps": ("m" * 200, "m" * 200, "more than 128 characters"),
}
"""What folders are called that cannot be graded, how that is shown, and what the line says."""


@dataclass(frozen=True)
class Graded:
    """A class that was graded twice, and what both commands printed."""

    room: Classroom
    first: Run
    again: Run

    def require_readable(self) -> None:
        """Nobody else is harmed, and each line can be seen."""
        self.room.require_others()
        for done in (self.first, self.again):
            assert "Traceback" not in done.text
            assert all(character.isprintable() or character == "\n" for character in done.text)

    def lines(self, student: str) -> list[str]:
        """What the first command said of a student, but for the score; not too much."""
        found = [line for line in self.first.text.splitlines() if line.startswith(f"{student}, {ASSIGNMENT}: ")]
        assert len("\n".join(found)) < 2000
        return found


def graded(root: Path, culprits: dict[str, Spoil]) -> Graded:
    """A class with these culprits."""
    room = classroom(root, culprits)
    return Graded(room, room.grade(), room.grade())


@pytest.fixture(scope="module")
def harmless(tmp_path_factory: pytest.TempPathFactory) -> Graded:
    """A class with everything in it that costs no mark."""
    return graded(tmp_path_factory.mktemp("harmless") / "course", HARMLESS)


@pytest.fixture(scope="module")
def refused(tmp_path_factory: pytest.TempPathFactory) -> Graded:
    """A class with everything in it that is refused."""
    culprits = {name: spoil for name, (spoil, _) in REFUSED.items()}
    culprits |= {name: renamed(other) for name, (other, _, _) in RENAMED.items()}
    return graded(tmp_path_factory.mktemp("refused") / "course", culprits)


@pytest.mark.xdist_group("harmless")
@pytest.mark.parametrize("student", HARMLESS)
def test_what_lies_beside_a_notebook_or_is_passed_over_costs_no_mark(harmless: Graded, student: str) -> None:
    """The same again at a rerun."""
    harmless.require_readable()
    assert (harmless.first.status, harmless.again.status) == (0, 0)
    assert harmless.room.points(student) == FULL_MARKS
    harmless.lines(student)


@pytest.mark.xdist_group("refused")
@pytest.mark.parametrize(
    ("student", "line"),
    [
        *((name, line) for name, (_, line) in REFUSED.items()),
        *((name, line) for _, name, line in RENAMED.values()),
    ],
    ids=[*REFUSED, *RENAMED],
)
def test_what_cannot_be_graded_is_refused_in_one_line(refused: Graded, student: str, line: str) -> None:
    """The exit status says so."""
    refused.require_readable()
    assert (refused.first.status, refused.again.status) == (1, 1)
    (found,) = refused.lines(student)
    assert re.search(line, found)


@pytest.mark.xdist_group("refused")
def test_feedback_and_report_are_written_for_all_others(refused: Graded) -> None:
    """Whatever the folders are called that were not graded."""
    assert f"{len(OTHERS)} pages written" in refused.room.run("feedback", ASSIGNMENT).text
    assert refused.room.run("report", ASSIGNMENT).status == 0


def test_a_file_may_become_a_folder_at_the_next_hand_in(tmp_path: Path) -> None:
    """And the other way round."""
    steps = {"a file first": ("data", "data/x"), "a folder first": ("data/x", "data")}
    room = classroom(
        tmp_path / "course",
        {student: lambda folder, name=before: _put(folder, name) for student, (before, _) in steps.items()},  # type: ignore[misc]
    )
    assert room.grade().status == 0
    for student, (before, after) in steps.items():
        old = room.folder(student) / before.split("/")[0]
        if old.is_dir():
            (room.folder(student) / before).unlink()
            old.rmdir()
        else:
            old.unlink()
        _put(room.folder(student), after)
    assert room.grade().status == 0
    room.require_others()
    for student, (_, after) in steps.items():
        assert room.points(student) == FULL_MARKS
        assert (room.graded(student).parent / after).read_text() == "x"


def _put(folder: Path, name: str) -> None:
    (folder / name).parent.mkdir(exist_ok=True)
    (folder / name).write_text("x")


def test_a_file_in_the_place_of_one_of_the_assignments_is_left_out(tmp_path: Path) -> None:
    """Whether it would have to be a folder or has to become one."""
    culprits: dict[str, Spoil] = {
        "a folder": lambda folder: _put(folder, "numbers.csv/x"),
        "a file": lambda folder: _put(folder, "data"),
    }
    room = classroom(tmp_path / "course", culprits)
    for given in ("numbers.csv", "data/given.csv"):
        path = room.root / "source" / ASSIGNMENT / given
        path.parent.mkdir(exist_ok=True)
        path.write_text("given")
    assert room.grade().status == 0
    room.require_others()
    for student in culprits:
        assert room.points(student) == FULL_MARKS
        beside = room.graded(student).parent
        assert (beside / "numbers.csv").read_text() == (beside / "data" / "given.csv").read_text()


FORMULA = "=1+cmd|' C'!A0"
"""What a student is called whose name a spreadsheet would run."""


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Classroom:
    """A class with such a student, and all that commands write about it, into a gradebook that was there before."""
    room = classroom(tmp_path_factory.mktemp("exported") / "course", {FORMULA: lambda _: None})
    (room.root / "grading" / "gradebook.db").touch(mode=0o644)
    assert room.grade().status == room.run("feedback", ASSIGNMENT).status == room.run("report", ASSIGNMENT).status == 0
    return room


@pytest.mark.xdist_group("exported")
def test_a_spreadsheet_takes_no_name_for_a_formula(exported: Classroom, tmp_path: Path) -> None:
    """In what `nbgrader export` writes."""
    assert nbgrader(exported.root, "export", f"--to={tmp_path / 'grades.csv'}").returncode == 0
    rows = (tmp_path / "grades.csv").read_text().splitlines()
    assert len(rows) == 1 + len(OTHERS) + 1
    assert not [cell for row in rows for cell in row.split(",") if cell.startswith(("=", "+", "@"))]
    assert "A0" in "".join(rows)


@pytest.mark.xdist_group("exported")
def test_what_grading_writes_is_for_its_owner_only(exported: Classroom) -> None:
    """Hidden tests, marks and pages; also a gradebook that was there before, and what plain nbgrader writes."""
    _require_private(exported.root / "grading")
    assert nbgrader(exported.root, "autograde", ASSIGNMENT, "--student", OTHERS[0], "--force").returncode == 0
    _require_private(exported.root / "grading")


def _require_private(grading: Path) -> None:
    written = [path for path in grading.rglob("*") if path.is_file() and "submitted" not in path.parts]
    assert len(written) > 12
    assert [path for path in written if path.stat().st_mode & 0o077] == []
