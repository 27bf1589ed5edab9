"""What a failed check says about its reason, to a student and to the instructor."""

from __future__ import annotations

import nbformat
import pytest

from autograder.judge.run import examine
from autograder.models import Diagnosis, Limits, Outcome, Verdict
from autograder.sandbox import ForkServer
from tests.judge.conftest import answer, code
from tests.mistakes.grading import failing_check, graded

SECRET = "31.4159"
HIDDEN = (
    f"### BEGIN HIDDEN TESTS\nimport numpy as np\nassert relu({SECRET}) == 1, 'relu(31.4159)'\n### END HIDDEN TESTS"
)


def told(fork_server: ForkServer, relu: str, check: str = HIDDEN) -> str:
    """What the student is told of a check of this relu."""
    cells = [answer(relu, "relu"), code(check, "relu-hidden")]
    (verdict,) = examine(nbformat.v4.new_notebook(cells=cells), Limits(cell_seconds=1), fork_server.start)
    assert verdict.outcome is Outcome.FAILED
    return verdict.student_message


def diagnosis(verdicts: list[Verdict]) -> Diagnosis:
    """The one diagnosis of all failed checks."""
    (only,) = {verdict.diagnosis for verdict in verdicts if verdict.outcome is Outcome.FAILED}
    return only


@pytest.mark.parametrize(
    ("assignment", "function", "source", "sentence"),
    [
        (
            "feedforward",
            "forward",
            "z1 = w @ add_bias(x)\n    return z1, relu(z1), z1, z1",
            "z1 and a1 are correct; z2 is",
        ),
        ("feedforward", "calc_o1", "z2 = relu(v @ add_bias(a1))\n    return z2, z2", "z2 is correct; a2 is the first"),
        ("feedforward", "calc_o1", "return 0 * np.ravel(v[:, 0]), 0", "z2 is already wrong."),
        ("backprop", "forward", "return w_1 * x, 9, 9, 9, 9", "z_1 is correct; a_1 is the first wrong value."),
        ("lstm", "hidden_state", "return memory_cell(c_prev, h, x), 9", "c_new is correct; h_new is the first"),
        ("lstm", "rnn", "return [5 for _ in seq]", "is at step 1"),
        ("lstm", "rnn", "return [0]", "There must be one hidden state for each step of the sequence."),
    ],
)
def test_the_first_step_that_differs_is_named(
    fork_server: ForkServer, assignment: str, function: str, source: str, sentence: str
) -> None:
    """In the order of computing, whatever comes after it."""
    arguments = {"forward": "x, w, v", "calc_o1": "a1, v", "hidden_state": "c_prev, h, x", "rnn": "seq"}[function]
    if assignment == "backprop":
        arguments = "x, y, w_1, w_2, b"
    verdicts = graded(fork_server, assignment, function, f"def {function}({arguments}):\n    {source}")
    assert sentence in diagnosis(verdicts).divergence


BACKWARD = """\
def backward(x, y, w_1, w_2, b):
    z_1, a_1, z_2, a_2, loss = forward(x, y, w_1, w_2, b)
    delta = (a_2 - y) * a_2 * (1 - a_2)
    return {w1}, {w2}, delta
"""


@pytest.mark.parametrize(
    ("parts", "sentence"),
    [
        (
            {"w1": "delta * w_2 * x if z_1 > 0 else 5", "w2": "delta * a_1"},
            "w1 is the first wrong value, where the hidden unit is off or where z_1 is exactly 0.",
        ),
        ({"w1": "5 if z_1 > 0 else 0", "w2": "delta * a_1"}, "dloss_b and dloss_w2 are correct; dloss_w1"),
        ({"w1": "5", "w2": "5"}, "dloss_b is correct; dloss_w2 is the first wrong value."),
    ],
)
def test_a_chain_of_derivatives_is_followed_backwards(
    fork_server: ForkServer, parts: dict[str, str], sentence: str
) -> None:
    """From b to w_1, and told apart by whether the hidden unit is on where that is all that decides."""
    assert sentence in diagnosis(graded(fork_server, "backprop", "backward", BACKWARD.format(**parts))).divergence


FORGETFUL = """\
def rnn(seq):
    states, c, h = [], 0, 0
    for x in seq:
        c, h = hidden_state(c, h, x)
        states.append(h if len(states) != 2 or x != 1 else 7)
    return states
"""


def test_the_step_of_a_sequence_is_told_with_a_plain_input_only(fork_server: ForkServer) -> None:
    """The third value is forgotten where x is 1; of a hidden sequence no other number than 0 and 1 is printed."""
    assert diagnosis(graded(fork_server, "lstm", "rnn", FORGETFUL)).divergence == (
        "The first wrong hidden state is at step 3, where x = 1."
    )


YES = """\
class Yes:
    def __eq__(self, other):
        return True
    def __array__(self, *_, **__):
        return np.ones(3)
def relu(z):
    return Yes()
"""
NESTED = """\
def relu(z):
    nested = [1.0]
    for _ in range(40):
        nested = [nested, nested]
    return nested
"""


@pytest.mark.filterwarnings("ignore:Casting complex values")
@pytest.mark.parametrize(
    "relu",
    [
        YES,
        "def relu(z):\n    import os\n    os._exit(1)",
        "def relu(z):\n    return [relu] * 3",
        NESTED,
        "def relu(z):\n    return {'z': z}",
        "def relu(z):\n    raise NotImplementedError()",
        "def relu(z):\n    return np.array([1 + 2j])",
        "def relu(z):\n    return np.zeros(10**6)",
        "relu = 5",
        "",
    ],
)
def test_what_is_no_plain_value_or_nothing_known_is_met_with_silence(fork_server: ForkServer, relu: str) -> None:
    """Objects with operators of their own, a lost process, values that grow, no function at all."""
    verdicts = graded(fork_server, "feedforward", "relu", relu)
    assert {verdict.outcome for verdict in verdicts} == {Outcome.FAILED}
    assert diagnosis(verdicts) == Diagnosis()


