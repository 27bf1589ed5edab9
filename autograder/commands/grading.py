"""Commands that grade: a class, one notebook, and the example class."""

from __future__ import annotations

import contextlib
import itertools
import signal
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from shlex import quote
from types import FrameType
from typing import TYPE_CHECKING

import click
import msgspec

from autograder.models import CourseError, Result
from autograder.sandbox import Level, require, shared, warm_up
from autograder.student.limits import cores
from autograder.terminal import (
    console,
    errors,
    print_broken_checks,
    print_changes,
    print_levels,
    print_lines,
    print_notebook_result,
    print_scores,
    print_summary,
    print_timings,
    progress,
    say,
)

if TYPE_CHECKING:
    from autograder.grading.classroom import GradingRun
    from autograder.grading.pool import Workers


_FILE = "sqlite:///"


@click.command()
@click.argument("assignments", metavar="ASSIGNMENT...", nargs=-1, required=True)
@click.option(
    "--require-sandbox",
    type=click.Choice([level.value for level in Level]),
    help="Minimum sandbox level; refuse to grade below it.  [default: the strictest level of this machine]",
)
@click.option("--workers", type=click.IntRange(1), help="Number of grading processes.  [default: one for each core]")
@click.option("--scheduler", metavar="ADDRESS", help="Grade on the Dask cluster whose scheduler has this address.")
@click.option("--again", is_flag=True, help="Grade every submission again, also if it has not changed.")
@click.option("--dry-run", is_flag=True, help="Show which scores would change; save nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print a line of JSON for each submission, and nothing else.")
@click.option("--full", is_flag=True, help="Print all scores and notes, also for a large class.")
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
    full: bool,
    timings: bool,
) -> None:
    """Grade the new and changed submissions in grading/submitted/, or in the folder that the settings name.

    The exit status is 0 if everything was graded, and 1 if a submission was not graded or a check is broken.
    """
    start = time.monotonic()
    warm_up()
    from autograder.config import keep_private
    from autograder.grading import classroom
    from autograder.grading.pool import cluster, import_ahead, local

    grading_runs = [classroom.prepare(root, assignment) for assignment in assignments]
    keep_private(grading_runs[0].config)
    level = require_sandbox or shared().level.value
    if scheduler is None:
        require(shared(), Level(level))
        import_ahead(each for run in grading_runs for each in run.notebooks.values())
    count = min(workers or len(cores()), max(len(grading_run.submissions) for grading_run in grading_runs))
    with contextlib.ExitStack() as opened:
        hands = opened.enter_context(cluster(scheduler) if scheduler else local(count))
        if dry_run:
            grading_runs = opened.enter_context(classroom.on_trial(grading_runs))
        grading_runs = classroom.begin(grading_runs, hands)
        results = _watched(grading_runs, hands, level, again, as_json)
    broken = {run.assignment: run.broken_checks for run in grading_runs}
    if not as_json:
        print_scores(results, full=full)
        print_lines(results, full=full)
        print_changes(results, "would change" if dry_run else "changed", full=full)
        for name, reasons in broken.items():
            print_broken_checks(name, reasons)
        if timings:
            print_timings(results)
        print_levels(results)
        if dry_run:
            say(console, "Nothing was saved: run the command without --dry-run to save these scores.")
        else:
            _print_next(assignments[0], grading_runs[0].config.CourseDirectory.db_url)
        print_summary(results, itertools.chain(*broken.values()), time.monotonic() - start)
    if any(broken.values()) or any(result.score is None for result in results):
        sys.exit(1)


