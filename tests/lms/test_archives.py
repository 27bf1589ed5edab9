"""Archives that are made to do harm, or by programs that nobody uses any more."""

from __future__ import annotations

import io
import stat
import struct
import zipfile
import zlib
from pathlib import Path

import pytest

from autograder.lms.archives import opened
from autograder.models import CourseError


def contents(path: Path) -> tuple[dict[str, bytes], dict[str, str]]:
    """The files of an archive, and what is left out."""
    with opened(path) as archive:
        return {entry.path.as_posix(): entry.read() for entry in archive.entries}, dict(archive.left_out)


def archive(path: Path, *infos: zipfile.ZipInfo | str) -> Path:
    """A zip of files that hold their own places in the list."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        for number, info in enumerate(infos):
            made.writestr(info, str(number))
    return path


@pytest.mark.parametrize("name", ["../a", "/etc/a", "x/../../a", "..\\a", "C:\\a", "\\\\host\\a", "a/.."])
def test_a_path_that_leads_out_of_the_archive_is_left_out(tmp_path: Path, name: str) -> None:
    """Whichever separator it is written with."""
    files, left_out = contents(archive(tmp_path / "a.zip", name, "good"))
    assert files == {"good": b"1"} and list(left_out.values()) == ["its path leads out of the archive"]


def test_links_and_devices_are_left_out(tmp_path: Path) -> None:
    """A zip can hold them with the modes of Unix."""
    link, device = zipfile.ZipInfo("link"), zipfile.ZipInfo("device")
    link.external_attr, device.external_attr = (stat.S_IFLNK | 0o777) << 16, (stat.S_IFCHR | 0o666) << 16
    files, left_out = contents(archive(tmp_path / "a.zip", link, device, "good"))
    assert files == {"good": b"2"} and left_out == {"link": "a link", "device": "not a plain file"}


def test_of_a_name_that_is_there_twice_the_last_is_taken_and_it_is_said(tmp_path: Path) -> None:
    """Composed and decomposed letters are one name."""
    with pytest.warns(UserWarning, match="Duplicate"):
        path = archive(tmp_path / "a.zip", "a\u00e9", "ae\u0301", "a\u00e9")
    files, left_out = contents(path)
    assert files == {"a\u00e9": b"2"} and "twice" in left_out["a\u00e9"]


def test_what_programs_leave_behind_is_passed_over(tmp_path: Path) -> None:
    """It needs no line either."""
    assert contents(archive(tmp_path / "a.zip", "__MACOSX/._a", ".DS_Store", "x/.git/b", "a")) == ({"a": b"3"}, {})


def test_a_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    """One large file is left out, many are no download."""
    with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("large", bytes(70_000_000))
    assert contents(tmp_path / "a.zip") == ({}, {"large": "it has more than 64 MB"})
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as made:
        for number in range(6):
            made.writestr(str(number), bytes(60_000_000))
    (tmp_path / "b.zip").write_bytes(content.getvalue())
    with pytest.raises(CourseError, match="too large when it is unpacked"):
        contents(tmp_path / "b.zip")


def test_an_encrypted_archive_is_refused_in_one_line(tmp_path: Path) -> None:
    """It says what to do instead."""
    path = archive(tmp_path / "a.zip", "a")
    content = bytearray(path.read_bytes())
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(mark) + place] |= 1
    path.write_bytes(content)
    with pytest.raises(CourseError, match="encrypted"):
        contents(path)


def renamed(path: Path, raw: bytes, extra: bytes = b"") -> Path:
    """A zip of one file whose name is these bytes, without a mark for UTF-8."""
    info = zipfile.ZipInfo("n" * len(raw))
    info.extra = extra
    content = archive(path, info).read_bytes()
    path.write_bytes(content.replace(b"n" * len(raw), raw))
    return path


def test_names_are_read_in_utf_8_where_they_are_that_else_in_the_old_encoding(tmp_path: Path) -> None:
    """Many programs write UTF-8 and do not say so; some store it in a field beside the name."""
    assert list(contents(renamed(tmp_path / "a.zip", "Zoë Müller".encode()))[0]) == ["Zoë Müller"]
    assert list(contents(renamed(tmp_path / "b.zip", "Zoë Müller".encode("cp437")))[0]) == ["Zoë Müller"]
    raw, name = b"Zo? M?ller", "Zoë Müller".encode()
    extra = struct.pack("<HHBL", 0x7075, 5 + len(name), 1, zlib.crc32(raw)) + name
    assert list(contents(renamed(tmp_path / "c.zip", raw, extra))[0]) == ["Zoë Müller"]
