"""A mistake is recognised by what the answer does, however it is written; nobody is told of a mistake not made."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder.judge.mistakes import Mistake
from autograder.models import Diagnosis, Outcome
from autograder.sandbox import ForkServer
from tests.conftest import CATALOGUES, REPOSITORY
from tests.course.test_answers import FAIR, WRONG
from tests.mistakes.behaving import does_the_same
from tests.mistakes.grading import failing_check, graded
from tests.mistakes.rewriting import REWRITINGS
from tests.quality.killing import Found, found
from tests.quality.mutants import Answer, is_python, mutant, pairs, statement_slips, term_slips

KNOWN = [(assignment, known) for assignment, catalogue in CATALOGUES.items() for known in catalogue.mistakes.values()]
FUNCTIONS = [(assignment, function) for assignment, catalogue in CATALOGUES.items() for function in catalogue.solutions]
SLIPS, PAIRS = 25, 25
"""How many answers with one unknown mistake, and with two, are graded for each function."""


def named(fork_server: ForkServer, answer: Answer) -> set[tuple[str, ...]]:
    """What the failed checks of an answer say it looks like; a hidden one is among them."""
    verdicts = graded(fork_server, answer.assignment, answer.function, answer.source)
    failed = [verdict for verdict in verdicts if verdict.outcome is Outcome.FAILED]
    assert any(verdict.grade_id.endswith("-hidden") for verdict in failed)
    return {verdict.diagnosis.mistakes for verdict in failed}


def named_truly(fork_server: ForkServer, answer: Answer) -> bool:
    """Whether an answer is named, and does what it is named for also where no check asks."""
    verdicts = graded(fork_server, answer.assignment, answer.function, answer.source)
    names = {name for verdict in verdicts for name in verdict.diagnosis.mistakes}
    for name in names:
        known = CATALOGUES[answer.assignment].named(name)
        assert known is not None
        assert does_the_same(answer, Answer(answer.assignment, known.function, known.source)), name
    return bool(names)


def of_path(path: Path) -> Answer:
    """The answer in a file of `tests/right/` or `tests/wrong/`."""
    assignment, function, _ = path.name.split("-", 2)
    return Answer(assignment, function, path.read_text())


@pytest.mark.parametrize(("assignment", "known"), KNOWN, ids=lambda value: getattr(value, "name", value))
def test_each_known_mistake_gets_its_own_name_and_no_other(
    fork_server: ForkServer, assignment: str, known: Mistake
) -> None:
    """As the catalogue writes it, poured into an assignment that is otherwise solved."""
    assert named(fork_server, Answer(assignment, known.function, known.source)) == {(known.name,)}


@pytest.mark.parametrize("assignment", CATALOGUES)
@pytest.mark.parametrize("rewriting", REWRITINGS)
def test_another_way_to_write_it_changes_nothing(fork_server: ForkServer, assignment: str, rewriting: str) -> None:
    """At least 95 of 100 are named when somebody else writes the same, and none gets another one's name."""
    missed = []
    all_of_them = CATALOGUES[assignment].mistakes.values()
    for known in all_of_them:
        names = named(fork_server, Answer(assignment, known.function, REWRITINGS[rewriting](known.source)))
        assert names <= {(), (known.name,)}
        if names != {(known.name,)}:
            missed.append(known.name)
    assert len(missed) <= 0.05 * len(all_of_them), missed


@pytest.mark.parametrize("answer", FAIR, ids=lambda path: path.stem)
def test_a_right_answer_is_told_nothing(fork_server: ForkServer, answer: Path) -> None:
    """Even when a check that is broken fails it."""
    assignment, function, _ = answer.name.split("-", 2)
    *passed, failed = graded(fork_server, assignment, function, answer.read_text(), failing_check(function))
    assert {verdict.outcome for verdict in passed} == {Outcome.PASSED}
    assert failed.outcome is Outcome.FAILED
    assert failed.diagnosis == Diagnosis()


def test_most_wrong_answers_are_explained(fork_server: ForkServer) -> None:
    """Of a corpus that knows nothing of the catalogue, four of five are recognised, and truly."""
    explained = [path.stem for path in WRONG if named_truly(fork_server, of_path(path))]
    assert len(explained) >= 0.8 * len(WRONG)


@pytest.mark.parametrize(("assignment", "function"), FUNCTIONS)
def test_what_is_said_of_an_unknown_mistake_is_true(fork_server: ForkServer, assignment: str, function: str) -> None:
    """An answer with any one slip, or with two, has the name of a known mistake only if it does the same everywhere."""
    right = Answer(assignment, function, CATALOGUES[assignment].solutions[function].source)
    slips = [*term_slips(right), *statement_slips(right)]
    wrong = [mutant(right, slip) for slip in slips[:: len(slips) // SLIPS + 1]]
    wrong += [mutant(right, *both) for both in pairs(slips, function, PAIRS)]
    for answer in wrong:
        if is_python(answer.source) and found(answer, "hidden") is Found.MISTAKE:  # what never ends takes a test's time
            named_truly(fork_server, answer)


NAIVE = {
    "the document": (REPOSITORY / "examples" / "submissions" / "document" / "feedforward.py").read_text(),
    "one line": "def softmax_with_temp(x, t):\n    return np.exp(t * x) / np.exp(t * x).sum()",
    "a loop": """\
def softmax_with_temp(x, t):
    powers = np.array([np.exp(t * score) for score in np.ravel(x)])
    return (powers / sum(powers)).reshape(np.shape(x))
""",
    "a power of e": "def softmax_with_temp(x, t):\n    powers = np.e ** (x * t)\n    return powers / powers.sum()",
}


@pytest.mark.parametrize("source", NAIVE.values(), ids=NAIVE.keys())
def test_a_softmax_that_subtracts_nothing_is_not_told_what_it_subtracts(fork_server: ForkServer, source: str) -> None:
    """The document's own: its exponentials overflow, which may be said of it, and nothing else."""
    names = named(fork_server, Answer("feedforward", "softmax_with_temp", source))
    assert names <= {(), ("softmax_with_temp-overflow",)}
