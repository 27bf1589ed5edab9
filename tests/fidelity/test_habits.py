"""What Jupyter lets a student do in a cell costs them no answer; docs/instructors/fidelity.md says where it does."""

from __future__ import annotations

import pytest

from autograder.sandbox import ForkServer, Level
from tests.fidelity import habits
from tests.fidelity.habits import GOES_ON, HABITS, KINDS

ONLY_ONE_PROCESS = {
    "calls `os.popen`",
    "calls `subprocess.run`",
    "calls `subprocess.getoutput`",
    "calls `subprocess.check_output`",
    "calls `subprocess.Popen`",
    "makes a pool of processes",
    "makes a process",
    "makes a pool with `concurrent.futures`",
}
"""After these stock goes on, and a student process does not: it may start no other, whose result code may need."""

ONLY_ONE_NOTEBOOK = {"runs a notebook with `%run`"}
"""Nor after this: a second notebook beside the first is not taken in, since it may hold somebody's answers."""


@pytest.mark.parametrize("kind", KINDS)
def test_each_habit_goes_as_recorded(fork_server: ForkServer, kind: str) -> None:
    """What was recorded beside stock nbgrader still holds; `python -m tests.fidelity.habits NAME` records it again."""
    if fork_server.level is not Level.NAMESPACES:
        pytest.skip("recorded where nothing is missing of the confinement")
    recorded = habits.load()
    chosen = [habit for habit in HABITS if habit.kind == kind]
    went = {habit.name: habits.in_student_process(fork_server, habit) for habit in chosen}
    assert went == {habit.name: recorded[habit.name]["ours"] for habit in chosen}


def test_a_cell_goes_on_wherever_it_does_in_stock_nbgrader() -> None:
    """But for those that need a second process or a second notebook."""
    lost = {name for name, went in habits.load().items() if went["stock"] == GOES_ON and went["ours"] != GOES_ON}
    assert lost == ONLY_ONE_PROCESS | ONLY_ONE_NOTEBOOK


def test_the_tables_follow_from_what_was_recorded() -> None:
    """The generated part of docs/instructors/fidelity.md is what would be generated now; every habit was tried."""
    generated = habits.PAGE.read_text(encoding="utf-8").split(habits.BEGIN)[1].split(habits.END)[0]
    assert generated == habits.tables(habits.load()), "Run `python -m tests.fidelity.habits NAME`."
    assert len({habit.name for habit in HABITS}) == len(HABITS) >= 120
