"""A class of cheats, graded together with an honest student by the public command, as root and as an ordinary user.

Each file of the corpus is one student; the number its name ends in is the score it must get.
"""

from __future__ import annotations

import ctypes
import os
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner

from autograder.cli import main
from autograder.sandbox.nursery import Level, Nursery
from tests.attacks import classroom, harm
from tests.attacks.attack import ATTACKS, Attack
from tests.attacks.ordinary import ORDINARY, as_ordinary_user

LEVELS = [Level.NAMESPACES]
"""Where attacks are let loose; at `process` they would do harm."""

KNOWN_HARM: dict[Level, frozenset[str]] = {Level.NAMESPACES: frozenset()}
"""The attacks that a level is known not to hold, by name, as `docs/security.md` says."""

USERS = [
    pytest.param("this user", marks=pytest.mark.xdist_group("attacks")),
    pytest.param("ordinary user", marks=[pytest.mark.thorough, pytest.mark.xdist_group("attacks, ordinary user")]),
]
_PR_SET_CHILD_SUBREAPER = 36


@dataclass(frozen=True)
class Graded:
    """A course after grading, and what it left."""

    course: Path
    level: Level
    command: subprocess.CompletedProcess[str]
    changed: set[str]
    running: dict[int, str]


@pytest.fixture(scope="module", params=LEVELS, ids=lambda level: str(level.value))
def level(request: pytest.FixtureRequest, nursery: Nursery) -> Level:
    """A level this machine can keep."""
    if escaped := nursery.escapes(request.param):
        pytest.skip(f"these would be let loose on a machine that cannot confine them: a canary could {escaped}")
    return Level(request.param)


@pytest.fixture(scope="module", params=USERS)
def prefix(request: pytest.FixtureRequest) -> list[str]:
    """How to start a command as the user who grades."""
    if request.param == "this user":
        return []
    if os.geteuid() != 0:
        pytest.skip("this user is an ordinary one")
    started = subprocess.run(as_ordinary_user(["id", "--user"]), capture_output=True, text=True, check=False)
    if started.stdout.strip() != str(ORDINARY):
        pytest.skip(f"no command can be started as an ordinary user: {started.stderr.strip()[-200:]}")
    return as_ordinary_user([])


@pytest.fixture(scope="module")
def graded(level: Level, prefix: list[str]) -> Iterator[Graded]:
    """The class, graded once."""
    ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)  # whatever is left running becomes a child of ours
    course = classroom.new_course(Path(tempfile.mkdtemp(prefix="attacks-")))
    classroom.lay_out(course, classroom.our_configuration())
    if prefix:
        classroom.own(course, ORDINARY)
    first = classroom.grade(course, level, prefix)
    assert first.returncode == 0, first.stderr
    classroom.comment_on_the_bystander(course)
    classroom.hand_in(course, ATTACKS)
    if prefix:
        classroom.own(course, ORDINARY)
    before, running = harm.fingerprint(course), harm.processes(())
    command = classroom.grade(course, level, prefix)
    after = harm.fingerprint(course)
    changed = {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}
    left = {number: what for number, what in harm.processes(()).items() if number not in running}
    yield Graded(course, level, command, changed, left)
    classroom.forget(course)


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.name)
def test_no_trick_earns_more_than_the_same_notebook_without_it(graded: Graded, attack: Attack) -> None:
    """Each score is the one its file is named for; what cannot be graded has none."""
    assert (harm.score(graded.course, attack.name) or 0) == attack.score, graded.command.stdout[-5000:]


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.name)
def test_no_trick_reads_or_reaches_what_it_should_not(graded: Graded, attack: Attack) -> None:
    """No planted word in an output or a file of its, and no success that it confesses."""
    if attack.name in KNOWN_HARM[graded.level]:
        pytest.skip(f"level '{graded.level.value}' is known not to hold this")
    assert not harm.seen(graded.course, attack)


def test_no_input_of_a_hidden_test_is_printed(graded: Graded) -> None:
    """What a function prints while a check runs it stands nowhere."""
    for path in graded.course.glob("grading/autograded/*/target/target.ipynb"):
        for output in harm.outputs(path):
            assert "the hidden input is" not in str(output.get("text", "")), path


def test_nobody_else_is_harmed(graded: Graded) -> None:
    """The bystander's score, comment and work are what they were, and so is every file of the course."""
    assert harm.to_the_class(graded.course) == []
    assert graded.changed == set()


def test_nothing_a_cheat_started_or_wrote_is_left(graded: Graded) -> None:
    """No process of theirs runs on, and no file of theirs lies anywhere."""
    assert graded.running == {}
    assert harm.left_behind(graded.course) == []


def test_a_class_of_cheats_is_graded_to_the_end(graded: Graded) -> None:
    """Every submission that holds a notebook of its own has a score."""
    without = {attack.name for attack in ATTACKS if harm.score(graded.course, attack.name) is None}
    assert without == {"deny_named_pipe_for_notebook_0", "forge_link_to_another_0"}
    assert graded.command.returncode == 1


def test_a_machine_that_confines_less_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """`--require-sandbox namespaces` ends with a line and exit status 1."""
    monkeypatch.setattr(Nursery, "escapes", lambda nursery, level: "read a file")
    with Nursery() as nursery:
        assert nursery.level is Level.PROCESS
        monkeypatch.setattr("autograder.cli.shared", lambda: nursery)
        result = CliRunner().invoke(main, ["--root", str(tmp_path), "grade", "x", "--require-sandbox", "namespaces"])
    assert result.exit_code == 1
    assert "only be confined at level 'process' here" in result.stderr
