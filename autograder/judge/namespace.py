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
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any

from autograder.judge import main_module, pyplot, sympy_texts
from autograder.judge.classes import as_in_one_process
from autograder.judge.partial_credit import last_expression
from autograder.judge.patches import Patches
from autograder.judge.student import MISSING, Student, Trouble
from autograder.judge.texts import Texts
from autograder.magics import python_of
from autograder.names import AnswerNames, global_reads, set_globally
from autograder.protocol import allowlist, libraries
from autograder.protocol.codec import WireError
from autograder.protocol.proxies import Proxy

if TYPE_CHECKING:
    from _collections_abc import dict_items, dict_keys, dict_values

_ABSENT = object()
_VALUE = "__value_of_the_last_expression__"
_FLAGS = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
_OF_NOTEBOOK = frozenset(("get_ipython", "display", "In", "exec", "eval", "compile"))
"""Names that every cell of a notebook has, or has in another way than here."""
_OF_STUDENT = frozenset(("asyncio", "concurrent", "multiprocessing", "queue", "sqlite3", "subprocess", "threading"))
"""Modules whose objects cannot cross: a check that has them from the notebook uses those of the student's side."""

_BUILT_IN = frozenset(dir(builtins)) - _OF_NOTEBOOK


class Namespace(dict[str, Any]):
    """The globals of instructor cells.

    A name that a cell does not find here or in Python itself is looked up on the student's side. What a grade cell does
    to a name that both sides share holds on both, from just before the next question: it puts a reference in place of
    a student's function, sets a variable that the answers read, or deletes a name. `finish` undoes that. Any other name
    is the test's own: a helper of the student's that is called the same stays.

    Args:
        student: the student process, which is asked for what is missing here.
        names: which names the author's answers define and read.
        given: the names that locked cells define; they are never looked up on the student's side, wherever they are,
            unless the author's own answers change them.
    """

    def __init__(
        self,
        student: Student,
        names: AnswerNames,
        given: frozenset[str] = frozenset(),
    ) -> None:
        super().__init__(__name__="__main__", __builtins__=builtins)
        self._student = student
        self._asked_for = names.asked_for
        self._pythons_own = _BUILT_IN - names.asked_for
        self._shared = names.asked_for | names.read
        self._answered = names.changed
        self._reserved = given - names.asked_for - self._answered
        self._given: set[str] = set()
        self._kept: dict[str, Any] | None = None
        self._pending: dict[str, Any] = {}
        self._deleted: set[str] = set()
        self._imports = names.imports
        self._globals: dict[str, Any] = {}
        self._expected: dict[str, bytes | None] = {}
        self._assigned: dict[str, bytes | None] = {}
        self.changed: set[str] = set()
        """The names of locked cells whose data answers were seen to change; `note_changes` looks for them."""
        self._patches = Patches()
        self._texts = Texts(student)
        self._of_notebook: dict[str, Any] | None = None
        self.last_value: Any = None
        self.history: Callable[[], list[str]] = list
        student.before_asking = self._share

    def __missing__(self, name: str) -> Any:
        if name in self._pythons_own or name.startswith("__"):
            raise KeyError(name)
        if name in _OF_NOTEBOOK and name not in self._asked_for:
            return self._notebook()[name]
        if name in self._reserved or name in self._deleted:
            raise KeyError(name)
        if name in self._imports and self._import(name):
            return super().__getitem__(name)
        value = self._student.look_up(name)
        if value is MISSING:
            raise KeyError(name)
        if callable(value) and not isinstance(value, Proxy):
            # a function that both sides have, such as `np.negative`: it runs here, and may write into what it is given
            self._student.expect_changes(self.given.values())
        return value

    def _import(self, name: str) -> bool:
        """Import here what the author's cells import under a name; whether that can be done."""
        statement = ast.parse(self._imports[name])
        modules = {each.name for node in statement.body if isinstance(node, ast.Import) for each in node.names}
        modules |= {str(node.module) for node in statement.body if isinstance(node, ast.ImportFrom)}
        tops = {module.partition(".")[0] for module in modules}
        if tops & _OF_STUDENT or tops & libraries.beside():
            return False
        found: dict[str, Any] = {}
        try:
            exec(compile(as_in_one_process(statement), "<import>", "exec"), found)
        except Exception:  # the student's side may have it all the same
            return False
        super().__setitem__(name, found[name])
        return True

    def __contains__(self, name: object) -> bool:
        return self.get(name, _ABSENT) is not _ABSENT

    def get(self, name: Any, default: Any = None) -> Any:
        """Look a name up; `globals().get` in a check asks the student, too."""
        try:
            return self[name]
        except KeyError:
            return default

    def keys(self) -> dict_keys[str, Any]:
        """The names, the student's own among them, as `dir()` and `globals()` list them."""
        hidden = self._reserved | self._deleted
        theirs = [name for name in self._student.names() if name not in hidden]
        return dict[str, Any].fromkeys([*super().keys(), *theirs]).keys()

    def __iter__(self) -> Iterator[str]:
        return iter(self.keys())

    def __len__(self) -> int:
        return len(self.keys())

    def values(self) -> dict_values[str, Any]:
        """The values of all names."""
        return {name: self[name] for name in self.keys()}.values()

    def items(self) -> dict_items[str, Any]:
        """All names with their values."""
        return {name: self[name] for name in self.keys()}.items()

    def copy(self) -> dict[str, Any]:
        """All names with their values, in a dictionary of its own."""
        return dict(self.items())

    def __setitem__(self, name: str, value: Any) -> None:
        if name == _VALUE:
            self.last_value = value
            return
        if self._kept is None:
            self._given.add(name)
        elif self._is_shared(name, value) and not self._is_imported_again(name, value):
            self._kept.setdefault(name, super().get(name, _ABSENT))
            self._pending[name] = value
            self._deleted.discard(name)
        if name not in self._answered:
            super().__setitem__(name, value)

    def __delitem__(self, name: str) -> None:
        is_shared = name in self._shared or name in (self._kept or ())
        if self._kept is not None and (is_shared or not super().__contains__(name)):
            if name not in self:
                raise KeyError(name)
            self._kept.setdefault(name, super().get(name, _ABSENT))
            self._pending[name] = _ABSENT
            if not hasattr(builtins, name):  # a builtin of that name is there again
                self._deleted.add(name)
        if super().__contains__(name):
            super().__delitem__(name)

    def _is_shared(self, name: str, value: Any) -> bool:
        """Whether a check that sets a name to this value means the student's code, too.

        It does where it puts a function in place of one of Python's own, to forbid it or to see that it is called. Any
        other value under such a name is a variable of the check's.
        """
        if name in self._shared or name in self._given or name in self._deleted:
            return True
        return name in _BUILT_IN and callable(value)

    def _is_imported_again(self, name: str, value: Any) -> bool:
        """Whether a check imports what a locked cell imported, of which the student's side has its own."""
        return isinstance(value, types.ModuleType) and super().get(name) is value and allowlist.name_of(value) is None

    @property
    def given(self) -> dict[str, Any]:
        """What locked cells defined."""
        return {name: value for name, value in super().items() if name in self._given}

    def find_given(self, name: str) -> Any:
        """What a locked cell defined under this name, or None."""
        return super().get(name) if name in self._given else None

    def take_over(self, other: Namespace) -> None:
        """Take what checks defined in `other`, except the student's things, which are of another process."""
        for name, value in dict.items(other):
            if name not in other._given and not isinstance(value, Proxy):
                super().__setitem__(name, value)

    def execute(self, code: types.CodeType, source: str) -> Any:
        """Run a cell; one that awaits something runs to its end, as in a notebook.

        Returns the value of its last expression, as a notebook would display it, or None. What a check changes in
        modules holds on both sides while it runs.
        """
        sympy_texts.guard()
        self.last_value, self._texts.code = None, code
        self._watch_globals(set_globally(source))
        for name in self._imports:  # the body of a class would not be asked for it
            if name in global_reads(source) and not super().__contains__(name):
                self._import(name)
        shared = pyplot.of_student(self._student.pyplot)
        patches = self._patches.watched(source if self._kept is not None else "", self)
        with main_module.made_of(self, self.find_given), shared, patches, self._texts.in_doctest(source):
            waiting = eval(code, self)
            if inspect.iscoroutine(waiting):
                asyncio.run(waiting)
        if self._kept is None:
            self._given |= self._globals.keys()
            self._forget_answered()
        value, self.last_value = self.last_value, None
        return value

    def start(self) -> None:
        """Begin a grade cell."""
        self._kept, self._pending = {}, {}
        self._watch_globals(self._globals)

    def _watch_globals(self, names: Iterable[str]) -> None:
        """Look from now on whether functions set these names with `global`, which calls no method here."""
        for name in names:
            self._globals[name] = super().get(name, _ABSENT)
            if self._kept is not None:
                self._kept.setdefault(name, self._globals[name])

    def _note_globals(self) -> None:
        for name, before in self._globals.items():
            value = super().get(name, _ABSENT)
            if value is not before and self._is_shared(name, value) and self._kept is not None:
                self._globals[name] = self._pending[name] = value
        self._forget_answered()

    def _forget_answered(self) -> None:
        """Names of locked cells that the answers change are those of the student's side."""
        for name in self._answered & self._globals.keys():
            self.pop(name, None)
            self._globals[name] = _ABSENT

    def finish(self) -> None:
        """End a grade cell: what it put in place of others' names is gone on both sides."""
        kept, self._kept, self._pending = self._kept or {}, None, {}
        self._deleted.clear()
        self._assigned.clear()
        with contextlib.suppress(Trouble):
            self._student.put_back()
        for name, value in kept.items():
            if value is _ABSENT:
                self.pop(name, None)
            else:
                super().__setitem__(name, value)

    def note_changes(self) -> None:
        """Compare the data that locked cells gave with what the student's side has; what differs is `changed`."""
        for name, value in self.given.items():
            if name not in self._expected:
                self._expected[name] = self._student.data_of(value)
            expected = self._assigned.get(name, self._expected[name])
            if expected is not None and self._student.data_under(name) not in (None, expected):
                self.changed.add(name)

    def _share(self) -> None:
        if self._globals:
            self._note_globals()
        patches = self._patches.new() if self._patches.are_watched else []
        if not self._pending and not patches:
            return
        pending, self._pending = self._pending, {}
        deleted = [name for name, value in pending.items() if value is _ABSENT]
        values = {name: value for name, value in pending.items() if value is not _ABSENT}
        for name in self._expected.keys() & values:
            self._assigned[name] = self._student.data_of(values[name])
        try:
            self._student.assign(values, deleted, patches)
        except WireError:
            self._student.assign({}, deleted)
            for name, value in values.items():  # of values that cannot all travel, those that can
                with contextlib.suppress(WireError):
                    self._student.assign({name: value})
            for patch in patches:
                with contextlib.suppress(WireError):
                    self._student.assign({}, of_modules=[patch])

    def _notebook(self) -> dict[str, Any]:
        """What a notebook gives every cell."""
        if self._of_notebook is None:
            from autograder.judge.ipython import ZMQInteractiveShell, display  # most checks need none of it

            shell = ZMQInteractiveShell(self, lambda text: self._texts.run(text, self))
            self._of_notebook = {"get_ipython": lambda: shell, "display": display, **self._texts.functions}
        return {**self._of_notebook, "In": ["", *self.history()]}


