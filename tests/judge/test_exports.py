"""What a test lends, the student process may use in the way it was lent, and for a limited time."""

from __future__ import annotations

import signal
from typing import Any

import pytest

from autograder.judge import exports
from autograder.models import Limits, Outcome
from autograder.protocol import messages
from tests.judge.conftest import FAILED, PASSED, Run, code

SLOW = "def reference(n):\n    total = 0\n    for i in range(n):\n        total += i\n    return total\n"


def test_a_function_of_the_tests_that_a_student_feeds_too_much_is_stopped(run: Run) -> None:
    """It costs the check that lent it, with a sentence; the student's names survive, and no alarm is left."""
    before = signal.getsignal(signal.SIGALRM)
    verdicts = run(
        code("kept = 5\ndef f(g):\n    return g(10 ** 12)\ndef quick(g):\n    return g(10)"),
        code(SLOW + "f(reference)", "slow"),
        code(SLOW + "try:\n    f(reference)\nexcept Exception:\n    pass", "swallowed"),
        code(SLOW + "assert quick(reference) == 45 and kept == 5", "next"),
        limits=Limits(cell_seconds=1),
    )
    assert [verdict.outcome for verdict in verdicts] == [FAILED, FAILED, PASSED]
    assert "took too long" in verdicts[0].message
    assert signal.getsignal(signal.SIGALRM) == before
    assert signal.getitimer(signal.ITIMER_REAL) == (0, 0)


def test_functions_that_call_each_other_across_the_boundary_keep_their_deadlines(run: Run) -> None:
    """A limit within a limit ends no later and leaves the outer one running."""
    verdicts = run(
        code("def twice(f, x):\n    return f(f(x))\ndef spin(f):\n    f(1)\n    while True:\n        f(1)"),
        code("assert twice(lambda x: twice(lambda y: y + 1, x), 0) == 4", "nested"),
        code("spin(lambda x: twice(lambda y: y, x))", "endless"),
        code("assert twice(abs, -1) == 1", "next"),
        limits=Limits(cell_seconds=1),
    )
    assert [verdict.outcome for verdict in verdicts] == [PASSED, FAILED, PASSED]


@pytest.mark.parametrize("big", ["numpy.zeros(2 * 10 ** 6)", "list(range(300000))"])
def test_an_argument_too_large_for_a_function_of_the_tests_fails_the_check(run: Run, big: str) -> None:
    """The function is not even called."""
    verdicts = run(
        code(f"import numpy\ndef f(g):\n    return g({big})"),
        code("called = []\nf(called.append)", "big"),
        code("assert called == []", "next"),
    )
    assert [verdict.outcome for verdict in verdicts] == [FAILED, PASSED]


THINGS = "class Net:\n    rate = 3\n    _secret = 4\n    def go(self):\n        return 5\nnet = Net()\n"


@pytest.mark.parametrize(
    ("body", "outcome"),
    [
        ("thing.rate + thing.go()", PASSED),
        ("thing._secret + 4", FAILED),
        ("thing.go.__globals__ and 8", FAILED),
        ("thing.go.__func__ and 8", FAILED),
        ("thing.__dict__ and 8", FAILED),
        ("setattr(thing, '_secret', 1) or 8", FAILED),
    ],
)
def test_of_a_tests_object_only_public_names_are_lent(run: Run, body: str, outcome: Outcome) -> None:
    """Nothing leads from it to the names of the tests."""
    verdicts = run(code(f"def f(thing):\n    return {body}"), code(f"{THINGS}assert f(net) == 8", "check"))
    assert [verdict.outcome for verdict in verdicts] == [outcome]


@pytest.mark.parametrize("body", ["f.__globals__", "f.__code__.co_consts", "f.__closure__", "f.__defaults__"])
def test_a_lent_function_can_be_called_and_not_read(run: Run, body: str) -> None:
    """Its globals hold the hidden tests, its code the reference."""
    cells = [code(f"def look(f):\n    return {body}"), code("got = look(lambda x: x + 7)", "check")]
    assert [verdict.outcome for verdict in run(*cells)] == [FAILED]


