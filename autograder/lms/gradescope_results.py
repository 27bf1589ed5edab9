"""What runs on Gradescope: grading what one student handed in, and writing `results/results.json`.

`run_autograder` of the bundle (see `autograder.lms.gradescope`) runs this in /autograder. What a student can correct is
a sentence in the results. What a student cannot correct, such as a broken check, leaves no results at all: Gradescope
then shows an error instead of a score, and the instructor finds the reason in the output.

The format is that of Gradescope's "Autograder Specifications".
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Mapping, Sequence
from enum import Enum
from pathlib import Path
from typing import Any

import msgspec

from autograder.files import keep, listed
from autograder.grade_file import Prepared, absent, grade, prepare_all
from autograder.grading.inputs import Masters, notebooks_in, take_in
from autograder.models import CourseError, HandedIn, Submission
from autograder.notebook import content_of, parse_handed_in
from autograder.notebook_result import CheckResult, Kind, NotebookResult, State
from autograder.restore import share_of
from autograder.sandbox import Level, require, shared, warm_up
from autograder.text import shown

COURSE, SETTINGS = "course", "gradescope.json"
"""Where the bundle has the course, and how to grade."""

_MOST_NAMES = 5


class Visibility(Enum):
    """When students see a check, in Gradescope's words."""

    VISIBLE = "visible"
    AFTER_DUE_DATE = "after_due_date"
    AFTER_PUBLISHED = "after_published"
    HIDDEN = "hidden"


class Settings(msgspec.Struct, frozen=True):
    """How a bundle grades; it is stored in the bundle."""

    assignment: str
    hidden_checks: Visibility = Visibility.AFTER_PUBLISHED
    require_sandbox: str = Level.LANDLOCK.value


class HandInAgain(Exception):  # noqa: N818 - named for what a student has to do
    """What a student handed in cannot be graded, and the student can correct that; the text says how."""


def write_results(home: Path) -> None:
    """Grade the submission in `home / "submission"` and write `home / "results" / "results.json"`.

    Raises CourseError when it cannot be graded and that is not the student's fault; then there are no results.
    """
    target = home / "results" / "results.json"
    target.unlink(missing_ok=True)
    start = time.monotonic()
    settings = _settings(home)
    prepared = _prepared(home, settings)
    try:
        chosen = _chosen(home / "submission", settings.assignment, prepared)
    except HandInAgain as error:
        results = _not_graded(str(error))
    else:
        found = {
            name: grade(each, *chosen[name], settings.require_sandbox)
            if name in chosen
            else absent(each, shared().level.value)
            for name, each in prepared.items()
        }
        for name, result in found.items():
            if result.broken_checks:
                raise _broken(prepared[name], result.broken_checks)
        results = _graded([(prepared[name].outline.prefix, result) for name, result in found.items()], settings)
        _compare_points(home / "submission_metadata.json", list(found.values()))
    results["execution_time"] = round(time.monotonic() - start, 1)
    keep(target, msgspec.json.format(msgspec.json.encode(results)))


def try_out(home: Path) -> str:
    """Try everything that does not need a submission; returns what an instructor should know.

    Raises CourseError as `write_results` does.
    """
    settings = _settings(home)
    _prepared(home, settings)
    return f"{settings.assignment}: the checks work here. Student code is confined at level '{shared().level.value}'."


def _settings(home: Path) -> Settings:
    path = home / "source" / SETTINGS
    try:
        return msgspec.json.decode(content_of(path), type=Settings)
    except msgspec.MsgspecError as error:
        raise CourseError(f"is damaged ({error}).", path, "Make the bundle again and upload it.") from None


def _prepared(home: Path, settings: Settings) -> dict[str, Prepared]:
    """The notebooks of the assignment, by name; raises CourseError when it cannot be used here."""
    warm_up()
    prepared = prepare_all(home / "source" / COURSE, settings.assignment)
    for each in prepared.values():
        if broken := each.assignment.broken_checks:
            raise _broken(each, list(broken))
    try:
        require(shared(), Level(settings.require_sandbox))
    except CourseError as error:
        advice = (
            "Student code could read the answers and change its score. If you accept that, make the bundle again with "
            "--require-sandbox process."
        )
        raise CourseError(error.reason, settings.assignment, advice) from None
    return prepared


def _broken(prepared: Prepared, names: Sequence[str]) -> CourseError:
    known = prepared.assignment.broken_checks
    found = "; ".join(f"'{name}': {known.get(name, 'it could not judge this notebook')}" for name in names)
    return CourseError(
        f"a check is broken ({found}).",
        prepared.assignment.name,
        'Correct it, make the bundle again, upload it, and use "Regrade All Submissions".',
    )


def _chosen(folder: Path, assignment: str, prepared: Mapping[str, Prepared]) -> dict[str, tuple[HandedIn, str]]:
    """What to grade of each notebook of the assignment, and the name of its file.

    Raises HandInAgain when there is more than one for a notebook, or none at all.
    """
    masters = {name: each.assignment.master for name, each in prepared.items()}
    found = notebooks_in(folder, assignment, masters)
    chosen = dict[str, Path]()
    for name, paths in found.wanted.items():
        if len(paths) > 1:
            of = assignment if len(prepared) == 1 else f"{name}.ipynb"
            raise HandInAgain(
                f"You handed in {len(paths)} notebooks of {of}: {_names(folder, paths)}. "
                "Hand in only the one that should be graded."
            )
        chosen.update((name, path) for path in paths)
    if not (chosen or found.others):
        others = listed(folder) if folder.is_dir() else []
        what = f" (only {_names(folder, others)})" if others else ""
        raise HandInAgain(f"There is no notebook among your files{what}. Hand in the file that ends in .ipynb.")
    for path in found.others if chosen else ():
        if path.stem in prepared.keys() - chosen.keys():
            _taken_in(folder, assignment, path)  # a damaged notebook is not a missing one
    if not chosen:
        return _nearly_empty(folder, assignment, found.others, masters)
    return {name: (_taken_in(folder, assignment, path), _names(folder, [path])) for name, path in chosen.items()}


