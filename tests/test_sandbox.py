"""Student processes: they start with files and limits, are confined as their level says, and end on request."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from autograder import sandbox
from autograder.models import CourseError, Limits
from autograder.protocol import messages
from autograder.sandbox import ForkServer, Level, StudentProcess, escapes

CONFINING = [Level.LANDLOCK, Level.NAMESPACES]


@pytest.fixture(scope="module", params=CONFINING, ids=lambda level: level.value)
def confining(request: pytest.FixtureRequest) -> Iterator[ForkServer]:
    """A fork server at each of the levels that confine."""
    with ForkServer(request.param) as fork_server:
        if reason := escapes(fork_server):
            pytest.skip(f"this machine does not hold '{request.param.value}': {reason}")
        yield fork_server


def run(process: StudentProcess, source: str) -> str:
    """What a cell printed, or the text of what it raised."""
    process.channel.send(messages.RunCell(bytes(16), source))
    reply = process.channel.receive(time.monotonic() + 20)
    assert isinstance(reply, messages.CellDone)
    return "".join(str(output.get("text") or output.get("traceback", [""])[-1]) for output in reply.outputs)


def run_once(
    fork_server: ForkServer, source: str, files: dict[str, bytes] | None = None, limits: Limits | None = None
) -> str:
    """What a cell says in a process of its own."""
    process = fork_server.start(files or {}, limits)
    try:
        return run(process, source)
    finally:
        process.end()


def test_files_come_along(confining: ForkServer) -> None:
    """A submission's files lie in the folder the process starts in, and nothing else does."""
    said = run_once(confining, "import os; print(os.listdir(), open('data.txt').read())", {"data.txt": b"1 2 3"})
    assert said == "['data.txt'] 1 2 3\n"


def test_one_process_never_sees_the_files_of_another(confining: ForkServer) -> None:
    """Even when both run at once and the folder is guessed."""
    first = confining.start({"secret.txt": b"mine"})
    try:
        where = run(first, "import os; print(os.getcwd())").strip()
        said = run_once(confining, f"open('{where}/secret.txt').read()")
        assert "mine" not in said
        assert "No such file" in said or "Permission denied" in said or "handed in with" in said
    finally:
        first.end()


def test_the_package_of_the_course_cannot_be_read(confining: ForkServer) -> None:
    """The reference answers are ours; `import autograder` finds at most what the process already holds."""
    said = run_once(confining, "import autograder.reference.lstm")
    assert "No module named" in said or "handed in with" in said or "Permission denied" in said


def test_packages_can_still_be_imported(confining: ForkServer) -> None:
    """Also those that were not loaded before."""
    assert run_once(confining, "import scipy.optimize, sqlite3, json.tool; print('yes')") == "yes\n"


@pytest.mark.parametrize(
    ("source", "limits", "sentence"),
    [
        ("x = bytearray(200_000_000)", Limits(memory_megabytes=64), "it may use at most 64 MB of memory."),
        ("import os; os.fork()", Limits(), "it cannot start other programs or use the network."),
        ("import socket; socket.socket()", Limits(), "it cannot start other programs or use the network."),
        ("files = [open('/dev/null') for _ in range(99)]", Limits(), "it can have at most 64 files open at once."),
    ],
    ids=["memory", "fork", "network", "files"],
)
def test_a_limit_that_is_hit_is_explained(confining: ForkServer, source: str, limits: Limits, sentence: str) -> None:
    """The traceback ends in a sentence that says what a notebook may use."""
    assert run_once(confining, source, limits=limits) == f"While a notebook is graded, {sentence}"


def test_disk_is_bounded() -> None:
    """At `namespaces` the folder is small; what is written beyond it is refused with a sentence."""
    with ForkServer(Level.NAMESPACES) as fork_server:
        if escapes(fork_server):
            pytest.skip("this machine has no namespaces")
        source = "for i in range(9):\n    open(f'{i}', 'wb').write(bytes(500_000))"
        said = run_once(fork_server, source, limits=Limits(disk_megabytes=2))
    assert said == "While a notebook is graded, it may write at most 2 MB of files."


def test_output_is_bounded(confining: ForkServer) -> None:
    """What goes beyond the limit is cut off with a word about it."""
    said = run_once(confining, "print('x' * 500)\nprint('y' * 500)", limits=Limits(output_characters=600))
    assert len(said) < 700
    assert said.endswith("the rest of the output is left out\n")


def test_no_random_numbers_are_shared(confining: ForkServer) -> None:
    """Two processes forked from one interpreter draw different numbers."""
    draw = "import numpy as np; print(np.random.rand())"
    assert run_once(confining, draw) != run_once(confining, draw)


def test_nothing_is_left_of_an_ended_process() -> None:
    """Neither the process nor its folder, at any level."""
    for level in Level:
        with ForkServer(level) as fork_server:
            if level is not Level.PROCESS and escapes(fork_server):
                continue
            family = psutil.Process(fork_server._process.pid).children(recursive=True)
            before = set(Path("/tmp").iterdir())
            process = fork_server.start({"data.txt": b"1"})
            run(process, "import threading, time; threading.Thread(target=time.sleep, args=[60]).start()")
            process.end()
            assert psutil.Process(fork_server._process.pid).children(recursive=True) == family
            assert not any(folder.joinpath("data.txt").exists() for folder in set(Path("/tmp").iterdir()) - before)


def test_an_interpreter_that_cannot_start_is_one_clear_line(monkeypatch: pytest.MonkeyPatch) -> None:
    """It names what to do; no student gets a zero for it."""
    monkeypatch.setattr("sys.executable", "/bin/false")
    with (
        ForkServer() as fork_server,
        pytest.raises(CourseError, match=r"no student process could be started .*make venv"),
    ):
        fork_server.start()


@pytest.mark.parametrize("level", Level, ids=lambda level: level.value)
def test_what_it_takes_to_draw_is_there_for_who_says_so(level: Level) -> None:
    """At every level, at once for all that come after, and leaving no files behind; others start without."""
    loaded = "import os, sys; print('matplotlib' in sys.modules, os.listdir())"
    with ForkServer(level) as fork_server:
        if level in CONFINING and (reason := escapes(fork_server)):
            pytest.skip(f"this machine does not hold '{level.value}': {reason}")
        assert run_once(fork_server, loaded) == "False []\n"
        drawing = fork_server.start(figures=True)
        try:
            assert run(drawing, loaded) == "True []\n"
            assert (
                run(drawing, "import matplotlib.pyplot as plt; plt.plot([1, 2]); print(len(plt.gca().lines))") == "1\n"
            )
        finally:
            drawing.end()
        assert run_once(fork_server, loaded) == "True []\n"


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
    with pytest.raises(CourseError, match=f"only at level '{level.value}'.*autograder doctor"):
        sandbox.require(fork_server, Level.NAMESPACES)
