"""Partial credit: a check that ends in a number of its own, which is its points.

A cell's value decides nothing unless the author made it so: by a line of the source that marks the check, or by a check
that ends in exactly its points on the author's own solution, as nbgrader documents it. What the number is must be the
author's own decision, so no such check may end in something that the student's code handed over as it is.
See docs/decisions/012-partial-credit.md.
"""

from __future__ import annotations

import ast
import builtins
import math
import numbers
import re
from collections.abc import Collection, Iterator
from decimal import Decimal

import numpy as np

from autograder.magics import python_of

MARK = "### PARTIAL CREDIT"
_MARKED = re.compile(rf"^\s*{MARK}\s*$", re.MULTILINE)
_PASS_ON = frozenset({"abs", "float", "int", "max", "min", "round", "sum"})
"""Functions whose result is what they are given, or one of it."""

_NUMERIC = _PASS_ON | {"len", "pow"}
_NUMERIC_OF_MODULES = frozenset(
    {"average", "ceil", "clip", "count_nonzero", "dot", "floor", "fmean", "fmin", "fsum", "maximum", "mean"}
    | {"median", "minimum", "prod", "round", "sum"}
)
"""Of numpy, math and statistics."""

_POINTS = re.compile(r"(?:^|_)(?:score|points?|grade|credit|marks?|total)s?(?:_|$)", re.IGNORECASE)


def is_marked(source: str) -> bool:
    """Whether the author says of a check that the number it ends in is its points."""
    return _MARKED.search(source) is not None


def number(value: object) -> float | None:
    """The number that a cell ended in; None when it ended in something else, or in none that can be points."""
    kind = type(value)  # never what the object says of itself
    if kind in (bool, np.bool_) or not issubclass(kind, numbers.Real | Decimal):
        return None
    found = float(value)  # type: ignore[arg-type]
    return found if math.isfinite(found) else None


def earned(value: object, points: float) -> float:
    """What a marked check gives for the value that it ended in: at least nothing and at most its `points`."""
    found = number(value)
    return 0.0 if found is None else min(max(found, 0.0), points)


def objection(source: str, value: float | None, points: float, given: Collection[str] = frozenset()) -> str:
    """Why a check cannot give points, as the end of a sentence; empty when it can.

    Args:
        source: the check.
        value: the number that it ended in on the author's solution; None when it ended in no number.
        points: what the check is worth.
        given: the names that locked cells define.
    """
    if is_marked(source):
        return marked_objection(source, given)
    if value is None or (value == points and not _is_students(source, given)):
        return ""
    return (
        f"it ends in the number {value:g}, and no line of it says '{MARK}'. "
        "Add that line if the number is its points, else assign the number to a name"
    )


def marked_objection(source: str, given: Collection[str] = frozenset()) -> str:
    """Why a marked check cannot give points; empty when it can, or is not marked. It is not run for that."""
    if not is_marked(source) or (cell := _parsed(source)) is None:
        return ""
    if _last(cell, source) is None:
        return f"it says '{MARK}', and its last line is not an expression that gives its points"
    if _is_students(source, given):
        return f"it says '{MARK}', and what it ends in comes from the student as it is. Compute its points in the check"
    return ""


def _is_students(source: str, given: Collection[str]) -> bool:
    """Whether a check ends in a value that the student's code hands over as it is."""
    if (cell := _parsed(source)) is None or (last := _last(cell, source)) is None:
        return False
    return _Values(cell, given).is_students(last)


def looks_like_points(source: str) -> bool:
    """Whether a check that is not marked seems to end in a number; sure is only who runs it."""
    if is_marked(source) or (cell := _parsed(source)) is None or (last := _last(cell, source)) is None:
        return False
    return _Values(cell).looks_numeric(last)


def last_expression(cell: ast.Module, source: str) -> ast.Expr | None:
    """The expression that a notebook would display the value of; a semicolon behind it means that none is."""
    if not cell.body or not isinstance(last := cell.body[-1], ast.Expr):
        return None
    line = source.split("\n")[(last.end_lineno or 1) - 1].encode()
    return None if line[last.end_col_offset :].lstrip().startswith(b";") else last


def _last(cell: ast.Module, source: str) -> ast.expr | None:
    found = last_expression(cell, source)
    return None if found is None else found.value


def _parsed(source: str) -> ast.Module | None:
    try:
        return ast.parse(python_of(source))
    except SyntaxError:
        return None


