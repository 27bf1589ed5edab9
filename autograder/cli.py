"""Command-line interface: each command parses its options, calls one function and prints the result.

A command imports what it needs itself: that takes most of a second, in which a fork server can start.
"""

from __future__ import annotations

import atexit
import contextlib
import gc
import signal
import statistics
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, TypeVar

import click
import msgspec
from rich.console import Console
from rich.markup import escape
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeRemainingColumn,
    track,
)
from rich.table import Table

from autograder.fast import import_nbgrader, skip_address_grammars
from autograder.models import CourseError, Result
from autograder.sandbox import ForkServer, Level, escapes, require, shared, warm_up
from autograder.student.limits import cores
from autograder.text import shown

if TYPE_CHECKING:
    from autograder.grading.classroom import GradingRun
    from autograder.grading.pool import Workers


_Result = TypeVar("_Result")

console = Console()
errors = Console(stderr=True)


class _Commands(click.Group):
    """Turns an error that a person can correct into one line and exit status 1."""

    def invoke(self, context: click.Context) -> object:
        try:
            return super().invoke(context)
        except CourseError as error:
            _say(errors, str(error), "red")
            sys.exit(1)
        except KeyboardInterrupt:
            _say(errors, "Interrupted. Finished submissions are saved; run the command again for the rest.", "yellow")
            sys.exit(130)


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--root",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path(),
    help="The course: the folder that holds source/ and nbgrader_config.py.  [default: here]",
)
@click.version_option(package_name="neural-networks-by-hand", message="%(version)s")
@click.pass_context
def main(context: click.Context, root: Path) -> None:
    """Build a course of Jupyter notebooks, grade it, and write its feedback."""
    context.obj = root.resolve()
    gc.set_threshold(100_000)  # imports make many objects that stay; looking through them for garbage takes its time
    atexit.register(gc.freeze)  # and most of half a second when the command ends
    skip_address_grammars()
    import_nbgrader()


@main.command()
@click.option("--check", is_flag=True, help="Write nothing; fail when a generated file is stale or a rule is broken.")
@click.pass_obj
def build(root: Path, check: bool) -> None:
    """Generate release/ and solutions/ from source/."""
    from autograder import build as course_build
    from autograder.lint import lint

    if not check:
        for path in course_build.build(root):
            console.print(f"written: {path}", highlight=False)
        return
    broken = [f"{path}: stale. Run `autograder build` and commit what it writes." for path in course_build.check(root)]
    if broken := broken + lint(root):
        for line in broken:
            _say(errors, line, "red")
        sys.exit(1)
    console.print("release/ and solutions/ are up to date with source/, and every rule is kept.")


@main.command()
@click.argument("assignments", metavar="ASSIGNMENT...", nargs=-1, required=True)
@click.option(
    "--require-sandbox",
    type=click.Choice([level.value for level in Level]),
    help="Minimum sandbox level; refuse to grade below it.  [default: the best that this machine has]",
)
@click.option("--workers", type=click.IntRange(1), help="Processes to grade in.  [default: one for each core]")
@click.option("--scheduler", metavar="ADDRESS", help="Grade on the workers of this Dask cluster instead.")
@click.option("--again", is_flag=True, help="Grade also what has not changed since it was graded.")
@click.option("--dry-run", is_flag=True, help="Show whose score would change, and keep nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print a line of JSON for each submission, and nothing else.")
@click.option("--timings", is_flag=True, help="Print how long each stage took.")
@click.pass_obj
def grade(
    root: Path,
    assignments: Sequence[str],
    require_sandbox: str | None,
    workers: int | None,
    scheduler: str | None,
    again: bool,
    dry_run: bool,
    as_json: bool,
    timings: bool,
) -> None:
    """Grade what is new or changed in grading/submitted/.

    Exit status 0 when all could be graded, 1 when a submission or a check could not be judged.
    """
    warm_up()
    from autograder.config import keep_private
    from autograder.grading import classroom
    from autograder.grading.pool import cluster, local

    grading_runs = [classroom.prepare(root, assignment) for assignment in assignments]
    keep_private(grading_runs[0].config)
    level = require_sandbox or shared().level.value
    if scheduler is None:
        require(shared(), Level(level))
    count = min(workers or len(cores()), max(len(grading_run.submissions) for grading_run in grading_runs))
    with contextlib.ExitStack() as opened:
        hands = opened.enter_context(cluster(scheduler) if scheduler else local(count))
        if dry_run:
            grading_runs = opened.enter_context(classroom.on_trial(grading_runs))
        grading_runs = classroom.begin(grading_runs, hands)
        results = _watched(grading_runs, hands, level, again, as_json)
    if not as_json:
        _print_scores(results)
        _print_lines(results)
        _print_changes(results, "would change" if dry_run else "changed")
        _print_broken_checks(grading_runs)
        if timings:
            _print_timings(results)
        _print_levels(results)
        if dry_run:
            _say(console, "Nothing was kept: run the command without --dry-run to enter these scores.")
        else:
            _print_next(assignments[0])
    if any(grading_run.assignment.broken_checks for grading_run in grading_runs) or any(
        result.score is None for result in results
    ):
        sys.exit(1)


