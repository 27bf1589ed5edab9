"""Files that a student's code wrote are data for a check: no module, pickle or program of theirs runs in the grader.

A check may open what a student wrote and parse it. Python itself tells, by its audit events, when something is run:
what could have come out of such a file is refused then, which counts as a fault of the check.
"""

from __future__ import annotations

import contextlib
import errno
import os
import sys
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from autograder.protocol.scalars import WireError

_BUILT_IN = ("set", "frozenset", "complex", "bytearray", "range", "slice")
_CONTAINERS = {
    **dict.fromkeys(("builtins", "__builtin__"), _BUILT_IN),
    "collections": ("OrderedDict", "Counter", "defaultdict", "deque"),
    "datetime": ("date", "time", "datetime", "timedelta"),
    "decimal": ("Decimal",),
    "fractions": ("Fraction",),
    "_codecs": ("encode",),
}
"""The classes that a pickle of plain data names."""

_MAKE_THEIR_OWN_CODE = (
    *("collections", "dataclasses", "enum", "typing", "functools", "importlib", "attr", "numpy", "pandas"),
    *("matplotlib", "autograder"),
)
"""Modules that run code which they write themselves, or which is a module's."""

_PROGRAMS = frozenset(
    ("subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.spawn", "os.startfile", "pty.spawn", "os.fork")
)
_RUN = frozenset(("pickle.find_class", "exec", "marshal.loads"))
_LIBRARIES = frozenset(("ctypes.dlopen", "sqlite3.load_extension"))

_OPEN_FILES_UNHEARD = ("_gdbm", "_dbm", "tables", "h5py", "netCDF4", "pyarrow", "lmdb", "zarr", "cv2", "torch")
"""Modules that open files without telling Python: where one is imported, every file counts as read."""

_known: Known | None = None
_is_listening = False


class RunsStudentsFile(WireError, PermissionError):  # noqa: N818 - named for what happened
    """A check was about to run what a student's code wrote."""


class Known:
    """The files of students' below the folder `root`."""

    def __init__(self, root: str) -> None:
        self.root = root
        self._paths: set[str] = set()
        self._are_opened = False
        self._large: set[str] = set()

    def add(self, paths: Iterable[str]) -> None:
        """Files at these paths, from the root, were written by a student's code."""
        self._paths.update(f"{self.root}/{path}" for path in paths)

    def note_large(self, paths: Iterable[str], written: Iterable[str]) -> None:
        """The files at these paths, of those that were `written`, did not come over: they are too large."""
        self._large.difference_update(f"{self.root}/{path}" for path in written)
        self._large.update(f"{self.root}/{path}" for path in paths)

    def holds(self, path: str) -> bool:
        """Whether the file at that path was written by a student's code."""
        return path in self._paths

    def forget(self) -> None:
        """There are none any more."""
        self._paths.clear()
        self._large.clear()
        self._are_opened = False

    @contextlib.contextmanager
    def refused_to_run(self) -> Iterator[None]:
        """In the body nothing of them runs, and no module is imported from the folder."""
        global _known, _is_listening
        if not _is_listening:
            sys.addaudithook(_listen)
            _is_listening = True
        before, _known = _known, self
        sys.path_hooks.insert(0, self._finder)
        try:
            yield
        finally:
            sys.path_hooks.remove(self._finder)
            for path in [path for path in sys.path_importer_cache if self._holds(path)]:
                del sys.path_importer_cache[path]
            _known = before

    def hear(self, event: str, args: tuple[Any, ...]) -> None:
        """Note what is read of them; raises RunsStudentsFile for what would run it."""
        if event in ("open", "sqlite3.connect"):
            self._note_opened(args[0])
        elif event in _PROGRAMS and self._paths:
            raise RunsStudentsFile("it starts a program while there are files that a student's code wrote")
        elif event in _LIBRARIES and isinstance(args[0], str) and os.sep in args[0] and self._holds(args[0]):
            raise RunsStudentsFile("it loads a shared library that a student's code may have written")
        elif event not in _RUN or not self._are_read:
            return
        elif event == "pickle.find_class" and args[1] not in _CONTAINERS.get(args[0], ()):
            raise RunsStudentsFile(
                f"it unpickles '{args[0]}.{args[1]}' after it opened a file that a student's code wrote"
            )
        elif (event == "exec" and not self._is_safe(args[0].co_filename)) or (
            event == "marshal.loads" and not _caller().startswith("importlib")
        ):
            raise RunsStudentsFile("it runs text as code after it opened a file that a student's code wrote")

    @property
    def _are_read(self) -> bool:
        """Whether what a check has in hand may come from one of them."""
        return self._are_opened or (bool(self._paths) and any(name in sys.modules for name in _OPEN_FILES_UNHEARD))

    def _note_opened(self, path: Any) -> None:
        if self._paths and (real := self._real(path)) in self._paths:
            self._are_opened = True
            if real in self._large:
                raise OSError(errno.EFBIG, "this file has more than 8 MB, so the grader does not have its content")

    def _is_safe(self, name: str) -> bool:
        return _caller().partition(".")[0] in _MAKE_THEIR_OWN_CODE and (name.startswith("<") or not self._holds(name))

    def _real(self, path: Any) -> str:
        try:
            return os.path.realpath(os.fsdecode(path))
        except (TypeError, ValueError):  # a descriptor
            return ""

    def _holds(self, path: str) -> bool:
        return f"{self._real(path or os.curdir)}/".startswith(f"{self.root}/")

    def _finder(self, path: str) -> _NoModules:
        if not self._holds(path) or (Path(path).is_file() and not zipfile.is_zipfile(path)):
            raise ImportError(path)
        return _NoModules()


class _NoModules:
    """Finds no module."""

    def find_spec(self, name: str, target: object = None) -> None:
        """None."""


def _caller() -> str:
    """The name of the module that raised the event."""
    frame = sys._getframe(1)
    while frame.f_back is not None and frame.f_globals.get("__name__") == __name__:
        frame = frame.f_back
    name = frame.f_globals.get("__name__")
    return name if isinstance(name, str) and name != "__main__" else ""


def _listen(event: str, args: tuple[Any, ...]) -> None:
    if _known is not None:
        _known.hear(event, args)
