"""Files: which are taken from a submission's folder, and how graded files are written."""

from __future__ import annotations

import contextlib
import errno
import os
import re
import shutil
import stat
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from nbgrader.coursedir import CourseDirectory

from autograder.models import CourseError
from autograder.text import shown

_MEGABYTE = 1024 * 1024
_MOST_BYTES = 64 * _MEGABYTE
_MOST_FILES = 1000
_MOST_PATHS = 20_000
"""Also those that are left out: a folder can hold millions."""

_LONGEST_PATH, _DEEPEST = 1000, 50
"""In bytes and folders below the submission's own: what is graded lies in folders of other, longer names."""

_LARGEST_NOTEBOOK = 64 * _MEGABYTE
TIME_FILE, SECRET_FILE = "timestamp.txt", "submission_secret.txt"
"""What nbgrader's exchange leaves beside a submission: when it was handed in, and the secret that fetches its page."""

_LONGEST_LINE = 1000
"""What is read of these two files."""

_SETTINGS = re.compile(r"(?:nbgrader|jupyter\w*)_config\.(?:py|json)", re.IGNORECASE)
"""Formgrader reads settings, which are Python code, from any folder that its address names."""

_MADE_BY_PROGRAMS = re.compile(
    r"\.(?:git|hg|svn|venv|conda|tox|idea|vscode|ipynb_checkpoints|virtual_documents|(?:mypy|pytest|ruff)_cache|Trash.*)"
    r"|venv|node_modules|__pycache__|__MACOSX|\._.*|\.DS_Store|Thumbs\.db|desktop\.ini"
)
"""Folders and files that are nobody's work, and would take the room of what is."""

_AN_ENVIRONMENT = frozenset(("pyvenv.cfg", "conda-meta"))
"""What lies in the folder of installed packages, whatever its name."""


def require_plain(notebook: Path) -> None:
    """Raise CourseError unless `notebook` is a file of its own, in a folder of its own."""
    for path in (notebook.parent, notebook):
        if path.is_symlink():
            raise CourseError("is a link to another file or folder.", path, "Ask the student for the notebook itself.")
    if notebook.exists() and not notebook.is_file():
        raise CourseError("is not a file.", notebook, "Ask the student for the notebook again.")
    if notebook.exists() and (size := notebook.stat().st_size) > _LARGEST_NOTEBOOK:
        raise CourseError(
            f"is too large: it has {size // _MEGABYTE} MB, and the limit is {_LARGEST_NOTEBOOK // _MEGABYTE} MB.",
            notebook,
            "Ask the student for the notebook again, without its outputs.",
        )


def refused(folder: Path) -> dict[Path, str]:
    """The paths in `folder` that are left out, each with the reason."""
    return {path: reason for path, reason in _looked_at(folder) if reason}


def plain_files(folder: Path) -> dict[str, bytes]:
    """The files beside the notebooks in `folder`, by their paths from there, without those that are left out."""
    return taken(folder).files


@dataclass(frozen=True)
class Taken:
    """What lies in a folder: the plain files by their paths from there, the notebooks, and what is left out and why."""

    files: dict[str, bytes]
    notebooks: list[Path]
    left_out: dict[Path, str]


def taken(folder: Path) -> Taken:
    """What lies in `folder`, folders in it included."""
    found = Taken({}, [], {})
    for path, reason in _looked_at(folder):
        if reason:
            found.left_out[path] = reason
        elif _is_notebook(path):
            found.notebooks.append(path)
        else:
            found.files[path.relative_to(folder).as_posix()] = path.read_bytes()
    return found


def listed(folder: Path) -> list[Path]:
    """The plain files in `folder`, notebooks included, the shallow ones first."""
    found = [path for path, reason in _looked_at(folder) if not reason or _is_notebook(path)]
    return sorted(found, key=lambda path: (len(path.parts), path))


def is_made_by_programs(name: str) -> bool:
    """Whether a folder or a file of this name is what programs leave behind: nobody's work."""
    return bool(_MADE_BY_PROGRAMS.fullmatch(name))


def _is_notebook(path: Path) -> bool:
    return path.suffix.casefold() == ".ipynb"


def with_files_of(assignment: Mapping[str, bytes], own: Mapping[str, bytes]) -> dict[str, bytes]:
    """The files of an assignment, and those of a student that do not need the place of one of them."""
    taken_places = {str(part) for name in assignment for part in (name, *PurePosixPath(name).parents)}
    kept = {
        name: content
        for name, content in own.items()
        if name not in taken_places and not any(str(part) in assignment for part in PurePosixPath(name).parents)
    }
    return kept | dict(assignment)


