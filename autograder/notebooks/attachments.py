"""What lies in a submission's folder: only plain files count, and only so many bytes of them.

A link could lead to the gradebook, to the hidden tests or to somebody else's work, a device or a pipe has no end, and
copying any of them for the student would read it with the grader's rights.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath

from autograder.records import CourseError

_MEGABYTE = 1024 * 1024
_MOST_BYTES = 64 * _MEGABYTE
_MOST_FILES = 1000
_MOST_PATHS = 20_000
"""Also those that are left out: a folder can hold millions."""

_LONGEST_PATH, _DEEPEST = 1000, 50
"""In bytes and folders below the submission's own: what is graded lies in folders of other, longer names."""

_LARGEST_NOTEBOOK = 64 * _MEGABYTE
_SETTINGS = re.compile(r"(?:nbgrader|jupyter\w*)_config\.(?:py|json)", re.IGNORECASE)
"""Formgrader reads settings, which are Python code, from any folder that its address names."""

_MADE_BY_PROGRAMS = (".ipynb_checkpoints", "__pycache__", ".git", ".venv", "node_modules")


def require_plain(notebook: Path) -> None:
    """Raise CourseError unless `notebook` is a file of its own, in a folder of its own."""
    for path in (notebook.parent, notebook):
        if path.is_symlink():
            raise CourseError(f"{path}: a link. Ask for the notebook itself.")
    if notebook.exists() and not notebook.is_file():
        raise CourseError(f"{notebook}: cannot be read (it is not a file). Ask for the notebook again.")
    if notebook.exists() and (size := notebook.stat().st_size) > _LARGEST_NOTEBOOK:
        raise CourseError(
            f"{notebook}: has {size // _MEGABYTE} MB; at most {_LARGEST_NOTEBOOK // _MEGABYTE} MB are taken. Ask for "
            "it again, without its outputs."
        )


def refused(folder: Path) -> dict[Path, str]:
    """Why what lies in `folder` is left out, for each path that is."""
    return {path: reason for path, reason in _looked_at(folder) if reason}


def plain_files(folder: Path) -> dict[str, bytes]:
    """What lies beside the notebooks in `folder`, by its path from there, without what is left out."""
    return taken(folder)[0]


def taken(folder: Path) -> tuple[dict[str, bytes], dict[Path, str]]:
    """Both at once: the plain files beside the notebooks, and why each path that is left out is."""
    files, left_out = {}, {}
    for path, reason in _looked_at(folder):
        if reason:
            left_out[path] = reason
        elif path.suffix != ".ipynb":
            files[path.relative_to(folder).as_posix()] = path.read_bytes()
    return files, left_out


def with_files_of(assignment: Mapping[str, bytes], own: Mapping[str, bytes]) -> dict[str, bytes]:
    """The files of an assignment, and a student's own as far as none of them needs the place of one of those."""
    taken_places = {str(part) for name in assignment for part in (name, *PurePosixPath(name).parents)}
    kept = {
        name: content
        for name, content in own.items()
        if name not in taken_places and not any(str(part) in assignment for part in PurePosixPath(name).parents)
    }
    return kept | dict(assignment)


def _looked_at(folder: Path) -> Iterator[tuple[Path, str]]:
    """Every path in `folder` that is no folder, the shallow ones first, and why it is left out or an empty text."""
    files, size = 0, 0
    for number, path in enumerate(_paths(folder)):
        if number >= _MOST_PATHS:
            yield path, f"and what follows it: more than {_MOST_PATHS} files"
            return
        if reason := _odd(path, folder):
            yield path, reason
            continue
        try:
            status = path.lstat()
        except OSError as error:
            yield path, f"cannot be read ({error.strerror})"
            continue
        is_notebook = path.suffix == ".ipynb"
        if stat.S_ISLNK(status.st_mode):
            yield path, "a link"
        elif not stat.S_ISREG(status.st_mode):
            yield path, "not a plain file"
        elif not is_notebook and (files >= _MOST_FILES or size + status.st_size > _MOST_BYTES):
            yield path, "more than is taken"
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
        return "settings of nbgrader or Jupyter, which could run; delete it"
    return "its path is too long" if len(name) > _LONGEST_PATH or name.count(b"/") > _DEEPEST else ""


def _paths(folder: Path) -> Iterator[Path]:
    """What is no folder, and folders that are links or too deep, which are not entered."""
    for directory, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if name not in _MADE_BY_PROGRAMS)
        left_out = [
            name for name in folders if Path(directory, name).is_symlink() or _odd(Path(directory, name), folder)
        ]
        folders[:] = [name for name in folders if name not in left_out]
        for name in sorted([*names, *left_out]):
            yield Path(directory, name)
