"""Command-line interface: each command parses its options, calls one function and prints the result.

A command imports what it needs itself: that takes most of a second, in which a fork server can start.
"""

from __future__ import annotations

import atexit
import contextlib
import gc
import itertools
import signal
import sys
import time
import webbrowser
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, TypeVar

import click
import msgspec
from rich.progress import track

from autograder.fast import import_nbgrader, skip_address_grammars
from autograder.models import DISTRIBUTION, CourseError, Result
from autograder.sandbox import ForkServer, Level, escapes, require, shared, warm_up
from autograder.student.limits import cores
from autograder.terminal import (
    MOST_ROWS,
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
    replace_what_cannot_be_shown,
    say,
)

if TYPE_CHECKING:
    from autograder.grading.classroom import GradingRun
    from autograder.grading.pool import Workers


_Result = TypeVar("_Result")


class _Commands(click.Group):
    """Turns an error that a person can correct into one line and exit status 1."""

    def invoke(self, context: click.Context) -> object:
        try:
            return super().invoke(context)
        except CourseError as error:
            say(errors, str(error), "red")
            sys.exit(1)
        except KeyboardInterrupt:
            say(errors, "Interrupted. Finished submissions are saved; run the command again for the rest.", "yellow")
            sys.exit(130)


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--root",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path(),
    help="The course folder, which holds source/ and nbgrader_config.py.  [default: the current folder]",
)
@click.version_option(package_name=DISTRIBUTION, message="%(version)s")
@click.pass_context
def main(context: click.Context, root: Path) -> None:
    """Build a course of Jupyter notebooks, grade submissions, and write feedback pages and reports."""
    replace_what_cannot_be_shown()
    context.obj = root.resolve()
    gc.set_threshold(100_000)  # imports make many objects that stay; looking through them for garbage takes its time
    atexit.register(gc.freeze)  # and most of half a second when the command ends
    skip_address_grammars()
    import_nbgrader()


@main.command()
@click.option("--check", is_flag=True, help="Write nothing; exit with 1 if a file is out of date or breaks a rule.")
@click.pass_obj
def build(root: Path, check: bool) -> None:
    """Generate release/ and solutions/ from source/."""
    from autograder import build as course_build
    from autograder.lint import lint

    if not check:
        for path in course_build.build(root):
            say(console, f"written: {path}")
        return
    broken = [
        f"{path}: out of date. Run `autograder build` and commit what it writes." for path in course_build.check(root)
    ]
    if broken := broken + lint(root):
        for line in broken:
            say(errors, line, "red")
        sys.exit(1)
    console.print("release/ and solutions/ are up to date with source/, and no rule is broken.")


@main.command()
@click.argument("name")
@click.pass_obj
def new(root: Path, name: str) -> None:
    """Make a new assignment: an example with two functions, their checks and known mistakes.

    NAME is the assignment's name, in small letters. The example can be built and graded as it is.
    """
    from autograder import new as new_assignment

    for path in new_assignment.make(root, name):
        say(console, f"written: {path}")
    say(console, f"Next: open source/{name}/{name}.ipynb in Jupyter, change it, and run `autograder build`.")


