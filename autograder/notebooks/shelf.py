"""Where nbgrader and formgrader look for what was made of submissions, and how it is put there: whole or not at all."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path

from nbgrader.coursedir import CourseDirectory

from autograder.records import CourseError

_NEW = re.compile(r"\..*\.([1-9][0-9]*)\.new")


def folder_of(course: CourseDirectory, assignment: str, student: str) -> Path:
    """Where the graded notebook of one student lies."""
    return Path(course.root, course.format_path(course.autograded_directory, student, assignment))


def put(folder: Path, files: Mapping[str, bytes]) -> None:
    """Make `folder` hold `files` and nothing else; each is there whole, the old or the new, at any moment.

    Raises CourseError when there is no room, or no permission.
    """
    with _told(folder):
        for name, content in files.items():
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


def _replace(path: Path, content: bytes) -> None:
    with contextlib.suppress(FileNotFoundError):
        if path.read_bytes() == content:
            return
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(f".{path.name}.{os.getpid()}.new")
    try:
        new.write_bytes(content)
        new.replace(path)
    except OSError:
        new.unlink(missing_ok=True)
        raise
