"""Tries every attack under stock nbgrader and under ours, and keeps what came of it: `make attacks-table`.

Needs root and Linux, takes some minutes. Names of attacks, or beginnings of names, may be given to try only those.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import Queue

from rich.progress import track

from autograder.sandbox import Level
from tests.attacks import cage, classroom, harm, outcome, page, target
from tests.attacks.attack import ATTACKS, Attack
from tests.attacks.outcome import Outcome, Pair

_AT_ONCE = 2
_FIRST_USER = 54400


def _stock(attacks: Sequence[Attack], scratch: Path) -> Iterator[tuple[str, Outcome]]:
    """Each attack alone in a cage, a few at a time, each as a user of its own."""
    template = scratch / "template"
    classroom.lay_out(template, cage.CONFIGURATION)
    nbgrader = Path(sys.executable).with_name("nbgrader")
    for verb in ("generate_assignment", "autograde"):
        environment = classroom.environment(template)
        subprocess.run([nbgrader, verb, target.ASSIGNMENT], cwd=template, env=environment, check=True)
    classroom.comment_on_the_bystander(template)
    users: Queue[int] = Queue()
    for number in range(_AT_ONCE):
        users.put(_FIRST_USER + number)

    def attempt(attack: Attack) -> Outcome:
        user = users.get()
        try:
            return cage.caged(user, template, attack)
        finally:
            users.put(user)

    with ThreadPoolExecutor(_AT_ONCE) as pool:
        for attack, tried in zip(attacks, pool.map(attempt, attacks), strict=True):
            yield attack.name, tried


def _ours(attacks: Sequence[Attack], course: Path) -> dict[str, Outcome]:
    """All attacks in one class."""
    classroom.lay_out(course, classroom.our_configuration())
    classroom.grade(course, Level.NAMESPACES)
    classroom.comment_on_the_bystander(course)
    classroom.hand_in(course, attacks)
    classroom.grade(course, Level.NAMESPACES)
    shared = harm.to_the_class(course) + harm.left_behind(course)
    return {
        attack.name: Outcome(harm.score(course, attack.name), harm.seen(course, attack) + shared) for attack in attacks
    }


def main(beginnings: Sequence[str]) -> None:
    """Try, and write down."""
    chosen = [attack for attack in ATTACKS if attack.name.startswith(tuple(beginnings) or "")]
    known = {attack.name for attack in ATTACKS}
    outcomes = {name: pair for name, pair in outcome.load().items() if name in known}
    with tempfile.TemporaryDirectory(prefix="attacks-") as scratch:
        ours = _ours(chosen, classroom.new_course(Path(scratch, "ours")))
        for name, stock in track(_stock(chosen, Path(scratch, "stock")), "stock nbgrader", len(chosen)):
            outcomes[name] = Pair(stock, ours[name])
            outcome.save(outcomes)
    page.write()


if __name__ == "__main__":
    main(sys.argv[1:])
