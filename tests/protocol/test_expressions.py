"""Expressions of sympy's arrive as they were; trees that are none, or too large, are refused."""

from __future__ import annotations

import contextlib
import time
from typing import Any

import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.protocol import messages, mutations
from autograder.protocol.codec import Decoder, Encoder, ExportTable, WireError
from tests.protocol.travel import travel

x, y, z = sp.symbols("x y z")
n = sp.Symbol("n", integer=True, positive=True)
f = sp.Function("f")
A = sp.MatrixSymbol("A", 2, 2)
EXPRESSIONS: list[Any] = [
    *(x, n, sp.Dummy("d"), sp.Wild("w"), sp.Symbol("x", real=False), sp.Symbol("λ"), sp.Symbol("x'")),
    *(sp.Symbol(r"\theta"), sp.Symbol("a_{1}"), sp.Symbol("k", commutative=False) * sp.Symbol("l", commutative=False)),
    *(sp.pi, sp.E, sp.I, sp.oo, -sp.oo, sp.zoo, sp.nan, sp.true, sp.false, sp.S.Half, sp.Integer(10) ** 50),
    *(sp.Float("1.5"), sp.Float("0.1", 40), sp.Float(0), sp.sqrt(2), sp.Rational(-1, 3)),
    *(x**2 + 1, sp.sin(x) * sp.exp(-y) / z, sp.log(x, 2), sp.Abs(x), sp.Max(x, y), sp.factorial(n), sp.gamma(x)),
    *(f, f(x), f(x).diff(x), sp.Function("g", real=True)(x)),
    *(sp.Eq(x, 1), sp.Ne(x, y), x < 2, sp.And(x > 0, x < 1), sp.Or(x > 0, sp.Not(sp.Eq(y, 1))), sp.Xor(x > 0, y > 0)),
    *(sp.Integral(x**2, (x, 0, 1)), sp.Sum(1 / n**2, (n, 1, sp.oo)), sp.Limit(sp.sin(x) / x, x, 0)),
    *(sp.Derivative(f(x), (x, 2)), sp.Piecewise((1, x > 0), (2, True)), sp.series(sp.sin(x), x), sp.Subs(f(x), x, 0)),
    *(sp.Interval(0, 1), sp.Interval.open(0, sp.oo), sp.FiniteSet(1, 2, x), sp.S.Reals, sp.S.EmptySet),
    *(sp.Union(sp.Interval(0, 1), sp.FiniteSet(3)), sp.solveset(sp.sin(x) - 1, x), sp.Range(5)),
    *(sp.Matrix([[1, x], [y, 2]]), sp.ImmutableMatrix([[1, x]]), sp.eye(3), sp.zeros(0, 3), sp.SparseMatrix([[1, 0]])),
    *(A, A * A + A, A.T, A.inv(), sp.Identity(2), sp.Trace(A), sp.Tuple(1, x), sp.Lambda(x, x**2), sp.Dict({x: 1})),
    *(sp.Poly(x**2 + 2 * x + 1), sp.Poly(x * y + y**2, x, y), sp.Poly(x + sp.Rational(1, 2))),
    *(sp.Add(x, x, evaluate=False), sp.Mul(2, 3, evaluate=False), sp.dsolve(f(x).diff(x) - f(x), f(x))),
]


@pytest.mark.parametrize("expression", EXPRESSIONS, ids=str)
def test_an_expression_arrives_as_it_was(expression: Any) -> None:
    """Equal, of the same class, and of the same parts."""
    arrived = travel(expression)
    assert arrived == expression and str(type(arrived)) == str(type(expression))
    assert sp.srepr(arrived) == sp.srepr(expression)


def test_solutions_in_lists_and_dicts_arrive_as_they_were() -> None:
    """As `solve` gives them."""
    for solution in (sp.solve(x**2 - 2, x), sp.solve([x + y - 1, x - y], [x, y])):
        assert travel(solution) == solution


def test_a_large_sum_crosses_in_a_moment() -> None:
    """Parts that occur again travel once."""
    large = sp.expand((x + y + z) ** 20)
    begun = time.perf_counter()
    assert travel(large) == large
    assert time.perf_counter() - begun < 5  # 0.06 s on a quiet machine


def test_a_matrix_that_is_changed_in_place_is_changed_for_its_caller() -> None:
    """As lists and arrays are."""
    mine = sp.Matrix([[1, x], [y, 2]])
    asking = Encoder(ExportTable(), lambda _: None)
    called = Decoder(ExportTable(), lambda remote: remote)
    argument = called.decode(asking.encode(mine))
    watch = mutations.Watch(called.received)
    argument[0, 0] = x**2
    changed = watch.changes(Encoder(ExportTable(), lambda _: None, called.received))
    mutations.make(changed, asking.sent, Decoder(ExportTable(), lambda remote: remote, asking.sent))
    assert mine == sp.Matrix([[x**2, x], [y, 2]])


