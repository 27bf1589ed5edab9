"""Reading a downloaded archive or folder whose content nobody vouches for: plain files only, within bounds."""

from __future__ import annotations

import contextlib
import os
import re
import stat
import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path, PurePosixPath

from autograder.files import is_made_by_programs
from autograder.models import CourseError
from autograder.text import shown

_MEGABYTE = 1024 * 1024
_LARGEST_FILE = 64 * _MEGABYTE
_ALWAYS_TAKEN, _MOST_BYTES, _MOST_TIMES = 256 * _MEGABYTE, 8192 * _MEGABYTE, 100
"""What an archive may hold when it is unpacked: so many bytes, and, above the first number, so many times its size."""

_MOST_FILES = 100_000
_DRIVE = re.compile(r"[A-Za-z]:")
_IS_UTF8, _IS_ENCRYPTED = 0x800, 0x1
_UNICODE_PATH = 0x7075
"""The extra field in which some programs store a name in UTF-8 beside one in an old encoding."""

_DAMAGED = (
    *(zipfile.BadZipFile, zlib.error, struct.error, EOFError, NotImplementedError, RuntimeError),
    *(UnicodeError, ValueError, OverflowError),
)
"""What `zipfile` raises for archives that are cut off, changed, or made by an unknown method."""


@dataclass(frozen=True)
class Entry:
    """One file: its path in the archive, in composed letters (NFC) and safe to write below a folder, and its time."""

    path: PurePosixPath
    modified: datetime
    read: Callable[[], bytes]


@dataclass(frozen=True)
class Archive:
    """The plain files of an archive or a folder, and what is left out, with the reason."""

    entries: list[Entry] = field(default_factory=list)
    left_out: dict[str, str] = field(default_factory=dict)


@contextlib.contextmanager
def opened(path: Path) -> Iterator[Archive]:
    """The files of the zip or the folder at `path`, to be read in the body.

    Links, paths that lead out of the archive, files that are too large and what programs leave behind are left out.
    Raises CourseError when it is neither, is damaged or encrypted, or would need too much room when it is unpacked.
    """
    if path.is_dir():
        yield _folder(path)
        return
    with contextlib.ExitStack() as kept:
        with _reported(path):
            archive = kept.enter_context(zipfile.ZipFile(path))
        yield _zip(path, archive)


@contextlib.contextmanager
def readable(path: Path) -> Iterator[None]:
    """The file at `path` is read in the body; raises CourseError when it is missing or cannot be read."""
    try:
        yield
    except FileNotFoundError:
        raise CourseError("missing.", path, "Check its name.") from None
    except OSError as error:
        raise CourseError(f"cannot be read ({error.strerror}).", path, "Check its permissions.") from None


@contextlib.contextmanager
def _reported(path: Path) -> Iterator[None]:
    try:
        with readable(path):
            yield
    except _DAMAGED:
        advice = "Download it again from the learning platform."
        raise CourseError("not a zip file, or a damaged one.", path, advice) from None


def _zip(path: Path, archive: zipfile.ZipFile) -> Archive:
    files = [info for info in archive.infolist() if not info.is_dir()]
    _require_room(path, files)
    found, entries = Archive(), dict[PurePosixPath, Entry]()
    for info in files:
        name = _name(info)
        place, problem = _placed(name)
        if place is None and not problem:
            continue
        if place is None or (problem := _odd(info)):
            found.left_out[shown(name)] = problem
            continue
        if place in entries:
            found.left_out[shown(name)] = "it is in the archive twice; the last one is taken"
        modified = datetime(1980, 1, 1)
        with contextlib.suppress(ValueError):
            modified = datetime(*info.date_time)
        entries[place] = Entry(place, modified, partial(_content, path, archive, info))
    found.entries.extend(entries.values())
    return found


def _require_room(path: Path, files: list[zipfile.ZipInfo]) -> None:
    if any(info.flag_bits & _IS_ENCRYPTED for info in files):
        raise CourseError("encrypted.", path, "Unpack it with its password, and name the folder instead.")
    size = sum(info.file_size for info in files)
    if size > max(_ALWAYS_TAKEN, min(_MOST_BYTES, _MOST_TIMES * path.stat().st_size)) or len(files) > _MOST_FILES:
        reason = f"too large when it is unpacked ({len(files)} files, {size // _MEGABYTE} MB)."
        raise CourseError(reason, path, "Check where it comes from; download it again.")


def _content(path: Path, archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    with _reported(path), archive.open(info) as file:
        return file.read(_LARGEST_FILE + 1)


def _name(info: zipfile.ZipInfo) -> str:
    """The name of an entry: in UTF-8 where its bytes are that, although many programs do not say so."""
    if info.flag_bits & _IS_UTF8:
        return info.orig_filename
    raw = info.orig_filename.encode("cp437")
    with contextlib.suppress(struct.error, UnicodeDecodeError):
        extra = info.extra
        while len(extra) > 4:
            kind, size = struct.unpack_from("<HH", extra)
            if kind == _UNICODE_PATH and struct.unpack_from("<L", extra, 5)[0] == zlib.crc32(raw):
                return extra[9 : 4 + size].decode()
            extra = extra[4 + size :]
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return info.orig_filename


def _placed(name: str) -> tuple[PurePosixPath | None, str]:
    """Where a file of this name may be written below a folder; without such a place why, or nothing for no work."""
    name = unicodedata.normalize("NFC", name).replace("\\", "/")
    parts = [part for part in name.split("/") if part not in ("", ".")]
    if name.startswith("/") or ".." in parts or (parts and _DRIVE.match(parts[0]) and len(parts) > 1):
        return None, "its path leads out of the archive"
    if not parts or "\x00" in name:
        return None, "it has no usable name"
    if any(map(is_made_by_programs, parts)):
        return None, ""
    return PurePosixPath(*parts), ""


def _odd(info: zipfile.ZipInfo) -> str:
    kind = stat.S_IFMT(info.external_attr >> 16)
    if kind == stat.S_IFLNK:
        return "a link"
    if kind not in (0, stat.S_IFREG):
        return "not a plain file"
    return _too_large(info.file_size)


def _too_large(size: int) -> str:
    return f"it has more than {_LARGEST_FILE // _MEGABYTE} MB" if size > _LARGEST_FILE else ""


def _folder(folder: Path) -> Archive:
    found = Archive()
    for directory, folders, names in os.walk(folder):
        links = [name for name in folders if Path(directory, name).is_symlink()]
        folders[:] = sorted(name for name in folders if name not in links and not is_made_by_programs(name))
        for path in (Path(directory, name) for name in sorted([*names, *links])):
            name = path.relative_to(folder).as_posix()
            place, problem = _placed(shown(name))
            status = path.lstat()
            if not stat.S_ISREG(status.st_mode):
                problem = "a link" if stat.S_ISLNK(status.st_mode) else "not a plain file"
            if problem := problem or _too_large(status.st_size):
                found.left_out[shown(name)] = problem
            elif place:
                modified = datetime.fromtimestamp(int(status.st_mtime))
                found.entries.append(Entry(place, modified, partial(_content_of, path)))
            if len(found.entries) > _MOST_FILES:
                raise CourseError(f"holds more than {_MOST_FILES} files.", folder, "Name the folder of one class.")
    return found


def _content_of(path: Path) -> bytes:
    with _reported(path):
        return path.read_bytes()