def _looked_at(folder: Path) -> Iterator[tuple[Path, str]]:
    """Every path in `folder` but folders, the shallow ones first, and why it is left out or an empty text."""
    files, size = 0, 0
    for number, path in enumerate(_paths(folder)):
        if number >= _MOST_PATHS:
            yield path, f"this file and the files after it are beyond the limit of {_MOST_PATHS} files"
            return
        if reason := _odd(path, folder):
            yield path, reason
            continue
        try:
            status = path.lstat()
        except OSError as error:
            yield path, f"it cannot be read ({error.strerror})"
            continue
        is_notebook = _is_notebook(path)
        if stat.S_ISLNK(status.st_mode):
            yield path, "it is a link"
        elif not stat.S_ISREG(status.st_mode):
            yield path, "it is not an ordinary file"
        elif not is_notebook and (files >= _MOST_FILES or size + status.st_size > _MOST_BYTES):
            yield path, f"beyond the limit of {_MOST_FILES} files and {_MOST_BYTES // _MEGABYTE} MB"
        else:
            if not is_notebook:
                files, size = files + 1, size + status.st_size
            yield path, ""


def _odd(path: Path, folder: Path) -> str:
    """What is wrong with a path itself."""
    name = os.fsencode(path.relative_to(folder))
    try:
        name.decode()
    except UnicodeDecodeError:
        return "its name is not UTF-8"
    if _SETTINGS.fullmatch(path.name):
        return "it holds settings of nbgrader or Jupyter, which could run as code; delete it"
    return "its path is too long" if len(name) > _LONGEST_PATH or name.count(b"/") > _DEEPEST else ""


def _paths(folder: Path) -> Iterator[Path]:
    """All that is not a folder, and folders that are links or too deep, which are not entered."""
    for directory, folders, names in os.walk(folder):
        if not _AN_ENVIRONMENT.isdisjoint([*folders, *names]) and Path(directory) != folder:
            folders.clear()
            continue
        names = [name for name in names if not is_made_by_programs(name)]
        folders[:] = sorted(name for name in folders if not is_made_by_programs(name))
        left_out = [
            name for name in folders if Path(directory, name).is_symlink() or _odd(Path(directory, name), folder)
        ]
        folders[:] = [name for name in folders if name not in left_out]
        for name in sorted([*names, *left_out]):
            yield Path(directory, name)


_NEW = re.compile(r"\.[0-9a-f]{8}\.([1-9][0-9]*)\.new")
_OF_THE_NAME = frozenset(
    (errno.ENAMETOOLONG, errno.EILSEQ, errno.EINVAL, errno.ENOTDIR, errno.EISDIR, errno.EEXIST, errno.ELOOP)
)
"""The errors for a path that the system cannot have, however much room the disk has."""


class NotAPath(CourseError):  # noqa: N818 - named for what it is
    """A file cannot have this name in this place; others can still be written."""


def folder_of(course: CourseDirectory, assignment: str, student: str) -> Path:
    """Where the graded notebook of one student lies."""
    return Path(course.root, course.format_path(course.autograded_directory, student, assignment))


def told_by_exchange(folder: Path) -> dict[str, bytes]:
    """What nbgrader's exchange left in a folder of `submitted/`, `autograded/` or `feedback/`, by the files' names."""
    found = {}
    for path in (folder / TIME_FILE, folder / SECRET_FILE):
        if path.is_file() and not path.is_symlink():
            with path.open("rb") as file:
                found[path.name] = file.read(_LONGEST_LINE)
    return found


def put(folder: Path, files: Mapping[str, bytes]) -> None:
    """Make `folder` hold `files` and nothing else; each is there whole, the old or the new, at any moment.

    Raises NotAPath when one of them cannot have its name, and CourseError when the disk is full or may not be written.
    """
    with _reported(folder):
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

    Raises CourseError when the disk is full or may not be written.
    """
    with _reported(path):
        _replace(path, content)


def drop(path: Path) -> None:
    """Remove the file at `path` if there is one; raises CourseError when that cannot be done."""
    with _reported(path):
        path.unlink(missing_ok=True)


@contextlib.contextmanager
def _reported(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno in _OF_THE_NAME:
            place = shown(str(error.filename or path))
            raise NotAPath(
                f"cannot be written ({error.strerror}).", place[-200:], "Ask the student to rename the files."
            ) from error
        raise CourseError(
            f"cannot be written ({error.strerror}).",
            error.filename or path,
            "Correct this and run the command again; the old file is kept.",
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
    """Remove what was a file and is now a folder, or the other way round."""
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
    except OSError as error:
        new.unlink(missing_ok=True)
        error.filename = str(path)
        raise
