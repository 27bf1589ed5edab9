"""A text that sympy reads in the grader is a formula, or it is refused; it never runs as code."""

from __future__ import annotations

from typing import Any

import pytest
import sympy
from sympy.parsing.sympy_parser import implicit_multiplication_application, parse_expr, standard_transformations

from autograder.judge.sympy_texts import guard

x, y = sympy.symbols("x y")
FORMULAS = {
    "x**2 + 1": x**2 + 1,
    "sin(x) + f(y)": sympy.sin(x) + sympy.Function("f")(y),
    "x!": sympy.factorial(x),
    "sqrt(2)*pi": sympy.sqrt(2) * sympy.pi,
    "0.1": sympy.Float("0.1"),
    "1/3": sympy.Rational(1, 3),
    "x > 0": x > 0,
    "Eq(x, 1)": sympy.Eq(x, 1),
    "diff(x**2, x)": 2 * x,
    "[1, x]": [1, x],
    "Matrix([[1, x]])": sympy.Matrix([[1, x]]),
    "Symbol('x')": x,
}
CODE = (
    "__import__('os').system('true')",
    "eval('1')",
    "exec('x')",
    "open('x')",
    "print",
    "sin(\"__import__('os').system('true')\")",
    "sympify('print(1)')",
    "S('print(1)')",
    "lambdify(x, 'print(1)')",
    "x.__class__",
    "(x).__class__.__subclasses__()",
    "[c for c in (1,)]",
    "(lambda: 1)()",
    "x if x else y",
    'f"{x}"',
    "Function('exec')(Symbol(\"'print(1)'\"))",
)


@pytest.fixture(autouse=True)
def _guarded() -> None:
    guard()


@pytest.mark.parametrize("text", FORMULAS)
def test_a_formula_means_what_it_means(text: str) -> None:
    """As in any process."""
    assert sympy.sympify(text) == FORMULAS[text]


@pytest.mark.parametrize("text", CODE)
def test_code_is_no_formula(text: str) -> None:
    """Sympy says of it what it says of any text that is none."""
    with pytest.raises((sympy.SympifyError, SyntaxError)):
        sympy.sympify(text)
    with pytest.raises((sympy.SympifyError, SyntaxError)):
        sympy.simplify(text)


def test_a_parser_with_transformations_still_works() -> None:
    """Courses use it for answers that are formulas."""
    transformations: Any = (*standard_transformations, implicit_multiplication_application)
    assert parse_expr("2x", transformations=transformations) == 2 * x
    assert str(parse_expr("1 + x", evaluate=False)) == "x + 1"


def test_a_function_is_made_of_expressions_only() -> None:
    """`lambdify` writes a text into the code of the function."""
    assert sympy.lambdify(x, x**2)(3) == 9
    for text in ("__import__('os')", ["x", "y"], {"a": "x"}):
        with pytest.raises(TypeError, match="takes no text"):
            sympy.lambdify(x, text)
