"""Examining a notebook: verdicts, time limits, and what one cell may leave to the next."""

from __future__ import annotations

import nbformat
import pytest

from autograder.judge.run import examine
from autograder.models import CourseError, Limits, Outcome, Trial
from autograder.sandbox import ForkServer, StudentProcess
from tests.judge.conftest import FAILED, PASSED, Run, answer, code


def test_verdicts_follow_what_the_cells_do(run: Run) -> None:
    """Silence passes, an exception fails with its message; prints, warnings and results decide nothing."""
    cells = [
        code("x = 1"),
        code("assert x == 1", "silent"),
        code("assert x == 2, 'x should be 2'", "wrong"),
        code("import sys\nprint('hello', file=sys.stderr)\n0", "noisy", 3),
        code("0.5", "low"),
        code("5.0", "high"),
        code("undefined", "raises"),
    ]
    verdicts = run(*cells)
    assert [(verdict.grade_id, verdict.outcome, verdict.points) for verdict in verdicts] == [
        ("silent", PASSED, 2),
        ("wrong", FAILED, 0),
        ("noisy", PASSED, 3),
        ("low", PASSED, 2),
        ("high", PASSED, 2),
        ("raises", FAILED, 0),
    ]
    assert verdicts[1].message == "AssertionError: x should be 2"
    noisy = cells[3].outputs
    assert [output.output_type for output in noisy] == ["stream", "execute_result"]
    assert noisy[0].name == "stdout" and noisy[0].text.endswith("hello\n")
    assert noisy[1].data["text/plain"] == "3"


def test_a_cell_that_only_draws_is_not_run_and_a_check_always_is(run: Run) -> None:
    """The tag says so; what such a cell displayed when it was handed in is gone, since nobody vouches for it."""
    draws, check = code("drawn = True\nprint('a picture')"), code("assert 'drawn' not in globals()", "silent")
    draws.outputs = [nbformat.v4.new_output("stream", text="by hand")]
    for cell in (draws, check):
        cell.metadata["tags"] = ["not-when-grading"]
    (verdict,) = run(draws, check)
    assert verdict.outcome is PASSED
    assert draws.outputs == []


def test_a_stand_in_lasts_for_one_grade_cell(run: Run) -> None:
    """Functions and given names are put back, also after a failure; a test's own new names stay for the next."""
    verdicts = run(
        code("w = 1", "given-weights", graded=False),
        answer("def f():\n    return w", "f"),
        answer("def g():\n    return f()", "g"),
        code("w = 7\nassert g() == 7\nf = lambda: 3\nassert g() == 3\nown = 5\nassert False", "assigns"),
        code("assert g() == 1 and own == 5 and w == 1", "sees"),
    )
    assert [verdict.message for verdict in verdicts] == ["AssertionError: ", ""]


def test_a_helper_of_the_students_survives_a_test_that_uses_its_name(run: Run) -> None:
    """Only what the assignment defines is replaced."""
    verdicts = run(
        answer("def shape(z):\n    return 2 * z\ndef f(z):\n    return shape(z)", "f"),
        code("for shape in [(1,), (2,)]:\n    assert f(3) == 6", "check"),
    )
    assert [verdict.message for verdict in verdicts] == [""]


def test_a_locked_cell_runs_on_both_sides_and_the_examiners_names_are_its_own(run: Run) -> None:
    """A student who overwrites a given name changes nothing for the tests."""
    verdicts = run(
        code("given = [1, 2]\ndef check(x):\n    assert x == 3", "given-names", graded=False),
        code("seen = list(given)\ngiven = 'gone'\ndef check(x):\n    pass"),
        code("assert seen == [1, 2] and given == [1, 2]\ncheck(3)", "holds"),
        code("check(4)", "fails"),
    )
    assert [verdict.outcome for verdict in verdicts] == [PASSED, FAILED]


def test_changes_in_place_errors_and_call_backs_cross_the_boundary(run: Run) -> None:
    """A test sees what a shared kernel would have shown it."""
    verdicts = run(
        code(
            "import numpy as np\n"
            "def spoil(z):\n    z[0] = 9\n    return z\n"
            "def fail():\n    raise ValueError('too small')\n"
            "def twice(f, x):\n    return f(f(x))\n"
            "def count():\n    yield from range(3)\n"
            "class Point:\n    def __init__(self, x):\n        self.x = x\n"
            "    def moved(self):\n        return Point(self.x + 1)\n"
        ),
        code(
            "import numpy as np\nz = np.zeros(3)\nitems = [1]\nspoil(z); spoil(items)\nassert z[0] == 9 == items[0]",
            "in-place",
        ),
        code("try:\n    fail()\nexcept ValueError as error:\n    assert str(error) == 'too small'", "error"),
        code("assert twice(lambda x: x + 1, 5) == 7 and twice(np.sqrt, 16) == 2", "call-back"),
        code("assert list(count()) == [0, 1, 2] and sum(count()) == 3", "generator"),
        code("assert Point(1).moved().x == 2", "class"),
    )
    assert [verdict.message for verdict in verdicts] == [""] * 5


