"""The files of a folder that each side has: what changed below it, and how the other side makes the same changes.

Plain files and folders travel, by their paths from that folder. No link is followed and none is made, nothing outside
the folder is read or written, and what comes is bounded in number, size and depth.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import shutil
import stat
import time
from collections.abc import Callable, Iterator
from typing import NamedTuple

from autograder.protocol.messages import File
from autograder.protocol.scalars import WireError

FILE, FOLDER, GONE, LARGE = "file", "folder", "gone", "large"
"""What is at a path now. Of a file that is large only the size travels."""

_MOST_BYTES = 8 * 1024 * 1024
"""Of all files that travel at once."""

_MOST_ENTRIES, _MOST_BYTES_HELD = 6000, 192 * 1024 * 1024
_LONGEST_PATH, _LONGEST_NAME, _DEEPEST = 1000, 255, 50
_SETTLED_NS = 100_000_000
"""A file that was written this long before it was looked at cannot have changed since without a new time."""

_LEFT_BY_LIBRARIES = re.compile(r"__pycache__|\.ipython|\.config|\.cache|fontlist-v\d+\.json|\.matplotlib-lock-.*")


class _Seen(NamedTuple):
    """A file or a folder when it was looked at."""

    is_folder: bool
    size: int = 0
    changed_ns: int = 0
    number: int = 0
    digest: bytes = b""
    is_settled: bool = False


class Tree:
    """The files below `root`, as they were when they were last looked at; `root` stays where it is.

    Paths that are not `mine_to_change` stay as they are when the other side changes them.
    """

    def __init__(self, root: str, mine_to_change: Callable[[str], bool] = lambda _: True) -> None:
        self.root = os.path.realpath(root)
        self._mine_to_change = mine_to_change
        self._device = os.lstat(self.root).st_dev
        self._seen: dict[str, _Seen] = {}
        self._folder: str | None = None

    def changes(self, is_left: Callable[[str], bool] = lambda _: False) -> list[File]:
        """What changed since this was last asked, or since the other side made its changes; but what `is_left`."""
        found, room, now = list[File](), _MOST_BYTES, dict[str, _Seen]()
        for path, status in self._entries():
            if is_left(path):
                continue
            before = self._seen.get(path)
            if stat.S_ISDIR(status.st_mode):
                now[path] = _Seen(is_folder=True)
                if before is None or not before.is_folder:
                    found.append(File(path, FOLDER))
                continue
            if before is not None and before.is_settled and before[1:4] == _signature(status):
                now[path] = before
                continue
            content = self._read(path) if status.st_size <= _MOST_BYTES else None
            now[path] = _seen(status, content)
            if before is not None and not before.is_folder and before.digest and before.digest == now[path].digest:
                continue
            if content is not None and len(content) <= room:
                room -= len(content)
                found.append(File(path, FILE, content))
            elif before is None or before[:4] != now[path][:4]:
                found.append(File(path, LARGE, size=status.st_size))
        found += [File(path, GONE) for path in self._seen if path not in now and not is_left(path)]
        self._seen = now
        return found

    def make(self, changes: list[File]) -> list[str]:
        """Make the changes of the other side; returns the paths of the files that it wrote.

        Raises WireError for what could not have been below a folder, or is too much.
        """
        if len(changes) > 2 * _MOST_ENTRIES:
            raise WireError("too many files")
        written = []
        for change in sorted(changes, key=lambda each: (each.kind != GONE, each.kind != FOLDER)):
            parts = _parts(change.path)
            if not self._mine_to_change(change.path) or any(map(_LEFT_BY_LIBRARIES.fullmatch, parts)):
                continue
            try:
                self._make(change, parts)
            except OSError as error:
                raise WireError(f"a file that cannot be written ({error.strerror})") from None
            if change.kind in (FILE, LARGE):
                written.append(change.path)
        held = sum(each.size for each in self._seen.values())
        if held > _MOST_BYTES_HELD or len(self._seen) > _MOST_ENTRIES:
            raise WireError("too many files, or too large ones")
        return written

    def current_folder(self) -> str | None:
        """The current folder below the root where it is another than before; None where it is not."""
        try:
            here = os.path.relpath(os.path.realpath(os.curdir), self.root)
        except OSError:  # it was removed
            return None
        if here == self._folder or here.startswith(os.pardir):
            return None
        self._folder = here
        return here

    def enter(self, folder: str | None) -> None:
        """Make this the current folder, as the other side did; raises WireError for what is no such path."""
        if folder is None:
            return
        parts = [] if folder == os.curdir else _parts(folder)
        with contextlib.suppress(OSError):
            place = self._open(parts, is_made=False)
            try:
                os.fchdir(place)
                self._folder = folder
            finally:
                os.close(place)

    def _entries(self) -> Iterator[tuple[str, os.stat_result]]:
        """Plain files and folders, as far as they can be read, those near the root first."""
        left, count = [""], 0
        for folder in left:
            with contextlib.suppress(OSError), os.scandir(f"{self.root}/{folder}") as entries:
                for entry in entries:
                    if _LEFT_BY_LIBRARIES.fullmatch(entry.name) or not _can_travel(path := folder + entry.name):
                        continue
                    status = entry.stat(follow_symlinks=False)
                    kind = stat.S_IFMT(status.st_mode)
                    if status.st_dev != self._device or kind not in (stat.S_IFDIR, stat.S_IFREG):
                        continue
                    if (count := count + 1) > _MOST_ENTRIES:
                        return
                    yield path, status
                    if kind == stat.S_IFDIR:
                        left.append(f"{path}/")

    def _read(self, path: str) -> bytes | None:
        try:
            file = os.open(f"{self.root}/{path}", os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        except OSError:
            return None
        with open(file, "rb") as opened:  # noqa: PTH123 - a descriptor, not a path
            return opened.read(_MOST_BYTES) if stat.S_ISREG(os.fstat(file).st_mode) else None

    def _make(self, change: File, parts: list[str]) -> None:
        if change.kind == GONE:
            with contextlib.suppress(FileNotFoundError, NotADirectoryError):
                self._remove(parts)
            for path in [path for path in self._seen if path == change.path or path.startswith(f"{change.path}/")]:
                del self._seen[path]
            return
        for depth in range(1, len(parts)):
            self._seen["/".join(parts[:depth])] = _Seen(is_folder=True)
        if change.kind == FOLDER:
            os.close(self._open(parts))
            self._seen[change.path] = _Seen(is_folder=True)
            return
        if change.kind not in (FILE, LARGE) or len(change.content) > _MOST_BYTES:
            raise WireError("no such kind of file")
        folder = self._open(parts[:-1])
        try:
            with open(_opened_to_write(parts[-1], folder), "wb") as file:
                if change.kind == FILE:
                    file.write(change.content)
                else:
                    file.truncate(min(max(change.size, 0), _MOST_BYTES_HELD))
                file.flush()
                self._seen[change.path] = _seen(os.fstat(file.fileno()), change.content or None)
        finally:
            os.close(folder)

    def _open(self, parts: list[str], is_made: bool = True) -> int:
        """A descriptor of the folder, which is made where there is none; no step of the way is a link."""
        how = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
        place = os.open(self.root, how)
        try:
            for part in parts:
                if is_made:
                    _be_folder(part, place)
                inner = os.open(part, how, dir_fd=place)
                os.close(place)
                place = inner
        except BaseException:
            os.close(place)
            raise
        return place

    def _remove(self, parts: list[str]) -> None:
        folder = self._open(parts[:-1], is_made=False)
        try:
            _remove(parts[-1], folder)
        finally:
            os.close(folder)


def _be_folder(name: str, place: int) -> None:
    """Let a folder of this name be in that one."""
    with contextlib.suppress(FileNotFoundError):
        if stat.S_ISDIR(os.stat(name, dir_fd=place, follow_symlinks=False).st_mode):
            return
        os.unlink(name, dir_fd=place)
    os.mkdir(name, dir_fd=place)


def _opened_to_write(name: str, place: int) -> int:
    """A descriptor of an empty plain file; who has it open already sees what is written to it."""
    how = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
    with contextlib.suppress(FileNotFoundError):
        if not stat.S_ISREG(os.stat(name, dir_fd=place, follow_symlinks=False).st_mode):
            _remove(name, place)
    try:
        return os.open(name, how, 0o644, dir_fd=place)
    except PermissionError:
        os.unlink(name, dir_fd=place)
        return os.open(name, how, 0o644, dir_fd=place)


def _remove(name: str, place: int) -> None:
    if stat.S_ISDIR(os.stat(name, dir_fd=place, follow_symlinks=False).st_mode):
        shutil.rmtree(name, dir_fd=place)
    else:
        os.unlink(name, dir_fd=place)


def _seen(status: os.stat_result, content: bytes | None) -> _Seen:
    digest = b"" if content is None and status.st_size else hashlib.blake2b(content or b"", digest_size=16).digest()
    is_settled = status.st_ctime_ns + _SETTLED_NS < time.time_ns()
    return _Seen(False, *_signature(status), digest, is_settled)


def _signature(status: os.stat_result) -> tuple[int, int, int]:
    return status.st_size, status.st_ctime_ns, status.st_ino


def _can_travel(path: str) -> bool:
    try:
        return len(path.encode()) <= _LONGEST_PATH and path.count("/") < _DEEPEST
    except UnicodeEncodeError:
        return False


def _parts(path: str) -> list[str]:
    """The names on the way; raises WireError for what is no path below a folder."""
    parts = path.split("/")
    if not _can_travel(path) or "\0" in path:
        raise WireError("no path of a file")
    if any(part in ("", os.curdir, os.pardir) or len(part.encode()) > _LONGEST_NAME for part in parts):
        raise WireError("a path that leads out of the folder")
    return parts
