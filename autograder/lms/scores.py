"""Filling one column of a table that a learning platform exported: no other cell is changed, and no row is added."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from autograder.grading.inputs import mentioned
from autograder.lms.platforms import Platform
from autograder.lms.tables import People, Table, plain_name
from autograder.models import CourseError

_CANVAS_TITLE = re.compile(r"(?P<title>.*) \((?P<id>\d+)\)", re.DOTALL)
_BLACKBOARD_TITLE = re.compile(r"(?P<title>.*?) \[[^\]]*?(?P<points>\d+(?:[.,]\d+)?)[^\]]*\] \|(?P<id>\d+)", re.DOTALL)
_NUMBER = re.compile(r"-?\d+(?:[.,]\d+)?")
_READ_ONLY = "(read only)"
_MOST_NAMED = 8
NOT_FOR_SCORES = ("EX", "N/A")
"""What Canvas writes for a student who is excused from an assignment, or does not have it."""


@dataclass(frozen=True)
class Column:
    """The column of one assignment's scores; `maximum` is what the platform gives at most, None when it is not said."""

    table: Table
    place: int
    maximum: float | None
    comma: bool

    @property
    def name(self) -> str:
        """Its heading."""
        return self.table.head[self.place]

    def text(self, row: int) -> str:
        """What stands in a row now."""
        return self.table.cell(self.table.rows[row], self.place)

    def holds(self, row: int, score: float) -> bool:
        """Whether a row has this score already, as far as the platform shows it."""
        return (held := _number(self.text(row))) is not None and f"{held:.2f}" == f"{score:.2f}"

    def fill(self, row: int, score: float) -> None:
        """Put a score into a row."""
        cells = self.table.rows[row]
        cells.extend([""] * (self.place + 1 - len(cells)))
        text = f"{score:.2f}"
        cells[self.place] = text.replace(".", ",") if self.comma else text


def platform_of(people: People) -> Platform:
    """Which platform exported a table of scores."""
    if people.is_canvas:
        return Platform.CANVAS
    if any(_BLACKBOARD_TITLE.fullmatch(name) for name in people.table.head):
        return Platform.BLACKBOARD
    return Platform.MOODLE


def score_column(people: People, assignment: str, assignments: Collection[str], wanted: str = "") -> Column:
    """The column for the scores of an assignment.

    Args:
        people: the table, and who is in it.
        assignment: the assignment's name in the course.
        assignments: the names of all of them: a title belongs to the one with the longest name in it.
        wanted: the column's heading, title or number, if a person names it.

    Raises:
        CourseError: there is no such column, or more than one.
    """
    table, platform = people.table, platform_of(people)
    places = list(_candidates(people, platform))
    if wanted:
        every = range(len(table.head)) if platform is Platform.MOODLE else places
        found = [place for place in every if plain_name(wanted) in map(plain_name, _titles(table.head[place]))]
    elif platform is Platform.MOODLE:
        found = places
    else:
        found = [place for place in places if mentioned(_titles(table.head[place])[1], assignments) == assignment]
    if len(found) != 1:
        offered = [f"'{table.head[place]}'" for place in found or places]
        named = ", ".join(offered[:_MOST_NAMED]) + (", ..." if len(offered) > _MOST_NAMED else "")
        reason = f"has {'more than one column' if found else 'no column'} for the scores of {assignment}."
        advice = f"Name one with --column: {named}." if offered else "Export the table that holds this assignment."
        raise CourseError(reason, table.path, advice)
    numbers = [text for row in table.rows for text in (table.cell(row, found[0]), *_maxima(people, row, found[0]))]
    return Column(table, found[0], _maximum(people, found[0]), _has_comma(table, numbers))


def _titles(head: str) -> tuple[str, str, str]:
    """A heading, the title in it, and the platform's number of the assignment."""
    match = _CANVAS_TITLE.fullmatch(head.strip()) or _BLACKBOARD_TITLE.fullmatch(head.strip())
    return (head, match["title"], match["id"]) if match else (head, head, head)


def _candidates(people: People, platform: Platform) -> Iterator[int]:
    table = people.table
    if platform is Platform.MOODLE:
        place = table.column("Grade")
        yield from _before_maximum(table) if place is None else (place,)
        return
    title = _CANVAS_TITLE if platform is Platform.CANVAS else _BLACKBOARD_TITLE
    for place, head in enumerate(table.head):
        if title.fullmatch(head.strip()) and not any(_READ_ONLY in table.cell(row, place) for row in table.rows[:2]):
            yield place


def _before_maximum(table: Table) -> Iterator[int]:
    """In any language, Moodle's grades stand before a column that says the same number in every row."""
    for place in range(2, len(table.head) - 1):
        maxima = {table.cell(row, place + 1) for row in table.rows if row}
        most = _number(next(iter(maxima))) if len(maxima) == 1 else None
        grades = [table.cell(row, place) for row in table.rows if row]
        if most and all(not text or text == "-" or (_number(text) or 0.0) <= most for text in grades):
            yield place


def _maxima(people: People, row: list[str], place: int) -> Iterator[str]:
    """The texts of a row that say what the platform gives at most."""
    table = people.table
    if platform_of(people) is Platform.MOODLE:
        head = table.column("Maximum grade")
        yield table.cell(row, place + 1 if head is None else head)
    elif plain_name("points possible") in plain_name(table.cell(row, 0)):
        yield table.cell(row, place)


def _maximum(people: People, place: int) -> float | None:
    if match := _BLACKBOARD_TITLE.fullmatch(people.table.head[place].strip()):
        return _number(match["points"])
    found = {_number(text) for row in people.table.rows for text in _maxima(people, row, place)} - {None}
    return found.pop() if len(found) == 1 else None


def _number(text: str) -> float | None:
    return float(text.replace(",", ".")) if _NUMBER.fullmatch(text) else None


def _has_comma(table: Table, texts: list[str]) -> bool:
    """Whether numbers have a decimal comma here: as those that are there already, else as the cells are separated."""
    numbers = [text for text in texts if _NUMBER.fullmatch(text)]
    if any("," in text for text in numbers):
        return True
    return table.delimiter == ";" and not any("." in text for text in numbers)