def test_what_a_student_returns_cannot_answer_a_comparison(run: Run) -> None:
    """Objects and subclasses that agree with everything are worth what they are without that."""
    verdicts = run(
        code(
            "import numpy as np\n"
            "class Yes:\n    def __eq__(self, other):\n        return True\n"
            "    def __array__(self, *_):\n        return np.ones(1)\n"
            "class YesFloat(float):\n    def __eq__(self, other):\n        return True\n"
            "def value():\n    return Yes()\ndef number():\n    return YesFloat(2)\n"
            "np.testing.assert_allclose = lambda *_, **__: None\n"
        ),
        code("assert value() == 3", "object"),
        code("assert number() == 3", "number"),
        code("import numpy as np\nnp.testing.assert_allclose(number(), 3)", "patched"),
    )
    assert [verdict.outcome for verdict in verdicts] == [FAILED] * 3


SEARCH = """\
import gc, sys
def search():
    frame = sys._getframe()
    while frame is not None:
        if any("can" + "ary" in name for name in frame.f_globals):
            return "a frame"
        frame = frame.f_back
    for thing in gc.get_objects():
        if isinstance(thing, dict) and "can" + "ary" in str(list(thing)[:500]):
            return "a dict"
    return [name for name in sys.modules if name.startswith("autograder.") and "reference" in name]
"""


def test_the_student_process_holds_neither_tests_nor_reference(run: Run) -> None:
    """A student's function that looks through all it can reach does not find a word of a hidden test."""
    check = "from answers.lstm import reference\ncanary = 3\nassert search() == []"
    verdicts = run(code(SEARCH), code(check, "hidden"))
    assert [verdict.message for verdict in verdicts] == [""]


def test_an_endless_loop_costs_its_own_checks_only(run: Run) -> None:
    """The cell is stopped with a sentence, and the next one runs."""
    verdicts = run(
        code("def f():\n    while True:\n        pass"),
        code("f()", "endless"),
        code("try:\n    f()\nexcept Exception:\n    pass", "swallowed"),
        code("assert True", "next"),
        limits=Limits(cell_seconds=1),
    )
    assert [verdict.outcome for verdict in verdicts] == [FAILED, FAILED, PASSED]
    assert "Is there a loop that never ends?" in verdicts[0].message


EXIT = "import os\ndef f():\n    os._exit(1)"
DEAF = "import signal\ndef f():\n    signal.signal(signal.SIGINT, signal.SIG_IGN)\n    while True:\n        pass"
STUBBORN = """\
def f():
    while True:
        try:
            while True:
                pass
        except BaseException:
            pass
"""
CRASH = "import ctypes\ndef f():\n    ctypes.string_at(0)"


@pytest.mark.parametrize("source", [EXIT, DEAF, STUBBORN, CRASH])
def test_a_process_that_is_lost_costs_one_check(run: Run, source: str) -> None:
    """Dead, deaf or crashed: a fresh process runs the cells again, and the other functions keep their marks."""
    verdicts = run(
        code("def before():\n    return 1"),
        code(source),
        code("assert before() == 1", "before"),
        code("f()", "lost"),
        code("assert before() == 1", "after"),
        limits=Limits(cell_seconds=1),
    )
    assert [verdict.outcome for verdict in verdicts] == [PASSED, FAILED, PASSED]


def test_a_notebook_that_takes_too_long_is_cut_off(run: Run) -> None:
    """Many cells within their own limit, but too many."""
    cells = [code(f"wait{number}()", f"cell{number}") for number in range(6)]
    waits = "\n".join(f"def wait{number}():\n    time.sleep(0.9)" for number in range(6))
    verdicts = run(code(f"import time\n{waits}"), *cells, limits=Limits(cell_seconds=2, notebook_seconds=2))
    assert verdicts[0].outcome is PASSED
    assert "more than 2 s in all" in verdicts[-1].message


def test_what_is_broken_on_our_side_is_nobodys_zero(run: Run) -> None:
    """A check that is no Python cannot be judged; a locked cell that raises gives no names, and grading goes on."""
    (verdict,) = run(code("assert (", "check"))
    assert verdict.outcome is Outcome.UNJUDGED
    assert "this check is not valid Python" in verdict.message
    verdicts = run(code("given = 1 / 0", "given-names", graded=False), code("given", "check"), code("1", "other"))
    assert [verdict.outcome for verdict in verdicts] == [FAILED, PASSED]


def test_a_check_that_is_known_to_be_unsound_is_not_run(run: Run) -> None:
    """It judges nobody, and says that this is no fault of the student's."""
    cells = [code("x = 1"), code("assert x == 2", "broken"), code("assert x == 1", "sound")]
    verdicts = run(*cells, trial=Trial({"broken": "AssertionError"}))
    assert [verdict.outcome for verdict in verdicts] == [Outcome.UNJUDGED, PASSED]
    assert "not your fault" in verdicts[0].message


