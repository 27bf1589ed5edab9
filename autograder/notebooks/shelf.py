"""Where nbgrader and formgrader look for what was made of submissions, and how it is put there: whole or not at all."""

from __future__ import annotations

import contextlib
import errno
import os
import re
import shutil
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath

from nbgrader.coursedir import CourseDirectory

from autograder.records import CourseError
from autograder.text import shown

_NEW = re.compile(r"\.[0-9a-f]{8}\.([1-9][0-9]*)\.new")
_OF_THE_NAME = frozenset(
    (errno.ENAMETOOLONG, errno.EILSEQ, errno.EINVAL, errno.ENOTDIR, errno.EISDIR, errno.EEXIST, errno.ELOOP)
)
"""What the system says of a path that it cannot have, whatever room there is."""


class NotAPath(CourseError):  # noqa: N818 - named for what it is
    """A file cannot have this name in this place; others can still be written."""


def folder_of(course: CourseDirectory, assignment: str, student: str) -> Path:
    """Where the graded notebook of one student lies."""
    return Path(course.root, course.format_path(course.autograded_directory, student, assignment))


def put(folder: Path, files: Mapping[str, bytes]) -> None:
    """Make `folder` hold `files` and nothing else; each is there whole, the old or the new, at any moment.

    Raises NotAPath when one of them cannot have its name, and CourseError when there is no room, or no permission.
    """
    with _told(folder):
        for name, content in files.items():
            _clear_the_way(folder, name)
            _replace(folder / name, content)
        for path in [path for path in folder.rglob("*") if path.relative_to(folder).as_posix() not in files]:
            if _is_being_written(path):
                continue
            if path.is_file() or path.is_symlink():
                path.unlink(missing_ok=True)
            elif not any(name.startswith(f"{path.relative_to(folder).as_posix()}/") for name in files):
                shutil.rmtree(path, ignore_errors=True)


def keep(path: Path, content: bytes) -> None:
    """Make the file at `path` hold `content`; it is there whole, the old or the new, at any moment.

    Raises CourseError when there is no room, or no permission.
    """
    with _told(path):
        _replace(path, content)


@contextlib.contextmanager
def _told(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno in _OF_THE_NAME:
            place = shown(str(error.filename or path))
            raise NotAPath(
                f"{place[-200:]}: cannot be written ({error.strerror}). Ask for other file names."
            ) from error
        raise CourseError(
            f"{error.filename or path}: cannot be written ({error.strerror}). Mend that and try again; what was there "
            "before is kept."
        ) from error


def _is_being_written(path: Path) -> bool:
    """Whether another process, such as a second grader, is about to put this file in its place."""
    if (match := _NEW.fullmatch(path.name)) is None:
        return False
    try:
        os.kill(int(match[1]), 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        return True
    return int(match[1]) != os.getpid()


def _clear_the_way(folder: Path, name: str) -> None:
    """Take away what was a file and is now a folder, or the other way round."""
    if (folder / name).is_dir():
        shutil.rmtree(folder / name)
    for part in PurePosixPath(name).parents:
        if (path := folder / part) != folder and (path.is_symlink() or path.is_file()):
            path.unlink()


def _replace(path: Path, content: bytes) -> None:
    with contextlib.suppress(FileNotFoundError):
        if path.read_bytes() == content:
            return
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(f".{zlib.crc32(os.fsencode(path.name)):08x}.{os.getpid()}.new")
    try:
        new.write_bytes(content)
        new.replace(path)
    except OSError:
        new.unlink(missing_ok=True)
        raise
