"""A class of cheats, graded together with an honest student by the public command, as root and as an ordinary user.

Each file of the corpus is one student; the number its name ends in is the score it must get.
"""

from __future__ import annotations

import ctypes
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner

from autograder.cli import main
from autograder.sandbox import ForkServer, Level, escapes
from tests.attacks import classroom, harm
from tests.attacks.attack import ATTACKS, Attack
from tests.attacks.ordinary import ORDINARY, as_ordinary_user
from tests.conftest import REPOSITORY, copy_course, hand_in

LEVELS = [Level.NAMESPACES, Level.LANDLOCK]
"""Where attacks are let loose; at `process` they would do harm."""

KNOWN_HARM: dict[Level, frozenset[str]] = {
    Level.NAMESPACES: frozenset(),
    Level.LANDLOCK: frozenset({"escape_root_2"}),  # a grader who is root stays user 0, without any capability
}
"""The attacks that a level is known not to hold, by name, as `docs/instructors/security.md` says."""

NOT_GRADED = {"deny_named_pipe_for_notebook_0", "deny_timestamp_0", "forge_link_to_another_0"}
"""Submissions an instructor has to ask for again; the command says so, each in a line."""

SPOIL_THEMSELVES = {"deny_alarm_2"}
"""Attacks that end their own process at moments nobody can foresee, and so may lose what they would have earned."""

_PARTS, _SAMPLE = 2, 8
"""A class holds half of the attacks, or every eighth of them."""

_PR_SET_CHILD_SUBREAPER = 36


@dataclass(frozen=True)
class Class:
    """Some of the attacks, graded together at one level by one user: this one, or root turned an ordinary one."""

    level: Level
    ordinary: bool
    part: int
    parts: int

    @property
    def attacks(self) -> list[Attack]:
        """Who is in it."""
        return ATTACKS[self.part :: self.parts]

    def __str__(self) -> str:
        user = "ordinary-user" if self.ordinary else "this-user"
        return f"{self.level.value}-{user}-{self.part + 1}-of-{self.parts}"


PLAIN = (Level.NAMESPACES, False)
OTHERS = [(Level.NAMESPACES, True), (Level.LANDLOCK, False)]
CLASSES = [Class(level, ordinary, part, _PARTS) for level, ordinary in (PLAIN, *OTHERS) for part in range(_PARTS)]
CLASSES += [Class(level, ordinary, 0, _SAMPLE) for level, ordinary in OTHERS]


def _marks(who: Class) -> list[pytest.MarkDecorator]:
    """A class is graded by one worker; half of the attacks take most of a minute, so `make test` runs samples."""
    is_thorough = (who.level, who.ordinary) != PLAIN and who.parts == _PARTS
    return [pytest.mark.xdist_group(str(who)), *([pytest.mark.thorough] if is_thorough else [])]


each_class = pytest.mark.parametrize(
    "graded", [pytest.param(who, marks=_marks(who), id=str(who)) for who in CLASSES], indirect=True
)
each_attack = pytest.mark.parametrize(
    ("graded", "attack"),
    [
        pytest.param(who, attack, marks=_marks(who), id=f"{who}-{attack.name}")
        for who in CLASSES
        for attack in who.attacks
    ],
    indirect=["graded"],
)


@dataclass(frozen=True)
class Graded:
    """A course after grading, and what it left."""

    who: Class
    course: Path
    command: subprocess.CompletedProcess[str]
    changed: set[str]
    running: dict[int, str]


def _prefix(ordinary: bool) -> list[str]:
    """How to start a command as the user who grades."""
    if not ordinary:
        return []
    if os.geteuid() != 0:
        pytest.skip("this user is an ordinary one")
    started = subprocess.run(
        as_ordinary_user([sys.executable, "-c", "import os; print(os.getuid())"]),
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=False,
    )
    if started.stdout.strip() != str(ORDINARY):
        pytest.skip(f"no command can be started as an ordinary user: {started.stderr.strip()[-200:]}")
    return as_ordinary_user([])


@pytest.fixture(scope="module")
def classes() -> Iterator[dict[Class, Graded]]:
    """The classes that were graded so far, each once however tests are ordered."""
    held: dict[Class, Graded] = {}
    yield held
    for graded in held.values():
        classroom.forget(graded.course)


