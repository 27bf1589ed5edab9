"""Expressions of sympy's, and its matrices and polynomials: a tree that is built again from a fixed list of classes.

Nothing is evaluated on the way: each class is called with what its own tree holds, never with a text, so that no
parser of sympy's comes into it. Names are limited to those that mean nothing to Python's builtins, since sympy writes
them into the code of the functions that `lambdify` makes.

This module imports sympy, so it is imported only by what meets one of these.
"""

from __future__ import annotations

import builtins
import keyword
import math
import re
from collections.abc import Callable
from typing import Any

import numpy as np
import sympy
from sympy import functions
from sympy.core.function import AppliedUndef, UndefinedFunction

from autograder.protocol import messages
from autograder.protocol.composites import Kind, Stays
from autograder.protocol.scalars import WireError

_MOST_NODES = 20_000
_LARGEST_TREE = 100_000
_DEEPEST = 150
_MOST_DIGITS = 25_000
_LARGEST_EXPONENT = 10**6
_MOST_BITS = 10**6
_MOST_PLACES = 100_000
_SYMBOL = re.compile(r"[\w \\^{},]{1,100}'{0,3}|[+-]{1,2}")
_FUNCTION = re.compile(r"[A-Za-z]\w{0,99}")
_ASSUMPTION = re.compile(r"[+-][a-z][a-z_]{0,29}")

_CONSTANTS = {
    type(thing).__name__: thing
    for thing in (
        *(sympy.pi, sympy.E, sympy.I, sympy.oo, -sympy.oo, sympy.zoo, sympy.nan, sympy.true, sympy.false),
        *(sympy.EulerGamma, sympy.Catalan, sympy.GoldenRatio, sympy.TribonacciConstant),
        *(sympy.S.EmptySet, sympy.S.UniversalSet, sympy.S.Naturals, sympy.S.Naturals0, sympy.S.Integers),
        *(sympy.S.Rationals, sympy.S.Reals, sympy.S.Complexes),
    )
}
_FUNCTIONS = [getattr(functions, name) for name in functions.__all__]
_UNEVALUATED: tuple[Any, ...] = (
    *(sympy.Add, sympy.Mul, sympy.Pow, sympy.Eq, sympy.Ne, sympy.Lt, sympy.Le, sympy.Gt, sympy.Ge),
    *(sympy.And, sympy.Or, sympy.Not, sympy.Xor, sympy.Nand, sympy.Nor, sympy.Implies, sympy.Equivalent, sympy.ITE),
    *(sympy.FiniteSet, sympy.Union, sympy.Intersection, sympy.Complement, sympy.SymmetricDifference),
    *(kind for kind in _FUNCTIONS if isinstance(kind, type)),
)
_AS_CALLED: tuple[Any, ...] = (
    *(sympy.Derivative, sympy.Integral, sympy.Sum, sympy.Product, sympy.Limit, sympy.Order, sympy.Subs),
    *(sympy.Tuple, sympy.Lambda, sympy.Dict, sympy.Interval, sympy.ConditionSet, sympy.ImageSet, sympy.ProductSet),
    *(sympy.Contains, sympy.Range, sympy.functions.elementary.piecewise.ExprCondPair),
    *(sympy.MatAdd, sympy.MatMul, sympy.MatPow, sympy.Transpose, sympy.Inverse, sympy.Identity, sympy.ZeroMatrix),
    *(sympy.Trace, sympy.Determinant),
)
_CLASSES: dict[str, tuple[Any, dict[str, bool]]] = {
    **{kind.__name__: (kind, {"evaluate": False}) for kind in _UNEVALUATED},
    **{kind.__name__: (kind, {}) for kind in _AS_CALLED},
}
_IMMUTABLE = sympy.ImmutableDenseMatrix
_SYMBOLS = {kind.__name__: kind for kind in (sympy.Symbol, sympy.Dummy, sympy.Wild)}
_DOMAINS = {str(domain): domain for domain in (sympy.ZZ, sympy.QQ, sympy.RR, sympy.CC, sympy.EX)}


def is_expression(thing: object) -> bool:
    """Whether `thing` is an expression, or the class of a function that has only a name."""
    return isinstance(thing, (sympy.Basic, UndefinedFunction))


def encode(thing: Any) -> messages.Expression | None:
    """`thing` as a tree; None for one that would not be the same when it is built again."""
    try:
        found = messages.Expression(_nodes(thing))
        again = decode(found)
    except (Stays, WireError):
        return None
    is_of_class = type(again) is type(thing) or isinstance(thing, AppliedUndef)
    return found if is_of_class and again == thing else None


def decode(value: messages.Expression) -> Any:
    """The expression; raises WireError for what none can be, and for one that is too large."""
    built: list[Any] = []
    sizes: list[tuple[int, int]] = []
    if not 0 < len(value.nodes) <= _MOST_NODES:
        raise WireError("an expression of too many parts")
    for name, inner, details in value.nodes:
        if not all(0 <= place < len(built) for place in inner):
            raise WireError("an expression that refers to what is not there")
        size = 1 + sum(sizes[place][0] for place in inner)
        depth = 1 + max((sizes[place][1] for place in inner), default=0)
        if size > _LARGEST_TREE or depth > _DEEPEST:
            raise WireError("an expression that is too large")
        sizes.append((size, depth))
        built.append(_node(name, [built[place] for place in inner], details))
    _require_small_numbers(value.nodes)
    return built[-1]


