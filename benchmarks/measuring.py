"""What it takes to run commands: seconds, and CPU seconds of every process they started.

Student processes are reaped by the kernel, and then `getrusage` never hears of them. So commands run in a control
group of their own where that is possible, which counts every process that was ever in it.
"""

from __future__ import annotations

import os
import resource
import subprocess
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

_HIERARCHIES = (Path("/sys/fs/cgroup"), Path("/sys/fs/cgroup/unified"))
_MEMORY = Path("/sys/fs/cgroup/memory")
"""Where systems with the first version of control groups count memory."""


@dataclass(frozen=True)
class Command:
    """A command, the folder it runs in, and what it needs in the environment."""

    arguments: Sequence[str]
    folder: Path
    environment: dict[str, str]


@dataclass(frozen=True)
class Cost:
    """What a run took.

    `counts_everything` says whether CPU seconds include processes that the kernel reaped; `failures` holds one line for
    each command that did not end with status 0.
    """

    seconds: float
    cpu_seconds: float
    counts_everything: bool
    failures: tuple[str, ...]


class Group:
    """The processes of one run, wherever they went: a control group, or the children of this process."""

    def __init__(self, folder: Path | None, memory: Path | None = None) -> None:
        self._folder = folder
        self._memory = memory
        self._before = _children_cpu()

    @property
    def counts_everything(self) -> bool:
        """Whether this is a control group."""
        return self._folder is not None

    def enter(self) -> None:
        """Join; runs in a new process before it becomes the command."""
        for folder in {each for each in (self._folder, self._memory) if each}:
            (folder / "cgroup.procs").write_text(str(os.getpid()))

    def cpu_seconds(self) -> float:
        """Of all processes that are or were in the group."""
        if self._folder is None:
            return _children_cpu() - self._before
        lines = (self._folder / "cpu.stat").read_text().splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("usage_usec")) / 1e6

    def megabytes(self) -> float:
        """What the processes that are in the group hold of memory beside files, each page once.

        Raises RuntimeError where no control group counts it.
        """
        if self._memory is None:
            raise RuntimeError("memory can only be measured in a control group; run as root on Linux")
        lines = (self._memory / "memory.stat").read_text().splitlines()
        found = dict(line.split() for line in lines)
        return int(found.get("anon") or found["total_rss"]) / 1e6


@contextmanager
def group() -> Iterator[Group]:
    """A fresh group, removed again afterwards."""
    folder = _make_group(_HIERARCHIES, "cpu.stat")
    memory = folder if folder and (folder / "memory.stat").exists() else _make_group([_MEMORY], "memory.stat")
    try:
        yield Group(folder, memory)
    finally:
        for made in {each for each in (folder, memory) if each}:
            _remove(made)


def run(lanes: Sequence[Sequence[Command]], into: Group) -> Cost:
    """Run the commands of each lane one after the other, the lanes side by side."""
    start, before = time.perf_counter(), into.cpu_seconds()
    with ThreadPoolExecutor(len(lanes)) as pool:
        failures = [line for lines in pool.map(lambda lane: _run_lane(lane, into), lanes) for line in lines]
    seconds, cpu_seconds = time.perf_counter() - start, into.cpu_seconds() - before
    return Cost(seconds, cpu_seconds, into.counts_everything, tuple(failures))


def measure(lanes: Sequence[Sequence[Command]]) -> Cost:
    """Run the commands in a group of their own."""
    with group() as own:
        return run(lanes, own)


def _run_lane(lane: Sequence[Command], into: Group) -> list[str]:
    found = []
    for command in lane:
        done = subprocess.run(
            command.arguments,
            cwd=command.folder,
            env=os.environ | command.environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            preexec_fn=into.enter,
        )
        if done.returncode:
            last = (done.stderr.strip() or done.stdout.strip() or "no word").splitlines()[-1]
            found.append(f"{Path(command.arguments[0]).name}: status {done.returncode}: {last[:300]}")
    return found


def _make_group(hierarchies: Iterable[Path], needed: str) -> Path | None:
    """A fresh folder in the first of the hierarchies that counts what is needed."""
    for hierarchy in hierarchies:
        folder = hierarchy / f"benchmark-{os.getpid()}-{time.monotonic_ns()}"
        try:
            folder.mkdir()
        except OSError:
            continue
        if (folder / needed).exists():
            return folder
        folder.rmdir()
    return None


def _remove(folder: Path) -> None:
    """A group can be removed once the last process in it is gone."""
    _until(lambda: not (folder / "cgroup.procs").read_text(), seconds=10)
    _until(lambda: _removed(folder), seconds=10)


def _removed(folder: Path) -> bool:
    try:
        folder.rmdir()
    except OSError:
        return False
    return True


def _until(holds: Callable[[], bool], seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while not holds() and time.monotonic() < deadline:
        time.sleep(0.01)


def _children_cpu() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime
