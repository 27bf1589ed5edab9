"""What `type(x)` and `x.__class__` mean in an instructor's code: what they would mean if there were one process.

`isinstance` goes by what an object says of itself, and a proxy says what it passes for. `type` looks at the object, and
would see that it is a proxy. So where the code of a check or of a module beside it writes `type(x)`, it is compiled to
ask here. The packages that the code imports are those whose classes a proxy may pass for.
"""

from __future__ import annotations

import ast
import builtins
import contextlib
import functools
import importlib
import importlib.machinery
import sys
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from autograder.imports import modules_imported
from autograder.protocol import libraries
from autograder.protocol.messages import PYPLOT
from autograder.protocol.proxies import Proxy, class_here, class_of, inherits, owner_of

_type = type


def _result_of_type(called: Any, thing: Any) -> Any:
    """What `called(thing)` gives, where `called` was written `type`."""
    return class_of(thing) if called is _type else called(thing)


def _result_of_super(called: Any) -> Any:
    """What `called()` gives, where `called` was written `super`; also in a class that extends one of the student's."""
    frame = sys._getframe(1)
    kind, code = frame.f_locals.get("__class__"), frame.f_code
    if called is not super or kind is None or not code.co_argcount:
        return called()
    this = frame.f_locals[code.co_varnames[0]]
    if isinstance(kind, Proxy):
        return owner_of(kind).call(kind, (this,), {}, "__super__")
    return super(kind, this)


def _attribute_class(thing: Any) -> Any:
    """What `thing.__class__` gives."""
    return class_of(thing) if isinstance(_type(thing), _type) and issubclass(_type(thing), Proxy) else thing.__class__


def _is_subclass(called: Any, kind: Any, *others: Any) -> Any:
    """What `called(kind, *others)` gives, where `called` was written `issubclass`."""
    if called is issubclass and len(others) == 1 and isinstance(kind, Proxy):
        wanted = others[0] if isinstance(others[0], tuple) else others
        return any(inherits(kind, other) for other in wanted)
    return called(kind, *others)


def _import_parts(names: Iterable[str]) -> None:
    """Import parts of packages, which in one process the student's code may have imported."""
    for name in names:
        with contextlib.suppress(ImportError):
            importlib.import_module(name)


_HELPERS: dict[str, Callable[..., Any]] = {
    "__result_of_type__": _result_of_type,
    "__result_of_super__": _result_of_super,
    "__attribute_class__": _attribute_class,
    "__class_here__": class_here,
    "__class_of__": class_of,
    "__is_subclass__": _is_subclass,
    "__import_parts__": _import_parts,
}
vars(builtins).update(_HELPERS)  # where all code of an instructor's finds them, whatever module it is in

_aliases: dict[str, str] = {}
"""The names under which instructors' code has imported packages."""

_ASKING = frozenset(("type", "super", "map", "issubclass"))
_COMPARED = (ast.Is, ast.IsNot, ast.Eq, ast.NotEq, ast.In, ast.NotIn)


def as_in_one_process(code: ast.Module) -> ast.Module:
    """The code of a check, or of a module beside it, in which `type` sees through proxies; changes `code`."""
    nodes = list(ast.walk(code))
    libraries.allow(name.partition(".")[0] for name in modules_imported(nodes))
    for node in nodes:
        if isinstance(node, ast.Import):
            _aliases.update((alias.asname or alias.name, alias.name) for alias in node.names)
    parts = sorted(_parts(nodes))
    changed: ast.Module = _SeeingThroughProxies().visit(code) if any(map(_asks_for_classes, nodes)) else code
    if parts:
        first = 1 if ast.get_docstring(changed) is not None else 0
        while first < len(changed.body) and _is_future(changed.body[first]):
            first += 1
        values: list[ast.expr] = [ast.Constant(name) for name in parts]
        call = _call("__import_parts__", ast.Tuple(values, ast.Load()))
        changed.body.insert(first, ast.Expr(call))
    return ast.fix_missing_locations(changed)


def _asks_for_classes(node: ast.AST) -> bool:
    """Whether a name in the code may ask for the class of a thing; most checks have none."""
    return (isinstance(node, ast.Name) and node.id in _ASKING) or (
        isinstance(node, ast.Attribute) and node.attr == "__class__"
    )


def _is_future(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.ImportFrom) and statement.module == "__future__"


def _parts(nodes: Iterable[ast.AST]) -> set[str]:
    """The modules in packages that code names as attributes, such as `matplotlib.axes`."""
    found = set()
    for node in nodes:
        if not (isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)):
            continue
        package = _aliases.get(node.value.id, "")
        if package.partition(".")[0] in ("", "numpy") or package == PYPLOT:  # these have all their parts
            continue
        if libraries.is_installed(package.partition(".")[0]) and _is_part(package, node.attr):
            found.add(f"{package}.{node.attr}")
    return found


@functools.cache
def _is_part(package: str, name: str) -> bool:
    """Whether an installed package, which is not imported for that, has a module of this name."""
    places: Sequence[str] | None = None
    whole = ""
    for part in (*package.split("."), name):
        whole = f"{whole}.{part}" if whole else part
        spec = importlib.machinery.PathFinder.find_spec(whole, places)
        if spec is None:
            return False
        places = spec.submodule_search_locations or ()
    return True


class _SeeingThroughProxies(ast.NodeTransformer):
    def visit_Call(self, node: ast.Call) -> ast.AST:
        self.generic_visit(node)
        if _is_type(node.func) and len(node.args) == 1 and not isinstance(node.args[0], ast.Starred):
            if not node.keywords:
                return ast.copy_location(_call("__result_of_type__", node.func, node.args[0]), node)
        elif isinstance(node.func, ast.Name) and node.func.id == "super" and not node.args and not node.keywords:
            return ast.copy_location(_call("__result_of_super__", node.func), node)
        elif isinstance(node.func, ast.Name) and node.func.id == "map" and node.args and _is_type(node.args[0]):
            node.args[0] = ast.copy_location(ast.Name("__class_of__", ast.Load()), node.args[0])
        elif isinstance(node.func, ast.Name) and node.func.id == "issubclass" and not node.keywords:
            return ast.copy_location(_call("__is_subclass__", node.func, *node.args), node)
        return node

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        self.generic_visit(node)
        if node.attr == "__class__" and isinstance(node.ctx, ast.Load):
            return ast.copy_location(_call("__attribute_class__", node.value), node)
        return node

    def visit_Compare(self, node: ast.Compare) -> ast.AST:
        self.generic_visit(node)
        sides = [node.left, *node.comparators]
        if any(map(_asks_for_class, sides)) and all(isinstance(each, _COMPARED) for each in node.ops):
            here = [side if _asks_for_class(side) else _call("__class_here__", side) for side in sides]
            node.left, node.comparators = here[0], here[1:]
        return node


def _is_type(node: ast.expr) -> bool:
    return isinstance(node, ast.Name) and node.id == "type"


def _asks_for_class(node: ast.expr) -> bool:
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in ("__result_of_type__", "__attribute_class__")
    )


def _call(name: str, *arguments: ast.expr) -> ast.Call:
    return ast.copy_location(ast.Call(ast.Name(name, ast.Load()), list(arguments), []), arguments[0])
