"""What the engine gives for each grade cell: `python -m tests.foreign.ours [NAME...]` lists all that differ."""

from __future__ import annotations

import json
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import nbformat
from traitlets.config import Config

from autograder.cells import as_handed_out, role
from autograder.grading.pool import grade_here, tried
from autograder.models import Assignment, HandedIn, Outcome
from autograder.sandbox import shared
from autograder.source import load, read_source
from tests.foreign.notebooks import files, has_wrong_answers, source
from tests.foreign.stock import FILES, STOCK, name_of


@dataclass(frozen=True)
class Given:
    """What was given for a submission: points by grade id (None: a person has to look), messages, broken checks."""

    points: dict[str, float | None]
    messages: dict[str, str]
    broken: dict[str, str]


def assignment_at(path: Path) -> Assignment:
    """The assignment in the file at `path`, its checks tried on its own solution."""
    with tempfile.TemporaryDirectory() as root:
        place = Path(root, "source", path.stem, f"{path.stem}.ipynb")
        place.parent.mkdir(parents=True)
        nbformat.write(source(path), place)
        for name, content in files(path).items():
            (place.parent / name).parent.mkdir(parents=True, exist_ok=True)
            (place.parent / name).write_bytes(content)
        config = Config({"CourseDirectory": {"root": root}})
        read = read_source(config, place)
        return tried(load(config, read), read.notebook)


def graded(path: Path, submissions: tuple[str, ...] = ("right",)) -> dict[str, Given]:
    """The result of grading these submissions of the assignment in the file at `path`."""
    assignment, found = assignment_at(path), {}
    for submission in submissions:
        notebook = _without_hidden(source(path, submission))
        handed_in = HandedIn("student", nbformat.writes(notebook).encode(), files(path))
        result = grade_here(assignment, handed_in, shared().level.value)
        if result.problem is not None:
            raise result.problem
        found[submission] = Given(
            {
                verdict.grade_id: None if verdict.outcome is Outcome.UNJUDGED else verdict.points
                for verdict in result.verdicts
            },
            {verdict.grade_id: verdict.message for verdict in result.verdicts},
            dict(assignment.broken_checks),
        )
    return found


def _without_hidden(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """What a student has of a notebook: a hidden line that is handed in would count as the student's own code."""
    for cell in notebook.cells:
        if role(cell).is_locked:
            cell.source = as_handed_out(cell.source)
    return notebook


def main(names: list[str]) -> None:
    """Print each cell that gives other points than with nbgrader itself, and how many are equal."""
    stock, equal, cells = json.loads(STOCK.read_text()), 0, 0
    for path in FILES:
        if names and path.stem not in names and path.parent.name not in names:
            continue
        wanted = stock[name_of(path)]
        cells += sum(map(len, wanted.values()))
        try:
            found = graded(path, ("right", "wrong") if has_wrong_answers(path) else ("right",))
        except Exception as error:
            print(f"{name_of(path)}: {type(error).__name__}: {error}")
            continue
        for submission, points in wanted.items():
            given = found[submission]
            for grade_id, value in points.items():
                if given.points.get(grade_id) == value:
                    equal += 1
                    continue
                reason = given.broken.get(grade_id) or given.messages.get(grade_id)
                print(f"{name_of(path)} {submission} {grade_id}: {given.points.get(grade_id)}, not {value}: {reason}")
    print(f"{equal} of {cells} equal")


if __name__ == "__main__":
    main(sys.argv[1:])