def test_what_a_function_of_the_tests_raises_shows_the_student_none_of_its_lines(run: Run) -> None:
    """The type and the text go over, no traceback and no cause."""
    look = (
        "def look(f):\n    try:\n        f()\n    except Exception as error:\n"
        "        return str(error), error.__cause__, error.__context__, getattr(error, 'student_lines', ())"
    )
    raises = (
        "def f():\n    try:\n        hidden = 1 / 0\n    except Exception as e:\n        raise ValueError('x') from e\n"
    )
    verdicts = run(code(look), code(raises + "assert look(f) == ('x', None, None, ())", "check"))
    assert [verdict.message for verdict in verdicts] == [""]


def test_a_check_with_a_magic_of_the_system_judges_nobody(run: Run) -> None:
    """Unless it means nothing here; the sentence says what is wrong."""
    verdicts = run(code("%%bash\nls", "check"), code("%matplotlib inline\n%timeit -n 2 assert True", "harmless"))
    assert [verdict.outcome for verdict in verdicts] == [Outcome.UNJUDGED, Outcome.PASSED]
    assert "the magic %%bash cannot be used" in verdicts[0].message


def test_a_broken_text_of_the_students_is_no_broken_grading(run: Run) -> None:
    """A test may show an object in its message whose `__str__` raises, exits or never ends."""
    broken = "class Odd:\n    def __str__(self):\n        {}\n    __repr__ = __str__\ndef f():\n    return Odd()"
    for body in ("raise SystemExit", "return 3", "1 / 0", "while True: pass"):
        cells = [code(broken.format(body)), code("x = f()\nassert x == 3, x", "check")]
        assert [verdict.outcome for verdict in run(*cells, limits=Limits(cell_seconds=1))] == [FAILED]


def test_a_reference_is_asked_once_for_the_same_numbers(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its answers never change; 1 and 1.0 are two questions, and so is the same number to another cell of an LSTM."""
    served: list[object] = []
    serve = exports.serve

    def noting(request: messages.Call, *rest: Any) -> object:
        served.append(request)
        return serve(request, *rest)

    monkeypatch.setattr(exports, "serve", noting)
    verdicts = run(
        code("def f(gate, h):\n    return [gate(h, 1) for _ in range(5)]"),
        code(
            "from answers.lstm.reference import Cell\n"
            "shut, open = Cell().forget_gate, Cell(b_f=200).forget_gate\n"
            "assert f(shut, 1) == f(shut, 1) == f(shut, 1.0) == [0] * 5\n"
            "assert f(open, 1) == [1] * 5",
            "check",
        ),
    )
    assert [verdict.outcome for verdict in verdicts] == [PASSED]
    assert len(served) == 3


def test_a_function_of_the_tests_own_is_called_each_time(run: Run) -> None:
    """It may count, or give something else the next time."""
    verdicts = run(
        code("def f(g):\n    return [g(1) for _ in range(5)]"),
        code("seen = []\ndef g(x):\n    seen.append(x)\n    return len(seen)\nassert f(g) == [1, 2, 3, 4, 5]", "count"),
    )
    assert [verdict.outcome for verdict in verdicts] == [PASSED]


@pytest.mark.parametrize(
    ("body", "outcome"),
    [
        ("return file.read() == 'one\\ntwo' and file.seek(0) == 0 and next(file) == 'one\\n'", PASSED),
        ("file.write('three')\n    return file.getvalue().startswith('three')", PASSED),
        ("import io\n    return isinstance(file, io.TextIOBase)", PASSED),
        ("return file.__class__.__init__", FAILED),
        ("return file.detach()", FAILED),
        ("return file.fileno()", FAILED),
        ("return file.__dict__", FAILED),
        ("return file.__reduce__()", FAILED),
    ],
)
def test_an_open_file_can_be_read_and_written_and_nothing_else(run: Run, body: str, outcome: Outcome) -> None:
    """What a test passes is asked where it is; what lies beneath it is not lent."""
    verdicts = run(
        code(f"def f(file):\n    {body}"), code("import io\nassert f(io.StringIO('one\\ntwo')) is True", "file")
    )
    assert [verdict.outcome for verdict in verdicts] == [outcome]
