"""Commands between a class and a learning platform: files in, feedback and scores out."""

from __future__ import annotations

import sys
from pathlib import Path
from shlex import quote

import click

from autograder.sandbox import Level, warm_up
from autograder.terminal import (
    MOST_ROWS,
    console,
    errors,
    say,
)


@click.command()
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
            say(console, f"Next: `autograder grade {quote(assignment)}`.")
    if any(step.needs_a_person for step in plan.steps):
        sys.exit(1)


@click.command("return")
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


@click.command()
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


@click.command("grade-on-gradescope", hidden=True)
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