def _nodes(thing: Any) -> list[messages.Node]:
    """Each part once, after those that it is made of; raises Stays."""
    nodes: list[messages.Node] = []
    places: dict[int, int] = {}
    kept: list[Any] = []  # a part that is made when it is asked for must not go, since another would take its place
    left: list[tuple[Any, bool]] = [(thing, False)]
    while left:
        part, is_ready = left.pop()
        if id(part) in places:
            continue
        name, inner, details = _described(part)
        if not is_ready and inner:
            left.append((part, True))
            left += [(each, False) for each in reversed(inner)]
            kept.append(inner)
            continue
        places[id(part)] = len(nodes)
        kept.append([part])
        nodes.append((name, [places[id(each)] for each in inner], details))
        if len(nodes) > _MOST_NODES or len(left) > _LARGEST_TREE:
            raise Stays
    return nodes


def _described(part: Any) -> tuple[str, tuple[Any, ...], list[int | str]]:
    """The name of its class, the parts it is made of, and what else belongs to it; raises Stays."""
    kind = type(part)
    if isinstance(part, sympy.Rational):
        return "Rational", (), [_hex(part.p), _hex(part.q)]
    if kind is sympy.Float:
        sign, mantissa, exponent, _ = part._mpf_
        if not mantissa and exponent:
            raise Stays
        return "Float", (), [sign, _hex(int(mantissa)), int(exponent), part._prec]
    if _SYMBOLS.get(kind.__name__) is kind:
        if kind is sympy.Wild and (part.exclude or part.properties):
            raise Stays
        number = part.dummy_index if kind is sympy.Dummy else 0
        given = getattr(part, "_assumptions_orig", part.assumptions0)
        return kind.__name__, (), [part.name, number, *_holding(given)]
    if kind is UndefinedFunction:
        return "Function", (), [part.__name__, *_holding(part._kwargs)]
    if type(kind) is UndefinedFunction and kind.__bases__ == (AppliedUndef,):
        return "Applied", part.args, [kind.__name__, *_holding(kind._kwargs)]
    if kind is sympy.MatrixSymbol:
        return "MatrixSymbol", part.args[1:], [part.name]
    if kind is _IMMUTABLE:
        return "ImmutableDenseMatrix", part.args, []
    if _CONSTANTS.get(kind.__name__) is part:
        return kind.__name__, (), []
    if _CLASSES.get(kind.__name__, (None,))[0] is kind:
        return kind.__name__, part.args, []
    raise Stays


def _holding(assumptions: dict[str, bool | None]) -> list[str]:
    return [("+" if holds else "-") + name for name, holds in assumptions.items() if holds is not None]


def _hex(number: Any) -> str:
    return hex(int(number))


def _node(name: str, inner: list[Any], details: list[int | str]) -> Any:
    """One part of the tree; raises WireError."""
    try:
        if (build := _LEAVES.get(name)) is not None and not inner:
            return build(name, details)
        if name == "Applied" and inner:
            return _function("Function", details)(*_expressions(inner), evaluate=False)
        if name == "MatrixSymbol":
            return sympy.MatrixSymbol(_name(details[0], _FUNCTION), *_expressions(inner))
        if name == "ImmutableDenseMatrix":
            return _matrix(_IMMUTABLE, *inner)
        if name in _CONSTANTS and not inner:
            return _CONSTANTS[name]
        kind, options = _CLASSES[name]
        return kind(*_expressions(inner), **options)
    except Exception:  # sympy raises many types for what makes no sense
        raise WireError("no such expression") from None


def _expressions(parts: list[Any]) -> list[Any]:
    if not all(isinstance(part, sympy.Basic) for part in parts):
        raise TypeError("a part that is no expression")
    return parts


def _rational(_: str, details: list[Any]) -> Any:
    numbers = [_integer(digits) for digits in details]
    if len(numbers) != 2 or numbers[1] < 1 or math.gcd(*numbers) != 1:
        raise ValueError("no number")
    return sympy.Integer(numbers[0]) if numbers[1] == 1 else sympy.Rational(*numbers)


def _integer(digits: Any) -> int:
    if len(digits) > _MOST_DIGITS:
        raise ValueError("too many digits")
    return int(digits, 16)


def _float(_: str, details: list[Any]) -> Any:
    sign, digits, exponent, precision = details
    if sign not in (0, 1) or abs(exponent) > _LARGEST_EXPONENT or not 1 <= precision <= 100_000:
        raise ValueError("no number")
    mantissa = _integer(digits)
    return sympy.Float((sign, mantissa, exponent) if mantissa else 0, precision=precision)


