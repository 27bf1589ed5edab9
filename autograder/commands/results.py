"""Commands for what follows grading: marks by hand, more time, feedback pages and reports."""

from __future__ import annotations

import sys
import webbrowser
from collections.abc import Iterable, Sequence
from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING, TypeVar

import click
from rich.progress import track

from autograder.models import CourseError
from autograder.terminal import console, errors, say

if TYPE_CHECKING:
    from autograder.report.feedback import FeedbackRun

_Result = TypeVar("_Result")


@click.command()
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


@click.command()
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
        say(console, f"{assignment}: answers still to be marked: {marking.waiting} of {marking.count}.", "bold")
        say(console, f"Open {address}")
        say(console, "Only you can open it: the address holds a key, so give it to nobody. Press Ctrl-C to end.")
        if not no_browser:
            webbrowser.open(address_for_once)

    if waiting := server.serve(marking_run, port, started).waiting:
        say(console, f"\nAnswers still to be marked: {waiting}. Run the command again for them.")
    else:
        say(console, f"\nAll answers are marked. Next: `autograder feedback {quote(assignment)}`.")


@click.command()
@click.argument("assignments", metavar="ASSIGNMENT...", nargs=-1, required=True)
@click.pass_obj
def feedback(root: Path, assignments: Sequence[str]) -> None:
    """Write a feedback page for each graded submission.

    The exit status is 0 if all pages were written, and 1 if a submission must be graded again first.
    """
    from autograder.report import feedback as pages

    feedback_runs, refused = _prepared(root, assignments)
    pages_written = 0
    for feedback_run in feedback_runs:
        name = feedback_run.assignment
        written = list(_tracked(pages.write(feedback_run), name, len(feedback_run.marks)))
        for each in written:
            if each.problem:
                say(console, f"{each.student}, {name}: {each.problem}", "red")
        problems = sum(bool(each.problem) for each in written)
        refused += problems
        count = len(written) - problems
        pages_written += count
        say(console, f"{name}: {count} page{'' if count == 1 else 's'} written to {pages.folder(feedback_run)}.")
    if pages_written:
        advice = f"run `autograder report {quote(assignments[0])}`"
        say(console, f"Next: look at a page in a browser, give the pages to students, {advice}.")
    if refused:
        sys.exit(1)


@click.command()
@click.argument("assignments", metavar="ASSIGNMENT...", nargs=-1, required=True)
@click.pass_obj
def report(root: Path, assignments: Sequence[str]) -> None:
    """Write a report on the class for each assignment, and one on all assignments: scores, checks, mistakes.

    The exit status is 0 if all submissions are included, and 1 if a submission must be graded again first.
    """
    from autograder.report import all_assignments, class_report

    feedback_runs, refused = _prepared(root, assignments)
    for feedback_run in feedback_runs:
        written, found = class_report.write(feedback_run)
        for student, problem in found.problems.items():
            say(console, f"{student}, {feedback_run.assignment}: {problem}", "red")
        for path in written:
            say(console, f"written: {path}")
        refused += len(found.problems)
    say(console, f"written: {all_assignments.write(feedback_runs)}")
    if refused:
        sys.exit(1)


def _prepared(root: Path, assignments: Sequence[str]) -> tuple[list[FeedbackRun], int]:
    """What there is of each assignment, and for how many there is nothing, which is printed; an error if for all.

    What is written from now on is private.
    """
    from autograder.config import keep_private
    from autograder.report import feedback as pages

    found: list[FeedbackRun] = []
    missing: list[CourseError] = []
    for assignment in dict.fromkeys(assignments):
        try:
            found.append(pages.prepare(root, assignment))
        except CourseError as error:
            missing.append(error)
    if not found:
        raise missing[0]
    for line in map(str, missing):
        say(console, line, "red")
    keep_private(found[0].config)
    return found, len(missing)


def _tracked(results: Iterable[_Result], name: str, count: int) -> Iterable[_Result]:
    """Yield the results, with a progress bar."""
    disabled = not errors.is_terminal
    return track(results, name, total=count, console=errors, transient=True, disable=disabled)
