"""The checks find what is wrong: hidden ones every mutant and every known mistake, shown ones most."""

from __future__ import annotations

import inspect
import tomllib
from collections.abc import Iterator
from functools import cache
from types import ModuleType

import numpy as np
import pytest

from answers.backprop import reference as backprop
from answers.feedforward import reference as feedforward
from answers.lstm import reference as lstm
from tests.conftest import CATALOGUES, FAIR, REPOSITORY
from tests.quality.killing import Found, found, given, is_killed, solutions
from tests.quality.mutants import Answer, Slip, is_python, is_the_same, mutant, pairs, statement_slips, term_slips

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
SOME_PAIRS = 150
"""Of the pairs of slips in one answer; all of them take minutes: `make thorough`."""


each_right_answer = pytest.mark.parametrize(
    "name", [pytest.param(name, marks=pytest.mark.xdist_group(f"mutants of {name}")) for name in RIGHT]
)
"""The tests of one answer stay in one process, which makes its mutants once."""


def argued(name: str) -> list[str]:
    """What `equivalent.toml` argues for: slips in one answer, and pairs of them joined by `&&`."""
    return [change for changes in EQUIVALENT.get(name, {}).values() for change in changes]


def every_slip(right: Answer) -> list[Slip]:
    """All that can be made in an answer."""
    numbers = [name for name, value in given(right.assignment).items() if isinstance(value, int | float | np.ndarray)]
    return [*term_slips(right), *statement_slips(right, [numbers, list(solutions(right.assignment))])]


@cache
def slips(name: str) -> dict[Slip, Found]:
    """The slips that can be made in one right answer, and what the hidden tests find then."""
    right = RIGHT[name]
    return {slip: found(mutant(right, slip), "hidden") for slip in every_slip(right)}


def surviving_pairs(name: str, most: int | None = None) -> set[str]:
    """Two slips at once that the hidden tests let pass, though they find each by itself."""
    right, alone = RIGHT[name], [slip for slip, finding in slips(name).items() if finding is Found.MISTAKE]
    drawn = pairs(alone, name, most)
    both = [(slip, other, mutant(right, slip, other)) for slip, other in drawn]
    survivors = [each for each in both if is_python(each[2].source) and not is_killed(each[2], "hidden")]
    return {f"{slip.words} && {other.words}" for slip, other, wrong in survivors if not is_the_same(right, wrong)}


@each_right_answer
def test_the_hidden_tests_let_pass_only_what_is_right(name: str) -> None:
    """The answer itself, and those of its mutants that `equivalent.toml` argues for: no more, and no fewer."""
    assert not is_killed(RIGHT[name], "hidden") and not is_killed(RIGHT[name], "shown")
    survivors = [slip.words for slip, finding in slips(name).items() if finding is Found.NOTHING]
    assert sorted(survivors) == sorted(change for change in argued(name) if "&&" not in change)


@each_right_answer
def test_two_slips_at_once_do_not_hide_each_other_from_the_hidden_tests(name: str) -> None:
    """In as many pairs as there is time for, drawn by lot: the same ones each time."""
    assert surviving_pairs(name, SOME_PAIRS) - set(argued(name)) == set()


@pytest.mark.thorough
@each_right_answer
def test_no_two_slips_at_all_hide_each_other_from_the_hidden_tests(name: str) -> None:
    """In any pair; and every pair that is argued for does survive."""
    assert surviving_pairs(name) == {change for change in argued(name) if "&&" in change}


def test_every_argued_mutant_is_of_an_answer_that_is_there() -> None:
    """An answer that was renamed takes its arguments along."""
    assert EQUIVALENT.keys() <= RIGHT.keys()


@pytest.mark.parametrize("assignment", CATALOGUES)
def test_the_hidden_tests_find_every_known_misconception(assignment: str) -> None:
    """Where they share a process with the answer, as under plain nbgrader, too."""
    known = CATALOGUES[assignment].mistakes.values()
    assert [
        each.name for each in known if not is_killed(Answer(assignment, each.function, each.source), "hidden")
    ] == []


FUNCTIONS = [(assignment, function) for assignment in CATALOGUES for function in solutions(assignment)]


@pytest.mark.parametrize(("assignment", "function"), FUNCTIONS)
def test_the_shown_checks_find_most(assignment: str, function: str) -> None:
    """Six of ten mutants and mistakes of each function, before anything is handed in."""
    right = Answer(assignment, function, solutions(assignment)[function])
    wrong = [mutant(right, slip) for slip in term_slips(right)]
    wrong += [Answer(assignment, function, known.source) for known in CATALOGUES[assignment].of(function)]
    assert sum(is_killed(answer, "shown") for answer in wrong) >= 0.6 * len(wrong)
