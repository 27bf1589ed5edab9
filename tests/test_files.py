"""Only plain files of a submission are taken, and graded folders are whole at any moment."""

from __future__ import annotations

import errno
import os
import subprocess
from pathlib import Path

import pytest

from autograder import files
from autograder.files import keep, put
from autograder.models import CourseError
from tests.conftest import REPOSITORY, hand_in
from tests.nbgrader_command import nbgrader


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
    sentence = r"cannot be written \(No space left on device\)\. Correct this and run the command again"
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


SECRET = "no student may read this"


def submission(folder: Path) -> Path:
    """A notebook, a file, and a link, a linked folder, a pipe and a file below."""
    (folder / "deep").mkdir(parents=True)
    for name in ("target.ipynb", "data.csv", "deep/more.csv"):
        (folder / name).write_text("plain")
    (folder / "link.csv").symlink_to("/etc/passwd")
    (folder / "linked").symlink_to("/etc", target_is_directory=True)
    os.mkfifo(folder / "pipe")
    return folder


def test_links_pipes_and_linked_folders_are_left_out(tmp_path: Path) -> None:
    """Each with its reason; what is plain is taken, folders and all."""
    folder = submission(tmp_path / "handed in")
    assert files.refused(folder) == {
        folder / "link.csv": "it is a link",
        folder / "linked": "it is a link",
        folder / "pipe": "it is not an ordinary file",
    }
    assert files.plain_files(folder) == {"data.csv": b"plain", "deep/more.csv": b"plain"}


def test_too_much_is_left_out_but_never_the_notebook(tmp_path: Path) -> None:
    """A file as large as a disk, named to come first, takes no room from the notebook."""
    with (tmp_path / "a.bin").open("wb") as file:
        file.truncate(1 << 40)
    (tmp_path / "target.ipynb").write_text("{}")
    assert files.refused(tmp_path) == {tmp_path / "a.bin": "beyond the limit of 1000 files and 64 MB"}


@pytest.mark.parametrize(
    "folder", [".git", ".venv", "venv", "env", "node_modules", "__MACOSX", ".ipynb_checkpoints", "data/.git"]
)
def test_what_programs_leave_behind_takes_no_room(tmp_path: Path, folder: str) -> None:
    """More than 1,000 files beside one that the answer reads."""
    (tmp_path / folder).mkdir(parents=True)
    for number in range(1100):
        (tmp_path / folder / f"{number}").touch()
    (tmp_path / "env").mkdir(exist_ok=True)
    (tmp_path / "env" / "pyvenv.cfg").touch()
    (tmp_path / "zero").mkdir()
    for name in ("zero/zero.txt", "._zero.txt", ".DS_Store", "pyvenv.cfg"):
        (tmp_path / name).write_text("0")
    assert files.refused(tmp_path) == {}
    assert files.plain_files(tmp_path) == {"pyvenv.cfg": b"0", "zero/zero.txt": b"0"}


def test_a_notebook_that_is_a_link_is_refused(tmp_path: Path) -> None:
    """Also when the link is the folder it lies in."""
    folder = submission(tmp_path / "handed in")
    (tmp_path / "linked").symlink_to(folder, target_is_directory=True)
    (folder / "other.ipynb").symlink_to(folder / "target.ipynb")
    files.require_plain(folder / "target.ipynb")
    for path in (folder / "other.ipynb", tmp_path / "linked" / "target.ipynb"):
        with pytest.raises(CourseError, match="is a link"):
            files.require_plain(path)


def test_nbgraders_own_command_leaves_no_copy_of_what_a_link_led_to(course: Path) -> None:
    """Plain `nbgrader autograde` copies it; before any code runs it is gone again."""
    notebook = hand_in(course, "mallory", REPOSITORY / "release" / "backprop" / "backprop.ipynb", "backprop")
    secret = course / "grading" / "secret.txt"
    secret.write_text(SECRET)
    (notebook.parent / "data.csv").symlink_to(secret)
    (notebook.parent / "kept.csv").write_text("plain")
    for words in (["generate_assignment", "backprop", "--force"], ["autograde", "backprop"]):
        done = nbgrader(course, *words)
        assert done.returncode == 0, done.stderr
    graded = course / "grading" / "autograded" / "mallory" / "backprop"
    assert sorted(path.name for path in graded.iterdir()) == ["backprop.ipynb", "kept.csv"]
