"""Files that checks and the student's code both see, as in one process: what one side writes, the other side finds.

Checks run in a folder of their own that holds what lies beside the source. Before the student's code is asked
something, the files that a check wrote go over; afterwards those that the student's code wrote come back. What the
instructor laid beside the source stays as it is here, whatever a student's code does to its own copy, unless the
solution changes it, too. Where no check can touch a file, none of this is done.
"""

from __future__ import annotations

import ast
import contextlib
import functools
import importlib.util
import os
import re
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path, PurePosixPath
from types import MappingProxyType
from typing import Any

from autograder.judge import students_files, students_modules
from autograder.models import WrittenFiles
from autograder.protocol import messages
from autograder.protocol.files import LARGE, Tree
from autograder.protocol.scalars import WireError

_NAMES_OF_FILES = re.compile(
    r"open|os|pathlib|Path|glob|shutil|tempfile|sqlite3|zipfile|tarfile|gzip|bz2|lzma|h5py|pickle|joblib|dill|shelve"
    r"|dbm|configparser|fileinput|imageio|skimage|cv2|PIL|wave|wavfile|soundfile|netCDF4|xarray|yaml|toml\w*"
    r"|openpyxl|docx|subprocess|__file__|writefile|system|getoutput|run_cell_magic|FileIO|exists|isfile|isdir|listdir"
    r"|getcwd|chdir|filecmp|runpy"
    r"|read_(?!only)\w+|to_(?:csv|json|excel|html|xml|parquet|feather|pickle|sql|stata|hdf|latex|markdown|file)"
    r"|load|loadtxt|loadmat|load_\w+|genfromtxt|fromfile|tofile|memmap|save(?!fig)\w*|dump|imread|imsave|imwrite|urlopen"
)
"""Names of what reads or writes files, or works in folders."""


def touch_files(sources: Iterable[str], beside: Iterable[str] = ()) -> bool:
    """Whether code of an author's, in cells or in modules beside them, can touch files at all.

    A module that it imports and that is nowhere, nor `beside` the notebook, may be one that the answer writes.
    """
    modules = {name.partition("/")[0].removesuffix(".py") for name in beside}
    return any(touches or not missing <= modules for touches, missing in map(_looked_at, sources))


@functools.lru_cache(maxsize=2000)
def _looked_at(source: str) -> tuple[bool, frozenset[str]]:
    """Whether code names something of files, and the modules it imports that cannot be found."""
    try:
        code = ast.parse(source)
    except (SyntaxError, ValueError):  # magics
        return any(map(_NAMES_OF_FILES.fullmatch, re.findall(r"\w+", source))), frozenset()
    imported, names = set[str](), list[str]()
    for node in ast.walk(code):
        match node:
            case ast.Name():
                names.append(node.id)
            case ast.Attribute():
                names.append(node.attr)
            case ast.Import():
                imported.update(alias.name for alias in node.names)
            case ast.ImportFrom():
                imported.add(node.module or "")
                names.extend(alias.name for alias in node.names)
    names.extend(part for name in imported for part in name.split("."))
    tops = {name.partition(".")[0] for name in imported} - {""}
    return any(map(_NAMES_OF_FILES.fullmatch, names)), frozenset(filter(_is_nowhere, tops))


def _is_nowhere(module: str) -> bool:
    try:
        return module not in sys.stdlib_module_names and importlib.util.find_spec(module) is None
    except (ImportError, ValueError):
        return False


