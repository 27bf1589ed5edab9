"""The same function written by somebody else: other names, another order, fewer lines or more functions."""

from __future__ import annotations

import ast
import builtins
import copy
from collections.abc import Callable, Iterable


def renamed(source: str) -> str:
    """With other names for all arguments and variables."""
    module, function = _parsed(source)
    new = {name: f"my_{name}_{number}" for number, name in enumerate(sorted(_locals(function)))}
    for node in ast.walk(function):
        if isinstance(node, ast.Name):
            node.id = new.get(node.id, node.id)
        elif isinstance(node, ast.arg):
            node.arg = new[node.arg]
    return ast.unparse(module)


def reordered(source: str) -> str:
    """With independent neighbours among the lines, and the terms of sums and products, the other way round."""
    module, function = _parsed(source)
    lines = function.body
    for at in range(len(lines) - 1):
        first, second = lines[at], lines[at + 1]
        if _independent(first, second):
            lines[at], lines[at + 1] = second, first
    for node in ast.walk(function):
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Mult):
            node.left, node.right = node.right, node.left
    return ast.unparse(module)


def inlined(source: str) -> str:
    """With the value of each variable that is set once written where it is used."""
    module, function = _parsed(source)
    if _changes_in_place(function):
        return source
    kept: list[ast.stmt] = []
    values: dict[str, ast.expr] = {}
    for line in function.body:
        line = _Put(values).visit(line)
        match line:
            case ast.Assign(targets=[ast.Name(id=name)]) if _times_set(function, name) == 1:
                values[name] = line.value
            case _:
                kept.append(line)
    function.body = kept
    return ast.unparse(module)


def extracted(source: str) -> str:
    """With what is computed in each line in a function of its own."""
    module, function = _parsed(source)
    known, helpers = _locals(function), []
    for number, line in enumerate(function.body):
        if isinstance(line, ast.Assign | ast.Return) and isinstance(line.value, ast.BinOp | ast.Call | ast.Tuple):
            needed = sorted(known & _read(line.value))
            helper, call = f"step_{number}", f"step_{number}({', '.join(needed)})"
            helpers.append(
                ast.parse(f"def {helper}({', '.join(needed)}):\n    return {ast.unparse(line.value)}").body[0]
            )
            line.value = ast.parse(call, mode="eval").body
    module.body = [*helpers, *module.body]
    return ast.unparse(module)


REWRITINGS: dict[str, Callable[[str], str]] = {
    "renamed": renamed,
    "reordered": reordered,
    "inlined": inlined,
    "extracted": extracted,
    "all": lambda source: extracted(renamed(inlined(reordered(source)))),
}


def is_written_alike(one: str, other: str) -> bool:
    """Whether two sources differ in nothing but blanks, line breaks and comments."""
    return ast.dump(ast.parse(one)) == ast.dump(ast.parse(other))


class _Put(ast.NodeTransformer):
    """Writes values where names are read."""

    def __init__(self, values: dict[str, ast.expr]) -> None:
        self._values = values

    def visit_Name(self, node: ast.Name) -> ast.expr:
        """The value of a name that has one."""
        return copy.deepcopy(self._values[node.id]) if node.id in self._values else node


def _parsed(source: str) -> tuple[ast.Module, ast.FunctionDef]:
    module = ast.parse(source)
    (function,) = module.body
    assert isinstance(function, ast.FunctionDef)
    return module, function


def _names(nodes: Iterable[ast.AST], kind: type[ast.expr_context]) -> list[str]:
    return [node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, kind)]


def _read(node: ast.AST) -> set[str]:
    return set(_names(ast.walk(node), ast.Load)) - set(dir(builtins))


def _set(node: ast.AST) -> set[str]:
    return set(_names(ast.walk(node), ast.Store))


def _locals(function: ast.FunctionDef) -> set[str]:
    return {argument.arg for argument in function.args.args} | _set(function)


def _times_set(function: ast.FunctionDef, name: str) -> int:
    return _names(ast.walk(function), ast.Store).count(name)


def _independent(first: ast.stmt, second: ast.stmt) -> bool:
    if not (isinstance(first, ast.Assign) and isinstance(second, ast.Assign)):
        return False
    if any(isinstance(target, ast.Subscript) for target in [*first.targets, *second.targets]):
        return False
    return not (_set(first) & (_read(second) | _set(second)) or _set(second) & _read(first))


def _changes_in_place(function: ast.FunctionDef) -> bool:
    """Whether a value computed twice would differ from one that is kept."""
    stored = [node for node in ast.walk(function) if isinstance(node, ast.Subscript | ast.Attribute)]
    kinds = ast.AugAssign | ast.For | ast.While
    return any(isinstance(node.ctx, ast.Store) for node in stored) or any(
        isinstance(node, kinds) for node in ast.walk(function)
    )
