"""`type` in a check gives what it would give if there were one process."""

from __future__ import annotations

import ast

import pytest

from autograder.judge.classes import as_in_one_process
from tests.judge.conftest import FAILED, PASSED, Run, code

ANSWERS = """\
from collections import namedtuple
import numpy as np
class Base: pass
class Point(Base):
    def __init__(self, x):
        self.x = x
Pair = namedtuple("Pair", "a b")
point, pair, line = Point(1), Pair(1, 2), np.polynomial.Polynomial([1, 2])
"""

RIGHT = [
    "type(point) is Point",
    "type(point) == Point and type(point) != Base",
    "type(point) in (Base, Point)",
    "point.__class__ is Point",
    "type(point).__name__ == point.__class__.__name__ == 'Point'",
    "str(type(point)) == \"<class '__main__.Point'>\"",
    "type(pair) is Pair",
    "type(point.x) is int",
    "list(map(type, [point, pair])) == [Point, Pair]",
    "type(Point) is type",
    "issubclass(Point, Base) and issubclass(Point, (int, Base)) and not issubclass(Point, int)",
    "isinstance(point, Base) and isinstance(point, (int, Point))",
    "isinstance(line, np.polynomial.Polynomial) and type(line) is np.polynomial.Polynomial",
    "type('Made', (), {'x': 1})().x == 1",
]
WRONG = ["type(point) is Base", "type(pair) is tuple", "isinstance(line, np.poly1d)", "issubclass(Base, Point)"]


def test_a_check_may_ask_for_the_type_of_a_students_object(run: Run) -> None:
    """By `type`, by `__class__`, by `isinstance`, of its own classes and of a library's."""
    checks = [code(f"import numpy as np\nassert {each}", f"check-{at}") for at, each in enumerate([*RIGHT, *WRONG])]
    verdicts = run(code(ANSWERS), *checks)
    failed = [source for source, verdict in zip([*RIGHT, *WRONG], verdicts, strict=True) if verdict.outcome is FAILED]
    assert failed == WRONG
    assert {verdict.outcome for verdict in verdicts} == {PASSED, FAILED}


def test_a_name_that_is_not_pythons_type_is_called_as_it_is() -> None:
    """A check may have a function or a loop variable of that name."""
    source = "def type(x):\n    return x + 1\nfound = type(2)"
    names: dict[str, object] = {}
    exec(compile(as_in_one_process(ast.parse(source)), "<check>", "exec"), names)
    assert names["found"] == 3


@pytest.mark.parametrize("source", ['"""Text."""\nfrom __future__ import annotations\nimport xml\nxml.dom.x'])
def test_what_must_be_first_in_a_module_stays_first(source: str) -> None:
    """A docstring, and imports from the future."""
    compile(as_in_one_process(ast.parse("import matplotlib\n")), "<check>", "exec")
    changed = as_in_one_process(ast.parse(f"{source}\nmatplotlib.axes.Axes"))
    compile(changed, "<module>", "exec")
    assert ast.get_docstring(changed) == "Text."
