"""How grading grows: `python -m benchmarks.growth --sizes 100,1000,10000`.

Seconds per submission and the memory of all processes together, for classes of growing size that hand in one
assignment, graded by our command. Memory is what a control group counts beside files, so that what processes share
counts once. It is sampled: a larger class has more samples, and so a higher peak among them; the median has not.
"""

from __future__ import annotations

import contextlib
import json
import statistics
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
    """One class: its size, what a submission took, and the memory that all processes held, at most and mostly."""

    submissions: int
    seconds: float
    cpu_seconds: float
    peak_megabytes: float
    median_megabytes: float
    failures: tuple[str, ...]


class Sampler:
    """Watches the memory of a group, in megabytes, from a thread of its own."""

    def __init__(self, watched: Group, interval: float) -> None:
        self._watched = watched
        self._interval = interval
        self._stop = threading.Event()
        self.megabytes = [0.0]

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
            self.megabytes.append(self._watched.megabytes())


def grow(ours: Ours, assignment: str, size: int, folder: Path, interval: float) -> Point:
    """Grade a class of this size; raises RuntimeError where no control group counts memory."""
    lanes = ours.prepare(generate(size, [assignment]), folder)
    with group() as own:
        own.megabytes()
        sampler = Sampler(own, interval)
        with sampler.watching():
            cost = run(lanes, own)
    most, median = max(sampler.megabytes), statistics.median(sampler.megabytes)
    return Point(size, cost.seconds / size, cost.cpu_seconds / size, most, median, cost.failures)


def plot(points: Sequence[Point], path: Path) -> None:
    """Milliseconds a submission and megabytes over the size of the class."""
    figure, (upper, lower) = plt.subplots(2, 1, sharex=True, figsize=(6, 5), layout="constrained")
    sizes = sorted({point.submissions for point in points})
    places = [point.submissions for point in points]
    for axes, label, drawn in (
        (upper, "ms a submission", {"": [1000 * point.seconds for point in points]}),
        (
            lower,
            "memory, MB",
            {"peak": [p.peak_megabytes for p in points], "median": [p.median_megabytes for p in points]},
        ),
    ):
        for name, heights in drawn.items():
            axes.plot(places, heights, "o", label=name)
        most = max(height for heights in drawn.values() for height in heights)
        axes.set(
            ylabel=label,
            ylim=(0, 1.1 * most),
            xscale="log",
            xticks=sizes,
            xticklabels=[f"{size:,}" for size in sizes],
        )
        axes.minorticks_off()
        axes.grid(alpha=0.3)
    lower.legend(loc="lower right", frameon=False)
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
@click.option("--interval", default=0.05, show_default=True, help="Seconds between two looks at the memory.")
@click.option("--into", type=click.Path(path_type=Path), default=Path("benchmarks/results"), show_default=True)
@click.option("--name", default="growth", show_default=True, help="What the files of results are called.")
def main(sizes: str, rounds: int, assignment: str, ours: str, interval: float, into: Path, name: str) -> None:
    """Grade classes of growing size and draw what it took."""
    points = []
    for size in [int(size) for size in sizes.split(",")] * rounds:
        with tempfile.TemporaryDirectory() as scratch:
            points.append(point := grow(Ours("ours", ours), assignment, size, Path(scratch), interval))
        click.echo(
            f"{size}: {1000 * point.seconds:.1f} ms a submission, {point.median_megabytes:.0f} MB, "
            f"peak {point.peak_megabytes:.0f} MB"
        )
        for line in point.failures:
            click.echo(f"  {line}")
    into.mkdir(parents=True, exist_ok=True)
    found = {"machine": machine.describe(), "command": ours, "points": [asdict(point) for point in points]}
    (into / f"{name}.json").write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    plot(points, into / f"{name}.svg")
    click.echo(f"written: {into / name}.json, {into / name}.svg")


if __name__ == "__main__":
    main()
