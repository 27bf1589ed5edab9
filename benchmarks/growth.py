"""How grading grows: `python -m benchmarks.growth --sizes 100,1000,10000`.

Seconds per submission and the peak memory of all processes together, for classes of growing size that hand in one
assignment, graded by our command. Memory is the sum of proportional set sizes, so that what processes share counts
once; it is sampled, and a peak between two samples is missed.
"""

from __future__ import annotations

import contextlib
import json
import tempfile
import threading
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import click
import matplotlib.pyplot as plt

from benchmarks import machine
from benchmarks.contenders import Ours
from benchmarks.generating import generate
from benchmarks.measuring import Group, group, run


@dataclass(frozen=True)
class Point:
    """One class: its size, what a submission took, and the most memory all processes held at once."""

    submissions: int
    seconds: float
    cpu_seconds: float
    peak_megabytes: float
    failures: tuple[str, ...]


class Sampler:
    """Watches the memory of a group from a thread of its own; `peak` is in megabytes."""

    def __init__(self, watched: Group, interval: float) -> None:
        self._watched = watched
        self._interval = interval
        self._stop = threading.Event()
        self.peak = 0.0

    @contextlib.contextmanager
    def watching(self) -> Iterator[None]:
        """Sample until the block is left."""
        thread = threading.Thread(target=self._watch, daemon=True)
        thread.start()
        try:
            yield
        finally:
            self._stop.set()
            thread.join()

    def _watch(self) -> None:
        while not self._stop.wait(self._interval):
            self.peak = max(self.peak, sum(map(proportional_megabytes, self._watched.processes())))


def proportional_megabytes(process: int) -> float:
    """The proportional set size of a process; 0 when it is gone."""
    try:
        lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("Pss:")), 0.0)


def grow(ours: Ours, assignment: str, size: int, folder: Path, interval: float) -> Point:
    """Grade a class of this size; raises RuntimeError where there are no control groups to find processes in."""
    lanes = ours.prepare(generate(size, [assignment]), folder)
    with group() as own:
        own.processes()
        sampler = Sampler(own, interval)
        with sampler.watching():
            cost = run(lanes, own)
    return Point(size, cost.seconds / size, cost.cpu_seconds / size, sampler.peak, cost.failures)


def plot(points: Sequence[Point], path: Path) -> None:
    """Milliseconds a submission and megabytes over the size of the class."""
    figure, (upper, lower) = plt.subplots(2, 1, sharex=True, figsize=(6, 5), layout="constrained")
    sizes = sorted({point.submissions for point in points})
    for axes, name, label in ((upper, "seconds", "ms a submission"), (lower, "peak_megabytes", "peak memory, MB")):
        factor = 1000 if name == "seconds" else 1
        heights = [factor * getattr(point, name) for point in points]
        axes.plot([point.submissions for point in points], heights, "o")
        axes.set(
            ylabel=label,
            ylim=(0, 1.1 * max(heights)),
            xscale="log",
            xticks=sizes,
            xticklabels=[f"{size:,}" for size in sizes],
        )
        axes.minorticks_off()
        axes.grid(alpha=0.3)
    lower.set_xlabel("submissions")
    figure.savefig(path, metadata={"Date": None} if path.suffix == ".svg" else None)
    plt.close(figure)


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--sizes", default="100,1000,10000", show_default=True)
@click.option("--rounds", default=1, show_default=True)
@click.option("--assignment", default="feedforward", show_default=True)
@click.option(
    "--ours",
    default="autograder grade {assignments} --require-sandbox namespaces",
    show_default=True,
    help="The command.",
)
@click.option("--interval", default=0.2, show_default=True, help="Seconds between two looks at the memory.")
@click.option("--into", type=click.Path(path_type=Path), default=Path("benchmarks/results"), show_default=True)
@click.option("--name", default="growth", show_default=True, help="What the files of results are called.")
def main(sizes: str, rounds: int, assignment: str, ours: str, interval: float, into: Path, name: str) -> None:
    """Grade classes of growing size and draw what it took."""
    points = []
    for size in [int(size) for size in sizes.split(",")] * rounds:
        with tempfile.TemporaryDirectory() as scratch:
            points.append(point := grow(Ours("ours", ours), assignment, size, Path(scratch), interval))
        click.echo(f"{size}: {1000 * point.seconds:.1f} ms a submission, peak {point.peak_megabytes:.0f} MB")
        for line in point.failures:
            click.echo(f"  {line}")
    into.mkdir(parents=True, exist_ok=True)
    found = {"machine": machine.describe(), "command": ours, "points": [asdict(point) for point in points]}
    (into / f"{name}.json").write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    plot(points, into / f"{name}.svg")
    click.echo(f"written: {into / name}.json, {into / name}.svg")


if __name__ == "__main__":
    main()
