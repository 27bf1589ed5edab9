"""Modules of the instructor's that checks import: they are made of texts, so that grading needs no file.

Answers are installed for good by `autograder.judge.mistakes`. What lies beside a source notebook can be imported while
a submission of that assignment is judged. A module that a student handed in never runs in this process.
"""

from __future__ import annotations

import ast
import contextlib
import linecache
import sys
import types
from collections.abc import Iterator, Mapping, Sequence
from importlib.abc import InspectLoader, MetaPathFinder
from importlib.machinery import ModuleSpec
from importlib.util import decode_source, spec_from_loader
from pathlib import PurePosixPath

from autograder.judge.classes import as_in_one_process


class TextLoader(InspectLoader):
    """Makes a module of its text, or a package when it is one."""

    def __init__(self, text: str, is_package: bool = False) -> None:
        self._text = text
        self._is_package = is_package

    def is_package(self, fullname: str) -> bool:
        """Whether it is one."""
        return self._is_package

    def get_source(self, fullname: str) -> str:
        """The text."""
        return self._text

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

    One of Python's own goes before a module of the same name, as in a notebook, and so does what was imported already.
    """
    finder = _Beside(files)
    if not finder.names:
        yield
        return
    sys.meta_path.insert(0, finder)
    try:
        yield
    finally:
        sys.meta_path.remove(finder)
        for name in [name for name in sys.modules if name.partition(".")[0] in finder.names]:
            del sys.modules[name]  # another assignment may have one of the same name


class _Beside(MetaPathFinder):
    """Finds modules and packages among the files of an assignment; `names` are those at the top."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self._texts = {name: content for name, content in files.items() if name.endswith(".py")}
        self._folders = {str(folder) for name in self._texts for folder in PurePosixPath(name).parents}
        found = {PurePosixPath(name).parts[0].removesuffix(".py") for name in self._texts}
        self.names = frozenset(found - sys.stdlib_module_names - sys.modules.keys())

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: types.ModuleType | None = None
    ) -> ModuleSpec | None:
        if name.partition(".")[0] not in self.names:
            return None
        place = name.replace(".", "/")
        if (content := self._texts.get(f"{place}/__init__.py")) is not None:
            return spec_from_loader(name, TextLoader(decode_source(content), is_package=True))
        if (content := self._texts.get(f"{place}.py")) is not None:
            return spec_from_loader(name, TextLoader(decode_source(content)))
        return spec_from_loader(name, TextLoader("", is_package=True)) if place in self._folders else None