def test_a_diagnosis_never_changes_a_verdict(fork_server: ForkServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """One that breaks is no diagnosis."""
    wrong = "def relu(z):\n    return np.abs(z)"
    whole = graded(fork_server, "feedforward", "relu", wrong)
    monkeypatch.setattr("autograder.judge.explain.agree", lambda *_: 1 / 0)
    broken = graded(fork_server, "feedforward", "relu", wrong)
    assert diagnosis(whole) == Diagnosis(("relu-abs",)) and diagnosis(broken) == Diagnosis()
    assert [verdict.points for verdict in whole] == [verdict.points for verdict in broken]


def test_all_checks_of_a_function_count_as_evidence(fork_server: ForkServer) -> None:
    """A relu that is right in the shown checks and no known mistake in the hidden ones gets no name from either."""
    wrong = "def relu(z):\n    return np.abs(z) if np.size(z) == 3 else np.zeros(np.shape(z))"
    assert diagnosis(graded(fork_server, "feedforward", "relu", wrong)) == Diagnosis()


def test_a_check_that_fails_a_right_answer_gives_no_reason(fork_server: ForkServer) -> None:
    """When every call agrees with the reference, something else went wrong."""
    right = "def relu(z):\n    return np.maximum(z, 0)"
    assert diagnosis(graded(fork_server, "feedforward", "relu", right, failing_check("relu"))) == Diagnosis()


def test_a_function_that_is_asked_very_often_is_still_understood(fork_server: ForkServer) -> None:
    """Only so many calls are kept, and they are enough."""
    often = failing_check("relu")
    often.source = "for _ in range(1000):\n    relu(np.array([-1.0]))\nassert False"
    wrong = "def relu(z):\n    return np.abs(z)"
    assert diagnosis(graded(fork_server, "feedforward", "relu", wrong, often)) == Diagnosis(("relu-abs",))


def test_after_a_hidden_failure_the_student_reads_nothing_of_the_test(fork_server: ForkServer) -> None:
    """No input, no expected value, no message of the test's."""
    assert told(fork_server, "def relu(z):\n    return 0") == "`relu` gives a wrong result for some other inputs."
    assert told(fork_server, "def relu(z):\n    raise ValueError(z)") == "`relu` raised a ValueError."
    assert told(fork_server, "def relu():\n    return 0") == "`relu` raised a TypeError."
    assert told(fork_server, "def rely(z):\n    return 0") == "Your notebook does not define `relu`."
    assert told(fork_server, "def relu(z)\n    return 0") == (
        "Your notebook does not define `relu`: its cell stopped with a SyntaxError."
    )
    assert "took too long" in told(fork_server, "def relu(z):\n    while True:\n        pass")


FORGED_LINE = """\
import linecache
def relu(z):
    name = '/tmp/ipykernel_1/2.py'
    linecache.cache[name] = (1, None, [f'raise ValueError({z})'], name)
    exec(compile(f'raise ValueError({z})', name, 'exec'))
"""


@pytest.mark.parametrize(
    "relu",
    [
        FORGED_LINE,
        "def relu(z):\n    raise type(f'Error_{z}'.replace('.', '_'), (ValueError,), {})(z)",
        "def relu(z):\n    exec(compile('\\n' * int(z) + 'raise ValueError', '/tmp/ipykernel_1/2.py', 'exec'))",
    ],
    ids=["its line", "its type", "its line number"],
)
def test_an_exception_cannot_carry_a_hidden_input_out(fork_server: ForkServer, relu: str) -> None:
    """Nothing is said of it but which of Python's own exceptions it is."""
    assert told(fork_server, relu) == "`relu` raised a ValueError."


HINT = """\
class Hint(AssertionError):
    def _render_traceback_(self):
        return [str(self)]
raise Hint('Keep the shape.')
"""


def test_a_shown_failure_is_told_as_it_is(fork_server: ForkServer) -> None:
    """Its sentence, without the word before it; also beside a hidden region that did not fail."""
    stand_in = "### BEGIN HIDDEN TESTS\nhelper = 1\n### END HIDDEN TESTS\n"
    assert told(fork_server, "def relu(z):\n    return 0", stand_in + HINT) == "Keep the shape."
    assert told(fork_server, "def relu(z):\n    return 0", "assert relu(3) == 3, 'three'") == "AssertionError: three"


def test_the_verdict_stands_in_the_metadata_and_nobody_elses(fork_server: ForkServer) -> None:
    """Whole for each grade cell; what a student wrote under its name is gone from every cell."""
    forged = {"autograder": {"outcome": "passed", "points": 99.0, "student_message": "Well done."}}
    check, passed = code("assert relu(3) == 4", "relu-hidden"), code("assert True", "relu-shown")
    plain = nbformat.v4.new_markdown_cell("Mine.", metadata=forged)
    cells = [answer("def relu(z):\n    return z", "relu"), check, passed, plain]
    for cell in cells:
        cell.metadata.update(forged)
    examine(nbformat.v4.new_notebook(cells=cells), Limits(), fork_server.start)
    assert check.metadata["autograder"] == {
        "outcome": "failed",
        "points": 0.0,
        "max_points": 2.0,
        "student_message": "AssertionError",
        "mistakes": [],
        "divergence": "",
    }
    assert passed.metadata["autograder"]["outcome"] == "passed"
    assert all("autograder" not in cell.metadata for cell in (cells[0], plain))
