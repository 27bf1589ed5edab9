"""The door for people: each command parses, calls one function of a room, and says what came of it."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import click
from rich.console import Console
from rich.markup import escape
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeRemainingColumn,
)
from rich.table import Table

from autograder.course import build as course_build
from autograder.course.lint import lint
from autograder.gradebook.session import course_config, limits
from autograder.grading import classroom, demo
from autograder.grading.soundness import unsound
from autograder.records import CourseError, Result
from autograder.sandbox.choice import escapes, require, shared
from autograder.sandbox.levels import Level
from autograder.sandbox.nursery import Nursery

console = Console()
errors = Console(stderr=True)


class _Doors(click.Group):
    """Turns what a person can mend into one line and exit status 1."""

    def invoke(self, context: click.Context) -> object:
        try:
            return super().invoke(context)
        except CourseError as error:
            _say(errors, str(error), "red")
            sys.exit(1)


@click.group(cls=_Doors, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--root",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path(),
    help="The course: the folder that holds source/ and nbgrader_config.py.  [default: here]",
)
@click.pass_context
def main(context: click.Context, root: Path) -> None:
    """Build, check and grade the course Neural networks by hand."""
    context.obj = root.resolve()


@main.command()
@click.option("--check", is_flag=True, help="Write nothing; fail when a generated file is stale or a rule is broken.")
@click.pass_obj
def build(root: Path, check: bool) -> None:
    """Make release/ and solutions/ from source/."""
    if not check:
        for path in course_build.build(root):
            console.print(f"written: {path}", highlight=False)
        return
    broken = [f"{path}: stale. Run `autograder build` and commit what it writes." for path in course_build.check(root)]
    if broken := broken + lint(root):
        raise CourseError("\n".join(broken))
    console.print("release/ and solutions/ follow from source/, and no rule is broken.")


@main.command()
@click.argument("assignment")
@click.option(
    "--require-sandbox",
    type=click.Choice([level.value for level in Level]),
    default=Level.PROCESS.value,
    help="Refuse to grade when student code is confined less.",
)
@click.pass_obj
def grade(root: Path, assignment: str, require_sandbox: str) -> None:
    """Grade every submission of ASSIGNMENT in grading/submitted/.

    Exit status 0 when all could be graded, 1 when a submission or a check could not be judged.
    """
    require(shared(), Level(require_sandbox))
    results = _grade(root, assignment)
    broken = unsound(root / "source" / assignment / f"{assignment}.ipynb", limits(course_config(root)))
    _print_scores(results)
    _print_lines(results)
    for name, reason in broken.items():
        line = f"{assignment}: '{name}' could not be judged: your own solution does not pass it ({reason})."
        _say(console, f"{line} Mend it and grade again.", "red")
    _say(console, f"Student code was confined at level '{shared().level.value}': {shared().level.means}.")
    _print_next(assignment)
    if broken or any(result.score is None for result in results):
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
    """Grade a class of example students and show what came of it."""
    target = into.resolve()
    results = [result for assignment in demo.set_up(root, target) for result in _grade(target, assignment)]
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
        f"  . .venv/bin/activate && cd {into} && nbgrader generate_feedback feedforward && jupyter lab",
    )


@main.command()
def doctor() -> None:
    """Say how far student code is confined on this machine, and what would raise it."""
    chosen = shared().level
    _say(console, f"Student code is confined at level '{chosen.value}': {chosen.means}.")
    for level in reversed(Level):
        with Nursery(level) as nursery:
            _say(console, f"  canary at '{level.value}': {escapes(nursery) or 'held'}")
    if chosen is not Level.NAMESPACES:
        _say(console, f"To raise it: {chosen.raised_by}.")


def _grade(root: Path, assignment: str) -> list[Result]:
    config, submissions = classroom.prepare(root, assignment)
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=errors, transient=True, disable=not errors.is_terminal) as progress:
        return list(
            progress.track(classroom.grade(config, submissions), total=len(submissions), description=assignment)
        )


def _print_scores(results: Sequence[Result]) -> None:
    names = list(dict.fromkeys(result.assignment for result in results))
    by_student: dict[str, dict[str, Result]] = {}
    for result in results:
        by_student.setdefault(result.student, {})[result.assignment] = result
    table = Table("student", title="Scores", caption="given automatically + by hand; ✎ to read")
    for name in names:
        table.add_column(name, justify="right")
    for student in sorted(by_student):
        table.add_row(escape(student), *(_score_text(by_student[student].get(name)) for name in names))
    console.print(table)


def _score_text(result: Result | None) -> str:
    if result is None:
        return "[dim]not handed in[/dim]"
    if result.score is None:
        return "[red]not graded[/red]"
    share = f"{result.score.points:g} / {result.score.max_points:g}"
    marks = f" + {result.score.by_hand:g}" if result.score.by_hand else ""
    return share + marks + (f" [yellow]✎ {result.score.to_read}[/yellow]" if result.score.to_read else "")


def _print_lines(results: Sequence[Result]) -> None:
    for result in results:
        for line, style in [(result.problem, "red"), *((note, "yellow") for note in result.notes)]:
            if line:
                _say(console, f"{result.student}, {result.assignment}: {line}", style)


def _say(where: Console, line: str, style: str = "") -> None:
    """Print a line as it is, with paths as they look from here."""
    where.print(line.replace(f"{Path.cwd()}/", ""), style=style, markup=False, highlight=False, soft_wrap=True)


def _print_next(assignment: str) -> None:
    _say(
        console,
        f"\nScores are in grading/gradebook.db. Next: `nbgrader generate_feedback {assignment}`, "
        "`nbgrader export`, or read the written answers in Jupyter's Formgrader.",
    )
