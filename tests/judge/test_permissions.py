"""A check asks those operators of a student's objects that the author's own solution showed, and no others."""

from __future__ import annotations

from collections.abc import Callable

import nbformat
import pytest

from autograder.judge.run import examine, try_out
from autograder.models import Limits, Outcome, Shown, Trial
from autograder.sandbox import ForkServer
from tests.judge.conftest import answer, code

Judge = Callable[[str, str, str], Outcome]

PLEASES = """
class Pleases:
    def __eq__(self, other): return True
    def __ne__(self, other): return False
    def __lt__(self, other): return True
    __le__ = __gt__ = __ge__ = __contains__ = __lt__
    def __hash__(self): return hash(4)
    def __add__(self, other): return 0
    __sub__ = __rsub__ = __radd__ = __mul__ = __rmul__ = __truediv__ = __pow__ = __add__
    def __abs__(self): return 0
    def __float__(self): return 4.0
    def __int__(self): return 4
    def __bool__(self): return True
    def __iter__(self): return iter([self])
    def __len__(self): return 1
    def __getitem__(self, at): return self
"""
POINT = """
class Point:
    def __init__(self, x): self.x = x
    def __eq__(self, other): return isinstance(other, Point) and self.x == other.x
    def __lt__(self, other): return self.x < other.x
    def __hash__(self): return hash(self.x)
    def __add__(self, n): return Point(self.x + n)
    def __contains__(self, n): return n == self.x
    def norm(self): return abs(self.x)
def make(x): return Point(x)
def double(x): return 2 * x
"""


def notebook_of(source: str, check: str) -> nbformat.NotebookNode:
    """An answer and its check."""
    return nbformat.v4.new_notebook(cells=[answer(source, "make"), code(check, "make-shown")])


@pytest.fixture
def shown(fork_server: ForkServer) -> Callable[[str, str], Shown]:
    """What a solution shows of operators in a check that it passes."""

    def show(solution: str, check: str) -> Shown:
        trial = try_out(notebook_of(solution, check), Limits(), fork_server.start)
        assert trial.broken_checks == {}
        return trial.shown

    return show


@pytest.fixture
def judge(fork_server: ForkServer, shown: Callable[[str, str], Shown]) -> Judge:
    """The outcome of a check for a submission, once it was tried on the solution."""

    def judged(solution: str, submission: str, check: str) -> Outcome:
        given = shown(solution, check)
        (verdict,) = examine(notebook_of(submission, check), Limits(), fork_server.start, Trial(shown=given))
        return verdict.outcome

    return judged


CHECKS_OF_OBJECTS = [
    "assert make(1) == make(1) and make(1) != make(2)",
    "assert make(1) + 2 == make(3)",
    "assert (make(1) + 2).x == 3",
    "assert 3 in make(3) and 4 not in make(3)",
    "assert sorted([make(2), make(1)])[0].x == 1 and make(1) < make(2) and make(2) > make(1)",
    "assert {make(1): 'a'}[make(1)] == 'a' and len({make(1), make(1)}) == 1",
    "assert [make(1), make(2)] == [make(1), make(2)] and make(1) in [make(1)]",
    "def same(a, b):\n    assert a == b\nfor x in range(3):\n    same(make(x), make(x))",
    "assert make(1) != 1",
]


@pytest.mark.parametrize("check", CHECKS_OF_OBJECTS)
def test_an_operator_that_the_solution_shows_is_passed_on(judge: Judge, check: str) -> None:
    """The right answer passes, and one whose objects are never equal and have no order does not."""
    assert judge(POINT, POINT, check) is Outcome.PASSED
    broken = POINT.replace("self.x == other.x", "False").replace("self.x < other.x", "False")
    broken = broken.replace("n == self.x", "n != self.x").replace("self.x + n", "self.x")
    if check != CHECKS_OF_OBJECTS[-1]:
        assert judge(POINT, broken, check) is Outcome.FAILED


CHECKS_OF_NUMBERS = [
    "assert double(2) == 4",
    "assert 4 == double(2)",
    "assert not double(2) != 4",
    "assert abs(double(2) - 4) < 1e-9",
    "assert 3 < double(2) < 5",
    "assert double(2) in (4, 5)",
    "assert {4: 'yes'}.get(double(2)) == 'yes'",
    "assert [double(2), double(3)] == [4, 6]",
    "assert max(double(2), 5) == 5 and min(double(2), 3) == 3 and sum([double(2), -4]) == 0",
    "import math\nassert math.isclose(double(2), 4) and double(3) == 6",
    "import numpy as np\nnp.testing.assert_allclose(double(2), 4)\nassert double(3) == 6",
    "import pytest\nassert double(2) == pytest.approx(4)",
    "import unittest\nunittest.TestCase().assertEqual(double(2), 4)",
    "assert make(1) == make(1); assert double(2) == 4",
    "assert make(1) != 2 and double(2) == 4",
    "for got, want in ((make(1), make(1)), (double(2), 4)): assert got == want",
    "def same(a, b): assert a == b\nsame(make(1) != 5, True)\nsame(double(2), 4)",
    "assert [make(1), double(2)] == [make(1), 4]",
    "p = make(1)\nassert 1 in p and p + 1 == make(2) and p.norm() == 1",
]


