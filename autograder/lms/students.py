"""Who is who: the ids in the course of the people and groups that a learning platform names."""

from __future__ import annotations

import contextlib
import re
import unicodedata
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

from dateutil.parser import parse

from autograder.grading.inputs import require_usable_name
from autograder.lms.collected import Collected, KnownStudent
from autograder.lms.platforms import HandedOut, Platform
from autograder.lms.tables import People, Person, letters, plain_name
from autograder.text import shown


class Students:
    """Finds the id in the course of everybody whom a download names, the one that was used before if there is one.

    `known` holds everybody by these ids, `unknown` who is not in the table of the class.

    Args:
        folder: the folder of all submissions.
        assignment: the assignment that the download is of.
        platform: where it comes from.
        remembered: who is known from before.
        people: the class, if the platform exported it.
    """

    def __init__(
        self,
        folder: Path,
        assignment: str,
        platform: Platform,
        remembered: Collected,
        people: People | None,
    ) -> None:
        self.known = dict(remembered.students)
        self.unknown: dict[str, str] = {}
        self._platform = platform
        self._people = people.persons if people else None
        self._submissions = remembered.submissions.get(assignment, {})
        self._taken: dict[str, str] = {}
        self._times = _times(people) if people else {}
        self._shared = {name for name, count in Counter(each.name for each in self._people or ()).items() if count > 1}
        present = sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []
        self._present = {unicodedata.normalize("NFC", name): name for name in present}
        for person in self._people or ():
            if person.canvas or person.login or person.names:
                self._id_of_person(person)

    def id_of(self, handed_out: HandedOut, namesakes: bool) -> str | None:
        """The student's or group's id; None, with a line in `unknown`, for somebody who is not in the class's table.

        Args:
            handed_out: what a file's name says.
            namesakes: whether several in this download have the same name.
        """
        for student, held in self._submissions.items():
            if held.platform == self._platform.value and held.key == handed_out.key:
                return student
        if handed_out.is_anonymous:
            name = handed_out.key if self._platform is Platform.CANVAS else f"{handed_out.name} {handed_out.key}"
            return self._free(name, handed_out.key)
        persons = self._persons(handed_out)
        if len(persons) == 1:
            return self._id_of_person(persons[0])
        if self.members_of(handed_out):
            return self._group(handed_out)
        if self._people is not None and not persons:
            self.unknown[shown(f"{handed_out.name} ({handed_out.key})")] = "not in the table of the class."
            return None
        return self._without_table(handed_out, namesakes or len(persons) > 1)

    def time_of(self, handed_out: HandedOut) -> datetime | None:
        """When something was handed in, as far as the class's table says it."""
        return self._times.get(handed_out.key) if self._platform is Platform.MOODLE else None

    def _group(self, handed_out: HandedOut) -> str:
        """The id of a group, for which another member may have handed in before."""
        name = letters(handed_out.name)
        held = [student for student, each in self._submissions.items() if each.members and letters(each.name) == name]
        return held[0] if held else self._free(handed_out.name, handed_out.key)

    def _without_table(self, handed_out: HandedOut, namesakes: bool) -> str:
        if self._platform is Platform.CANVAS:
            same = [name for name, each in self.known.items() if each.canvas == handed_out.key]
            student = same[0] if same else self._free(f"{handed_out.name}_{handed_out.key}", handed_out.key)
            self.known.setdefault(student, KnownStudent(canvas=handed_out.key))
            return student
        if self._platform is Platform.FOLDER:  # whose folder it is, its name says
            return self._free(handed_out.key, handed_out.key, is_id=True)
        if self._platform is Platform.BLACKBOARD:
            same = [name for name, each in self.known.items() if each.login == handed_out.key]
            student = same[0] if same else self._free(handed_out.key, handed_out.key)
            self.known.setdefault(student, KnownStudent(login=handed_out.key))
            return student
        same = [name for name, each in self.known.items() if plain_name(each.name) == plain_name(handed_out.name)]
        if len(same) == 1 and not namesakes:
            return same[0]
        if same or namesakes:  # which of them it is, nobody can say
            return self._free(f"{handed_out.name} {handed_out.key}", handed_out.key)
        first, _, last = handed_out.name.rpartition(" ")
        student = self._free(handed_out.name, handed_out.key)
        self.known[student] = KnownStudent(name=handed_out.name, first_name=first, last_name=last)
        return student

    def _persons(self, handed_out: HandedOut) -> list[Person]:
        people = self._people or []
        if self._platform is Platform.CANVAS:
            return [each for each in people if each.canvas == handed_out.key and not self.members_of(handed_out)]
        if self._platform is Platform.MOODLE and any(each.participant for each in people):
            if exact := [each for each in people if each.participant == handed_out.key]:
                return exact
            return []
        name = plain_name(handed_out.name)
        return [each for each in people if plain_name(each.login) == plain_name(handed_out.key) or name in each.names]

    def members_of(self, handed_out: HandedOut) -> list[str]:
        """The platform's ids of the members of a group of this name, from the class's table."""
        name = letters(handed_out.name)
        here = [each for each in self._people or () if each.group and letters(each.group) == name]
        return [each.canvas or each.participant or each.login for each in here]

    def _id_of_person(self, person: Person) -> str:
        facts = KnownStudent(*(getattr(person, field) for field in KnownStudent.__struct_fields__))
        if (name := self._held(facts)) is not None:
            self.known[name] = _merged(self.known[name], facts)
            return name
        wanted = person.login or person.name or f"{person.first_name} {person.last_name}".strip()
        if not person.login and person.canvas:
            wanted = f"{letters(f'{person.last_name}{person.first_name}' or person.name)}_{person.canvas}"
        key = person.canvas or person.participant or person.email or person.sis
        student = self._free(wanted if person.login or person.name not in self._shared else f"{wanted} {key}", key)
        self.known[student] = facts
        return student

    def _held(self, facts: KnownStudent) -> str | None:
        """The id of a person who is known already: by an id of the platform, else by a name that only one has."""
        same = {name: _is_one(each, facts) for name, each in self.known.items()}
        if by_id := [name for name, is_one in same.items() if is_one]:
            return by_id[0]
        by_name = [
            name
            for name, is_one in same.items()
            if is_one is None and facts.name and plain_name(self.known[name].name) == plain_name(facts.name)
        ]
        return by_name[0] if len(by_name) == 1 and facts.name not in self._shared else None

    def _free(self, wanted: str, key: str, *, is_id: bool = False) -> str:
        """An id that is usable as a folder's name and nobody else's; one that `is_id` may be known already.

        Who calls himself like somebody else gets a folder with the platform's number in its name.
        """
        for name in (wanted, f"{wanted} {key}"):
            student = _usable(name)
            student = self._present.get(student, student)
            is_others = not is_id and (student in self.known or student in self._submissions)
            if not is_others and self._taken.setdefault(student, key) == key:
                break
        return student


