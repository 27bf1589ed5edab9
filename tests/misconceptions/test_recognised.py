"""A misconception is recognised by what the answer does, however it is written; a right answer is told nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder.misconceptions import CATALOGUES, Misconception
from autograder.records import Diagnosis, Outcome
from autograder.sandbox.nursery import Nursery
from tests.course.test_answers import FAIR, WRONG
from tests.misconceptions.grading import failing_check, graded
from tests.misconceptions.rewriting import REWRITINGS

KNOWN = [
    (assignment, known) for assignment, catalogue in CATALOGUES.items() for known in catalogue.misconceptions.values()
]


def recognised(nursery: Nursery, assignment: str, known: Misconception, answer: str) -> bool:
    """Whether every failed check of `answer` names `known`, and a hidden one failed."""
    verdicts = graded(nursery, assignment, known.function, answer)
    failed = [verdict for verdict in verdicts if verdict.outcome is Outcome.FAILED]
    return any(verdict.grade_id.endswith("-hidden") for verdict in failed) and all(
        verdict.diagnosis.misconceptions == (known.name,) for verdict in failed
    )


LIKE_ANOTHER: frozenset[str] = frozenset()
"""Those that do the same as another in everything that checks ask, so that neither is named."""


@pytest.mark.parametrize(("assignment", "known"), KNOWN, ids=lambda value: getattr(value, "name", value))
def test_each_loses_marks_and_is_named_alone_or_not_at_all(
    nursery: Nursery, assignment: str, known: Misconception
) -> None:
    """As the catalogue writes it, poured into an assignment that is otherwise solved; never by another's name."""
    verdicts = graded(nursery, assignment, known.function, known.source)
    failed = [verdict for verdict in verdicts if verdict.outcome is Outcome.FAILED]
    assert any(verdict.grade_id.endswith("-hidden") for verdict in failed)
    assert {verdict.diagnosis.misconceptions for verdict in failed} == {
        () if known.name in LIKE_ANOTHER else (known.name,)
    }


@pytest.mark.parametrize("assignment", CATALOGUES)
@pytest.mark.parametrize("rewriting", REWRITINGS)
def test_another_way_to_write_it_changes_nothing(nursery: Nursery, assignment: str, rewriting: str) -> None:
    """At least 95 of 100 are named when somebody else writes the same."""
    all_of_them = CATALOGUES[assignment].misconceptions.values()
    named = [known for known in all_of_them if known.name not in LIKE_ANOTHER]
    answers = [(known, REWRITINGS[rewriting](known.source)) for known in named]
    missed = [known.name for known, answer in answers if not recognised(nursery, assignment, known, answer)]
    assert len(missed) <= 0.05 * len(answers), missed


@pytest.mark.parametrize("answer", FAIR, ids=lambda path: path.stem)
def test_a_right_answer_is_told_nothing(nursery: Nursery, answer: Path) -> None:
    """Even when a check that is broken fails it."""
    assignment, function, _ = answer.name.split("-", 2)
    *passed, failed = graded(nursery, assignment, function, answer.read_text(), failing_check(function))
    assert {verdict.outcome for verdict in passed} == {Outcome.PASSED}
    assert failed.outcome is Outcome.FAILED
    assert failed.diagnosis == Diagnosis()


def test_most_wrong_answers_are_explained(nursery: Nursery) -> None:
    """Of a corpus that knows nothing of the catalogue, four of five are recognised."""
    explained = []
    for answer in WRONG:
        assignment, function, _ = answer.name.split("-", 2)
        verdicts = graded(nursery, assignment, function, answer.read_text())
        if any(verdict.diagnosis.misconceptions for verdict in verdicts):
            explained.append(answer.stem)
    assert len(explained) >= 0.8 * len(WRONG)
