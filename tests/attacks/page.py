"""The tables of docs/instructors/security.md, made from the attacks and outcomes: `python -m tests.attacks.page`.

What stands between the two marks is generated; everything else on the page is written by hand.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from tests.attacks import outcome
from tests.attacks.attack import ATTACKS, HERE, KINDS, Attack
from tests.attacks.outcome import Outcome, Pair
from tests.conftest import REPOSITORY

PAGE = REPOSITORY / "docs" / "instructors" / "security.md"
GAVE_UP = "nbgrader gave up"
"""What hurts the cheat alone."""

_WRONG_EARNS = 2
BEGIN, END = "<!-- generated from tests/attacks -->\n", "<!-- end of what is generated -->\n"


def tables(outcomes: dict[str, Pair]) -> str:
    """The totals and a table for each kind of attack; raises KeyError when an attack was never tried."""
    return "\n".join([*_totals(outcomes), *(line for kind in KINDS for line in _table(kind, outcomes))]) + "\n"


def write() -> None:
    """Renew the generated part of the page."""
    before, after = PAGE.read_text(encoding="utf-8").split(BEGIN)[0], PAGE.read_text(encoding="utf-8").split(END)[1]
    PAGE.write_text(before + BEGIN + tables(outcome.load()) + END + after, encoding="utf-8")


def _totals(outcomes: dict[str, Pair]) -> Iterator[str]:
    attacks = [attack for attack in ATTACKS if attack.kind != "honest"]
    yield ""
    yield f"| of {len(attacks)} attacks | stock nbgrader 0.9.6 | ours |"
    yield "|---|---:|---:|"
    tried = [(attack, outcomes[attack.name]) for attack in attacks]
    counted: dict[str, Callable[[Attack, Outcome], bool]] = {
        "earn more than the same notebook without the trick": _earns_more,
        "do the harm named below": lambda attack, tried: _does_harm(tried),
        "earn more or do harm": lambda attack, tried: _does_harm(tried) or _earns_more(attack, tried),
        "leave the notebook without a score": lambda attack, tried: tried.score is None,
    }
    for label, holds in counted.items():
        stock, ours = (sum(holds(attack, side) for attack, side in sides) for sides in _sides(tried))
        yield f"| {label} | {stock} | {ours} |"
    yield ""


def _sides(tried: list[tuple[Attack, Pair]]) -> tuple[list[tuple[Attack, Outcome]], list[tuple[Attack, Outcome]]]:
    return [(attack, pair.stock) for attack, pair in tried], [(attack, pair.ours) for attack, pair in tried]


def _earns_more(attack: Attack, tried: Outcome) -> bool:
    """More than the file's name says, and more than a wrong answer earns: some tricks only spoil their own notebook."""
    return (tried.score or 0) > max(attack.score, _WRONG_EARNS)


def _does_harm(tried: Outcome) -> bool:
    return bool(set(tried.harm) - {GAVE_UP})


def _table(kind: str, outcomes: dict[str, Pair]) -> Iterator[str]:
    yield f"### {KINDS[kind]}"
    yield ""
    yield "| attack | what it does | must get | stock nbgrader | ours |"
    yield "|---|---|---:|---|---|"
    for attack in (attack for attack in ATTACKS if attack.kind == kind):
        pair = outcomes[attack.name]
        link = f"[{attack.name}](../../{attack.path.relative_to(HERE.parent.parent)})"
        columns = [link, attack.summary.replace("|", "\\|"), f"{attack.score}"]
        yield "| " + " | ".join([*columns, _cell(attack, pair.stock), _cell(attack, pair.ours)]) + " |"
    yield ""


def _cell(attack: Attack, tried: Outcome) -> str:
    score = "no score" if tried.score is None else f"{tried.score:g}"
    score = f"**{score}**" if _earns_more(attack, tried) else score
    return "; ".join([score, *tried.harm])


if __name__ == "__main__":
    write()