def _is_one(one: KnownStudent, other: KnownStudent) -> bool | None:
    """Whether two are the same person, by the first of the platform's ids that both have; None when there is none."""
    for name in ("canvas", "login", "sis", "email"):
        if (mine := getattr(one, name)) and (theirs := getattr(other, name)):
            return bool(plain_name(mine) == plain_name(theirs))
    return None


def _merged(held: KnownStudent, new: KnownStudent) -> KnownStudent:
    fields = KnownStudent.__struct_fields__
    return KnownStudent(*(getattr(new, name) or getattr(held, name) for name in fields))


_NOT_IN_IDS = re.compile(r'[<>"\\#?%/\x00]')
_LONGEST_ID = 100


def _usable(name: str) -> str:
    """A name that `grade` and every page can show."""
    name = shown(_NOT_IN_IDS.sub("_", unicodedata.normalize("NFC", name))).replace("\\", "_")
    name = " ".join(name.split()).lstrip(".")[:_LONGEST_ID].strip() or "unnamed"
    require_usable_name(name)
    return name


_ENGLISH_DATE = re.compile(
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December)\b.*\b\d{4}\b"
)
"""A date whose month has a name: of numbers alone, nobody knows which is the month."""


def _times(people: People) -> dict[str, datetime]:
    """When Moodle's participants handed in, as a worksheet in English says it in the time of this computer's zone."""
    table = people.table
    column = table.column("Last modified (submission)")
    found: dict[str, datetime] = {}
    for row, person in zip(table.rows, people.rows, strict=True):
        with contextlib.suppress(ValueError, OverflowError):
            text = table.cell(row, column)
            if person is not None and _ENGLISH_DATE.search(text):
                found[person.participant] = parse(text).astimezone(UTC)
    return found
