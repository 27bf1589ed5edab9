"""Whatever one student's code does, it costs at most its limits, and everybody else is entered.

Culprits of one kind are in one class; a test asks what became of one of them.
"""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from tests.hostile.classroom import ASSIGNMENT, FULL_MARKS, OTHERS, Classroom, Run, classroom
from tests.hostile.costly import COSTLY, PAGES, Watched

pytestmark = pytest.mark.xdist_group("hostile code")

_LIMITS = {"notebook_seconds": 6, "cell_seconds": 2}
_MOST_SECONDS = len(COSTLY) * (_LIMITS["notebook_seconds"] + 12) + 60
"""What all of them may take, one after the other; 12 for beginning and ending each, and the rest for all others."""

_PAGE_SECONDS = len(COSTLY) * 9 + 60
"""Twice 4.5 for a page."""


@dataclass(frozen=True)
class Finished:
    """A class, how its grading and its feedback went, and the most memory that grading took, in MB."""

    room: Classroom
    grading: Run
    feedback: Run
    megabytes: float


@pytest.fixture(scope="module")
def costly(tmp_path_factory: pytest.TempPathFactory) -> Finished:
    """Those who cost as much as they can; graded one after the other, so that the memory is that of one of them."""
    room = classroom(tmp_path_factory.mktemp("costly") / "course", COSTLY)
    room.set_limits(**_LIMITS)
    with Watched() as watched:
        grading = room.run("grade", ASSIGNMENT, "--workers", "1", limit=_MOST_SECONDS)
    return Finished(room, grading, room.run("feedback", ASSIGNMENT, limit=_PAGE_SECONDS), watched.megabytes)


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Finished:
    """Those whose pages take long to write."""
    room = classroom(tmp_path_factory.mktemp("pages") / "course", PAGES)
    with Watched() as watched:
        grading = room.run("grade", ASSIGNMENT, limit=_MOST_SECONDS)
    return Finished(room, grading, room.run("feedback", ASSIGNMENT, limit=_PAGE_SECONDS), watched.megabytes)


@pytest.mark.parametrize("kind", ["costly", "pages"])
def test_everybody_else_is_entered_and_has_a_page(request: pytest.FixtureRequest, kind: str) -> None:
    """Within the limits on memory, and on time: a command that goes on beyond it is ended, and fails."""
    found: Finished = request.getfixturevalue(kind)
    assert "Traceback" not in found.grading.text + found.feedback.text
    found.room.require_others()
    assert found.megabytes < 1000
    for student in OTHERS:
        assert (found.room.root / "grading" / "feedback" / student / ASSIGNMENT / f"{ASSIGNMENT}.html").exists()


@pytest.mark.parametrize("student", COSTLY)
def test_what_is_kept_of_a_costly_submission_is_small(costly: Finished, student: str) -> None:
    """Its graded notebook, unless it was refused."""
    graded = costly.room.graded(student)
    assert graded.exists() or student in costly.grading.text
    assert not graded.exists() or graded.stat().st_size < 15_000_000


@pytest.mark.parametrize("student", PAGES)
def test_a_page_that_takes_long_is_written_and_costs_no_mark(pages: Finished, student: str) -> None:
    """Without the student's own work, if that takes too long."""
    assert pages.room.points(student) == FULL_MARKS
    assert pages.feedback.status == 0
    assert f"{len(OTHERS) + len(PAGES)} pages written" in pages.feedback.text
