"""Text that checks run as code: the author's runs in the grader, any other in the student process."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from autograder.judge.modules import beside
from autograder.models import Outcome, Trial
from autograder.names import AnswerNames
from tests.judge.conftest import FAILED, PASSED, Run, answer, code

ESCAPE = "__import__('pathlib').Path({!r}).write_text(str(__import__('os').getpid()))"


@pytest.mark.parametrize(
    "check",
    [
        "exec(text)",
        "eval(text)",
        "exec(compile(text, 'x', 'exec'))",
        "get_ipython().run_cell(text)",
        "exec(In[1])",
        "import ast\nexec(compile(ast.parse(text), 'x', 'exec'))",
        "import ast\neval(compile(ast.Expression(ast.parse(text).body[0].value), 'x', 'eval'))",
    ],
)
def test_a_text_of_the_students_does_not_run_in_the_grader(run: Run, tmp_path: Path, check: str) -> None:
    """It may write where its own process may, and nowhere else."""
    place = tmp_path / "escaped"
    text = ESCAPE.format(str(place))
    run(answer(f"text = {text!r}" if "In" not in check else text, "text"), code(check, "text-shown"))
    assert not place.exists() or place.read_text() != str(os.getpid())


HELPERS = """\
def run(text): exec(text)
def value(text): return eval(text)
def parsed(text):
    import ast
    exec(compile(ast.parse(text), "x", "exec"))
def doubled(x): return eval("2 * x")
class Later:
    code = "y = 3"
    def run(self):
        names = {}
        exec(self.code, names)
        return names["y"]
"""


@pytest.mark.parametrize("function", ["run", "value", "parsed"])
def test_a_module_beside_the_notebook_runs_no_text_of_the_students_in_the_grader(
    run: Run, tmp_path: Path, function: str
) -> None:
    """Neither where it is imported for the page, nor where it is used again for a check that comes later."""
    place = tmp_path / "escaped"
    cells = [answer(f"text = {ESCAPE.format(str(place))!r}", "text")]
    cells += [code(f"import helpers\nhelpers.{function}(text)", f"text-{name}") for name in ("shown", "hidden")]
    with beside({"helpers.py": HELPERS.encode()}):
        run(*cells)
    assert not place.exists() or place.read_text() != str(os.getpid())


def test_a_module_beside_the_notebook_runs_its_own_texts_with_its_own_names(run: Run) -> None:
    """They are the author's, word for word."""
    check = "import helpers\nassert helpers.doubled(f()) == 6 and helpers.Later().run() == 3"
    with beside({"helpers.py": HELPERS.encode()}):
        verdicts = run(answer("def f():\n    return 3", "f"), code(check, "f-shown"), code(check, "f-more"))
    assert [verdict.outcome for verdict in verdicts] == [PASSED, PASSED]


def test_a_module_beside_the_notebook_may_define_such_a_function_itself(run: Run) -> None:
    """It is its own affair what its `eval` does."""
    check = "import helpers\nassert helpers.value(f()) == 3"
    with beside({"helpers.py": b"def eval(x): return x\ndef value(x): return eval(x)"}):
        verdicts = run(answer("def f():\n    return 3", "f"), code(check, "f-shown"), code(check, "f-more"))
    assert [verdict.outcome for verdict in verdicts] == [PASSED, PASSED]


def test_a_check_may_run_a_tree_of_its_own_text(run: Run) -> None:
    """Its comparisons are the check's."""
    pleasing = "class Pleasing:\n    def __eq__(self, other):\n        return True\ndef f():\n    return Pleasing()"
    check = "import ast\nexec(compile(ast.parse('assert f() == 3'), 'x', 'exec'))"
    (verdict,) = run(answer(pleasing, "f"), code(check, "f-shown"))
    assert verdict.outcome is FAILED


def test_a_students_cell_can_be_run_again_and_listened_to(run: Run) -> None:
    """As IPython's `In` allows it, with the variables that the cell uses."""
    listen = "import contextlib, io\nheard = io.StringIO()\nwith contextlib.redirect_stdout(heard):\n    exec(In[-2])\n"
    cells = [
        answer("name = 'Ann'\nprint('Hi', name)", "name"),
        code(f"{listen}assert heard.getvalue() == 'Hi Ann\\n'", "x"),
    ]
    assert [verdict.outcome for verdict in run(*cells)] == [PASSED]