@main.command()
@click.argument("assignments", metavar="ASSIGNMENT...", nargs=-1, required=True)
@click.pass_obj
def feedback(root: Path, assignments: Sequence[str]) -> None:
    """Write a feedback page for each graded submission.

    Exit status 0 when there is a page for everybody, 1 when a submission has to be graded again first.
    """
    from autograder.config import keep_private
    from autograder.report import feedback as pages

    feedback_runs = [pages.prepare(root, assignment) for assignment in assignments]
    keep_private(feedback_runs[0].config)
    refused = 0
    for feedback_run in feedback_runs:
        written = list(_tracked(pages.write(feedback_run), feedback_run.assignment, len(feedback_run.marks)))
        for each in written:
            if each.problem:
                _say(console, f"{each.student}, {feedback_run.assignment}: {each.problem}", "red")
        problems = sum(bool(each.problem) for each in written)
        refused += problems
        _say(
            console,
            f"{feedback_run.assignment}: {len(written) - problems} pages written below {pages.folder(feedback_run)}.",
        )
    _say(console, f"Next: look at one in a browser, then hand them out; `autograder report {assignments[0]}`.")
    if refused:
        sys.exit(1)


@main.command()
@click.argument("assignment")
@click.pass_obj
def report(root: Path, assignment: str) -> None:
    """Write a report on the class: scores, checks, mistakes."""
    from autograder.config import keep_private
    from autograder.report import class_report
    from autograder.report import feedback as pages

    feedback_run = pages.prepare(root, assignment)
    keep_private(feedback_run.config)
    written, found = class_report.write(feedback_run)
    for student, problem in found.problems.items():
        _say(console, f"{student}, {assignment}: {problem}", "red")
    for path in written:
        _say(console, f"written: {path}")
    if found.problems:
        sys.exit(1)


@main.command("demo")
@click.option(
    "--into",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("demo"),
    show_default=True,
    help="Where to make the class.",
)
@click.pass_obj
def demonstrate(root: Path, into: Path) -> None:
    """Grade a class of example students and show the results."""
    warm_up()
    from autograder.config import keep_private
    from autograder.grading import classroom, demo
    from autograder.grading.pool import local

    target = into.resolve()
    grading_runs = [classroom.prepare(target, assignment) for assignment in demo.set_up(root, target)]
    keep_private(grading_runs[0].config)
    with local(len(cores())) as workers:
        results = _watched(classroom.begin(grading_runs, workers), workers, Level.PROCESS.value)
    if not any(result.score for result in results):
        raise CourseError("none of the example submissions could be graded.")
    _print_scores(results)
    _print_lines(results)
    _say(
        console,
        f"\nThe graded notebooks are in {into}/grading/autograded/. To see the class as an instructor does:",
    )
    _say(
        console,
        f"  . .venv/bin/activate && cd {into} && autograder feedback feedforward && jupyter lab",
    )


@main.command()
def doctor() -> None:
    """Show how student code is confined on this machine, and what would confine it more."""
    chosen = shared().level
    _say(console, f"Student code is confined at level '{chosen.value}': {chosen.means}.")
    for level in reversed(Level):
        with ForkServer(level) as fork_server:
            _say(console, f"  canary at '{level.value}': {escapes(fork_server) or 'held'}")
    if chosen is not Level.NAMESPACES:
        _say(console, f"To confine it more: {chosen.raised_by}.")


def _watched(
    grading_runs: Sequence[GradingRun], workers: Workers, level: str, again: bool = False, as_json: bool = False
) -> list[Result]:
    """Grade classes, with a progress bar for each, or a line of JSON for each submission."""
    from autograder.grading import classroom

    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("[red]{task.fields[failed]}"),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(),
    )
    results: list[Result] = []
    start = time.monotonic()
    bars = Progress(*columns, console=errors, transient=True, disable=as_json or not errors.is_terminal)
    with kept_interrupts() as raise_again, bars as progress:
        tasks = {
            grading_run.assignment.name: progress.add_task(
                grading_run.assignment.name, start=False, total=len(grading_run.submissions), failed="", rate=""
            )
            for grading_run in grading_runs
        }
        failed = dict.fromkeys(tasks, 0)
        for result in classroom.grade(grading_runs, workers, level, again):
            raise_again()
            results.append(result)
            if as_json:
                click.echo(msgspec.json.encode(result).decode())
            failed[result.assignment] += result.score is None
            progress.start_task(tasks[result.assignment])
            progress.update(
                tasks[result.assignment],
                advance=1,
                failed=f"{failed[result.assignment]} not graded" if failed[result.assignment] else "",
                rate=f"{len(results) / (time.monotonic() - start):.0f} a second",
            )
    return results


