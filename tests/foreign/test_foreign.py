"""Cells of other courses have the points that nbgrader gives, for right and wrong answers, but for those listed.

`causes/` has an assignment for each thing that once kept a course from being judged, `documentation/` the kinds that
nbgrader's documentation shows, `cells/` exercises that were written by somebody who had not seen the engine.
"""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest

from tests.foreign.notebooks import HERE, has_wrong_answers
from tests.foreign.ours import graded
from tests.foreign.stock import FILES, STOCK, both, name_of

LISTED = tomllib.loads((HERE / "differences.toml").read_text())
POINTS: dict[str, dict[str, dict[str, float]]] = json.loads(STOCK.read_text())


def _in(*folders: str) -> list[Path]:
    return [path for path in FILES if path.parent.name in folders]


def _difference(path: Path) -> dict[str, object]:
    """The cells of a file that have other points than listed or, if they are not, than nbgrader's; those they have."""
    name = name_of(path)
    found = graded(path, ("right", "wrong") if has_wrong_answers(path) else ("right",))
    different: dict[str, object] = {}
    for submission, points in POINTS[name].items():
        given = found[submission]
        for grade_id, value in points.items():
            wanted: float | None = LISTED["other"].get(f"{name} {submission} {grade_id}", [value])[0]
            if f"{name} {grade_id}" in LISTED["named"]:
                assert grade_id in given.broken
                wanted = None
            if given.points.get(grade_id) != wanted:
                reason = given.broken.get(grade_id) or given.messages.get(grade_id)
                different[f"{submission} {grade_id}"] = (given.points.get(grade_id), wanted, reason)
    return different


@pytest.mark.parametrize("path", _in("causes", "documentation"), ids=name_of)
def test_a_cell_of_another_course_has_the_points_that_nbgrader_gives(path: Path) -> None:
    """Right answers and wrong ones."""
    assert _difference(path) == {}


@pytest.mark.thorough
@pytest.mark.parametrize("path", _in("cells"), ids=name_of)
def test_a_cell_written_without_sight_of_the_engine_has_the_points_that_nbgrader_gives(path: Path) -> None:
    """Right answers and wrong ones."""
    assert _difference(path) == {}


@pytest.mark.thorough
@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_the_points_kept_in_the_file_are_those_that_nbgrader_gives(path: Path) -> None:
    """`python -m tests.foreign.stock` makes the file again."""
    assert both(path) == POINTS[name_of(path)]


def test_every_listed_difference_is_of_a_cell_that_exists() -> None:
    """What was renamed or removed is not listed any more."""
    cells = {f"{name} {grade_id}" for name, points in POINTS.items() for grade_id in points["right"]}
    assert set(LISTED["named"]) <= cells
    assert {" ".join(key.split(" ")[::2]) for key in LISTED["other"]} <= cells
