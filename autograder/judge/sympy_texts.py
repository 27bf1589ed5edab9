"""Texts that sympy reads as expressions in the grader: none of them runs as code.

sympy takes a text wherever it takes an expression, and evaluates it with all of Python's built-in functions at hand;
the text may be a student's answer. Here it may hold numbers, names, operators and calls of sympy's own classes and of
some functions, which is what a formula is made of. `lambdify`, which writes its text into a function, takes none.
"""

from __future__ import annotations

import ast
import re
import sys
import types
from collections.abc import Callable, Iterable, Mapping, Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from typing import Any

_PARSER, _PRINTER = "sympy.parsing.sympy_parser", "sympy.utilities.lambdify"
_PARTS_OF_A_FORMULA = (
    *(ast.Expression, ast.Constant, ast.Name, ast.Load, ast.Call, ast.keyword, ast.Tuple, ast.List),
    *(ast.BinOp, ast.UnaryOp, ast.Compare, ast.BoolOp, ast.operator, ast.unaryop, ast.cmpop, ast.boolop),
)
_SYMBOL = re.compile(r"[\w \\^{},.:+-]{0,100}'{0,3}")
"""Also numbers, which sympy makes of their texts, and what `symbols` understands."""

_FUNCTIONS = (
    *("sqrt", "cbrt", "root", "real_root", "diff", "integrate", "limit", "summation", "product", "series", "symbols"),
    *("simplify", "expand", "factor", "together", "apart", "cancel", "solve", "transpose", "det"),
)


def guard() -> None:
    """From now on, in this process, sympy reads texts in this way; it need not be imported yet."""
    for name, change in _CHANGES.items():
        if name in sys.modules:
            change(sys.modules[name])
    if not any(isinstance(finder, _Finder) for finder in sys.meta_path):
        sys.meta_path.insert(0, _Finder())


def _guard_parser(parser: Any) -> None:
    if getattr(parser.stringify_expr, "is_guarded", False):
        return
    original = parser.stringify_expr

    def stringify_expr(text: str, local: Any, known: Any, transformations: Any) -> Any:
        code = original(text, local, known, transformations)
        _require_formula(code, local, known)
        return code

    stringify_expr.is_guarded = True  # type: ignore[attr-defined]
    parser.stringify_expr = stringify_expr


def _guard_printer(printer: Any) -> None:
    kind = printer._EvaluatorPrinter
    if getattr(kind.doprint, "is_guarded", False):
        return
    original: Callable[..., Any] = kind.doprint

    def doprint(self: Any, name: str, args: Any, expression: Any, **options: Any) -> Any:
        if _has_text(expression):
            raise TypeError("lambdify takes no text in a check; convert the text with sympify first")
        return original(self, name, args, expression, **options)

    doprint.is_guarded = True  # type: ignore[attr-defined]
    kind.doprint = doprint


_CHANGES: Mapping[str, Callable[[Any], None]] = {_PARSER: _guard_parser, _PRINTER: _guard_printer}


def _require_formula(code: str, local: Mapping[Any, Any], known: Mapping[str, Any]) -> None:
    """Raise SyntaxError, as for any text that is no expression, when there is more in it than a formula."""
    for node in ast.walk(ast.parse(code.strip(), mode="eval")):
        if not isinstance(node, _PARTS_OF_A_FORMULA):
            raise SyntaxError(f"not allowed in a formula: {type(node).__name__}")
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and not _SYMBOL.fullmatch(node.value):
            raise SyntaxError("not allowed as the name of a symbol")
        if isinstance(node, ast.Call) and not isinstance(node.func, (ast.Name, ast.Call)):
            raise SyntaxError("not allowed as a function in a formula")
        if isinstance(node, ast.Name) and node.id not in local and not _is_of_a_formula(node.id, known.get(node.id)):
            raise SyntaxError(f"not allowed as a name in a formula: {node.id}")


def _is_of_a_formula(name: str, thing: Any) -> bool:
    sympy: Any = sys.modules["sympy"]
    if isinstance(thing, type):
        return issubclass(thing, (sympy.Basic, sympy.MatrixBase))
    return isinstance(thing, sympy.Basic) or (name in _FUNCTIONS and thing is getattr(sympy, name, None))


def _has_text(expression: Any) -> bool:
    if isinstance(expression, Mapping):
        expression = [*expression, *expression.values()]
    if isinstance(expression, (list, tuple, set, frozenset)):
        return any(map(_has_text, expression))
    return isinstance(expression, str)


class _Finder(MetaPathFinder):
    """Changes each of these modules when it is imported."""

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: types.ModuleType | None = None
    ) -> ModuleSpec | None:
        if name not in _CHANGES:
            return None
        spec = _found(name, path, target, (finder for finder in sys.meta_path if finder is not self))
        if spec is not None and spec.loader is not None:
            spec.loader = _Changing(spec.loader, _CHANGES[name])
        return spec


def _found(name: str, path: Any, target: Any, finders: Iterable[Any]) -> ModuleSpec | None:
    return next((spec for finder in finders if (spec := finder.find_spec(name, path, target)) is not None), None)


class _Changing(Loader):
    def __init__(self, loader: Loader, change: Callable[[Any], None]) -> None:
        self._loader = loader
        self._change = change

    def create_module(self, spec: ModuleSpec) -> types.ModuleType | None:
        return self._loader.create_module(spec)

    def exec_module(self, module: types.ModuleType) -> None:
        self._loader.exec_module(module)
        self._change(module)