@contextlib.contextmanager
def kept_interrupts() -> Iterator[Callable[[], None]]:
    """While the body runs, an interrupt is raised as usual; the function that is yielded raises it again.

    Python drops an exception that comes while an object is finalised or a callback of a library runs, and an interrupt
    can come anywhere.
    """
    heard: list[int] = []

    def hear(number: int, frame: FrameType | None) -> None:
        heard.append(number)
        signal.default_int_handler(number, frame)

    def raise_again() -> None:
        if heard:
            raise KeyboardInterrupt

    before = signal.signal(signal.SIGINT, hear)
    try:
        yield raise_again
    finally:
        signal.signal(signal.SIGINT, before)


def _tracked(results: Iterable[_Result], name: str, count: int) -> Iterable[_Result]:
    """Yield the results, with a progress bar."""
    disabled = not errors.is_terminal
    return track(results, name, total=count, console=errors, transient=True, disable=disabled)


def _print_scores(results: Sequence[Result]) -> None:
    names = list(dict.fromkeys(result.assignment for result in results))
    by_student: dict[str, dict[str, Result]] = {}
    for result in results:
        by_student.setdefault(result.student, {})[result.assignment] = result
    table = Table("student", title="Scores", caption="automatic + manual points; ✎ answers to mark")
    for name in names:
        table.add_column(name, justify="right")
    for student in sorted(by_student):
        table.add_row(escape(shown(student)), *(_score_text(by_student[student].get(name)) for name in names))
    console.print(table)


def _score_text(result: Result | None) -> str:
    if result is None:
        return "[dim]not handed in[/dim]"
    if result.score is None:
        return "[red]not graded[/red]"
    share = f"{result.score.points:g} / {result.score.max_points:g}"
    marks = f" + {result.score.by_hand:g}" if result.score.by_hand else ""
    late = f" − {result.score.penalty:g} late = {result.score.total:g}" if result.score.penalty else ""
    return share + marks + late + (f" [yellow]✎ {result.score.to_read}[/yellow]" if result.score.to_read else "")


def _print_lines(results: Sequence[Result]) -> None:
    for result in results:
        for line, style in [(result.problem, "red"), *((note, "yellow") for note in result.notes)]:
            if line:
                _say(console, f"{result.student}, {result.assignment}: {line}", style)


def _print_changes(results: Sequence[Result], verb: str) -> None:
    """Say whose score is another one than before."""
    for result in results:
        if result.score and result.before and result.is_changed:
            change = f"the score {verb} from {result.before.total:g} to {result.score.total:g}"
            _say(console, f"{result.student}, {result.assignment}: {change}", "yellow")


def _print_broken_checks(grading_runs: Sequence[GradingRun]) -> None:
    for grading_run in grading_runs:
        for name, reason in grading_run.assignment.broken_checks.items():
            place = f"{grading_run.assignment.name}: '{name}'"
            line = f"{place} could not be judged: {reason}."
            _say(console, f"{line} Correct it and grade again.", "red")


def _print_timings(results: Sequence[Result]) -> None:
    """The seconds of each stage, in all workers together, and for one submission."""
    table = Table("stage", title="Timings", caption="seconds in all workers together; in one submission, the median")
    for heading in ("all", "median", "longest"):
        table.add_column(heading, justify="right")
    for stage in dict.fromkeys(stage for result in results for stage in result.seconds):
        taken = [result.seconds[stage] for result in results if stage in result.seconds]
        table.add_row(stage, f"{sum(taken):.2f}", f"{statistics.median(taken):.4f}", f"{max(taken):.4f}")
    console.print(table)


def _print_levels(results: Sequence[Result]) -> None:
    """Print how far student code was confined, if any ran."""
    for level in Level:
        if any(result.level == level.value for result in results):
            _say(console, f"Student code was confined at level '{level.value}': {level.means}.")


def _say(where: Console, line: str, style: str = "") -> None:
    """Print a line without markup, its paths relative to the current folder."""
    lines = [shown(each) for each in line.replace(f"{Path.cwd()}/", "").split("\n")]
    where.print("\n".join(lines), style=style, markup=False, highlight=False, soft_wrap=True)


def _print_next(assignment: str) -> None:
    _say(
        console,
        f"\nScores are in grading/gradebook.db. Next: `autograder feedback {assignment}` for the students, "
        f"`autograder report {assignment}` for yourself, `nbgrader export`, or read the written answers in Jupyter's "
        "Formgrader.",
    )