class OwnSymbol(sp.Symbol):  # type: ignore[misc]
    """A symbol that agrees with everything."""

    def __eq__(self, other: object) -> bool:
        return True

    __hash__ = sp.Symbol.__hash__


STAYING: dict[str, Any] = {
    "a class of one's own": lambda: OwnSymbol("x"),
    "an expression with such a part": lambda: OwnSymbol("q") + 1,
    "a number too large to work out": lambda: sp.Pow(9, sp.Pow(9, 9, evaluate=False), evaluate=False),
    "a symbol that is code": lambda: sp.Symbol("__import__('os')"),
    "a function that Python has": lambda: sp.Function("eval")(x),
    "a function that numpy has": lambda: sp.Function("fromfile")(x),
}


@pytest.mark.parametrize("name", STAYING)
def test_what_is_not_on_the_list_stays_where_it_is(name: str) -> None:
    """It is a proxy on the other side, as everything that is no data."""
    assert isinstance(travel(STAYING[name]()), messages.Remote)


def rational(number: int) -> messages.Node:
    """A whole number."""
    return ("Rational", [], [hex(number), "0x1"])


NONSENSE: dict[str, list[messages.Node]] = {
    "nothing": [],
    "itself": [("Add", [0], [])],
    "what is not there": [("Add", [5], [])],
    "no class": [("eval", [], ["1"])],
    "a parser": [("sympify", [], ["1"])],
    "a symbol that is code": [("Symbol", [], ["__import__('os')", 0])],
    "a symbol of no text": [("Symbol", [], [1, 0])],
    "a function that Python has": [rational(1), ("Applied", [0], ["exec"])],
    "an assumption that is none": [("Symbol", [], ["x", 0, "+__class__"])],
    "half of a fraction": [("Rational", [], ["0x1"])],
    "a fraction over nothing": [("Rational", [], ["0x1", "0x0"])],
    "too many digits": [("Rational", [], ["0x" + "f" * 30_000, "0x1"])],
    "a float that is too large": [("Float", [], [0, "0x1", 10**9, 53])],
    "a float of too many digits": [("Float", [], [0, "0x1", 0, 10**9])],
    "9**9**9": [rational(9), ("Pow", [0, 0], []), ("Pow", [0, 1], [])],
    "(9**9)**9**9": [rational(9), ("Pow", [0, 0], []), ("Pow", [1, 1], [])],
    "a factorial beyond any memory": [rational(10**9), ("factorial", [0], [])],
    "a tree that doubles": [("Symbol", [], ["x", 0]), *(("Add", [at, at], []) for at in range(40))],
    "a tree that is deep": [("Symbol", [], ["x", 0]), *(("sin", [at], []) for at in range(400))],
    "a matrix without entries": [rational(10**6), ("Tuple", [], []), ("ImmutableDenseMatrix", [0, 0, 1], [])],
}


@pytest.mark.parametrize("name", NONSENSE)
def test_a_tree_that_is_no_expression_is_refused(name: str) -> None:
    """In no time."""
    begun = time.perf_counter()
    with pytest.raises(WireError):
        Decoder(ExportTable(), lambda remote: remote).decode(messages.Expression(NONSENSE[name]))
    assert time.perf_counter() - begun < 5


def test_a_polynomial_of_a_high_degree_is_refused() -> None:
    """Sympy keeps a number for each power."""
    one = messages.Expression([rational(1)])
    name = messages.Expression([("Symbol", [], ["x", 0])])
    parts: list[Any] = [[name], [messages.Sequence("tuple", [10**9])], [one]]
    listed = [messages.Sequence("list", each) for each in parts]
    with pytest.raises(WireError):
        Decoder(ExportTable(), lambda remote: remote).decode(messages.Composite("sympy.Poly", [*listed, "ZZ"]))


NAMES = ["Add", "Pow", "sin", "Symbol", "Dummy", "Rational", "Float", "Integral", "Tuple", "Interval", "Piecewise"]
MORE = ["Applied", "Function", "MatrixSymbol", "Equality", "Lambda", "Derivative", "Limit", "Range", "ImageSet", "Pi"]
nodes = st.tuples(
    st.sampled_from([*NAMES, *MORE, ""]),
    st.lists(st.integers(-1, 4), max_size=3),
    st.lists(
        st.one_of(st.integers(-2, 60), st.sampled_from(["x", "0x1", "0x2", "f", "+real", "-real", ""])), max_size=4
    ),
)


@settings(max_examples=300, deadline=None)
@given(st.lists(nodes, max_size=6))
def test_made_up_nodes_give_an_expression_or_a_refusal(made_up: list[messages.Node]) -> None:
    """And what came can be shown and compared."""
    with contextlib.suppress(WireError):
        arrived = Decoder(ExportTable(), lambda remote: remote).decode(messages.Expression(made_up))
        assert arrived == arrived
        str(arrived)