class _Values:
    """What the names of a check stand for: the expressions that are assigned to each."""

    def __init__(self, cell: ast.Module, given: Collection[str] = frozenset()) -> None:
        self._assigned: dict[str, list[ast.expr]] = {}
        self._defined: dict[str, int] = dict.fromkeys(given, 0)
        self._functions: dict[str, ast.FunctionDef] = {}
        for node in _outside_functions(cell):
            self._take_in(node)

    def _take_in(self, node: ast.AST) -> None:
        match node:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                self._define(name, node.lineno)
                if isinstance(node, ast.FunctionDef):
                    self._functions[name] = node
            case ast.alias(name=name, asname=other):
                self._define((other or name).split(".")[0], node.lineno)
            case ast.Assign(targets=targets, value=value):
                for target in targets:
                    self._assign(target, value)
            case ast.AnnAssign(target=target, value=ast.expr() as value) | ast.NamedExpr(target=target, value=value):
                self._assign(target, value)
            case ast.AugAssign(target=target, value=value):
                self._assign(target, value)
            case ast.For(target=target, iter=value):
                self._assign(target, value)
            case ast.withitem(context_expr=value, optional_vars=ast.expr() as target):
                self._assign(target, value)

    def _assign(self, target: ast.expr, value: ast.expr) -> None:
        for node in ast.walk(target):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                self._define(node.id, node.lineno)
                self._assigned.setdefault(node.id, []).append(value)

    def _define(self, name: str, line: int) -> None:
        self._defined[name] = min(line, self._defined.get(name, line))

    def is_students(self, node: ast.expr, seen: frozenset[str] = frozenset()) -> bool:
        """Whether the value of `node` is one of the student's, not one that the check makes of it."""
        match node:
            case ast.Name(id=name):
                if name not in self._defined:
                    return not hasattr(builtins, name)
                if node.lineno < self._defined[name]:  # another cell's, until this one defines it
                    return True
                values = self._assigned.get(name, ()) if name not in seen else ()
                return any(self.is_students(value, seen | {name}) for value in values)
            case ast.Call(func=ast.Name(id=name), args=arguments) if name in _PASS_ON and name not in self._defined:
                return any(self.is_students(each, seen) for each in arguments)
            case ast.Call(func=value) | ast.Attribute(value=value) | ast.Subscript(value=value):
                return self.is_students(value, seen)
            case ast.Await(value=value) | ast.Starred(value=value) | ast.NamedExpr(value=value):
                return self.is_students(value, seen)
            case ast.IfExp(body=one, orelse=other):
                return self.is_students(one, seen) or self.is_students(other, seen)
            case ast.BoolOp(values=values) | ast.Tuple(elts=values) | ast.List(elts=values):
                return any(self.is_students(each, seen) for each in values)
            case ast.UnaryOp(operand=value):
                return self.is_students(value, seen)
        return False

    def looks_numeric(self, node: ast.expr, seen: frozenset[str] = frozenset()) -> bool:
        """Whether the value of `node` is likely to be a number."""
        match node:
            case ast.Constant(value=value):
                return number(value) is not None
            case ast.UnaryOp(op=ast.USub() | ast.UAdd(), operand=value):
                return self.looks_numeric(value, seen)
            case ast.BinOp(left=ast.Constant(value=str()) | ast.JoinedStr()):
                return False
            case ast.BinOp(left=left, right=right):
                return self.looks_numeric(left, seen) or self.looks_numeric(right, seen)
            case ast.IfExp(body=one, orelse=other):
                return self.looks_numeric(one, seen) or self.looks_numeric(other, seen)
            case ast.Name(id=name):
                values = self._assigned.get(name, ()) if name not in seen else ()
                return bool(_POINTS.search(name)) or any(self.looks_numeric(each, seen | {name}) for each in values)
            case ast.Attribute(attr=name):
                return bool(_POINTS.search(name))
            case ast.Subscript(value=value):
                return self.looks_numeric(value, seen)
            case ast.Call(func=ast.Name(id=name)) if name in self._functions and name not in seen:
                results = [each.value for each in ast.walk(self._functions[name]) if isinstance(each, ast.Return)]
                return any(each is not None and self.looks_numeric(each, seen | {name}) for each in results)
            case ast.Call(func=ast.Name(id=name)):
                return name in _NUMERIC
            case ast.Call(func=ast.Attribute(attr=name)):
                return name in _NUMERIC_OF_MODULES
        return False


def _outside_functions(node: ast.AST) -> Iterator[ast.AST]:
    """The nodes below `node` that are not in a function or a class, whose names are their own."""
    for child in ast.iter_child_nodes(node):
        yield child
        if not isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda):
            yield from _outside_functions(child)