def _symbol(kind: str, details: list[Any]) -> Any:
    text, number, *assumptions = details
    name, options = _name(text, _SYMBOL), _options(assumptions)
    if kind == "Dummy":
        if type(number) is not int or not 0 < number < 2**60:
            raise ValueError("no such symbol")
        return sympy.Dummy(name, dummy_index=number, **options)
    return _SYMBOLS[kind](name, **options)


def _function(_: str, details: list[Any]) -> Any:
    text, *assumptions = details
    return UndefinedFunction(_name(text, _FUNCTION), **_options(assumptions))


def _name(text: Any, pattern: re.Pattern[str]) -> str:
    """A name that is no code, and that names nothing which code could call."""
    if not pattern.fullmatch(text):
        raise ValueError("no such name")
    if pattern is _FUNCTION and (keyword.iskeyword(text) or any(_is_callable(place, text) for place in (builtins, np))):
        raise ValueError("the name of a function that Python has")
    return text  # type: ignore[no-any-return]


def _is_callable(place: Any, name: str) -> bool:
    return callable(getattr(place, name, None))


def _options(assumptions: list[Any]) -> dict[str, bool]:
    if len(assumptions) > 50 or not all(_ASSUMPTION.fullmatch(each) for each in assumptions):
        raise ValueError("no such assumptions")
    return {each[1:]: each[0] == "+" for each in assumptions if each[1:] != "evaluate"}


_LEAVES: dict[str, Callable[[str, list[Any]], Any]] = {
    "Rational": _rational,
    "Float": _float,
    "Function": _function,
    **dict.fromkeys(_SYMBOLS, _symbol),
}


def _require_small_numbers(nodes: list[messages.Node]) -> None:
    """Raise WireError when a number that is not worked out yet, such as 9**9**9, would fill the memory."""
    sizes: list[float | None] = []
    for name, inner, details in nodes:
        sizes.append(_bits(name, [sizes[place] for place in inner], details))
        if (sizes[-1] or 0) > _MOST_BITS:
            raise WireError("an expression of too large numbers")


def _bits(name: str, inner: list[float | None], details: list[Any]) -> float | None:
    """About how many bits the number would have; None for what is no number."""
    if name == "Rational":
        return max(math.log2(abs(_integer(digits)) or 1) for digits in details)
    known = [size for size in inner if size is not None]
    if not inner or len(known) < len(inner):
        return None
    if name == "Pow":
        return max(known[0], 1) * 2 ** min(known[1], 60)
    if name == "Mul":
        return sum(known)
    if name == "Add":
        return max(known) + len(known)
    if name in ("factorial", "gamma", "subfactorial", "factorial2", "RisingFactorial", "FallingFactorial", "binomial"):
        return max(known) * 2 ** min(max(known), 60)
    return max(known)


def _matrix(kind: Any, rows: Any, columns: Any, entries: Any) -> Any:
    rows, columns, entries = int(rows), int(columns), _expressions(list(entries))
    if rows < 0 or columns < 0 or rows * columns != len(entries) or len(entries) > _MOST_PLACES:
        raise ValueError("no such matrix")
    return kind(rows, columns, entries)


def _become(mine: Any, theirs: Any) -> None:
    """Let a matrix be like another one of the same shape."""
    if mine.shape != theirs.shape or type(mine) is not type(theirs):
        raise ValueError("a change of shape")
    for row in range(mine.rows):
        for column in range(mine.cols):
            mine[row, column] = theirs[row, column]


def _parts_of_polynomial(polynomial: Any) -> list[Any]:
    domain = str(polynomial.domain)
    if domain not in _DOMAINS or _DOMAINS[domain] != polynomial.domain:
        raise Stays
    terms = polynomial.terms()
    return [list(polynomial.gens), [powers for powers, _ in terms], [factor for _, factor in terms], domain]


def _polynomial(names: list[Any], powers: list[Any], factors: list[Any], domain: Any) -> Any:
    most = [max((each[place] for each in powers), default=0) for place in range(len(names))]
    whole = all(type(each) is tuple and len(each) == len(names) and min(each) >= 0 for each in powers)
    if not names or not whole or math.prod(power + 1 for power in most) > _MOST_PLACES:
        raise ValueError("no polynomial")
    terms = dict(zip(powers, _expressions(factors), strict=True))
    return sympy.Poly.from_dict(terms, *_expressions(names), domain=_DOMAINS[domain])


_MATRICES = (sympy.Matrix, sympy.SparseMatrix)
KINDS = (
    *(
        Kind(
            f"sympy.{kind.__name__}",
            (kind,),
            lambda matrix: [matrix.rows, matrix.cols, list(matrix.flat())],
            lambda rows, columns, entries, kind=kind: _matrix(kind, rows, columns, entries),
            _become,
        )
        for kind in _MATRICES
    ),
    Kind("sympy.Poly", (sympy.Poly,), _parts_of_polynomial, _polynomial),
)
NAMED = (sympy.Basic, sympy.Expr, sympy.Symbol, sympy.Integer, sympy.Rational, sympy.Float, sympy.Number, *_UNEVALUATED)
"""Classes that both sides have by their names, beside those whose things travel by their parts."""