@contextlib.contextmanager
def judging(namespace: Namespace) -> Iterator[None]:
    """A grade cell runs in the body."""
    namespace.start()
    try:
        yield
    finally:
        namespace.finish()


@functools.lru_cache(maxsize=1000)
def compiled(source: str, assignment: str, grade_id: str, handed_out: bool) -> types.CodeType:
    """The code of an instructor's cell, the same for a whole class, its lines known to tracebacks."""
    name = f"<{grade_id}{f' of {assignment}' if assignment else ''}{', as handed out' if handed_out else ''}>"
    linecache.cache[name] = (len(source), None, source.splitlines(keepends=True), name)
    cell = as_in_one_process(_keeping_its_value(python_of(source), name))
    code: types.CodeType = compile(cell, name, "exec", _FLAGS, dont_inherit=True)
    return code


def _keeping_its_value(source: str, name: str) -> ast.Module:
    """A cell in which the value of the last expression is assigned, so that `Namespace` can keep it."""
    cell: ast.Module = compile(source, name, "exec", _FLAGS | ast.PyCF_ONLY_AST, dont_inherit=True)
    if (last := last_expression(cell, source)) is not None:
        target = ast.copy_location(ast.Name(_VALUE, ast.Store()), last)
        cell.body[-1] = ast.copy_location(ast.Assign([target], last.value), last)
    return cell