class SharedFiles:
    """The files below `root`, where checks run in the folder `work`; student processes have them below `there`.

    `given` are those beside the source and `own` those that the student handed in. What is `rewritten` may be changed
    by the student's code although it was given; `modules` are those of its that checks may import, all where None.
    """

    def __init__(
        self,
        root: Path,
        work: str,
        there: str,
        given: Mapping[str, bytes],
        own: Mapping[str, bytes],
        rewritten: frozenset[str] = frozenset(),
        modules: frozenset[str] | None = frozenset(),
    ) -> None:
        self.root = os.path.realpath(root)
        self._work = PurePosixPath(work)
        self._there = there
        self._given = given
        self._modules = modules
        self._ask: students_modules.Ask | None = None
        self._finder = students_modules.Finder(self._module, self._place_of)
        self._own = own
        fixed = [str(self._work / name) for name in given if name not in rewritten]
        self._files = frozenset(fixed)
        self._folders = frozenset(str(folder) for name in (*fixed, f"{work}/x") for folder in Path(name).parents)
        self._is_all = work == os.curdir
        self._tree = Tree(self.root, self._may_change)
        self._said: set[str] = set()
        self._have_changed = False
        self.of_students = students_files.Known(self.root)
        self._rewritten = set[str]()

    def start_over(self, ask: students_modules.Ask | None = None) -> None:
        """Let there be the files that were there before any code ran; for the checks of a fresh student process.

        It is asked by `ask` for the modules that its code writes.
        """
        self._ask = ask
        os.chdir(self.root)
        for entry in os.scandir(self.root):
            if not entry.is_dir(follow_symlinks=False):
                Path(entry.path).unlink()
            elif not os.path.ismount(entry.path):
                shutil.rmtree(entry.path, ignore_errors=True)
        work = Path(self.root, self._work)
        work.mkdir(exist_ok=True)
        for name, content in (*self._own.items(), *self._given.items()):
            path = work / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        os.chdir(work)
        self.resume()
        self.of_students.forget()
        self.of_students.add(str(self._work / name) for name in self._own.keys() - self._given.keys())

    def resume(self) -> None:
        """A fresh student process has what was there before any code ran, and nothing of what checks wrote."""
        names = [self._work / name for name in (*self._own, *self._given)]
        before = {str(path) for name in (*names, self._work / "x") for path in (name, *name.parents)}
        self._tree = Tree(self.root, self._may_change)
        self._tree.changes(lambda path: path not in before)
        self._tree.current_folder()
        self._said = {str(self._work)}
        self._have_changed = False

    @property
    def have_changed(self) -> bool:
        """Whether any code has changed a file since it was started."""
        self._have_changed = self._have_changed or bool(self._tree.changes())
        return self._have_changed

    @property
    def rewritten(self) -> tuple[str, ...]:
        """The files beside the source that the student's code changed, or tried to."""
        return tuple(sorted(self._rewritten))

    @property
    def imported(self) -> tuple[str, ...]:
        """The modules of the student's code that checks imported."""
        return tuple(sorted(self._finder.imported))

    @contextlib.contextmanager
    def in_use(self) -> Iterator[None]:
        """In the body checks can import what the student's code wrote; of what it wrote nothing runs here."""
        sys.meta_path.append(self._finder)
        try:
            with self.of_students.refused_to_run():
                yield
        finally:
            sys.meta_path.remove(self._finder)
            self._finder.forget()

    def _module(self, name: str, again: bool) -> Any:
        if self._ask is None:
            raise ImportError(name)
        return self._ask(name, again)

    def _place_of(self, path: str) -> str:
        """The file of a module that a student's code wrote, or the folder of a package; empty for any other."""
        if self._modules is not None and path.partition("/")[0] not in self._modules:
            return ""
        place = Path(self.root, self._work, path)
        if self.of_students.holds(f"{place}.py"):
            return f"{place}.py"
        return str(place) if self.of_students.holds(f"{place}/__init__.py") else ""

    def to_take(self, token: bytes) -> messages.TakeFiles:
        """The question which files the student's code changed."""
        return messages.TakeFiles(token, self._there)

    def take(self, changed: messages.ChangedFiles) -> None:
        """Make these changes here; raises WireError for what no student process can have done."""
        if changed.files:
            self._have_changed = True
            paths = {each.path for each in changed.files}
            self._rewritten.update(name for name in self._given if str(self._work / name) in paths)
            written = self._tree.make(changed.files)
            self.of_students.add(written)
            self.of_students.note_large((each.path for each in changed.files if each.kind == LARGE), written)
            self._said.update(each.path.partition("/")[0] for each in changed.files)
        self._tree.enter(changed.current)

    def to_put(self, token: bytes, said: Callable[[], bytes]) -> messages.PutFiles | None:
        """The changes that checks made, for the student process; None when there are none.

        A temporary file or folder of a check's goes over when its name is in what is `said` to the student's code,
        or in a cell of the student's: what a check keeps for itself stays here. Raises WireError for what is too large.
        """
        current = self._tree.current_folder()
        self._said.add((current or "").partition("/")[0])
        changes = self._tree.changes(functools.partial(self._is_kept_here, functools.cache(said)))
        if not changes and current is None:
            return None
        if any(each.kind == LARGE for each in changes):
            raise WireError("a file of more than 8 MB")
        self._have_changed = True
        return messages.PutFiles(token, self._there, changes, current)

    def _is_kept_here(self, said: Callable[[], bytes], path: str) -> bool:
        top = path.partition("/")[0]
        if self._is_all or top in self._said:
            return False
        if top.encode() not in said():
            return True
        self._said.add(top)
        return False

    def _may_change(self, path: str) -> bool:
        if path in self._files or path in self._folders:
            return False
        return not any(str(folder) in self._files for folder in PurePosixPath(path).parents)


def _go_back(folder: str) -> None:
    """To where this process was before, unless that was in the `/tmp` that it does not see any more."""
    with contextlib.suppress(OSError):
        os.chdir(folder)


@contextlib.contextmanager
def shared_files(
    given: Mapping[str, bytes],
    own: Mapping[str, bytes] = MappingProxyType({}),
    written: WrittenFiles | None = None,
    has_own_tmp: bool = False,
) -> Iterator[SharedFiles]:
    """In the body, code runs in a folder of its own that holds these files.

    Without `written`, which says what the author's solution wrote, the solution itself is tried: all is allowed to it.

    With `has_own_tmp`, which says that no other process sees the `/tmp` of this one, all that lies there is shared, and
    each path means the same to both sides; otherwise it is the current folder alone.
    """
    before = os.getcwd()  # noqa: PTH109 - a text
    rewritten = frozenset(given if written is None else written.files)
    modules = None if written is None else frozenset(written.modules)
    with contextlib.ExitStack() as open_until_done:
        if has_own_tmp:
            place = SharedFiles(Path("/tmp"), "work", "/tmp", given, own, rewritten, modules)
        else:
            root = Path(open_until_done.enter_context(tempfile.TemporaryDirectory(prefix="autograder-")))
            place = SharedFiles(root, os.curdir, os.curdir, given, own, rewritten, modules)
        open_until_done.callback(_go_back, before)
        place.start_over()
        open_until_done.enter_context(place.in_use())
        yield place
