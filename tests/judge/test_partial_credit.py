"""Partial credit: the number that a marked check ends in is its points, and no other value decides anything."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest

from autograder.judge.partial_credit import MARK, earned, is_marked, looks_like_points, marked_objection, number
from autograder.judge.run import try_out
from autograder.models import Limits, Outcome
from autograder.sandbox import ForkServer
from tests.judge.conftest import FAILED, PASSED, Run, answer, code

SCORE = f"{MARK}\nright = [relu(x) == max(x, 0) for x in (-2, -1, 1, 2)]\n7 * sum(right) / len(right)"
RIGHT, ABS, ZERO = (f"def relu(x): return {body}" for body in ("max(x, 0)", "abs(x)", "0"))


@pytest.mark.parametrize(
    ("source", "outcome", "points", "shown"),
    [(RIGHT, PASSED, 7, "7"), (ABS, Outcome.PARTIAL, 3.5, "3.5"), ("def relu(x): return 'x'", FAILED, 0, None)],
)
@pytest.mark.parametrize("hidden", [False, True])
def test_a_marked_check_gives_the_points_it_ends_in(
    run: Run, source: str, outcome: Outcome, points: float, shown: str | None, hidden: bool
) -> None:
    """The same in a shown and in a hidden check, and nbgrader reads the same points from the graded notebook."""
    check = f"### BEGIN HIDDEN TESTS\n{SCORE}\n### END HIDDEN TESTS" if hidden else SCORE
    cell = code(check, "relu-hidden", 7)
    (verdict,) = run(answer(source, "relu"), cell)
    assert (verdict.outcome, verdict.points, verdict.max_points) == (outcome, points, 7)
    assert [output.get("data", {}).get("text/plain") for output in cell.outputs] == [shown]
    assert bool(verdict.student_message) == (outcome is not PASSED)


def test_points_of_many_digits_reach_the_gradebook_as_they_are(run: Run) -> None:
    """A third of seven is not rounded on its way through the notebook."""
    cell = code(f"{MARK}\n7 / 3", "relu-shown", 7)
    (verdict,) = run(answer(RIGHT, "relu"), cell)
    assert float(cell.outputs[0].data["text/plain"]) == verdict.points == 7 / 3


def test_an_error_in_a_marked_check_costs_all_its_points(run: Run) -> None:
    """As in any other check."""
    (verdict,) = run(answer(ABS, "relu"), code(f"{MARK}\nassert relu(-1) == 0\n7", "relu-shown", 7))
    assert (verdict.outcome, verdict.points) == (FAILED, 0)


def test_the_value_of_a_check_that_is_not_marked_decides_nothing(run: Run) -> None:
    """Nor does a mark in a cell of the student's."""
    verdicts = run(answer(f"{MARK}\n{ABS}\n0.5", "relu"), code("relu(-1) - 1", "relu-shown", 7))
    assert [(verdict.outcome, verdict.points) for verdict in verdicts] == [(PASSED, 7)]


@pytest.mark.parametrize(
    ("value", "points"),
    [(3, 3), (9, 7), (-1, 0), (np.float32(1.5), 1.5), (Fraction(1, 2), 0.5), (Decimal("1.5"), 1.5)]
    + [(value, 0) for value in (None, "7", True, np.True_, float("nan"), float("inf"), [7], np.array(7.0), 7j)],
)
def test_points_are_a_number_from_nothing_to_all(value: object, points: float) -> None:
    """What is no number gives nothing."""
    assert earned(value, 7) == points


def test_an_object_that_says_it_is_a_number_is_none() -> None:
    """Its type is asked, never the object."""

    class Seven:
        __class__ = float  # type: ignore[assignment]

        def __float__(self) -> float:
            return 7.0

    assert number(Seven()) is None


