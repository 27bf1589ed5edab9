"""Only plain files of a submission are taken."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from autograder import files
from autograder.models import CourseError
from tests.conftest import REPOSITORY, hand_in

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
        folder / "link.csv": "a link",
        folder / "linked": "a link",
        folder / "pipe": "not a plain file",
    }
    assert files.plain_files(folder) == {"data.csv": b"plain", "deep/more.csv": b"plain"}


def test_too_much_is_left_out_but_never_the_notebook(tmp_path: Path) -> None:
    """A file as large as a disk, named to come first, takes no room from the notebook."""
    with (tmp_path / "a.bin").open("wb") as file:
        file.truncate(1 << 40)
    (tmp_path / "target.ipynb").write_text("{}")
    assert files.refused(tmp_path) == {tmp_path / "a.bin": "more than is taken"}


def test_a_notebook_that_is_a_link_is_refused(tmp_path: Path) -> None:
    """Also when the link is the folder it lies in."""
    folder = submission(tmp_path / "handed in")
    (tmp_path / "linked").symlink_to(folder, target_is_directory=True)
    (folder / "other.ipynb").symlink_to(folder / "target.ipynb")
    files.require_plain(folder / "target.ipynb")
    for path in (folder / "other.ipynb", tmp_path / "linked" / "target.ipynb"):
        with pytest.raises(CourseError, match="a link"):
            files.require_plain(path)


def test_nbgraders_own_command_leaves_no_copy_of_what_a_link_led_to(course: Path) -> None:
    """Plain `nbgrader autograde` copies it; before any code runs it is gone again."""
    notebook = hand_in(course, "mallory", REPOSITORY / "release" / "backprop" / "backprop.ipynb", "backprop")
    secret = course / "grading" / "secret.txt"
    secret.write_text(SECRET)
    (notebook.parent / "data.csv").symlink_to(secret)
    (notebook.parent / "kept.csv").write_text("plain")
    nbgrader = str(Path(sys.executable).with_name("nbgrader"))
    for words in (["generate_assignment", "backprop", "--force"], ["autograde", "backprop"]):
        done = subprocess.run([nbgrader, *words], cwd=course, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
    graded = course / "grading" / "autograded" / "mallory" / "backprop"
    assert sorted(path.name for path in graded.iterdir()) == ["backprop.ipynb", "kept.csv"]
