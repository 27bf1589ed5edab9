"""The folder of a graded notebook: whole at any moment, and told in a line when it cannot be written."""

from __future__ import annotations

import errno
import os
import subprocess
from pathlib import Path

import pytest

from autograder.files import keep, put
from autograder.models import CourseError


def contents(folder: Path) -> dict[str, bytes]:
    """Every file below `folder`."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_folder_holds_what_was_put_there_last_and_nothing_else(tmp_path: Path) -> None:
    """Files of an earlier submission are gone, folders and links included."""
    folder = tmp_path / "ada" / "backprop"
    put(folder, {"backprop.ipynb": b"first", "data/old.csv": b"1"})
    (folder / "link").symlink_to(tmp_path)
    put(folder, {"backprop.ipynb": b"second", "data.csv": b"2"})
    assert contents(folder) == {"backprop.ipynb": b"second", "data.csv": b"2"}
    assert sorted(path.name for path in folder.iterdir()) == ["backprop.ipynb", "data.csv"]
    assert tmp_path.exists()


def test_what_is_the_same_is_not_written_again(tmp_path: Path) -> None:
    """So that a regrade that changes nothing touches nothing."""
    put(tmp_path, {"backprop.ipynb": b"same"})
    before = (tmp_path / "backprop.ipynb").stat().st_ino
    put(tmp_path, {"backprop.ipynb": b"same"})
    assert (tmp_path / "backprop.ipynb").stat().st_ino == before


def test_a_full_disk_is_one_line_and_leaves_the_old_notebook(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was graded before is kept whole, and no half file lies about."""
    put(tmp_path, {"backprop.ipynb": b"old"})
    write = Path.write_bytes

    def fill(path: Path, content: bytes) -> int:
        write(path, content[:1])
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))

    monkeypatch.setattr(Path, "write_bytes", fill)
    sentence = r"cannot be written \(No space left on device\)\. Correct that and run the command again"
    with pytest.raises(CourseError, match=sentence):
        put(tmp_path, {"backprop.ipynb": b"new"})
    assert contents(tmp_path) == {"backprop.ipynb": b"old"}


def test_one_file_is_kept_beside_the_others(tmp_path: Path) -> None:
    """Other than a folder that is filled anew, what lies there already stays."""
    put(tmp_path, {"data.csv": b"1"})
    keep(tmp_path / "deep" / "backprop.html", b"page")
    assert contents(tmp_path) == {"data.csv": b"1", "deep/backprop.html": b"page"}


def test_what_another_grader_is_writing_is_left_and_what_a_killed_one_left_is_not(tmp_path: Path) -> None:
    """Two graders at once fill the same folder; the number in a new file's name is its writer's."""
    with subprocess.Popen(["sleep", "60"]) as other:
        being_written = tmp_path / f".0123abcd.{other.pid}.new"
        being_written.touch()
        put(tmp_path, {"backprop.ipynb": b"mine"})
        assert being_written.exists()
        other.kill()
    put(tmp_path, {"backprop.ipynb": b"mine"})
    assert [path.name for path in tmp_path.iterdir()] == ["backprop.ipynb"]
