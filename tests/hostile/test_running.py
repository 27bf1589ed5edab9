"""Whatever one student's code does, it costs at most its limits, and everybody else is entered."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from tests.hostile.classroom import ASSIGNMENT, FULL_MARKS, Classroom, Spoil, classroom
from tests.hostile.costly import COSTLY, PAGES, Watched

_SECONDS, _SPARE = 6, 15
"""The notebook's time in these tests, and what may be added to it: for beginning, ending, reading and writing."""


def graded(tmp_path: Path, spoil: Spoil) -> tuple[Classroom, float]:
    """The class when it is graded, and the memory that this took."""
    room = classroom(tmp_path / "course", spoil)
    room.set_limits(notebook_seconds=_SECONDS, cell_seconds=2)
    with Watched() as watched:
        done = room.grade()
    assert "Traceback" not in done.text
    assert done.seconds < _SECONDS + _SPARE
    room.require_others()
    return room, watched.megabytes


@pytest.mark.parametrize("spoil", COSTLY.values(), ids=COSTLY)
def test_it_costs_at_most_its_limits(tmp_path: Path, spoil: Spoil) -> None:
    """Time, memory, room on the disk; and its page is written."""
    room, megabytes = graded(tmp_path, spoil)
    assert megabytes < 1000
    if room.graded.exists():
        assert room.graded.stat().st_size < 15_000_000
    start = time.monotonic()
    written = room.run("feedback", ASSIGNMENT)
    assert "Traceback" not in written.text
    assert time.monotonic() - start < 12


@pytest.mark.parametrize("spoil", PAGES.values(), ids=PAGES)
def test_its_page_is_written_in_ten_seconds(tmp_path: Path, spoil: Spoil) -> None:
    """And so are all others."""
    room, _ = graded(tmp_path, spoil)
    assert room.points() == FULL_MARKS
    written = room.run("feedback", ASSIGNMENT)
    assert "12 pages written" in written.text
    assert written.seconds < 12  # two of which are for beginning
    assert written.status == 0
