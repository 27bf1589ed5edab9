"""What replaces a function of a library in student processes because that takes longer than most cells run.

As in `autograder.fast`, which does the same for the grader, each entry says what it replaces, what that saves and
which test proves the two equal.
"""

from __future__ import annotations

import ast
import contextlib
import functools
import inspect
import re
import tempfile
import types
from collections.abc import Iterator
from typing import Any, cast

import numpy as np
from ipykernel.compiler import XCachingCompiler, get_tmp_hash_seed
from pygments.formatters import Terminal256Formatter

_MULTIPLIER, _MASK = 0x5BD1E995, 0xFFFFFFFF
_NOT_PYTHON = re.compile(
    r"""
      \A\s                                        # lines and blanks that are taken away
    | ^\s*(?:[%!?,;/] | >>> | \.{3} | In\s*\[)    # magics, commands and prompts
    | =\s*[%!]                                    # what a magic or a command gives, assigned
    | ^(?!\s*\#).*\?\s*$                          # help, unless a comment asks something
    """,
    re.MULTILINE | re.VERBOSE,
)


@functools.lru_cache(maxsize=64)
def is_python(source: str) -> bool:
    """Whether IPython surely takes `source` as it is; where the answer is no, IPython has to be asked.

    Replaces `TransformerManager.transform_cell`, which takes 0.5 ms for a cell.
    `tests/student/test_fast.py::test_what_is_taken_for_python_is_left_as_it_is_by_ipython`.
    """
    return "\n" in source.rstrip() and not _NOT_PYTHON.search(source)


def may_await(source: str) -> bool:
    """Whether `source` may await something outside of a function; where the answer is yes, the compiler decides.

    Replaces `IPython.core.async_helpers._should_be_async`, which compiles the cell once more: 0.2 ms.
    `tests/student/test_fast.py::test_what_awaits_something_is_never_missed`.
    """
    return "await" in source or "async" in source


class Compiler(XCachingCompiler):
    """A kernel's compiler that works out the name of a cell once, with numpy, and compiles remembered cells once.

    What is known of a remembered cell (its name, that it is Python) is found out before any fork, and kept.

    Replaces `XCachingCompiler.get_code_name`, which hashes the source byte by byte in 0.1 ms, and the search for a
    cell's module among all modules, for each line of a traceback, by `inspect.getmodule`.
    `tests/student/test_fast.py::test_cells_get_the_names_that_a_kernel_gives_them`.

    Replaces the compiling of each cell in each process, 10 ms for the tools of the shown checks.
    `tests/student/test_fast.py::test_a_remembered_cell_runs_as_if_it_were_compiled_then`.
    """

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._sources: set[str] = set()
        self._trees: dict[tuple[str, str, int], ast.AST] = {}
        self._codes: dict[tuple[int, int], types.CodeType] = {}

    def remember(self, source: str, transformed: str) -> None:
        """Compile a cell now, statement by statement, as the shell will ask for it."""
        flags, name = self.flags, self.get_code_name(source, transformed, 0)
        try:
            tree = self.ast_parse(transformed, name)
            with self.extra_flags(ast.PyCF_ALLOW_TOP_LEVEL_AWAIT):  # with which the shell runs a cell
                codes = {
                    (id(node), self.flags): self(cast("Any", ast.Module([node], [])), name, "exec")
                    for node in ast.iter_child_nodes(tree)
                    if isinstance(node, ast.stmt)
                }
        except (SyntaxError, ValueError):  # the process that runs it says so
            return
        if self.flags != flags:  # it imports from `__future__`, which changes how later cells are compiled
            self.flags = flags
            return
        self._sources.add(source)
        self._trees[transformed, name, flags] = tree
        self._codes.update(codes)

    @contextlib.contextmanager
    def running(self, source: str) -> Iterator[None]:
        """The cell `source` runs in the body.

        Only while a remembered one does, the compiler is of the other class: what a student's code compiles goes
        through the same functions as in a kernel, which can be seen in tracebacks.
        """
        if source not in self._sources:
            yield
            return
        self.__class__ = _Remembering
        try:
            yield
        finally:
            self.__class__ = Compiler

    def forget(self) -> None:
        """Compile everything when it runs: the statements that were remembered may be changed from now on."""
        self._sources.clear()
        self._codes.clear()
        self._trees.clear()

    def get_code_name(self, raw_code: str, transformed_code: str, number: int) -> str:
        """The name under which tracebacks know the code of a cell."""
        name = _file_name(raw_code)
        inspect.modulesbyfile[name] = "__main__"
        return name


class _Remembering(Compiler):
    """The compiler while a remembered cell runs."""

    def ast_parse(self, source: str, filename: str = "<unknown>", symbol: str = "exec") -> ast.AST:
        """The statements of a cell."""
        known = self._trees.get((source, filename, self.flags)) if symbol == "exec" else None
        return known or super().ast_parse(source, filename, symbol)

    def __call__(self, source: Any, filename: str, symbol: str, **how: Any) -> types.CodeType:
        """The code of one statement of a cell, or of any other text."""
        is_statement = symbol == "exec" and isinstance(source, ast.Module) and len(source.body) == 1
        # trees of remembered cells are kept, so the number of a node cannot become that of another
        known = self._codes.get((id(source.body[0]), self.flags)) if is_statement else None
        return known or super().__call__(source, filename, symbol, **how)


_FOLDER = f"{tempfile.gettempdir()}/ipykernel_1"
"""The folder in the names of cells: the same in every process, where a kernel has the number of its own."""


@functools.lru_cache(maxsize=64)
def _file_name(source: str) -> str:
    return f"{_FOLDER}/{murmur2(source.encode(), get_tmp_hash_seed())}.py"  # type: ignore[no-untyped-call]


def murmur2(data: bytes, seed: int) -> int:
    """The 32-bit MurmurHash2 of `data`, by which kernels name cells.

    Replaces `ipykernel.compiler.murmur2_x86`.
    `tests/student/test_fast.py::test_cells_get_the_names_that_a_kernel_gives_them`.
    """
    whole, rest = data[: len(data) & ~3], data[len(data) & ~3 :]
    words = np.frombuffer(whole, "<u4") * np.uint32(_MULTIPLIER)
    words = (words ^ (words >> np.uint32(24))) * np.uint32(_MULTIPLIER)
    found = seed ^ len(data)
    for word in words.tolist():
        found = found * _MULTIPLIER & _MASK ^ word
    if rest:
        found = (found ^ int.from_bytes(rest, "little")) * _MULTIPLIER & _MASK
    found = (found ^ found >> 13) * _MULTIPLIER & _MASK
    return found ^ found >> 15


def remember_colors() -> None:
    """Let a traceback look up the nearest of 256 colors for each color once in a process.

    Replaces `Terminal256Formatter._closest_color`, which compares with all 256 again in each formatter, of which
    every traceback makes one: 0.05 ms for each color.
    `tests/student/test_fast.py::test_a_remembered_color_is_the_nearest_one`.
    """
    nearest = functools.cache(Terminal256Formatter()._closest_color)  # type: ignore[attr-defined]
    Terminal256Formatter._closest_color = lambda _, *color: nearest(*color)  # type: ignore[attr-defined]
