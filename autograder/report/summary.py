"""The report on a class: one page for the instructor, and its numbers beside it."""

from __future__ import annotations

import statistics
from dataclasses import dataclass
from pathlib import Path

from autograder.notebooks.shelf import keep
from autograder.report.feedback import Class, folder
from autograder.report.items import histogram
from autograder.report.overview import Overview, overview
from autograder.report.rendering import render
from autograder.report.tables import tables

_WIDTH, _HEIGHT, _GAP = 56.0, 180.0, 4.0


@dataclass(frozen=True)
class Bar:
    """One class of a histogram, as it is drawn: lengths in the units of the drawing, from its top left corner."""

    low: float
    high: float
    count: int
    x: float
    y: float
    width: float
    height: float


def write(room: Class) -> tuple[list[Path], Overview]:
    """Write the report on a graded class beside the feedback; returns what was written, and what it says.

    Raises CourseError when it cannot be written.
    """
    place = folder(room).parent / "report"
    found = overview(room, place)
    files = {f"{room.assignment}-{name}.csv": text for name, text in tables(found).items()}
    files = {f"{room.assignment}.html": page(room, found, list(files)), **files}
    for name, text in files.items():
        keep(place / name, text.encode())
    return [place / name for name in files], found


def page(room: Class, found: Overview, csv_files: list[str]) -> str:
    """The report as HTML."""
    return render(
        "report.html",
        outline=room.sheet.outline,
        class_=found,
        bars=bars(found),
        csv_files=csv_files,
        median_seconds=statistics.median(found.seconds) if found.seconds else None,
    )


def bars(found: Overview) -> list[Bar]:
    """The distribution of scores, drawn."""
    classes = histogram(found.points, found.most)
    tallest = max(count for _, _, count in classes) or 1
    return [
        Bar(low, high, count, at * _WIDTH, _HEIGHT * (1 - count / tallest), _WIDTH - _GAP, _HEIGHT * count / tallest)
        for at, (low, high, count) in enumerate(classes)
    ]