@pytest.mark.parametrize("check", CHECKS_OF_NUMBERS)
def test_an_object_that_pleases_wins_nothing_where_the_solution_gives_a_number(judge: Judge, check: str) -> None:
    """Neither alone nor beside objects that the solution gives in the same check, in the same line or loop."""
    pleases = PLEASES + POINT.replace("2 * x", "Pleases()").replace("abs(self.x)", "Pleases()")
    assert judge(POINT, POINT, check) is Outcome.PASSED
    assert judge(POINT, pleases, check) is Outcome.FAILED


def test_an_equality_that_pleases_wins_where_the_solution_has_one_of_its_own(judge: Judge) -> None:
    """As with nbgrader: the check asks the student's class whether its objects are equal."""
    pleases = POINT.replace("isinstance(other, Point) and self.x == other.x", "True")
    assert judge(POINT, pleases, "assert make(1) == make(1)") is Outcome.PASSED
    assert judge(POINT, pleases, "assert make(1) == make(1) and make(1) != make(2)") is Outcome.FAILED


def test_without_a_trial_no_operator_is_passed_on(fork_server: ForkServer) -> None:
    """Objects are then equal only when they are the same."""
    (verdict,) = examine(notebook_of(POINT, "assert make(1) == make(1)"), Limits(), fork_server.start)
    assert verdict.outcome is Outcome.FAILED


@pytest.mark.parametrize("check", [*CHECKS_OF_NUMBERS[:13], "import numpy as np\nassert np.all(double(2) == 4)"])
def test_a_check_of_plain_values_notes_nothing(shown: Callable[[str, str], Shown], check: str) -> None:
    """There is nothing to pass on."""
    assert shown(POINT, check) == Shown()


def test_two_objects_left_over_are_compared_as_they_say(judge: Judge) -> None:
    """Where the solution leaves none, a wrong answer may; an object that is equal to another one is in a list of it."""
    stack = f"{POINT}\nclass Stack(object):\n    def __init__(self): self.held = []\n"
    right = stack + "    def take(self): return self.held.pop()\n"
    wrong = stack + "    def take(self): return self.held[-1]\n"
    check = "s = Stack()\ns.held = [make(1)]\nassert s.take() == make(1)\nassert make(1) not in s.held"
    assert judge(right, right, check) is Outcome.PASSED
    assert judge(right, wrong, check) is Outcome.FAILED


EXTENDS = """
class Named(Point):
    name = 'p'
    def __init__(self, x):
        super().__init__(x)
        self.twice = 2 * x
    def norm(self):
        return super().norm() + 100
    @property
    def half(self):
        return self.x / 2
    @classmethod
    def two(cls):
        return cls(2)
    @staticmethod
    def three():
        return 3
n = Named.two()
assert (n.name, n.twice, n.norm(), n.half, n.three()) == ('p', 4, 102, 1, 3)
assert isinstance(n, Point) and isinstance(n, Named) and issubclass(Named, Point) and not isinstance(make(1), Named)
assert n == make(2)
"""


def test_a_class_of_a_check_extends_a_class_of_the_students(judge: Judge) -> None:
    """With what a class statement may have in it."""
    assert judge(POINT, POINT, EXTENDS) is Outcome.PASSED
    assert judge(POINT, POINT.replace("abs(self.x)", "self.x + 1"), EXTENDS) is Outcome.FAILED


def test_a_students_examples_are_not_run_by_doctest(fork_server: ForkServer) -> None:
    """It would run them in the grading process."""
    source = 'def make(x):\n    """\n    >>> 1 + 1\n    2\n    """\n    return x'
    for check in (
        "import doctest\ndoctest.run_docstring_examples(make, {})",
        "import doctest\ndoctest.run_docstring_examples(make, globals())",
        "import doctest\ndoctest.DocTestFinder(recurse=False).find(make, 'make', module=False, globs={})",
        "import doctest\ndoctest.testmod()",
    ):
        found = try_out(notebook_of(source, check), Limits(), fork_server.start).broken_checks
        assert "Write" in found["make-shown"]


def test_cases_of_unittest_in_a_check_are_found_and_run(judge: Judge) -> None:
    """By `unittest.main`, too, which looks for them in `__main__`."""
    check = """
import io, unittest
class TestDouble(unittest.TestCase):
    def test_double(self):
        self.assertEqual(double(2), 4)
runner = unittest.TextTestRunner(stream=io.StringIO())
result = unittest.main(argv=[''], exit=False, testRunner=runner).result
assert result.testsRun == 1 and result.wasSuccessful()
"""
    assert judge(POINT, POINT, check) is Outcome.PASSED
    assert judge(POINT, POINT.replace("2 * x", "3 * x"), check) is Outcome.FAILED


def test_a_mock_that_a_check_lends_is_used_as_one(judge: Judge) -> None:
    """But not one that wraps a thing of the grader's, whose attributes would be lent with it."""
    uses = "def make(bank): return bank.pay(3, to='shop')"
    check = (
        "from unittest import mock\nbank = mock.Mock()\nbank.pay.return_value = 7\n"
        "assert make(bank) == 7\nbank.pay.assert_called_once_with(3, to='shop')"
    )
    assert judge(uses, uses, check) is Outcome.PASSED
    assert judge(uses, "def make(bank): return 7", check) is Outcome.FAILED
    wraps = "import os\nfrom unittest import mock\nassert make(mock.Mock(wraps=os)) is None"
    reads = "def make(lent):\n    return getattr(lent, 'getcwd', lambda: None)()"
    assert judge("def make(lent): return None", reads, wraps) is Outcome.PASSED
