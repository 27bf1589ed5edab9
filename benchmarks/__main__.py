"""The door: `python -m benchmarks --students 60 --rounds 3`, or `make bench`."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path

import click

from benchmarks import machine, reporting
from benchmarks.contenders import Contender, Floor, Ours, Stock
from benchmarks.generating import ASSIGNMENTS, generate
from benchmarks.otter import Otter
from benchmarks.rounds import Track, alternate
from benchmarks.scores import Agreement, compare, scores

OURS, STOCK, TWO, FLOOR = "ours", "nbgrader as shipped", "two nbgraders by hand", "the floor"
TARGETS = (
    ("ours against nbgrader as shipped", STOCK, OURS, "seconds"),
    ("ours against two nbgrader processes by hand", TWO, OURS, "seconds"),
    ("CPU of ours against the floor", OURS, FLOOR, "CPU"),
    ("a cold start of ours against nbgrader's", STOCK, OURS, "cold"),
)


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--students", default=60, show_default=True, help="How many hand in each assignment.")
@click.option("--rounds", default=3, show_default=True)
@click.option("--cold-rounds", default=5, show_default=True, help="How often one submission is graded from cold.")
@click.option(
    "--ours",
    default="autograder grade {assignments} --require-sandbox namespaces",
    show_default=True,
    help="The command that is measured as ours.",
)
@click.option("--also", multiple=True, metavar="NAME=COMMAND", help="A variant of it to measure beside; repeatable.")
@click.option("--otter", type=click.Path(path_type=Path), help="The Python of an environment with otter-grader 7.")
@click.option("--without", multiple=True, help="Leave this contender out; repeatable.")
@click.option("--into", type=click.Path(path_type=Path), default=Path("benchmarks/results"), show_default=True)
@click.option("--name", default="class", show_default=True, help="What the two files of results are called.")
def main(
    students: int,
    rounds: int,
    cold_rounds: int,
    ours: str,
    also: tuple[str, ...],
    otter: Path | None,
    without: tuple[str, ...],
    into: Path,
    name: str,
) -> None:
    """Grade the same class with every contender, round by round, and write down what it took."""
    variants = [Ours(*variant.split("=", 1)) for variant in (f"{OURS}={ours}", *also)]
    others = [Otter("otter in one warm process", otter.absolute())] if otter else []
    everybody: list[Contender] = [Stock(STOCK), Stock(TWO, processes=2), *others, *variants, Floor(FLOOR)]
    contenders = [each for each in everybody if each.name not in without]
    submissions = generate(students, ASSIGNMENTS)
    with tempfile.TemporaryDirectory() as scratch:
        click.echo(f"{students} students, {len(submissions)} notebooks")
        tracks = alternate(contenders, submissions, rounds, Path(scratch, "class"), click.echo)
        one = [each for each in submissions if (each.student, each.assignment) == (submissions[0].student, "lstm")]
        startable = [each for each in contenders if each.name in (STOCK, OURS)]
        cold = alternate(startable, one, cold_rounds, Path(scratch, "cold"), click.echo)
        agreement = _agreement(tracks)
    results = reporting.Results(
        machine=machine.describe(),
        students=students,
        notebooks=len(submissions),
        commands={each.name: each.command for each in variants},
        tracks=tracks,
        cold=cold,
        agreement=agreement,
        targets=TARGETS,
    )
    for path in reporting.write(results, into, name):
        click.echo(f"written: {path}")
    click.echo(reporting.markdown(results))


def _agreement(tracks: Mapping[str, Track]) -> Agreement | None:
    if not {STOCK, OURS} <= tracks.keys():
        return None
    peer, own = tracks[STOCK], tracks[OURS]
    return compare(
        scores(peer.contender.gradebooks(peer.folder)),
        scores(own.contender.gradebooks(own.folder)),
        peer.contender.autograded(peer.folder),
    )


if __name__ == "__main__":
    main()