@pytest.mark.parametrize(
    "source",
    [
        "score",
        "relu(3)",
        "score = relu(3)\nscore",
        "z, score = relu(3)\nscore",
        "score = 0\nscore += relu(3)\nscore",
        "for score in relu(3):\n    pass\nscore",
        "float(relu(3))",
        "min(max(relu(3), 0), 7)",
        "relu(3).score",
        "relu(3)[0]",
        "results = [relu(3)]\nresults[0]",
        "relu(3) if relu(3) < 7 else 7",
        "(score := relu(3))",
        "score = relu(3)\nrelu = len\nscore",
        "await relu(3)",
    ],
)
def test_a_marked_check_may_not_end_in_what_the_student_hands_over(source: str) -> None:
    """A function that answers 7 would give itself 7 points."""
    assert "comes from the student" in marked_objection(f"{MARK}\n{source}")


@pytest.mark.parametrize(
    "source",
    [
        SCORE,
        "score = 0\nif relu(3) == 3:\n    score += 2\nscore",
        "7 - abs(relu(3) - 3)",
        "import grading\ngrading.points_of(relu)",
        "def points(f):\n    return 7 * (f(3) == 3)\npoints(relu)",
        "relu = len\nrelu('abc')",
        "sum(weight for x, weight in cases if relu(x) == x)",
        "min(most, 3)",
    ],
)
def test_a_marked_check_may_compute_its_points_from_answers(source: str) -> None:
    """What the author's own expression makes of them is the author's decision; `most` is from a locked cell."""
    assert marked_objection(f"{MARK}\n{source}", {"most"}) == ""


@pytest.mark.parametrize("source", ["assert relu(3) == 3", "score = 7", "7;", "7\nprint('done')\nx = 1"])
def test_a_marked_check_has_to_end_in_an_expression(source: str) -> None:
    """A semicolon takes its value away, as in a notebook."""
    assert "its last line is not an expression" in marked_objection(f"{MARK}\n{source}")


@pytest.mark.parametrize(
    ("source", "looks"),
    [
        ("score", True),
        ("1.5", True),
        ("-x / 2", True),
        ("passed = 0\npassed += 1\npassed", True),
        ("round(share, 2)", True),
        ("7 if ok else 0", True),
        ("np.mean(results)", True),
        ("def grade():\n    return 3\ngrade()", True),
        ("self.points", True),
        (f"{MARK}\nscore", False),
        ("score;", False),
        ("check(relu)", False),
        ("np.testing.assert_allclose(relu(3), 3)", False),
        ("assert relu(3) == 3", False),
        ("'%d right' % 3", False),
        ("relu(3) == 3", False),
        ("print(score)", False),
    ],
)
def test_a_check_that_looks_like_partial_credit_is_recognised(source: str, looks: bool) -> None:
    """By the form of its last line, without running it."""
    assert looks_like_points(source) is looks


@pytest.mark.parametrize("line", [f"   {MARK}  ", MARK])
def test_the_mark_is_a_line_of_its_own(line: str) -> None:
    """A text that only speaks of it marks nothing."""
    assert is_marked(f"x = 1\n{line}\nx") and not is_marked(f"x = '{MARK}'\nx")


@pytest.mark.parametrize(
    ("check", "reason"),
    [
        (SCORE, ""),
        ("assert relu(3) == 3", ""),
        (SCORE.replace(MARK, ""), ""),
        (SCORE.replace(MARK, "").replace("7 *", "5 *"), "ends in the number 5"),
        ("relu(7)", "ends in the number 7"),
        (SCORE.replace("7 *", "5 *"), "it gives your own solution 5 of 7 points"),
        (f"{MARK}\nrelu(7)", "comes from the student"),
        (f"{MARK}\n'7'", "it gives your own solution 0 of 7 points"),
        ("relu(3.0)", "ends in the number 3"),
        ("assert relu(3) == 4", "your own solution does not pass it (AssertionError"),
    ],
)
def test_a_check_is_refused_that_ends_in_a_number_without_a_mark_or_gives_the_solution_less(
    fork_server: ForkServer, check: str, reason: str
) -> None:
    """It is tried on the author's solution before it judges anybody."""
    import nbformat

    notebook = nbformat.v4.new_notebook(cells=[answer(RIGHT, "relu"), code(check, "relu-shown", 7)])
    found = try_out(notebook, Limits(), fork_server.start).broken_checks
    assert reason in found.get("relu-shown", "") and bool(found) == bool(reason)
