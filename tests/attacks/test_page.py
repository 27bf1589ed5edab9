"""`docs/instructors/security.md` says what was tried and what came of it."""

from __future__ import annotations

import pytest

from tests.attacks import outcome, page
from tests.attacks.attack import ATTACKS, KINDS, Attack


def test_the_tables_follow_from_the_attacks_and_their_outcomes() -> None:
    """The generated part of the page is what would be generated now."""
    generated = page.PAGE.read_text(encoding="utf-8").split(page.BEGIN)[1].split(page.END)[0]
    assert generated == page.tables(outcome.load()), "Run `python -m tests.attacks.page`."


def test_every_attack_was_tried_and_no_other() -> None:
    """A new attack has no row until somebody has tried it side by side."""
    assert set(outcome.load()) == {attack.name for attack in ATTACKS}, (
        "Run `python -m tests.attacks.side_by_side NAME`."
    )


def test_there_are_attacks_of_every_kind() -> None:
    """Each name begins with a kind that has a table, and the corpus is as large as the page claims."""
    assert {attack.kind for attack in ATTACKS} == set(KINDS)
    assert len(ATTACKS) > 80
    assert len({attack.name for attack in ATTACKS}) == len(ATTACKS)


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.name)
def test_ours_gave_the_score_the_file_is_named_for(attack: Attack) -> None:
    """What is on record agrees with what the suite demands, and no harm is on record."""
    ours = outcome.load()[attack.name].ours
    assert (ours.score or 0, ours.harm) == (attack.score, [])