def _nearly_empty(
    folder: Path, assignment: str, others: Sequence[Path], masters: Masters
) -> dict[str, tuple[HandedIn, str]]:
    """A single notebook with few of the cells, which is graded; raises HandInAgain where it has none."""
    handed_in, file = _taken_in(folder, assignment, others[0]), _names(folder, others[:1])
    notebook = parse_handed_in(handed_in.notebook)[0]
    shares = {name: share_of(notebook, master) for name, master in masters.items()}
    if len(others) > 1 or not (best := max(shares, key=lambda name: shares[name])) or not shares[best]:
        names = _names(folder, others)
        raise HandInAgain(f"{names}: this is not a notebook of {assignment}. Hand in your notebook of {assignment}.")
    return {best: (handed_in, file)}


def _taken_in(folder: Path, assignment: str, path: Path) -> HandedIn:
    try:
        handed_in = take_in(Submission("student", assignment, path, folder))
        parse_handed_in(handed_in.notebook)
    except CourseError as error:
        name = _names(folder, [path])
        raise HandInAgain(f"{name} {error.reason} Open it in Jupyter, save it, and hand it in again.") from None
    return handed_in


def _names(folder: Path, paths: Sequence[Path]) -> str:
    names = [shown(path.relative_to(folder).as_posix())[-100:] for path in paths[:_MOST_NAMES]]
    return ", ".join(names) + (f" and {left} more" if (left := len(paths) - _MOST_NAMES) > 0 else "")


def _not_graded(sentence: str) -> dict[str, Any]:
    test = {"name": "Your notebook", "status": "failed", "output": sentence, "visibility": Visibility.VISIBLE.value}
    return {
        "score": 0,
        "output": sentence,
        "output_format": "text",
        "stdout_visibility": Visibility.HIDDEN.value,
        "tests": [test],
    }


def _graded(results: Sequence[tuple[str, NotebookResult]], settings: Settings) -> dict[str, Any]:
    """The results of notebooks that were graded; answers in words have no test, since a person marks them there.

    Before each stands what the names of its checks begin with.
    """
    handed_in = [result for _, result in results if result.notebook]
    first, *_ = handed_in
    return {
        "output": "\n".join(line for _, result in results for line in _lines(result)),
        "output_format": "text",
        "test_output_format": "text",
        "stdout_visibility": Visibility.HIDDEN.value,
        "tests": [
            _test(prefix, check, settings.hidden_checks)
            for prefix, result in results
            for check in result.checks
            if check.kind is not Kind.QUESTION
        ],
        "extra_data": {
            "assignment": first.assignment,
            "notebook": ", ".join(result.notebook for result in handed_in),
            "sandbox": first.sandbox,
            "digest": ", ".join(result.digest for result in handed_in),
            "version": first.version,
        },
    }


def _test(prefix: str, check: CheckResult, hidden_checks: Visibility) -> dict[str, Any]:
    visibility = hidden_checks if check.kind is Kind.HIDDEN else Visibility.VISIBLE
    # it can come from the values of hidden checks, so it is not seen before them
    difference = check.first_wrong_value if visibility is hidden_checks else ""
    return {
        "name": f"{prefix}{check.function}: {check.title}",
        "score": check.points,
        "max_score": check.max_points,
        "status": "passed" if check.state is State.PASSED else "failed",
        "output": "\n".join(filter(None, (check.sentence, difference, *check.about_mistake))),
        "visibility": visibility.value,
    }


def _lines(result: NotebookResult) -> list[str]:
    """What the student reads above the checks; never a sum, which would say how many hidden checks passed."""
    lines = [f"Graded: {result.notebook}."] if result.notebook else []
    for check in result.checks:
        if check.kind is Kind.QUESTION:
            where = f"{check.heading or check.function} ({check.max_points:g} points)"
            lines.append(f"{where}: {check.sentence or 'your answer is to be marked by hand.'}")
    return lines + [f"Note: {note}." for note in result.notes]


def _compare_points(path: Path, results: Sequence[NotebookResult]) -> None:
    """Tell the instructor when the assignment on Gradescope is worth other points than the notebooks."""
    with contextlib.suppress(CourseError, msgspec.MsgspecError, KeyError, TypeError, ValueError):
        metadata: Mapping[str, Any] = msgspec.json.decode(content_of(path))
        total = float(metadata["assignment"]["total_points"])
        ours = sum(result.max_points for result in results)
        if total != ours:
            checks = [check for result in results for check in result.checks]
            of_checks = sum(check.max_points for check in checks if check.kind is not Kind.QUESTION)
            by_hand = ours - of_checks
            what = "the notebook has" if len(results) == 1 else "the notebooks have"
            print(
                f"The assignment has {total:g} points on Gradescope, but {what} {ours:g}: "
                f"{of_checks:g} for checks and {by_hand:g} for answers that are marked by hand."
            )
