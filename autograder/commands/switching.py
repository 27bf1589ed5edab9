"""Commands for an existing nbgrader course: see what would differ, then use the autograder there."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING

import click
from rich.table import Table
from rich.text import Text

from autograder.models import CourseError
from autograder.sandbox import shared, warm_up
from autograder.student.limits import cores
from autograder.terminal import console, say

if TYPE_CHECKING:
    from autograder.compare import Comparison
    from autograder.init import Findings

_PAGE = "docs/instructors/your-own-course.md"


@click.command()
@click.option("--dry-run", is_flag=True, help="Write nothing; show the new lines, and which checks cannot be judged.")
@click.pass_obj
def init(root: Path, dry_run: bool) -> None:
    """Use the autograder in an existing nbgrader course.

    This command adds the settings for nbgrader's own commands and Formgrader to nbgrader_config.py. It then runs every
    check on the solution in your source notebook. It changes nothing else. The exit status is 0 if every check can be
    judged.
    """
    warm_up()
    from autograder import init as existing
    from autograder.folders import source_folder
    from autograder.grading.pool import local

    lines = existing.lines_for(root)
    if lines and not dry_run:
        existing.write(root, lines)
    if lines:
        say(console, f"These lines {'would be' if dry_run else 'were'} added to nbgrader_config.py:\n")
        say(console, lines, "cyan")
    else:
        say(console, "nbgrader_config.py already has the settings.")
    with local(len(cores())) as workers:
        tried = list(existing.findings(root, workers))
    if not tried:
        raise CourseError("has no notebook.", source_folder(root))
    _print_findings(tried)
    if any(each.unjudged or each.problems for each in tried):
        sys.exit(1)


@click.command()
@click.argument("assignment")
@click.option("--student", "students", multiple=True, help="Grade only this student's submission; can be repeated.")
@click.option(
    "--workers", "count", type=click.IntRange(1), help="Number of grading processes.  [default: one for each core]"
)
@click.pass_obj
def compare(root: Path, assignment: str, students: tuple[str, ...], count: int | None) -> None:
    """Grade submissions with nbgrader and with the autograder, and list each cell whose points differ.

    Your own solution is graded too. nbgrader works in a copy of the course, which is deleted afterwards. Your course
    and its gradebook do not change. nbgrader runs student code with your permissions, as it always does. The exit
    status is 0 if all points are the same.
    """
    warm_up()
    from autograder.compare import compare as compared
    from autograder.grading.pool import local

    with local(count or len(cores())) as workers:
        found = compared(root, assignment, workers, shared().level.value, students)
    _print_comparison(found)
    if found.differences:
        sys.exit(1)


def _print_findings(tried: Sequence[Findings]) -> None:
    """Print how many checks of each assignment can be judged, and why the others cannot."""
    table = Table("assignment", title="Checks, run on your own solutions")
    for heading in ("checks", "judged", "marked by hand"):
        table.add_column(heading, justify="right")
    for each in tried:
        judged = "–" if each.problems else str(each.checks - len(each.unjudged))
        table.add_row(*map(Text, (each.assignment, str(each.checks), judged, str(each.by_hand))))
    console.print(table)
    for each in tried:
        for problem in each.problems:
            say(console, f"{problem}", "red")
        for found in each.unjudged:
            where = f"{found.notebook}: check '{found.grade_id}' ({found.points:g} points)"
            say(console, f"{where} cannot be judged: {found.reason}.", "red")
    count = sum(len(each.unjudged) for each in tried)
    if count:
        say(
            console,
            f"{count} of {sum(each.checks for each in tried)} checks cannot be judged; a person has to mark them. "
            f"{_PAGE} says what to write instead.",
            "bold red",
        )
    elif not any(each.problems for each in tried):
        say(
            console,
            f"Every check can be judged. `autograder compare {quote(tried[0].assignment)}` compares the points.",
            "bold",
        )


def _print_comparison(found: Comparison) -> None:
    """Print each cell that differs with both points, and the times."""
    has_several = len({each.notebook for each in found.differences}) > 1
    if found.differences:
        table = Table(*(["notebook"] if has_several else []), "cell", title="Cells that differ", show_lines=True)
        for heading in ("nbgrader", "autograder"):
            table.add_column(heading, justify="right")
        table.add_column("students")
        table.add_column("why", overflow="fold")
        for each in found.differences:
            points = (_points(side, each.max_points) for side in (each.nbgrader.points, each.autograder.points))
            row = (*([each.notebook] if has_several else []), each.grade_id, *points, each.who, each.why)
            table.add_row(*map(Text, row))
        console.print(table)
    for note in found.notes:
        say(console, note, "yellow")
    differ = sum(len(each.students) for each in found.differences)
    solution = "your own solution"
    graded = f"{found.submissions} submissions, including {solution}," if found.submissions > 1 else solution
    cells = f"{found.cells} cells of {graded}"
    equal = f"All {cells} have the same points." if not differ else f"The points of {differ} of {cells} differ."
    say(console, equal, "bold red" if differ else "bold green")
    say(
        console,
        f"nbgrader took {found.seconds_of_nbgrader:.1f} s, the autograder {found.seconds_of_autograder:.1f} s.",
    )


def _points(points: float | None, most: float) -> str:
    return "by hand" if points is None else f"{points:g} / {most:g}"
