"""Whatever lies in one student's folder, everybody else is entered, and that student has marks or one clear line."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.hostile.classroom import ASSIGNMENT, CULPRIT, FULL_MARKS, Classroom, Spoil, classroom, renamed

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

_TIME = "timestamp.txt: '[^\n]*' is not a time"
_TOO_LARGE = "too large to grade"
REFUSED: dict[str, tuple[Spoil, str]] = {
    "a notebook of 4 GB": (sparse, "has 4096 MB, and the limit is 64 MB"),
    "a folder name that is not UTF-8": (renamed(b"m\xfcller"), r"m\\udcfcller, .*not text"),
    "a folder name with escape sequences": (renamed("m\x1b[2J\u202e"), r"m\\x1b\[2J\\u202e, .*not text"),
    "a folder name that is HTML": (renamed("m<img src=x>"), "has one of the characters"),
    "a folder name longer than the gradebook keeps": (renamed("m" * 200), "more than 128 characters"),
    "a time that breaks the parser": (file("timestamp.txt", b"1e1000000000"), _TIME),
    "a time of 800 kB": (file("timestamp.txt", b"1." * 400_000), _TIME),
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


def graded(tmp_path: Path, spoil: Spoil) -> tuple[Classroom, str, int]:
    """The class when it is graded, what the command printed and its exit status; each line of it can be seen."""
    room = classroom(tmp_path / "course", spoil)
    done = room.grade()
    assert "Traceback" not in done.text
    assert all(character.isprintable() or character == "\n" for character in done.text)
    assert len(done.text) < 5000
    room.require_others()
    return room, done.text, done.status


@pytest.mark.parametrize("spoil", HARMLESS.values(), ids=HARMLESS)
def test_what_lies_beside_a_notebook_or_is_passed_over_costs_no_mark(tmp_path: Path, spoil: Spoil) -> None:
    """The same again at a rerun."""
    room, _, status = graded(tmp_path, spoil)
    assert status == 0
    assert room.points() == FULL_MARKS
    assert room.grade().status == 0


@pytest.mark.parametrize(("spoil", "line"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_graded_is_refused_in_one_line(tmp_path: Path, spoil: Spoil, line: str) -> None:
    """The exit status says so."""
    _, text, status = graded(tmp_path, spoil)
    assert status == 1
    assert len(re.findall(line, text)) == 1


@pytest.mark.parametrize("name", [b"m\xfcller", b"m\x1b[2J", b"m" * 200])
def test_feedback_and_report_are_written_for_all_others(tmp_path: Path, name: bytes) -> None:
    """Whatever the folder is called that was not graded."""
    room, _, _ = graded(tmp_path, renamed(name))
    assert "11 pages written" in room.run("feedback", ASSIGNMENT).text
    assert room.run("report", ASSIGNMENT).status == 0


@pytest.mark.parametrize(("before", "after"), [("data", "data/x"), ("data/x", "data")])
def test_a_file_may_become_a_folder_at_the_next_hand_in(tmp_path: Path, before: str, after: str) -> None:
    """And the other way round."""
    room = classroom(tmp_path / "course", lambda folder: _put(folder, before))
    assert room.grade().status == 0
    old = room.folder / before.split("/")[0]
    if old.is_dir():
        (room.folder / before).unlink()
        old.rmdir()
    else:
        old.unlink()
    _put(room.folder, after)
    assert room.grade().status == 0
    room.require_others()
    assert room.points() == FULL_MARKS
    assert (room.graded.parent / after).read_text() == "x"


def _put(folder: Path, name: str) -> None:
    (folder / name).parent.mkdir(exist_ok=True)
    (folder / name).write_text("x")


@pytest.mark.parametrize("name", ["numbers.csv/x", "data"])
def test_a_file_in_the_place_of_one_of_the_assignments_is_left_out(tmp_path: Path, name: str) -> None:
    """Whether it would have to be a folder or has to become one."""
    room = classroom(tmp_path / "course", lambda folder: _put(folder, name))
    for given in ("numbers.csv", "data/given.csv"):
        path = room.root / "source" / ASSIGNMENT / given
        path.parent.mkdir(exist_ok=True)
        path.write_text("given")
    assert room.grade().status == 0
    room.require_others()
    assert room.points() == FULL_MARKS
    assert (room.graded.parent / "numbers.csv").read_text() == (room.graded.parent / "data" / "given.csv").read_text()


def test_a_spreadsheet_takes_no_name_for_a_formula(tmp_path: Path) -> None:
    """In what `nbgrader export` writes."""
    room = classroom(tmp_path / "course", renamed("=1+cmd|' C'!A0"))
    assert room.grade().status == 0
    program = Path(sys.executable).with_name("nbgrader")
    subprocess.run([program, "export"], cwd=room.root, check=True, capture_output=True)
    rows = (room.root / "grading" / "grades.csv").read_text().splitlines()
    assert len(rows) == 13
    assert not [cell for row in rows for cell in row.split(",") if cell.startswith(("=", "+", "@"))]
    assert CULPRIT not in "".join(rows)


def test_what_grading_writes_is_for_its_owner_only(tmp_path: Path) -> None:
    """Hidden tests, marks and pages; also a gradebook that was there before, and what plain nbgrader writes."""
    room = classroom(tmp_path / "course", lambda _: None)
    (room.root / "grading" / "gradebook.db").touch(mode=0o644)
    assert room.grade().status == room.run("feedback", ASSIGNMENT).status == room.run("report", ASSIGNMENT).status == 0
    _require_private(room.root / "grading")
    program = str(Path(sys.executable).with_name("nbgrader"))
    words = [program, "autograde", ASSIGNMENT, "--student", CULPRIT, "--force"]
    subprocess.run(words, cwd=room.root, check=True, capture_output=True)
    _require_private(room.root / "grading")


def _require_private(grading: Path) -> None:
    written = [path for path in grading.rglob("*") if path.is_file() and "submitted" not in path.parts]
    assert len(written) > 12
    assert [path for path in written if path.stat().st_mode & 0o077] == []