@pytest.mark.parametrize(
    ("check", "outcome"),
    [
        ("assert eval('double(2)') == 4", PASSED),
        ("call = f'double({3})'\nassert eval(call) == 6", PASSED),
        ("names = {'x': 2}\nexec('y = x + ' + str(1), names)\nassert names['y'] == 3", PASSED),
        ("expected = 5\nassert eval(f'double({2}) == {4}')", Outcome.UNJUDGED),
        ("for line in ('a = 1', 'b = a + 1'):\n    exec(line)\nassert b == 2", PASSED),
    ],
)
def test_a_check_may_evaluate_what_it_puts_together_but_no_comparison(run: Run, check: str, outcome: Outcome) -> None:
    """The student's side gives values, and the check compares them."""
    (verdict,) = run(answer("def double(x):\n    return 2 * x", "double"), code(check, "double-shown"))
    assert verdict.outcome is outcome


@pytest.mark.parametrize(
    "check", ["exec('assert f() == 3')", "for name, text in (('f', 'assert f() == 3'), ('none', '')):\n    exec(text)"]
)
def test_a_text_that_is_the_authors_word_for_word_sees_what_the_check_sees(run: Run, check: str) -> None:
    """Its comparisons are the check's."""
    pleasing = "class Pleasing:\n    def __eq__(self, other):\n        return True\ndef f():\n    return Pleasing()"
    (verdict,) = run(answer(pleasing, "f"), code(check, "f-shown"))
    assert verdict.outcome is FAILED


def test_names_that_a_check_lists_are_the_students_too(run: Run) -> None:
    """By `dir()`, `globals()`, `locals()` and `vars()`; a name of a locked cell is the grader's."""
    check = "assert all('mine' in names for names in (dir(), globals(), locals(), vars(), list(globals())))\n"
    cells = [code("given = 1", "given-x", graded=False), answer("mine = given = 2", "mine")]
    (verdict,) = run(*cells, code(f"{check}assert globals()['given'] == 1 and 'nobody' not in dir()", "mine-shown"))
    assert verdict.outcome is PASSED


def test_a_check_that_sets_what_answers_read_sets_it_for_them(run: Run) -> None:
    """And no other variable of its own: a student reads no expected value from it."""
    notebook = [
        answer("def scale(x):\n    return factor * x\ndef peek():\n    return expected", "scale"),
        code("factor = 3\nexpected = 6\nassert scale(2) == expected", "scale-shown"),
        code(
            "expected = 9\ntry:\n    found = peek()\nexcept NameError:\n    found = None\nassert found is None", "peek"
        ),
    ]
    verdicts = run(*notebook, trial=Trial(names=AnswerNames(frozenset({"scale"}), frozenset({"factor"}))))
    assert [verdict.outcome for verdict in verdicts] == [PASSED, PASSED]


def test_examine_takes_no_names_from_the_submission_itself(run: Run) -> None:
    """Without a trial, a student's function that reads a variable of the check finds none."""
    verdicts = run(
        answer("def f():\n    return expected", "f"), code("expected = 4\nassert f() == expected", "f-shown")
    )
    assert [verdict.outcome for verdict in verdicts] == [FAILED]


def test_examples_in_a_students_docstring_run_in_the_student_process(run: Run, tmp_path: Path) -> None:
    """What they print is compared here, as doctest does."""
    check = """\
import doctest
examples = doctest.DocTestParser().get_doctest(half.__doc__, {'half': half}, 'half', None, 0)
results = doctest.DocTestRunner(verbose=False).run(examples, out=lambda text: None)
assert results.failed == 0 and results.attempted == 2, results
"""
    place = tmp_path / "escaped"
    escape = ESCAPE.format(str(place))
    right = 'def half(x):\n    """\n    >>> half(4)\n    2.0\n    >>> half(1)\n    0.5\n    """\n    return x / 2'
    wrong = right.replace("x / 2", "x")
    evil = right.replace(">>> half(1)\n    0.5", f">>> _ = {escape}")
    outcomes = [run(answer(source, "half"), code(check, "half-shown"))[0].outcome for source in (right, wrong, evil)]
    assert outcomes[:2] == [PASSED, FAILED]
    assert not place.exists() or place.read_text() != str(os.getpid())


def test_a_function_of_pythons_that_a_check_replaces_is_replaced_for_the_student_too(run: Run) -> None:
    """A variable of the check's that is called so is its own."""
    forbid = """\
def forbidden(*_):
    raise AssertionError
max = forbidden
try:
    largest([1, 3])
finally:
    del max
"""
    own = "max = 9\nassert largest([1, 9]) == max\ndel max"
    again = "assert largest([1, 3]) == max(1, 3)"
    cells = [code(forbid, "largest-a"), code(own, "largest-b"), code(again, "largest-c")]
    verdicts = run(answer("def largest(xs):\n    return max(xs)", "largest"), *cells)
    assert [verdict.outcome for verdict in verdicts] == [FAILED, PASSED, PASSED]
