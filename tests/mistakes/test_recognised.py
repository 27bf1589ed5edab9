"""A mistake is recognised by what the answer does, however it is written; nobody is told of a mistake not made."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest

from autograder.judge.mistakes import Mistake
from autograder.models import Diagnosis, Outcome, Verdict
from autograder.sandbox import ForkServer
from tests.conftest import CATALOGUES, REPOSITORY
from tests.course.test_answers import FAIR, WRONG
from tests.mistakes.behaving import does_the_same
from tests.mistakes.grading import failing_check, graded, graded_together
from tests.mistakes.rewriting import REWRITINGS, is_written_alike
from tests.quality.killing import Found, found
from tests.quality.mutants import Answer, is_python, mutant, pairs, statement_slips, term_slips

KNOWN = [(assignment, known) for assignment, catalogue in CATALOGUES.items() for known in catalogue.mistakes.values()]
FEW, MANY = 10, 25
"""How many answers with one unknown mistake, and as many with two, are graded for each function; the second in
`make thorough`."""


def named(verdicts: Iterable[Verdict]) -> set[tuple[str, ...]]:
    """What the failed checks of an answer say it looks like; a hidden one is among them."""
    failed = [verdict for verdict in verdicts if verdict.outcome is Outcome.FAILED]
    assert any(verdict.grade_id.endswith("-hidden") for verdict in failed)
    return {verdict.diagnosis.mistakes for verdict in failed}


def is_named_truly(answer: Answer, verdicts: Iterable[Verdict]) -> bool:
    """Whether an answer is named, and does what it is named for also where no check asks."""
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
    assert named(graded(fork_server, assignment, known.function, known.source)) == {(known.name,)}


@pytest.mark.parametrize("assignment", CATALOGUES)
@pytest.mark.parametrize(
    "rewriting",
    [pytest.param(name, marks=[] if name == "all" else pytest.mark.thorough) for name in REWRITINGS],
)
def test_another_way_to_write_it_changes_nothing(fork_server: ForkServer, assignment: str, rewriting: str) -> None:
    """At least 95 of 100 are named when somebody else writes the same, and none gets another one's name."""
    rewritten = {}
    for known in CATALOGUES[assignment].mistakes.values():
        source = REWRITINGS[rewriting](known.source)
        if not is_written_alike(source, known.source):
            rewritten[Answer(assignment, known.function, source)] = known.name
    missed = []
    for answer, verdicts in graded_together(fork_server, rewritten):
        names, name = named(verdicts), rewritten[answer]
        assert names <= {(), (name,)}
        if names != {(name,)}:
            missed.append(name)
    assert len(missed) <= 0.05 * len(rewritten), missed


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
    answers = {path.stem: of_path(path) for path in WRONG}
    explained = [
        stem
        for stem, answer in answers.items()
        if is_named_truly(answer, graded(fork_server, answer.assignment, answer.function, answer.source))
    ]
    assert len(explained) >= 0.8 * len(WRONG)


@pytest.mark.parametrize("count", [FEW, pytest.param(MANY, marks=pytest.mark.thorough)])
@pytest.mark.parametrize("assignment", CATALOGUES)
def test_what_is_said_of_an_unknown_mistake_is_true(fork_server: ForkServer, assignment: str, count: int) -> None:
    """An answer with any one slip, or with two, has the name of a known mistake only if it does the same everywhere."""
    wrong = []
    for function, solution in CATALOGUES[assignment].solutions.items():
        right = Answer(assignment, function, solution.source)
        slips = [*term_slips(right), *statement_slips(right)]
        wrong += [mutant(right, slip) for slip in slips[:: len(slips) // count + 1]]
        wrong += [mutant(right, *both) for both in pairs(slips, function, count)]
    wrong = [answer for answer in wrong if is_python(answer.source)]
    # what never ends takes a test's time
    found_wrong = [answer for answer in wrong if found(answer, "hidden") is Found.MISTAKE]
    for answer, verdicts in graded_together(fork_server, found_wrong):
        is_named_truly(answer, verdicts)


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
    names = named(graded(fork_server, "feedforward", "softmax_with_temp", source))
    assert names <= {(), ("softmax_with_temp-overflow",)}