@pytest.fixture
def graded(request: pytest.FixtureRequest, classes: dict[Class, Graded]) -> Graded:
    """A class, graded."""
    who: Class = request.param
    if who not in classes:
        classes[who] = _grade_class(who)
    return classes[who]


def _grade_class(who: Class) -> Graded:
    with ForkServer(who.level) as fork_server:
        if escaped := escapes(fork_server):
            pytest.skip(f"these would be let loose on a machine that cannot confine them: a canary {escaped}")
    prefix = _prefix(who.ordinary)
    ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)  # whatever is left running becomes a child of ours
    course = classroom.new_course(Path(tempfile.mkdtemp(prefix="attacks-")))
    classroom.lay_out(course, classroom.our_configuration())
    _grade(course, who, prefix)
    classroom.comment_on_the_bystander(course)
    classroom.hand_in(course, who.attacks)
    files, running = harm.fingerprint(course), harm.processes(())
    command = _grade(course, who, prefix)
    after, still = harm.fingerprint(course), harm.processes(())
    changed = {name for name in files.keys() | after.keys() if files.get(name) != after.get(name)}
    left = {number: what for number, what in still.items() if number not in running}
    return Graded(who, course, command, changed, left)


def _grade(course: Path, who: Class, prefix: list[str]) -> subprocess.CompletedProcess[str]:
    if prefix:
        classroom.own(course, ORDINARY)
    return classroom.grade(course, who.level, prefix)


@each_attack
def test_no_trick_earns_more_than_the_same_notebook_without_it(graded: Graded, attack: Attack) -> None:
    """Each score is the one its file is named for; what cannot be graded has none.

    At `landlock` some get less: where there is no `/proc`, looking through it ends the cell.
    """
    score = harm.score(graded.course, attack.name) or 0
    if graded.who.level is Level.NAMESPACES and attack.name not in SPOIL_THEMSELVES:
        assert score == attack.score, graded.command.stdout[-5000:]
    assert score <= attack.score, graded.command.stdout[-5000:]


@each_attack
def test_no_trick_reads_or_reaches_what_it_should_not(graded: Graded, attack: Attack) -> None:
    """No planted word in an output or a file of its, and no success that it confesses."""
    if attack.name in KNOWN_HARM[graded.who.level]:
        pytest.skip(f"level '{graded.who.level.value}' is known not to hold this")
    assert not harm.seen(graded.course, attack)


@each_class
def test_no_input_of_a_hidden_test_is_printed(graded: Graded) -> None:
    """What a function prints while a check runs it stands nowhere."""
    for path in graded.course.glob("grading/autograded/*/target/target.ipynb"):
        for output in harm.outputs(path):
            assert "the hidden input is" not in str(output.get("text", "")), path


@each_class
def test_nobody_else_is_harmed(graded: Graded) -> None:
    """The bystander's score, comment and work are what they were, and so is every file of the course."""
    assert harm.to_the_class(graded.course) == []
    assert graded.changed == set()


@each_class
def test_nothing_a_cheat_started_or_wrote_is_left(graded: Graded) -> None:
    """No process of theirs runs on, and no file of theirs lies anywhere."""
    assert graded.running == {}
    assert harm.left_behind(graded.course) == []


@each_class
def test_a_class_of_cheats_is_graded_to_the_end(graded: Graded) -> None:
    """Every submission that holds a notebook of its own, and a time that is one, has a score."""
    without = {attack.name for attack in graded.who.attacks if harm.score(graded.course, attack.name) is None}
    assert without == NOT_GRADED & {attack.name for attack in graded.who.attacks}
    assert graded.command.returncode == bool(without), graded.command.stderr


def test_a_machine_that_confines_less_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """`--require-sandbox namespaces` ends with a line and exit status 1."""
    monkeypatch.setattr("autograder.commands.grading.shared", lambda: ForkServer(Level.LANDLOCK))
    course = copy_course(tmp_path / "course", "backprop")
    hand_in(course, "ada", REPOSITORY / "solutions" / "backprop" / "backprop.ipynb", "backprop")
    words = ["--root", str(course), "grade", "backprop", "--require-sandbox", "namespaces"]
    result = CliRunner().invoke(main, words)
    assert result.exit_code == 1
    assert "only at level 'landlock'" in result.stderr
