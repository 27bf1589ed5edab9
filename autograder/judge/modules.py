"""Modules of the instructor's that checks import: they are made of texts, so that grading needs no file.

Answers are installed for good by `autograder.judge.mistakes`. What lies beside a source notebook can be imported while
a submission of that assignment is judged. A module that a student handed in never runs in this process.
"""

from __future__ import annotations

import ast
import contextlib
import functools
import linecache
import os
import sys
import types
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from importlib.abc import InspectLoader, MetaPathFinder
from importlib.machinery import ModuleSpec
from importlib.util import decode_source, spec_from_loader
from pathlib import PurePosixPath
from types import MappingProxyType
from typing import Any

from autograder.judge.classes import as_in_one_process
from autograder.protocol import libraries

_lent: dict[str, Callable[..., Any]] = {}
"""What modules beside the notebook have in place of functions of Python's."""


class TextLoader(InspectLoader):
    """Makes a module of its text, or a package when it is one; `files` are what it can find beside itself."""

    def __init__(self, text: str, is_package: bool = False, files: Mapping[str, bytes] = MappingProxyType({})) -> None:
        self._text = text
        self._is_package = is_package
        self._files = files
        self._lent: list[str] = []

    def exec_module(self, module: types.ModuleType) -> None:
        """Run the module; one beside the notebook has what was lent, but for names that it defines itself."""
        names = vars(module)
        if self._files:
            names.update(_lent)
        super().exec_module(module)
        self._lent = [name for name, function in _lent.items() if self._files and names.get(name) is function]

    def renew(self, module: types.ModuleType) -> None:
        """Let the module have what is lent now in place of what it had."""
        vars(module).update({name: _lent[name] for name in self._lent if name in _lent})

    def is_package(self, fullname: str) -> bool:
        """Whether it is one."""
        return self._is_package

    def get_source(self, fullname: str) -> str:
        """The text."""
        return self._text

    def get_data(self, path: str) -> bytes:
        """The content of a file beside the source, as `pkgutil.get_data` asks for it; raises OSError."""
        try:
            return self._files[os.path.relpath(path)]
        except KeyError:
            raise FileNotFoundError(path) from None

    def get_code(self, fullname: str) -> types.CodeType:
        """The code, its lines known to tracebacks."""
        text, name = self._text, f"<{fullname}>"
        linecache.cache[name] = (len(text), None, text.splitlines(keepends=True), name)
        module = ast.parse(text, name)
        code: types.CodeType = compile(as_in_one_process(module), name, "exec", dont_inherit=True)
        return code


@contextlib.contextmanager
def beside(files: Mapping[str, bytes]) -> Iterator[None]:
    """In the body, checks and locked cells can import the modules among `files`, which lie beside the source.

    One of Python's own goes before a module of the same name, as in a notebook, and so does an installed one that was
    imported already. Their `__file__` is a path in the current folder, where checks run that can touch files.
    """
    finder = _Beside(files)
    if not files:
        yield
        return
    before = {name: sys.modules.pop(name) for name in _at_or_below(finder.names)}
    others = libraries.set_beside(finder.names)
    sys.meta_path.insert(0, finder)
    try:
        yield
    finally:
        sys.meta_path.remove(finder)
        libraries.set_beside(others)
        for name in _at_or_below(finder.names):
            del sys.modules[name]  # another assignment may have one of the same name
        sys.modules.update(before)


def _at_or_below(names: Collection[str]) -> list[str]:
    """The modules that are imported now, of these names or in packages of these names."""
    return [name for name in sys.modules if name.partition(".")[0] in names]


def lend(functions: Mapping[str, Callable[..., Any]]) -> None:
    """From now on modules beside the notebook have these functions in place of Python's of the same names."""
    _lent.clear()
    _lent.update(functions)
    for finder in _finders():
        for name in _at_or_below(finder.names):
            if isinstance(loader := getattr(sys.modules[name], "__loader__", None), TextLoader):
                loader.renew(sys.modules[name])


def texts_beside() -> Iterator[str]:
    """The texts of the files beside the source of the assignment that is judged now, and those in their code."""
    for finder in _finders():
        for name, content in finder.files.items():
            yield content.decode("utf-8", "replace")
            if name.endswith(".py"):
                yield from _texts_of(content)


def _finders() -> list[_Beside]:
    return [finder for finder in sys.meta_path if isinstance(finder, _Beside)]


@functools.lru_cache(maxsize=100)
def _texts_of(content: bytes) -> frozenset[str]:
    try:
        return frozenset(texts_in(compile(content, "<beside>", "exec", dont_inherit=True)))
    except (SyntaxError, ValueError):
        return frozenset()


def texts_in(constant: object) -> Iterator[str]:
    """All texts in code, with those in its functions and classes, or in one of its constants."""
    if isinstance(constant, str):
        yield constant
    elif isinstance(constant, tuple | frozenset | types.CodeType):
        for each in constant.co_consts if isinstance(constant, types.CodeType) else constant:
            yield from texts_in(each)


class _Beside(MetaPathFinder):
    """Finds modules and packages among the files of an assignment; `names` are those at the top."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self.files = files
        self._place = os.getcwd()  # noqa: PTH109 - a text
        self._texts = {name: content for name, content in files.items() if name.endswith(".py")}
        self._folders = {str(folder) for name in self._texts for folder in PurePosixPath(name).parents}
        found = {PurePosixPath(name).parts[0].removesuffix(".py") for name in self._texts}
        self.names = frozenset(name for name in found - sys.stdlib_module_names if not _stays(name))

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: types.ModuleType | None = None
    ) -> ModuleSpec | None:
        if name.partition(".")[0] not in self.names:
            return None
        place = name.replace(".", "/")
        if (content := self._texts.get(f"{place}/__init__.py")) is not None:
            return self._spec(name, f"{place}/__init__.py", content, is_package=True)
        if (content := self._texts.get(f"{place}.py")) is not None:
            return self._spec(name, f"{place}.py", content)
        return spec_from_loader(name, TextLoader("", is_package=True)) if place in self._folders else None

    def _spec(self, name: str, path: str, content: bytes, is_package: bool = False) -> ModuleSpec | None:
        loader = TextLoader(decode_source(content), is_package, self.files)
        spec = spec_from_loader(name, loader, origin=f"{self._place}/{path}")
        if spec is not None:
            spec.has_location = True  # it has a `__file__`
        return spec


def _stays(name: str) -> bool:
    """Whether what is imported under a name is an installed module, or one of this program's, which may need it."""
    if (imported := sys.modules.get(name)) is None:
        return name == __name__.partition(".")[0]
    return isinstance(getattr(imported, "__loader__", None), TextLoader) or libraries.is_installed(name)
