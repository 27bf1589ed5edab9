"""The numbers of a report as CSV, for a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from autograder.report.overview import Overview

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def tables(overview: Overview) -> dict[str, str]:
    """The text of each table by its name."""
    return {
        "scores": _csv(
            ("student", "points", "max_points", "waiting"),
            ((link.student, points, overview.most, waiting) for link, points, waiting in overview.rows),
        ),
        "checks": _csv(
            ("check", "function", "judged", "share_passed", "discrimination"),
            (
                (item.grade_id, item.part, item.judged, round(item.share, 4), _rounded(item.discrimination))
                for item in overview.items
            ),
        ),
        "misconceptions": _csv(
            ("misconception", "student"),
            ((mistake.name, link.student) for mistake in overview.mistakes for link in mistake.students),
        ),
    }


def _csv(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(head)
    writer.writerows([_cell(value) for value in row] for row in rows)
    return text.getvalue()


def defused(text: str) -> str:
    """CSV that was written without quotes, in which no cell is a formula."""
    rows = ([cell if _is_number(cell) else _cell(cell) for cell in line.split(",")] for line in text.split("\n"))
    return "\n".join(",".join(map(str, row)) for row in rows)


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _cell(value: object) -> object:
    """A name that a spreadsheet would take for a formula stands there as text."""
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value


def _rounded(number: float | None) -> float | str:
    return "" if number is None else round(number, 4)
