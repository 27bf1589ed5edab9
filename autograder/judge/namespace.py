"""The names that a grade cell sees (its own, then Python's, then the student's), and running the cell with them."""

from __future__ import annotations

import ast
import asyncio
import builtins
import contextlib
import functools
import inspect
import linecache
import types
from collections.abc import Iterator
from typing import Any

from autograder.judge import main_module, sympy_texts
from autograder.judge.classes import as_in_one_process
from autograder.judge.partial_credit import last_expression
from autograder.judge.student import MISSING, Student, Trouble
from autograder.protocol import allowlist
from autograder.protocol.codec import WireError
from autograder.protocol.proxies import Proxy

_ABSENT = object()
_VALUE = "__value_of_the_last_expression__"
_FLAGS = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT


class Namespace(dict[str, Any]):
    """The globals of instructor cells.

    When a grade cell assigns a function the assignment asks for, or a name that a locked cell gave, it is set on the
    student's side too, just before the next question, whether the student has such a name or not. `finish` undoes that
    on both sides: so a reference replaces a student's function for one cell. Other names are the test's own: a
    helper of the student's that is called the same stays.

    A name in `given`, which a locked cell defines, is never looked up on the student's side, wherever that cell is.
    """

    def __init__(self, student: Student, functions: frozenset[str], given: frozenset[str] = frozenset()) -> None:
        super().__init__(__name__="__main__", __builtins__=builtins)
        self._student = student
        self._functions = functions
        self._reserved = given - functions
        self._given: set[str] = set()
        self._kept: dict[str, Any] | None = None
        self._pending: dict[str, Any] = {}
        self.last_value: Any = None
        student.before_asking = self._share

    def __missing__(self, name: str) -> Any:
        if name.startswith("__") or name in self._reserved:
            raise KeyError(name)
        if hasattr(builtins, name) and name not in self._functions:
            raise KeyError(name)
        value = self._student.look_up(name)
        if value is MISSING:
            raise KeyError(name)
        if callable(value) and not isinstance(value, Proxy):
            # a function that both sides have, such as `np.negative`: it runs here, and may write into what it is given
            self._student.expect_changes(self.given.values())
        return value

    def __contains__(self, name: object) -> bool:
        return self.get(name, _ABSENT) is not _ABSENT

    def get(self, name: Any, default: Any = None) -> Any:
        """Look a name up; `globals().get` in a check asks the student, too."""
        try:
            return self[name]
        except KeyError:
            return default

    def __setitem__(self, name: str, value: Any) -> None:
        if name == _VALUE:
            self.last_value = value
            return
        if self._kept is None:
            self._given.add(name)
        elif (name in self._functions or name in self._given) and not self._is_imported_again(name, value):
            self._kept.setdefault(name, super().get(name, _ABSENT))
            self._pending[name] = value
        super().__setitem__(name, value)

    def _is_imported_again(self, name: str, value: Any) -> bool:
        """Whether a check imports what a locked cell imported, of which the student's side has its own."""
        return isinstance(value, types.ModuleType) and super().get(name) is value and allowlist.name_of(value) is None

    @property
    def given(self) -> dict[str, Any]:
        """What locked cells defined."""
        return {name: value for name, value in self.items() if name in self._given}

    def take_over(self, other: Namespace) -> None:
        """Take what checks defined in `other`, except the student's things, which are of another process."""
        for name, value in other.items():
            if name not in other._given and not isinstance(value, Proxy):
                super().__setitem__(name, value)

    def start(self) -> None:
        """Begin a grade cell."""
        self._kept, self._pending = {}, {}

    def finish(self) -> None:
        """End a grade cell: what it put in place of others' names is gone on both sides."""
        kept, self._kept, self._pending = self._kept or {}, None, {}
        with contextlib.suppress(Trouble):
            self._student.put_back()
        for name, value in kept.items():
            if value is _ABSENT:
                self.pop(name, None)
            else:
                super().__setitem__(name, value)

    def _share(self) -> None:
        pending, self._pending = self._pending, {}
        if not pending:
            return
        try:
            self._student.assign(pending)
        except WireError:
            for name, value in pending.items():  # of values that cannot all travel, those that can
                with contextlib.suppress(WireError):
                    self._student.assign({name: value})


@contextlib.contextmanager
def judging(namespace: Namespace) -> Iterator[None]:
    """A grade cell runs in the body."""
    namespace.start()
    try:
        yield
    finally:
        namespace.finish()


@functools.lru_cache(maxsize=1000)
def compiled(source: str, assignment: str, grade_id: str, handed_out: bool = False) -> types.CodeType:
    """The code of an instructor's cell, the same for a whole class, its lines known to tracebacks."""
    name = f"<{grade_id}{f' of {assignment}' if assignment else ''}{', as handed out' if handed_out else ''}>"
    linecache.cache[name] = (len(source), None, source.splitlines(keepends=True), name)
    cell = as_in_one_process(_keeping_its_value(source, name))
    code: types.CodeType = compile(cell, name, "exec", _FLAGS, dont_inherit=True)
    return code


def _keeping_its_value(source: str, name: str) -> ast.Module:
    """A cell in which the value of the last expression is assigned, so that `Namespace` can keep it."""
    cell: ast.Module = compile(source, name, "exec", _FLAGS | ast.PyCF_ONLY_AST, dont_inherit=True)
    if (last := last_expression(cell, source)) is not None:
        target = ast.copy_location(ast.Name(_VALUE, ast.Store()), last)
        cell.body[-1] = ast.copy_location(ast.Assign([target], last.value), last)
    return cell


def execute(code: types.CodeType, namespace: Namespace) -> Any:
    """Run a cell; one that awaits something runs to its end, as in a notebook.

    Returns the value of its last expression, as a notebook would display it, or None.
    """
    sympy_texts.guard()
    namespace.last_value = None
    with main_module.made_of(namespace):
        waiting = eval(code, namespace)
        if inspect.iscoroutine(waiting):
            asyncio.run(waiting)
    value, namespace.last_value = namespace.last_value, None
    return value
