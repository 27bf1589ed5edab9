"""What a check changes in modules, such as `np.linalg.solve = None` or a mock of `builtins.input`.

In one process it holds for the student's code, too, and until somebody changes it back. Here it goes over to the
student's side before each question, and is undone on both sides when the check ends, whatever the check itself undoes.
"""

from __future__ import annotations

import ast
import contextlib
import functools
import re
import sys
import types
from collections.abc import Iterator
from typing import Any

from autograder.magics import python_of

_CHANGING = frozenset(("setattr", "delattr", "patch", "mock", "monkeypatch", "MonkeyPatch"))
_DOTTED = re.compile(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)+")
_ABSENT = object()


class Patches:
    """The modules that a check may change, as they were before it; none for most checks."""

    def __init__(self) -> None:
        self._before: dict[types.ModuleType, dict[str, Any]] = {}
        self._sent: dict[tuple[str, str], Any] = {}

    @property
    def are_watched(self) -> bool:
        """Whether the running check may change a module."""
        return bool(self._before)

    @contextlib.contextmanager
    def watched(self, source: str, names: dict[str, Any]) -> Iterator[None]:
        """The code of a check runs in the body, with these global names; what it changed in modules is undone then."""
        self._sent.clear()
        self._before = {module: dict(vars(module)) for module in _modules(source, names)}
        try:
            yield
        finally:
            for module, name, _ in self._changes():
                if (before := self._before[module].get(name, _ABSENT)) is _ABSENT:
                    vars(module).pop(name, None)
                else:
                    vars(module)[name] = before
            self._before.clear()

    def new(self) -> list[tuple[str, str, list[Any]]]:
        """What changed since the last time, as module, name and a list of the value, empty when the name is gone."""
        found = []
        for module, name, value in [*self._changes(), *self._restored()]:
            place = (module.__name__, name)
            if self._sent.get(place, self._before[module].get(name, _ABSENT)) is not value:
                self._sent[place] = value
                found.append((*place, [] if value is _ABSENT else [value]))
        return found

    def _changes(self) -> list[tuple[types.ModuleType, str, Any]]:
        return [
            (module, name, vars(module).get(name, _ABSENT))
            for module, before in self._before.items()
            for name in {**before, **vars(module)}
            if vars(module).get(name, _ABSENT) is not before.get(name, _ABSENT)
        ]

    def _restored(self) -> list[tuple[types.ModuleType, str, Any]]:
        """What the check itself put back after it was sent."""
        modules = {module.__name__: module for module in self._before}
        return [
            (modules[place], name, vars(modules[place]).get(name, _ABSENT))
            for place, name in self._sent
            if vars(modules[place]).get(name, _ABSENT) is self._before[modules[place]].get(name, _ABSENT)
        ]


def _modules(source: str, names: dict[str, Any]) -> list[types.ModuleType]:
    """The modules that a check with this source may change, as far as they are imported already."""
    found = dict[str, None]()
    for root, *attributes in modules_named(source):
        value = dict.get(names, root)
        name = value.__name__ if isinstance(value, types.ModuleType) else root
        for step in ("", *attributes):
            name = f"{name}.{step}" if step else name
            found[name] = None
    known = (
        sys.modules.get(name)
        for name in found
        if name not in ("sys", "__main__") and name.partition(".")[0] != "autograder"
    )
    return [module for module in known if isinstance(module, types.ModuleType)]


@functools.lru_cache(maxsize=1000)
def modules_named(source: str) -> tuple[tuple[str, ...], ...]:
    """The dotted names in a check that may mean a module, if it looks as if it changed one, each by its parts."""
    try:
        nodes = list(ast.walk(ast.parse(python_of(source))))
    except SyntaxError:
        return ()
    if not any(map(_is_change, nodes)):
        return ()
    imported, found = dict[str, str](), list[tuple[str, ...]]([("builtins",)])
    for node in nodes:
        match node:
            case ast.Import(names=names):
                imported |= {each.asname: each.name for each in names if each.asname}
                found += [tuple(each.name.split(".")) for each in names]
            case ast.ImportFrom(module=str(module), names=names):
                imported |= {each.asname or each.name: f"{module}.{each.name}" for each in names}
                found += [(*module.split("."), each.name) for each in names]
    for node in nodes:
        if isinstance(node, ast.Attribute) and (chain := _chain(node)):
            found.append((*imported.get(chain[0], chain[0]).split("."), *chain[1:]))
        elif isinstance(node, ast.Name):
            found.append(tuple(imported.get(node.id, node.id).split(".")))
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and _DOTTED.fullmatch(node.value):
            found.append(tuple(node.value.split(".")))
    return tuple(dict.fromkeys(found))


def _is_change(node: ast.AST) -> bool:
    match node:
        case ast.Attribute(ctx=ast.Store() | ast.Del()):
            return True
        case ast.Attribute(attr=name) | ast.Name(id=name) | ast.alias(name=name):
            return name in _CHANGING
    return False


def _chain(node: ast.expr) -> tuple[str, ...]:
    match node:
        case ast.Name(id=name):
            return (name,)
        case ast.Attribute(value=value, attr=name) if before := _chain(value):
            return (*before, name)
    return ()
