"""Costs include every process, and a failure is told."""

from __future__ import annotations

import sys
import threading
import time
from pathlib import Path

import pytest

from benchmarks.measuring import Command, group, measure, run

REAPED_BY_THE_KERNEL = """\
import os, signal, time
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
if (child := os.fork()) == 0:
    while time.process_time() < 0.4:
        pass
    os._exit(0)
try:
    os.waitpid(child, 0)
except ChildProcessError:
    pass
"""


def python(source: str, folder: Path) -> Command:
    """A command that runs this source."""
    return Command([sys.executable, "-c", source], folder, {})


def test_what_the_kernel_reaped_is_counted(tmp_path: Path) -> None:
    """Student processes are reaped so, and `getrusage` leaves them out."""
    with group() as probe:
        if not probe.counts_everything:
            pytest.skip("no control group can be made here")
    assert measure([[python(REAPED_BY_THE_KERNEL, tmp_path)]]).cpu_seconds >= 0.4


def test_lanes_run_side_by_side_and_commands_of_a_lane_do_not(tmp_path: Path) -> None:
    """Each writes when it starts; the second of a lane sees what the first left."""
    first = python("import time; time.sleep(0.3); open('done', 'w')", tmp_path)
    second = python("open('done')", tmp_path)
    assert measure([[first, second]]).failures == ()
    (tmp_path / "done").unlink()
    assert len(measure([[first], [second]]).failures) == 1


def test_a_command_that_fails_is_told_with_its_last_line(tmp_path: Path) -> None:
    """A benchmark of failures would be fast."""
    (line,) = measure([[python("raise SystemExit('no luck')", tmp_path)]]).failures
    assert "status 1: no luck" in line


def test_what_two_processes_share_is_counted_once(tmp_path: Path) -> None:
    """A fork that reads what it was forked with holds no memory of its own."""
    program = "import os, time; kept = b'x' * 200_000_000; os.fork(); open('ready', 'w'); time.sleep(2)"
    found = list[float]()

    def watch() -> None:
        while not (tmp_path / "ready").exists():
            time.sleep(0.05)
        found.append(own.megabytes())

    with group() as own:
        try:
            own.megabytes()
        except RuntimeError as error:
            pytest.skip(str(error))
        thread = threading.Thread(target=watch)
        thread.start()
        assert run([[python(program, tmp_path)]], own).failures == ()
        thread.join()
    assert 200 < found[0] < 250