@main.command()
@click.argument("source", metavar="FILE", type=click.Path(path_type=Path))
@click.argument("assignment")
@click.option(
    "--from",
    "platform",
    type=click.Choice(["canvas", "moodle", "blackboard", "folder"]),
    help="Where FILE comes from.  [default: recognised by the file names]",
)
@click.option("--roster", metavar="CSV", type=click.Path(path_type=Path), help="The platform's list of the class.")
@click.option("--replace", is_flag=True, help="Also replace files that are newer or were changed by hand.")
@click.option("--dry-run", is_flag=True, help="Show what would be done, and write nothing.")
@click.pass_obj
def collect(
    root: Path,
    source: Path,
    assignment: str,
    platform: str | None,
    roster: Path | None,
    replace: bool,
    dry_run: bool,
) -> None:
    """Put a class's files from a learning platform into grading/submitted/.

    FILE is the zip that Canvas, Moodle or Blackboard makes of all submissions, or a folder with a folder for each
    student. The roster is a gradebook, a grading worksheet or a list of participants or groups that the platform
    exported. Exit status 0 when everybody's files could be taken, 1 when a person has to look at some.
    """
    from autograder.lms.collect import carry_out, planned
    from autograder.lms.platforms import Platform

    chosen = Platform(platform) if platform else None
    with planned(root, assignment, source, chosen, roster, replace) as plan:
        for name, reason in plan.left_out.items():
            say(console, f"{name} is left out: {reason}", "yellow")
        for step in plan.steps:
            if step.notes or (step.is_new and (dry_run or len(plan.steps) <= MOST_ROWS)):
                say(console, step.line, "red" if step.needs_a_person else "yellow" if step.notes else "")
        say(console, plan.summary, "bold")
        if dry_run:
            say(console, "Nothing was written: run the command without --dry-run to do this.")
        else:
            carry_out(plan)
            say(console, f"Next: `autograder grade {assignment}`.")
    if any(step.needs_a_person for step in plan.steps):
        sys.exit(1)


@main.command()
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
    """Grade the new and changed submissions in grading/submitted/.

    The exit status is 0 if everything was graded, and 1 if a submission was not graded or a check is broken.
    """
    start = time.monotonic()
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
    broken = {run.assignment.name: run.assignment.broken_checks for run in grading_runs}
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
            _print_next(assignments[0])
        print_summary(results, itertools.chain(*broken.values()), time.monotonic() - start)
    if any(broken.values()) or any(result.score is None for result in results):
        sys.exit(1)


@main.command("grade-file")
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
        prepared = one.prepare(root, assignment or one.find_assignment(root, notebook))
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


@main.command()
@click.argument("words", metavar="[STUDENT... ASSIGNMENT LENGTH]", nargs=-1)
@click.option("--remove", is_flag=True, help="Remove extensions: name the students and the assignment.")
@click.option("--unknown", is_flag=True, help="Allow a student who is not in the gradebook and has handed in nothing.")
@click.pass_obj
def extend(root: Path, words: Sequence[str], remove: bool, unknown: bool) -> None:
    """Give students more time for an assignment, or list all extensions.

    LENGTH is counted from the due date (2d, 36h, 1d12h), or it is the new date (2026-12-31). It takes the place of an
    earlier extension. Penalties change at once; you need not grade again. Without arguments, or with an assignment
    alone, the command lists all extensions.
    """
    from autograder.extensions import grant, listed

    if len(words) < 2 and not (remove and words):
        lines = listed(root, *words)
        for line in lines or ["There are no extensions."]:
            say(console, line)
        return
    length = None if remove else words[-1]
    *students, assignment = words if remove else words[:-1]
    if not students:
        raise CourseError("a student, an assignment or a length is missing.", advice="See `autograder extend --help`.")
    for granted in grant(root, assignment, list(dict.fromkeys(students)), length, unknown):
        say(console, granted.line)


@main.command()
@click.argument("assignment")
@click.option("--port", type=click.IntRange(1, 65535), default=8890, show_default=True, help="The port of the page.")
@click.option("--no-browser", is_flag=True, help="Only print the address of the page.")
@click.pass_obj
def read(root: Path, assignment: str, port: int, no_browser: bool) -> None:
    """Mark the answers in words, one after the other, on a page in your browser.

    Only this computer can open the page, until you press Ctrl-C. Every mark is saved as soon as you give it.
    """
    from autograder.config import keep_private
    from autograder.marking import answers, server

    marking_run = answers.prepare(root, assignment)
    keep_private(marking_run.config)

    def started(marking: server.Marking, address: str, address_for_once: str) -> None:
        say(console, f"{assignment}: {marking.waiting} of {marking.count} answers are still to be marked.", "bold")
        say(console, f"Open {address}")
        say(console, "Only you can open it: the address holds a key, so give it to nobody. Press Ctrl-C to end.")
        if not no_browser:
            webbrowser.open(address_for_once)

    if waiting := server.serve(marking_run, port, started).waiting:
        say(console, f"\n{waiting} answers are still to be marked; run the command again for them.")
    else:
        say(console, f"\nAll answers are marked. Next: `autograder feedback {assignment}`.")


