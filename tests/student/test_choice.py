"""Choosing the strictest level this machine holds."""

from __future__ import annotations

import pytest

from autograder import sandbox
from autograder.models import CourseError
from autograder.sandbox import ForkServer, Level


@pytest.mark.parametrize("allowed", list(Level), ids=lambda level: level.value)
def test_the_strictest_level_whose_canary_is_held_is_chosen(monkeypatch: pytest.MonkeyPatch, allowed: Level) -> None:
    """Where namespaces are refused Landlock is next, and then there is only the process."""

    def could(fork_server: ForkServer) -> str:
        return "" if fork_server.level is allowed else "could read a file"

    monkeypatch.setattr(sandbox, "escapes", could)
    assert sandbox.shared.__wrapped__().level is allowed


def test_a_canary_in_an_open_process_gets_away_with_everything() -> None:
    """So that a canary that is held elsewhere was held by something."""
    with ForkServer(Level.PROCESS) as fork_server:
        said = sandbox.escapes(fork_server)
    for deed in ("read a file", "write a file", "change a file's mode", "connect", "start a process", "signal"):
        assert deed in said


@pytest.mark.parametrize("level", list(Level), ids=lambda level: level.value)
def test_less_than_what_is_required_is_refused(level: Level) -> None:
    """With a line that says where to read on; what is enough passes."""
    fork_server = ForkServer(level)
    sandbox.require(fork_server, Level.PROCESS)
    if level is Level.NAMESPACES:
        sandbox.require(fork_server, Level.NAMESPACES)
        return
    with pytest.raises(CourseError, match=f"only be confined at level '{level.value}' here.*autograder doctor"):
        sandbox.require(fork_server, Level.NAMESPACES)