@click.command("grade-file")
@click.argument("notebook", type=click.Path(path_type=Path))
@click.option("--assignment", default="", help="The assignment of the notebook.  [default: found by its cells]")
@click.option(
    "--released",
    metavar="NOTEBOOK",
    type=click.Path(path_type=Path),
    help="Run only the shown checks, as they are in this released notebook; this needs no course.",
)
@click.option("--beside", is_flag=True, help="Let student code use the files beside the notebook, too.")
@click.option(
    "--require-sandbox",
    type=click.Choice([level.value for level in Level]),
    help="Minimum sandbox level; refuse to grade below it.  [default: the strictest level of this machine]",
)
@click.option(
    "--json",
    "as_json",
    is_flag=True,
    help="Print a JSON document; docs/reference/grade-file.schema.json describes it.",
)
@click.pass_obj
def grade_file(
    root: Path,
    notebook: Path,
    assignment: str,
    released: Path | None,
    beside: bool,
    require_sandbox: str | None,
    as_json: bool,
) -> None:
    """Grade one notebook and print what its student may read of every check.

    Nothing is written: no gradebook, no graded notebook. The exit status is 0 if it was graded, whatever its points,
    and 1 if it was not graded or a check is broken.
    """
    if released and assignment:
        raise click.UsageError(
            "--assignment and --released cannot be used together: a released notebook belongs to one assignment."
        )
    warm_up()
    from autograder import grade_file as one

    handed_in = one.read_notebook(notebook, beside=beside)
    if released:
        prepared = one.prepare_released(released)
    else:
        source = one.find_source(root, notebook, assignment)
        prepared = one.prepare(root, source.parent.name, source.stem)
    level = require_sandbox or shared().level.value
    require(shared(), Level(level))
    try:
        result = one.grade(prepared, handed_in, notebook.name, level)
    except CourseError as error:
        raise (error if error.where else error.within(notebook)) from None
    if as_json:
        click.echo(msgspec.json.format(msgspec.json.encode(result)))
    else:
        print_notebook_result(result)
    for grade_id in result.broken_checks:
        reason = prepared.assignment.broken_checks.get(grade_id, "it could not judge this notebook")
        say(errors, f"{result.assignment}: check '{grade_id}' is broken: {reason}.", "red")
    if result.broken_checks:
        sys.exit(1)


@click.command("demo")
@click.option(
    "--into",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("demo"),
    show_default=True,
    help="The folder in which to make the example class.",
)
@click.pass_obj
def demonstrate(root: Path, into: Path) -> None:
    """Grade a class of example students and show the results."""
    warm_up()
    from autograder.config import keep_private
    from autograder.grading import classroom, demo
    from autograder.grading.pool import import_ahead, local

    target = into.resolve()
    grading_runs = [classroom.prepare(target, assignment) for assignment in demo.set_up(root, target)]
    keep_private(grading_runs[0].config)
    import_ahead(each for run in grading_runs for each in run.notebooks.values())
    with local(len(cores())) as workers:
        results = _watched(classroom.begin(grading_runs, workers), workers, Level.PROCESS.value)
    if not any(result.score for result in results):
        raise CourseError("none of the example submissions could be graded.")
    print_scores(results, full=True)
    print_lines(results, full=True)
    say(
        console,
        f"\nThe graded notebooks are in {into}/grading/autograded/. To see the class as an instructor does:",
    )
    say(
        console,
        f"  . .venv/bin/activate && cd {into} && autograder feedback feedforward && jupyter lab",
    )


def _watched(
    grading_runs: Sequence[GradingRun], workers: Workers, level: str, again: bool = False, as_json: bool = False
) -> list[Result]:
    """Grade classes, with a progress bar for each, or a line of JSON for each submission."""
    from autograder.grading import classroom

    results: list[Result] = []
    start = time.monotonic()
    with kept_interrupts() as raise_again, progress(disable=as_json) as bars:
        tasks = {
            grading_run.assignment: bars.add_task(
                grading_run.assignment, start=False, total=len(grading_run.submissions), failed="", rate=""
            )
            for grading_run in grading_runs
        }
        failed = dict.fromkeys(tasks, 0)
        for result in classroom.grade(grading_runs, workers, level, again):
            raise_again()
            results.append(result)
            if as_json:
                click.echo(msgspec.json.encode(result))  # bytes: JSON is UTF-8, whatever the terminal takes
            failed[result.assignment] += result.score is None
            bars.start_task(tasks[result.assignment])
            bars.update(
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


def _print_next(assignment: str, db_url: str) -> None:
    place = db_url.removeprefix(_FILE) if db_url.startswith(_FILE) else "the gradebook"
    name = quote(assignment)
    say(
        console,
        f"\nScores are in {place}. Next: `autograder feedback {name}` for the students, "
        f"`autograder report {name}` for yourself, `nbgrader export`, or `autograder read {name}` to mark "
        "the answers in words.",
    )
