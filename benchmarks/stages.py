"""Where the time of one notebook goes: `python benchmarks/stages.py --name "today"`.

A class is graded on one core while the stages of each notebook are timed. What is measured under a name stays in
`results/stages.json` until it is measured again, so the code of two commits can be compared: run this file with the
Python of each one's environment. `results/stages.svg` shows all of them.
"""

from __future__ import annotations

import functools
import importlib
import json
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import click
import matplotlib.pyplot as plt

from autograder.grading import classroom, pool, submission
from autograder.grading.grader import Grader
from autograder.judge.student import Student
from autograder.models import Assignment, Graded, HandedIn
from autograder.sandbox import ForkServer
from benchmarks.contenders import Ours
from benchmarks.generating import ASSIGNMENTS, generate

PROCESS, CONFINING = "the student process: start and end", "the student process: confining it"
GRADER, CHECKS = "the grader's process: fork and end", "the checks themselves"
_STAGES = {
    "autograder.sandbox:ForkServer.start": PROCESS,
    "autograder.sandbox:StudentProcess.end": PROCESS,
    "autograder.judge.run:_explained": "explaining what is wrong",
    "autograder.grading.submission:_as_handed_out": "reading and writing the notebook",
    "autograder.grading.submission:notebook_text": "reading and writing the notebook",
}
_MESSAGES = {
    "RunCell": "cells of the notebook",
    "Call": "calls of the student's functions",
    "Keep": "looking for changes in place",
    "AreUnchanged": "looking for changes in place",
}
_OTHER = "other questions to the student process"

_taken: dict[str, float] = defaultdict(float)
"""The seconds of each stage of the notebook that this process grades."""


def timed(stage: str, function: Callable[..., Any]) -> Callable[..., Any]:
    """The same function, whose time counts for a stage."""

    @functools.wraps(function)
    def run(*args: Any, **kwargs: Any) -> Any:
        start = time.perf_counter()
        try:
            return function(*args, **kwargs)
        finally:
            _taken[stage] += time.perf_counter() - start

    return run


def watch(folder: Path) -> None:
    """Time the stages from now on, in every process that is forked from this one; each notebook leaves a file."""
    for place, stage in _STAGES.items():
        module, _, path = place.partition(":")
        *holders, name = path.split(".")
        holder: Any = functools.reduce(getattr, holders, importlib.import_module(module))
        setattr(holder, name, timed(stage, getattr(holder, name)))
    ask, call = Student._ask, Grader.call

    def asked(student: Student, make: Callable[[bytes], Any]) -> Any:
        kind = type(make(b"")).__name__
        is_first = kind == "RunCell" and not _taken[CONFINING]
        return timed(CONFINING if is_first else _MESSAGES.get(kind, _OTHER), ask)(student, make)

    def graded(assignment: Assignment, handed_in: HandedIn, fork_server: ForkServer, in_fork: bool = False) -> Graded:
        _taken.clear()
        start = time.perf_counter()
        result = submission.grade(assignment, handed_in, fork_server, in_fork)
        _taken[CHECKS] = time.perf_counter() - start - sum(_taken.values())
        Path(folder, f"{assignment.name} {handed_in.student}").write_text(json.dumps(_taken))
        return result

    def called(grader: Grader, seconds: float, function: Callable[..., Any], *args: Any) -> Any:
        start = time.perf_counter()
        try:
            return call(grader, seconds, function, *args)
        finally:
            if function is pool._grade_known:
                Path(folder, f"whole {time.monotonic_ns()}").write_text(json.dumps(time.perf_counter() - start))

    vars(pool)["grade"] = graded
    setattr(Student, "_ask", asked)  # noqa: B010 - mypy takes no assignment to a method
    setattr(Grader, "call", called)  # noqa: B010


def measure(students: int) -> dict[str, float]:
    """The milliseconds of each stage for a notebook, the mean of a class on one core."""
    with tempfile.TemporaryDirectory() as course, tempfile.TemporaryDirectory() as files:
        Ours("ours", "autograder grade {assignments}").prepare(generate(students), Path(course))
        watch(Path(files))
        with pool.local(1) as workers:
            runs = classroom.begin([classroom.prepare(Path(course), name) for name in ASSIGNMENTS], workers)
            count = sum(result.score is not None for result in classroom.grade(runs, workers))
        inside, whole = defaultdict[str, float](float), 0.0
        for path in Path(files).iterdir():
            found = json.loads(path.read_text())
            if isinstance(found, float):
                whole += found
            else:
                for stage, seconds in found.items():
                    inside[stage] += seconds
    inside[GRADER] = whole - sum(inside.values())
    return {stage: 1000 * seconds / count for stage, seconds in inside.items()}


def draw(measured: Mapping[str, Mapping[str, float]], path: Path) -> None:
    """A bar for each measurement, made of its stages."""
    stages = dict.fromkeys(stage for taken in measured.values() for stage in taken)
    figure, axes = plt.subplots(figsize=(10, 1.2 + 0.9 * len(measured)), layout="constrained")
    names = [f"{name}: {sum(taken.values()):.0f} ms" for name, taken in measured.items()]
    left = [0.0] * len(measured)
    for color, stage in zip(plt.colormaps["tab20"].colors, stages, strict=False):  # type: ignore[attr-defined]
        widths = [taken.get(stage, 0.0) for taken in measured.values()]
        axes.barh(names, widths, left=left, color=color, label=stage)
        left = [start + width for start, width in zip(left, widths, strict=True)]
    axes.invert_yaxis()
    axes.set_xlabel("milliseconds of one core for a notebook")
    axes.legend(loc="upper center", bbox_to_anchor=(0.4, -0.3), ncols=2, frameon=False)
    figure.savefig(path, metadata={"Date": None}, bbox_inches="tight")


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--students", default=20, show_default=True, help="How many hand in each assignment.")
@click.option("--name", required=True, help="What this measurement is called in the picture.")
@click.option("--into", type=click.Path(path_type=Path), default=Path(__file__).parent / "results", show_default=True)
def main(students: int, name: str, into: Path) -> None:
    """Measure the stages of a notebook, and draw them beside those that were measured before."""
    file = into / "stages.json"
    measured = json.loads(file.read_text()) if file.exists() else {}
    measured[name] = measure(students)
    file.write_text(json.dumps(measured, indent=1) + "\n")
    draw(measured, into / "stages.svg")
    for stage, milliseconds in measured[name].items():
        click.echo(f"{milliseconds:7.1f} ms  {stage}")


if __name__ == "__main__":
    main()