@main.command()
@click.argument("assignments", metavar="ASSIGNMENT...", nargs=-1, required=True)
@click.pass_obj
def feedback(root: Path, assignments: Sequence[str]) -> None:
    """Write a feedback page for each graded submission.

    The exit status is 0 if all pages were written, and 1 if a submission must be graded again first.
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
                say(console, f"{each.student}, {feedback_run.assignment}: {each.problem}", "red")
        problems = sum(bool(each.problem) for each in written)
        refused += problems
        say(
            console,
            f"{feedback_run.assignment}: {len(written) - problems} pages written to {pages.folder(feedback_run)}.",
        )
    say(
        console,
        f"Next: look at a page in a browser, give the pages to students, run `autograder report {assignments[0]}`.",
    )
    if refused:
        sys.exit(1)


@main.command()
@click.argument("assignments", metavar="ASSIGNMENT...", nargs=-1, required=True)
@click.pass_obj
def report(root: Path, assignments: Sequence[str]) -> None:
    """Write a report on the class for each assignment, and one on all assignments: scores, checks, mistakes.

    The exit status is 0 if all submissions are included, and 1 if a submission must be graded again first.
    """
    from autograder.config import keep_private
    from autograder.report import all_assignments, class_report
    from autograder.report import feedback as pages

    feedback_runs = [pages.prepare(root, assignment) for assignment in dict.fromkeys(assignments)]
    keep_private(feedback_runs[0].config)
    is_whole = True
    for feedback_run in feedback_runs:
        written, found = class_report.write(feedback_run)
        for student, problem in found.problems.items():
            say(console, f"{student}, {feedback_run.assignment}: {problem}", "red")
        for path in written:
            say(console, f"written: {path}")
        is_whole = is_whole and not found.problems
    say(console, f"written: {all_assignments.write(feedback_runs)}")
    if not is_whole:
        sys.exit(1)


@main.command("return")
@click.argument("assignment")
@click.option("--scores", metavar="CSV", type=click.Path(path_type=Path), help="The platform's own table, to fill in.")
@click.option("--column", default="", help="The heading of the column to fill in.  [default: found by its title]")
@click.option("--scale", is_flag=True, help="Change scores in proportion where the platform gives other points.")
@click.option("--unmarked", is_flag=True, help="Return also scores in which answers are still to be marked.")
@click.option("--partial", is_flag=True, help="Leave out those whom a line names, and return the others.")
@click.option("--dry-run", is_flag=True, help="Show what would be done, and write nothing.")
@click.pass_obj
def give_back(
    root: Path,
    assignment: str,
    scores: Path | None,
    column: str,
    scale: bool,
    unmarked: bool,
    partial: bool,
    dry_run: bool,
) -> None:
    """Write feedback and scores as the learning platform takes them back.

    An archive of feedback pages, under the names of the collected submissions, and the platform's own table of scores,
    filled in: Canvas's exported gradebook or Moodle's grading worksheet. Only one column is changed, and only for
    students who were graded. Exit status 0 when everybody gets theirs.
    """
    from autograder.lms import give_back as giving_back

    found = giving_back.prepare(root, assignment, scores, column, unmarked, scale)
    for line in found.notes:
        say(console, line, "yellow")
    for line in found.problems:
        say(console, line, "red")
    if found.problems and not partial:
        say(errors, "Nothing was written. Correct this, or use --partial to return the others.", "red")
        sys.exit(1)
    if dry_run:
        for change in found.changes:
            say(console, f"{change.student}: {change.before or 'no score'} becomes {change.score:.2f}")
        say(console, "Nothing was written: run the command without --dry-run to do this.")
    else:
        for path in giving_back.write(found):
            say(console, f"written: {path}")
        say(console, "Next: upload these files on the platform.")
    say(console, found.summary, "bold")
    if found.problems:
        sys.exit(1)


@main.command()
@click.argument("assignment")
@click.option(
    "--into",
    metavar="FILE.zip",
    type=click.Path(path_type=Path, dir_okay=False),
    help="The archive to write.  [default: grading/gradescope/<ASSIGNMENT>.zip]",
)
@click.option(
    "--hidden-checks",
    type=click.Choice(["visible", "after_due_date", "after_published", "hidden"]),
    default="after_published",
    show_default=True,
    help="When students see the results of hidden checks; the words are Gradescope's.",
)
@click.option(
    "--require-sandbox",
    type=click.Choice([level.value for level in Level]),
    default=Level.LANDLOCK.value,
    show_default=True,
    help="Minimum sandbox level on Gradescope; below it no submission is graded.",
)
@click.pass_obj
def gradescope(root: Path, assignment: str, into: Path | None, hidden_checks: str, require_sandbox: str) -> None:
    """Write the autograder of one assignment as a zip for Gradescope.

    The archive holds the answers and the hidden checks: upload it to Gradescope, and give it to nobody else.
    """
    warm_up()
    from autograder.config import course_config, keep_private
    from autograder.lms.gradescope import write_bundle
    from autograder.lms.gradescope_results import Settings, Visibility

    keep_private(course_config(root))
    target = into or root / "grading" / "gradescope" / f"{assignment}.zip"
    bundle = write_bundle(root, Settings(assignment, Visibility(hidden_checks), require_sandbox), target)
    say(console, f"written: {bundle.path}")
    say(
        console,
        "It holds the answers and the hidden checks: upload it to Gradescope, and give it to nobody else.",
        "yellow",
    )
    say(console, f"Next, on Gradescope: set the autograder points to {bundle.points_of_checks:g}.", "bold")
    if bundle.points_by_hand:
        say(
            console,
            f"Enable manual grading, and add {bundle.points_by_hand:g} points for the answers in words.",
            "bold",
        )


@main.command("grade-on-gradescope", hidden=True)
@click.option("--try-out", is_flag=True, help="Grade nothing; only try the checks, as setup.sh does.")
def grade_on_gradescope(try_out: bool) -> None:
    """Grade what one student handed in on Gradescope, in the folder /autograder there, and write results.json.

    The exit status is 1 if it was not graded and that is not the student's fault; then there are no results.
    """
    warm_up()
    from autograder.lms import gradescope_results

    if try_out:
        say(console, gradescope_results.try_out(Path.cwd()))
    else:
        gradescope_results.write_results(Path.cwd())


@main.command("demo")
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
    from autograder.grading.pool import local

    target = into.resolve()
    grading_runs = [classroom.prepare(target, assignment) for assignment in demo.set_up(root, target)]
    keep_private(grading_runs[0].config)
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


@main.command()
def doctor() -> None:
    """Show how student code is confined on this machine, and what would confine it more."""
    chosen = shared().level
    say(console, f"Student code is confined at level '{chosen.value}': {chosen.means}.")
    for level in reversed(Level):
        with ForkServer(level) as fork_server:
            say(console, f"  test of level '{level.value}': {escapes(fork_server) or 'passed'}")
    if chosen is not Level.NAMESPACES:
        say(console, f"To confine it more: {chosen.raised_by}.")
    say(
        console,
        f"`autograder grade` uses this level. With --require-sandbox {chosen.value} it refuses to grade below it.",
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
            grading_run.assignment.name: bars.add_task(
                grading_run.assignment.name, start=False, total=len(grading_run.submissions), failed="", rate=""
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


def _tracked(results: Iterable[_Result], name: str, count: int) -> Iterable[_Result]:
    """Yield the results, with a progress bar."""
    disabled = not errors.is_terminal
    return track(results, name, total=count, console=errors, transient=True, disable=disabled)


def _print_next(assignment: str) -> None:
    say(
        console,
        f"\nScores are in grading/gradebook.db. Next: `autograder feedback {assignment}` for the students, "
        f"`autograder report {assignment}` for yourself, `nbgrader export`, or `autograder read {assignment}` to mark "
        "the answers in words.",
    )
