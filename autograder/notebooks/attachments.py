"""What lies in a submission's folder: only plain files count, and only so many bytes of them.

A link could lead to the gradebook, to the hidden tests or to somebody else's work, a device or a pipe has no end, and
copying any of them for the student would read it with the grader's rights.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from autograder.records import CourseError

_MOST_BYTES = 64 * 1024 * 1024
_MOST_FILES = 1000
_MADE_BY_PROGRAMS = (".ipynb_checkpoints", "__pycache__")


def require_plain(notebook: Path) -> None:
    """Raise CourseError unless `notebook` is a file of its own, in a folder of its own."""
    for path in (notebook.parent, notebook):
        if path.is_symlink():
            raise CourseError(f"{path}: a link. Ask for the notebook itself.")
    if notebook.exists() and not notebook.is_file():
        raise CourseError(f"{notebook}: cannot be read (it is not a file). Ask for the notebook again.")


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


def _looked_at(folder: Path) -> Iterator[tuple[Path, str]]:
    """Every path in `folder` that is no folder, the shallow ones first, and why it is left out or an empty text."""
    files, size = 0, 0
    for path in _paths(folder):
        status = path.lstat()
        if stat.S_ISLNK(status.st_mode):
            yield path, "a link"
        elif not stat.S_ISREG(status.st_mode):
            yield path, "not a plain file"
        elif files >= _MOST_FILES or size + status.st_size > _MOST_BYTES:
            yield path, "more than is taken"
        else:
            files, size = files + 1, size + status.st_size
            yield path, ""


def _paths(folder: Path) -> Iterator[Path]:
    """Notebooks before anything else, which could use up the room for them."""
    for directory, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if name not in _MADE_BY_PROGRAMS)
        linked = [name for name in folders if Path(directory, name).is_symlink()]
        for name in sorted([*names, *linked], key=lambda name: (not name.endswith(".ipynb"), name)):
            yield Path(directory, name)
