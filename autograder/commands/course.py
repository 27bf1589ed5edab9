"""Commands about the course itself: its notebooks, a new assignment, what this machine can do."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from autograder.sandbox import ForkServer, Level, escapes, shared, warm_up
from autograder.terminal import console, errors, say


@click.command()
@click.option("--check", is_flag=True, help="Write nothing; exit with 1 if a file is out of date or breaks a rule.")
@click.pass_obj
def build(root: Path, check: bool) -> None:
    """Generate what is handed out from source/, with c.Build.house_style solutions as well.

    With --check, hidden checks also run on your own solutions, as they do before a class is graded.
    """
    if check:
        warm_up()
    from autograder import build as course_build

    if not check:
        for path in course_build.build(root):
            say(console, f"written: {path}")
        return
    from autograder.config import course_config, house_style
    from autograder.grade_file import broken_checks
    from autograder.lint import lint

    fresh, has_style = course_build.generated(root), house_style(course_config(root))
    stale = course_build.stale(root, fresh) if has_style else ()
    broken = [f"{path}: out of date. Run `autograder build` and commit what it writes." for path in stale]
    if broken := (broken + lint(root, fresh)) or broken_checks(root):
        for line in broken:
            say(errors, line, "red")
        sys.exit(1)
    if has_style:
        console.print("release/ and solutions/ are up to date with source/, and no rule is broken.")
    else:
        console.print(
            "The released notebooks show no solution and no hidden test, and your own solutions pass every check."
        )


@click.command()
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


@click.command()
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
