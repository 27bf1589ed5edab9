"""What commands print: lines that any terminal can show, and how the grading of a class went."""

from __future__ import annotations

import io
import statistics
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    SpinnerColumn,
    TextColumn,
    TimeRemainingColumn,
)
from rich.table import Table
from rich.text import Text

from autograder.models import Result, Score
from autograder.notebook_result import CheckResult, NotebookResult, State
from autograder.sandbox import Level
from autograder.text import encodable, shown

console = Console()
errors = Console(stderr=True)

MOST_ROWS, _MOST_NOTED = 40, 20
"""Students in a table, and students whose notes are printed, before a class counts as large."""

_MOST_NAMES = 5
"""Submissions that the last line names."""


def replace_what_cannot_be_shown() -> None:
    """Never fail to print: what a terminal's or a file's encoding lacks is written by its number."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def say(where: Console, line: str, style: str = "") -> None:
    """Print a line without markup, its paths relative to the current folder."""
    lines = [_writable(where, each) for each in line.replace(f"{Path.cwd()}/", "").split("\n")]
    where.print("\n".join(lines), style=style, markup=False, highlight=False, soft_wrap=True)


def _writable(where: Console, text: str) -> str:
    return encodable(shown(text), where.encoding)


def progress(*, disable: bool) -> Progress:
    """Progress bars, whose tasks have the fields `failed` and `rate`."""
    columns: tuple[ProgressColumn, ...] = (
        SpinnerColumn("dots" if errors.encoding.startswith("utf") else "line"),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("[red]{task.fields[failed]}"),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(),
    )
    return Progress(*columns, console=errors, transient=True, disable=disable or not errors.is_terminal)


def print_scores(results: Sequence[Result], *, full: bool) -> None:
    """Print a table of scores: a row for each student, or for each assignment of a large class unless `full`."""
    names = list(dict.fromkeys(result.assignment for result in results))
    by_student: dict[str, dict[str, Result]] = {}
    for result in results:
        by_student.setdefault(result.student, {})[result.assignment] = result
    if full or len(by_student) <= MOST_ROWS:
        console.print(_by_student(names, by_student))
    else:
        console.print(_by_assignment(names, results))


def _by_student(names: Sequence[str], by_student: Mapping[str, Mapping[str, Result]]) -> Table:
    caption = _writable(console, "automatic + manual points; ✎ answers to mark")
    table = Table("student", title="Scores", caption=caption)
    for name in names:
        table.add_column(escape(name), justify="right")
    for student in sorted(by_student):
        row = [_score_text(by_student[student].get(name)) for name in names]
        table.add_row(Text(_writable(console, student)), *(_writable(console, each) for each in row))
    return table


def _by_assignment(names: Sequence[str], results: Sequence[Result]) -> Table:
    table = Table("assignment", title="Scores", caption="use --full to see a row for each student")
    for heading in ("graded", "lowest", "median", "highest", "of", "answers to mark"):
        table.add_column(heading, justify="right")
    for name in names:
        here = [result for result in results if result.assignment == name]
        scores = [result.score for result in here if result.score]
        totals = [score.total for score in scores]
        row = [f"{len(scores)} of {len(here)}"]
        if scores:
            row += [f"{each:g}" for each in (min(totals), statistics.median(totals), max(totals))]
            row += [f"{max(score.max_points for score in scores):g}", str(_to_mark(scores))]
        table.add_row(escape(name), *row)
    return table


def _score_text(result: Result | None) -> str:
    if result is None:
        return "[dim]not handed in[/dim]"
    if result.score is None:
        return "[red]not graded[/red]"
    share = f"{result.score.points:g} / {result.score.max_points:g}"
    marks = f" + {result.score.by_hand:g}" if result.score.by_hand else ""
    late = f" − {result.score.penalty:g} late = {result.score.total:g}" if result.score.penalty else ""
    return share + marks + late + (f" [yellow]✎ {result.score.to_read}[/yellow]" if result.score.to_read else "")


def print_lines(results: Sequence[Result], *, full: bool) -> None:
    """Print, student by student, why something was not graded, and the notes of at most some students unless `full`."""
    ordered = sorted(results, key=lambda result: result.student)  # stable: a student's assignments keep their order
    for result in ordered:
        if result.problem:
            say(console, f"{result.student}, {result.assignment}: {result.problem}", "red")
    noted = list(dict.fromkeys(result.student for result in ordered if result.notes))
    printed = set(noted if full else noted[:_MOST_NOTED])
    for result in ordered:
        if result.notes and result.student in printed:
            _print_notes(f"{result.student}, {result.assignment}:", result.notes)
    if left := len(noted) - len(printed):
        say(console, f"There are notes on {left} more {_plural('student', left)}: use --full to see them.", "yellow")


def _print_notes(whose: str, notes: Sequence[str]) -> None:
    lines = [f"{whose} {notes[0]}"] if len(notes) == 1 else [whose, *(f"  {note}" for note in notes)]
    say(console, "\n".join(lines), "yellow")


def print_changes(results: Sequence[Result], verb: str, *, full: bool) -> None:
    """Print whose score is another one than before, at most some of them unless `full`."""
    changed = sorted((result for result in results if result.is_changed), key=lambda result: result.student)
    for result in changed if full else changed[:_MOST_NOTED]:
        assert result.score is not None and result.before is not None
        change = f"the score {verb} from {result.before.total:g} to {result.score.total:g}"
        say(console, f"{result.student}, {result.assignment}: {change}", "yellow")
    if not full and (left := len(changed) - _MOST_NOTED) > 0:
        say(console, f"{left} more {_plural('score', left)} {verb}: use --full to see them.", "yellow")


def print_broken_checks(assignment: str, broken_checks: Mapping[str, str]) -> None:
    """Print the checks that could not judge, each with the reason."""
    for name, reason in broken_checks.items():
        say(console, f"{assignment}: check '{name}' is broken: {reason}. Correct the check and grade again.", "red")


def print_timings(results: Sequence[Result]) -> None:
    """Print the seconds of each stage, in all workers together, and for one submission."""
    table = Table(
        "stage",
        title="Timings",
        caption="seconds: the sum over all workers; the median and the longest of one submission",
    )
    for heading in ("sum", "median", "longest"):
        table.add_column(heading, justify="right")
    for stage in dict.fromkeys(stage for result in results for stage in result.seconds):
        taken = [result.seconds[stage] for result in results if stage in result.seconds]
        table.add_row(stage, f"{sum(taken):.2f}", f"{statistics.median(taken):.4f}", f"{max(taken):.4f}")
    console.print(table)


def print_levels(results: Sequence[Result]) -> None:
    """Print how far student code was confined, if any ran."""
    for level in Level:
        if any(result.level == level.value for result in results):
            say(console, f"Student code was confined at level '{level.value}': {level.means}.")


def print_summary(results: Sequence[Result], broken_checks: Iterable[str], seconds: float) -> None:
    """Print in one line how many were graded, who needs the instructor, and how many answers are still to mark."""
    graded = [result for result in results if result.score]
    unchanged = sum(not result.is_new for result in graded)
    sentence = f"{len(graded)} of {len(results)} graded in {_duration(seconds)}"
    if unchanged:
        sentence += f" ({unchanged} had not changed)"
    parts = [sentence]
    failed = [f"{result.student} ({result.assignment})" for result in results if result.score is None]
    if failed:
        failed.sort()
        more = f" and {len(failed) - _MOST_NAMES} more" if len(failed) > _MOST_NAMES else ""
        verb = "need" if len(failed) > 1 else "needs"
        parts.append(f"{len(failed)} {verb} attention: {', '.join(failed[:_MOST_NAMES])}{more}")
    if broken := list(broken_checks):
        parts.append(f"{len(broken)} broken {_plural('check', len(broken))}: {', '.join(broken[:_MOST_NAMES])}")
    if to_mark := _to_mark(result.score for result in graded if result.score):
        parts.append(f"{to_mark} {_plural('answer', to_mark)} to mark")
    say(console, "; ".join(parts) + ".", "bold red" if failed or broken else "bold")


_SIGNS = {State.PASSED: "✓", State.PARTIAL: "◐", State.FAILED: "✕", State.WAITS: "…", State.MARKED: "✎"}


def print_notebook_result(result: NotebookResult) -> None:
    """Print the checks of one notebook in a table, and what is said of those that did not pass."""
    table = Table("", "answer", "check", title=escape(_writable(console, f"{result.title}: {result.notebook}")))
    table.add_column("points", justify="right")
    for check in result.checks:
        points = f"{'–' if check.state is State.WAITS else f'{check.points:g}'} / {check.max_points:g}"
        row = (_SIGNS[check.state], check.function, check.title, points)
        table.add_row(*(Text(_writable(console, each)) for each in row))
    console.print(table)
    for check in result.checks:
        if lines := _said_of(check):
            say(console, f"\n{check.function}, {check.title}:", "bold")
            say(console, "\n".join(f"  {line}" for line in lines))
    for note in result.notes:
        say(console, f"\nNote: {note}", "yellow")
    if not result.hidden_checks:
        say(console, "\nHidden checks did not run: these points are not the score.")
    say(console, f"\nStudent code was confined at level '{result.sandbox}': {Level(result.sandbox).means}.")
    total = f"{result.points:g} of {result.max_points:g} points"
    waiting = f"; {result.points_to_mark:g} points are still to be marked by hand" if result.points_to_mark else ""
    say(console, f"{total}{waiting}.", "bold")


def _said_of(check: CheckResult) -> list[str]:
    return [line for line in (check.sentence, check.first_wrong_value, *check.about_mistake) if line]


def _to_mark(scores: Iterable[Score]) -> int:
    return sum(score.to_read for score in scores)


def _plural(noun: str, count: int) -> str:
    return noun if count == 1 else f"{noun}s"


def _duration(seconds: float) -> str:
    whole = max(round(seconds), 1)
    return f"{whole} s" if whole < 120 else f"{whole // 60} min {whole % 60} s"
