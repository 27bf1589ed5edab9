"""Marks and comments that a person gives: entered as Formgrader enters them, and never over somebody else's."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import msgspec
import pytest
from nbgrader.api import Gradebook
from traitlets.config import Config

from autograder.config import course_config
from autograder.gradebook import by_hand
from autograder.gradebook.by_hand import Change, Marked
from autograder.gradebook.read import marks, scores
from autograder.gradebook.write import Entry, Writer, register
from autograder.models import Graded
from autograder.notebook import read
from tests.gradebook.postgresql import server

NAME = "question-inactive"


@pytest.fixture(params=["sqlite", "postgresql"])
def config(request: pytest.FixtureRequest, course: Path) -> Iterator[Config]:
    """The settings of a course in which ada answered and grace did not."""
    made = course_config(course)
    source = read(course / "source" / "backprop" / "backprop.ipynb")

    def enter() -> Config:
        register(made, "backprop", {"backprop": source}, "first")
        handed_in = {"ada": frozenset[str](), "grace": frozenset({NAME})}
        day = datetime(2026, 1, 2)
        entries = [Entry(Graded(name, no_response=blank), "d", day, name) for name, blank in handed_in.items()]
        Writer(made, "backprop").write(entries)
        return made

    if request.param == "sqlite":
        yield enter()
        return
    with server() as running:
        made.CourseDirectory.db_url = running.url("gradebook")
        yield enter()


def held(config: Config) -> dict[str, Marked]:
    """What each student has for the question."""
    found = by_hand.read(config.CourseDirectory.db_url, "backprop", [NAME])
    return {each.student: each for each in found}


def give(config: Config, *changes: Change) -> frozenset[str]:
    """Make changes; returns the keys of those that were refused."""
    return by_hand.give(config, "backprop", changes).refused


def formgrader(config: Config, student: str, points: float | None, comment: str | None) -> None:
    """What Formgrader's two handlers do with what a person enters there."""
    with Gradebook(config.CourseDirectory.db_url) as book:
        names = (NAME, "backprop", "backprop", student)
        grade, note = book.find_grade(*names), book.find_comment(*names)
        grade.manual_score, note.manual_comment = points, comment
        grade.needs_manual_grade = grade.manual_score is None and grade.auto_score is None
        book.db.commit()


@pytest.mark.parametrize(("points", "comment"), [(2.5, "Well *seen*."), (0.0, ""), (None, "No mark yet.")])
def test_a_mark_is_entered_as_formgrader_enters_it(config: Config, points: float | None, comment: str) -> None:
    """For an answer and for a blank one, which nbgrader gives 0 points; the score follows."""
    before = held(config)
    assert (before["ada"].mark.waits, before["grace"].mark.waits) == (True, False)
    for student in before:
        formgrader(config, student, points, comment or None)
    theirs = held(config)
    for each in theirs.values():  # back to what it was
        state = before[each.student]
        change = Change(each.key, each.version, state.mark.by_hand, state.comment, state.mark.waits)
        assert not give(config, change)
    assert held(config) == before
    changes = [Change(each.key, each.version, points, comment) for each in before.values()]
    assert not give(config, *changes)
    assert held(config) == theirs
    url = config.CourseDirectory.db_url
    assert scores(url, "backprop", ["ada"])["ada"].by_hand == (points or 0)
    assert marks(url, "backprop")["ada"].comments.get(NAME, "") == comment


def test_what_somebody_else_changed_meanwhile_is_not_replaced(config: Config) -> None:
    """It is said whose change was refused, and the others are made; who asks twice is not refused."""
    seen = held(config)
    formgrader(config, "ada", 3, "From Formgrader.")
    theirs = held(config)["ada"]
    ada, grace = (Change(seen[name].key, seen[name].version, 1, "Mine.") for name in ("ada", "grace"))
    assert give(config, ada, grace) == {theirs.key}
    now = held(config)
    assert now["ada"] == theirs
    assert (now["grace"].mark.by_hand, now["grace"].comment) == (1, "Mine.")
    assert not give(config, grace)
    assert held(config) == now
    assert not give(config, msgspec.structs.replace(ada, version=theirs.version))
    assert held(config)["ada"].comment == "Mine."


def test_a_comment_alone_gives_no_mark(config: Config) -> None:
    """The answer still waits; a character that no database takes is left out."""
    ada = held(config)["ada"]
    assert not give(config, Change(ada.key, ada.version, comment="  See\x00 above.\n"))
    now = held(config)["ada"]
    assert (now.comment, now.mark) == ("See above.", ada.mark)


def test_a_new_submission_of_the_student_counts_as_a_change(config: Config) -> None:
    """The person has seen another answer."""
    ada = held(config)["ada"]
    Writer(config, "backprop").write([Entry(Graded("ada"), "d", None, "another")])
    assert give(config, Change(ada.key, ada.version, 4)) == {ada.key}
    assert held(config)["ada"].mark == ada.mark


def test_points_that_the_cell_does_not_give_are_refused_and_nothing_is_entered(config: Config) -> None:
    """Nor is any other change of the same request."""
    before = held(config)
    ada, grace = (Change(before[name].key, before[name].version, 1) for name in ("ada", "grace"))
    for points in (-0.5, 4.5):
        with pytest.raises(ValueError, match="points are not between 0 and 4"):
            give(config, ada, msgspec.structs.replace(grace, points=points))
    assert held(config) == before
    assert give(config, Change("unknown", "", 1)) == {"unknown"}


def test_a_penalty_that_is_a_part_of_the_score_follows_the_mark(config: Config) -> None:
    """It is decided again for the student whose score has changed."""
    url = config.CourseDirectory.db_url
    with Gradebook(url) as book:
        book.find_assignment("backprop").duedate = datetime(2026, 1, 1)
        book.db.commit()
    config.LateSubmissionPlugin.penalty_method = "zero"
    ada = held(config)["ada"]
    assert not give(config, Change(ada.key, ada.version, 3))
    assert marks(url, "backprop")["ada"].penalty == 3 and marks(url, "backprop")["ada"].points == 0
