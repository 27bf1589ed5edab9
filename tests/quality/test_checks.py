"""The checks find what is wrong: hidden ones every mutant and every known misconception, shown ones most."""

from __future__ import annotations

import inspect
import tomllib
from collections.abc import Iterator
from types import ModuleType

import pytest

from autograder.misconceptions import CATALOGUES
from autograder.reference import backprop, feedforward, lstm
from tests.conftest import REPOSITORY
from tests.course.test_answers import FAIR
from tests.quality.killing import is_killed, solutions
from tests.quality.mutants import Answer, mutants

REFERENCES: dict[str, ModuleType] = {"feedforward": feedforward, "lstm": lstm, "backprop": backprop}
IMPORTS = "from __future__ import annotations\nimport numpy as np\nimport scipy.special\n\n\n"
APART = {
    "feedforward-calc_o1-helper_hidden",
    "feedforward-forward-helper_hidden_outputs",
    "feedforward-forward-matrix",
    "feedforward-relu-helper_named_shape",
    "lstm-forget_gate-helper_named_weights",
    "lstm-rnn-helper_named_states_seq_other",
}
"""Right answers that a test in the same process would spoil: helpers with the names of its variables, a matrix."""

EQUIVALENT: dict[str, dict[str, list[str]]] = tomllib.loads(
    (REPOSITORY / "tests" / "quality" / "equivalent.toml").read_text()
)


def right_answers() -> Iterator[tuple[str, Answer]]:
    """The course's solutions, the reference's functions, and what else is known to be right."""
    for assignment, reference in REFERENCES.items():
        for function, source in solutions(assignment).items():
            yield f"{assignment}-{function}-solution", Answer(assignment, function, source)
            if inspect.isfunction(known := getattr(reference, function)):
                yield (
                    f"{assignment}-{function}-reference",
                    Answer(assignment, function, IMPORTS + inspect.getsource(known)),
                )
    for path in FAIR:
        if path.stem not in APART:
            assignment, function, _ = path.name.split("-", 2)
            yield path.stem, Answer(assignment, function, path.read_text())


RIGHT = dict(right_answers())


@pytest.mark.parametrize("name", RIGHT)
def test_the_hidden_tests_let_pass_only_what_is_right(name: str) -> None:
    """The answer itself, and those of its mutants that `equivalent.toml` argues for: no more, and no fewer."""
    assert not is_killed(RIGHT[name], "hidden") and not is_killed(RIGHT[name], "shown")
    survivors = [change for change, mutant in mutants(RIGHT[name]) if not is_killed(mutant, "hidden")]
    assert sorted(survivors) == sorted(change for changes in EQUIVALENT.get(name, {}).values() for change in changes)


def test_every_argued_mutant_is_of_an_answer_that_is_there() -> None:
    """An answer that was renamed takes its arguments along."""
    assert EQUIVALENT.keys() <= RIGHT.keys()


@pytest.mark.parametrize("assignment", CATALOGUES)
def test_the_hidden_tests_find_every_known_misconception(assignment: str) -> None:
    """Where they share a process with the answer, as under plain nbgrader, too."""
    known = CATALOGUES[assignment].misconceptions.values()
    assert [
        each.name for each in known if not is_killed(Answer(assignment, each.function, each.source), "hidden")
    ] == []


FUNCTIONS = [(assignment, function) for assignment in CATALOGUES for function in solutions(assignment)]


@pytest.mark.parametrize(("assignment", "function"), FUNCTIONS)
def test_the_shown_checks_find_most(assignment: str, function: str) -> None:
    """Six of ten mutants and misconceptions of each function, before anything is handed in."""
    right = Answer(assignment, function, solutions(assignment)[function])
    wrong = [mutant for _, mutant in mutants(right)]
    wrong += [Answer(assignment, function, known.source) for known in CATALOGUES[assignment].of(function)]
    assert sum(is_killed(answer, "shown") for answer in wrong) >= 0.6 * len(wrong)