def test_a_student_process_that_cannot_be_started_again_is_no_wrong_answer(fork_server: ForkServer) -> None:
    """When the first one dies in a check and no second can be had, the submission is not judged at all."""
    starts = iter([fork_server.start])

    def start() -> StudentProcess:
        for allowed in starts:
            return allowed()
        raise CourseError("no student process could be started (none left).")

    cells = [code("import os\ndef f():\n    os._exit(1)"), code("f()", "check")]
    with pytest.raises(CourseError, match="none left"):
        examine(nbformat.v4.new_notebook(cells=cells), Limits(), start)


HIDDEN = "### BEGIN HIDDEN TESTS\n{}\n### END HIDDEN TESTS"
"""A check of which nothing was handed out."""


@pytest.mark.parametrize("first", ["x = 1", "x = 1\nfile = open('/dev/null')"], ids=["going back", "running again"])
def test_a_hidden_check_sees_the_notebook_as_it_stands_at_its_place(run: Run, first: str) -> None:
    """Whatever later cells do to names and to what they stand for."""
    verdicts = run(
        code(first),
        code(HIDDEN.format("assert x == 1 and 'y' not in globals()"), "before"),
        code("x = 2\ny = [1]"),
        code(HIDDEN.format("assert x == 2 and list(y) == [1]"), "between"),
        code("y.append(2)\ndel x"),
        code(HIDDEN.format("assert 'x' not in globals() and list(y) == [1, 2]"), "after"),
    )
    assert [verdict.outcome for verdict in verdicts] == [PASSED, PASSED, PASSED]


@pytest.mark.parametrize("first", ["x = 1", "x = 1\nfile = open('/dev/null')"], ids=["going back", "running again"])
def test_a_process_that_ends_in_a_hidden_check_costs_that_check_only(run: Run, first: str) -> None:
    """Those before and behind it are judged."""
    verdicts = run(
        code(first),
        answer("import os\ndef f(x):\n    if x == 7:\n        os._exit(1)\n    return x", "f"),
        code(HIDDEN.format("assert f(1) == 1"), "f-one-hidden"),
        code(HIDDEN.format("assert f(7) == 7"), "f-seven-hidden"),
        code(HIDDEN.format("assert f(2) == 2"), "f-two-hidden"),
    )
    assert [verdict.outcome for verdict in verdicts] == [PASSED, FAILED, PASSED]


@pytest.mark.parametrize("first", ["x = 1", "x = 1\nfile = open('/dev/null')"], ids=["going back", "running again"])
def test_no_cell_shows_what_a_hidden_check_gave_to_a_function(run: Run, first: str) -> None:
    """Nor does a shown check that quotes a value, or the sentence about an exception."""
    shown = code("assert f(1) == 1, f'f(1) gives {f(1)}'", "f-shown")
    later = code("print(kept)")
    run(
        code(first),
        answer("kept = []\ndef f(x):\n    kept.append(x)\n    return sum(kept)", "f"),
        code(HIDDEN.format("assert f(31.4159) == 1"), "f-hidden"),
        later,
        shown,
    )
    assert later.outputs[0].text == "[]\n"
    assert "31" not in str(shown.metadata["autograder"]["student_message"])


def test_what_a_function_changes_in_place_is_seen_by_its_own_check_only(run: Run) -> None:
    """A list that locked cells give is whole again for the next."""
    verdicts = run(
        code("given = [1, 2]", "given-list", graded=False),
        answer("def f(values):\n    values.clear()\n    return 0", "f"),
        code("f(given)\nassert given == []", "f-shown"),
        code("assert given == [1, 2]", "g-shown"),
    )
    assert [verdict.outcome for verdict in verdicts] == [PASSED, PASSED]


def test_a_function_put_in_place_of_a_missing_one_is_gone_after_the_check(run: Run) -> None:
    """It serves the function that builds on it, and no check of its own."""
    verdicts = run(
        answer("", "f"),
        answer("def g(x):\n    return f(x)", "g"),
        code("f = abs\nassert g(-1) == 1", "g-shown"),
        code("assert f(-1) == 1", "f-shown"),
        code("assert g(-1) == 1", "g-again"),
    )
    assert [verdict.outcome for verdict in verdicts] == [PASSED, FAILED, FAILED]


def test_a_name_that_a_locked_cell_defines_is_never_the_students(run: Run) -> None:
    """Not even before the locked cell has run."""
    verdicts = run(
        code("def check(holds):\n    pass"),
        code("check(False)", "early"),
        code("def check(holds):\n    assert holds", "given-checks", graded=False),
        code("check(False)", "late"),
    )
    assert [verdict.outcome for verdict in verdicts] == [FAILED, FAILED]
