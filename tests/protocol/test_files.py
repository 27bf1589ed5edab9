"""What changed below a folder is changed below the other side's, and nothing outside either."""

from __future__ import annotations

import contextlib
import os
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from autograder.protocol.files import FILE, FOLDER, GONE, LARGE, Tree
from autograder.protocol.messages import File
from autograder.protocol.scalars import WireError


@pytest.fixture
def ours(tmp_path: Path) -> Path:
    """The folder of one side, beside which lies a secret."""
    (tmp_path / "ours").mkdir()
    (tmp_path / "secret").write_text("secret")
    return tmp_path / "ours"


@pytest.fixture
def theirs(tmp_path: Path) -> Path:
    """The folder of the other side."""
    (tmp_path / "theirs").mkdir()
    return tmp_path / "theirs"


def held(folder: Path) -> dict[str, bytes]:
    """The files below a folder."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_what_one_side_changes_is_changed_on_the_other(ours: Path, theirs: Path) -> None:
    """Files and folders, new, changed and removed."""
    one, other = Tree(str(ours)), Tree(str(theirs))
    (ours / "data" / "inner").mkdir(parents=True)
    (ours / "data" / "a.bin").write_bytes(b"\x00\xff")
    other.make(one.changes())
    assert held(theirs) == {"data/a.bin": b"\x00\xff"} and (theirs / "data" / "inner").is_dir()
    (theirs / "data" / "a.bin").write_bytes(b"\x01")
    (theirs / "data" / "inner").rmdir()
    one.make(other.changes())
    assert held(ours) == {"data/a.bin": b"\x01"} and not (ours / "data" / "inner").exists()
    assert one.changes() == other.changes() == []


def test_a_file_that_becomes_a_folder_and_back_is_one_on_the_other_side(ours: Path, theirs: Path) -> None:
    """What is in it goes with it."""
    one, other = Tree(str(ours)), Tree(str(theirs))
    (ours / "x").write_text("file")
    other.make(one.changes())
    (ours / "x").unlink()
    (ours / "x").mkdir()
    (ours / "x" / "y").write_text("inner")
    other.make(one.changes())
    assert held(theirs) == {"x/y": b"inner"}
    (ours / "x" / "y").unlink()
    (ours / "x").rmdir()
    (ours / "x").write_text("again")
    other.make(one.changes())
    assert held(theirs) == {"x": b"again"}


def test_a_change_within_the_clock_of_the_disk_is_seen(ours: Path) -> None:
    """The same size at the same time: only the content tells."""
    tree = Tree(str(ours))
    for number in range(20):
        (ours / "x").write_text(str(number % 10))
        assert [(each.kind, each.content) for each in tree.changes()] == [(FILE, str(number % 10).encode())]
    (ours / "x").write_text("9")
    assert tree.changes() == []


def test_who_holds_a_file_open_sees_what_the_other_side_wrote(ours: Path) -> None:
    """As `NamedTemporaryFile` is used: the file itself is written, no other takes its place."""
    tree = Tree(str(ours))
    (ours / "x").write_text("old")
    with (ours / "x").open() as file:
        tree.make([File("x", FILE, b"new")])
        assert file.read() == "new"


def test_only_plain_files_and_folders_travel(ours: Path) -> None:
    """No pipe, no link, and nothing that libraries leave behind."""
    os.mkfifo(ours / "pipe")
    (ours / "link").symlink_to(ours.parent / "secret")
    (ours / "folder").symlink_to(ours.parent)
    (ours / "__pycache__").mkdir()
    (ours / "__pycache__" / "x.pyc").write_bytes(b"")
    assert Tree(str(ours)).changes() == []


def test_a_large_file_travels_as_its_size(ours: Path, theirs: Path) -> None:
    """One that claims ten gigabytes takes no room here."""
    with (ours / "large").open("wb") as file:
        file.truncate(10**10)
    begun = time.monotonic()
    changes = Tree(str(ours)).changes()
    assert [(each.kind, each.content, each.size) for each in changes] == [(LARGE, b"", 10**10)]
    Tree(str(theirs)).make(changes)
    assert (theirs / "large").stat().st_size < 10**9
    assert time.monotonic() - begun < 5


def test_a_flood_of_files_is_bounded(ours: Path, theirs: Path) -> None:
    """In one message, in number, and in all."""
    for number in range(30):
        (ours / f"{number}").write_bytes(bytes(1_000_000))
    assert sum(len(each.content) for each in Tree(str(ours)).changes()) <= 8 * 1024 * 1024
    with pytest.raises(WireError):
        Tree(str(theirs)).make([File(f"{number}", FILE) for number in range(50_000)])
    tree = Tree(str(theirs))
    with pytest.raises(WireError):
        for number in range(100):
            tree.make([File(f"{number}", FILE, bytes(8 * 1024 * 1024))])
    assert sum(map(len, held(theirs).values())) < 250 * 1024 * 1024


@pytest.mark.parametrize(
    "path",
    [
        *("../secret", "/etc/passwd", "a/../../secret", "", ".", "..", "a//b", "a/./b", "a/", "\0", "a\0b", "x" * 300),
        *("a/" * 60 + "b", "\ud800", "x/" * 600),
    ],
)
def test_a_path_that_leads_out_is_refused(ours: Path, path: str) -> None:
    """Nothing is written for it."""
    for kind in (FILE, FOLDER, GONE, LARGE):
        with pytest.raises(WireError):
            Tree(str(ours)).make([File(path, kind, b"forged")])
    with pytest.raises(WireError):
        Tree(str(ours)).enter(path if path != "." else "..")
    assert (ours.parent / "secret").read_text() == "secret" and held(ours) == {}


def test_no_link_is_followed(ours: Path) -> None:
    """Also where this side itself has one."""
    (ours / "link").symlink_to(ours.parent / "secret")
    (ours / "folder").symlink_to(ours.parent)
    Tree(str(ours)).make([File("link", FILE, b"forged"), File("folder/secret", FILE, b"forged")])
    assert (ours.parent / "secret").read_text() == "secret"
    assert held(ours) == {"link": b"forged", "folder/secret": b"forged"}
    (ours / "out").symlink_to(ours.parent)
    Tree(str(ours)).make([File("out", GONE)])
    assert (ours.parent / "secret").exists() and not (ours / "out").is_symlink()
    before = Path.cwd()
    (ours / "out").symlink_to(ours.parent)
    Tree(str(ours)).enter("out")
    assert Path.cwd() == before


def test_what_is_not_to_be_changed_stays(ours: Path) -> None:
    """Whatever the other side says of it."""
    (ours / "given").write_text("given")
    tree = Tree(str(ours), lambda path: not path.startswith("given"))
    tree.make([File("given", FILE, b"forged"), File("given", GONE), File("given/x", FILE), File("given", FOLDER)])
    assert held(ours) == {"given": b"given"}


_PATHS = st.one_of(
    st.lists(st.sampled_from(["a", "b", "..", ".", "", "link", "\0"]), min_size=1, max_size=4).map("/".join), st.text()
)
_FILES = st.builds(
    File,
    _PATHS,
    st.sampled_from([FILE, FOLDER, GONE, LARGE, "link", ""]),
    st.binary(max_size=9),
    st.integers(-(2**40), 2**40),
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(_FILES, max_size=6))
def test_whatever_comes_changes_nothing_outside(ours: Path, changes: list[File]) -> None:
    """It is made, or refused by WireError."""
    tree = Tree(str(ours))
    if not (ours / "link").is_symlink() and not (ours / "link").exists():
        (ours / "link").symlink_to(ours.parent)
    with contextlib.suppress(WireError):
        tree.make(changes)
    assert {path.name for path in ours.parent.iterdir()} <= {"ours", "theirs", "secret"}
    assert (ours.parent / "secret").read_text() == "secret"
