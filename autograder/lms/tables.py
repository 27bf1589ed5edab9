"""Tables that learning platforms export: who is in the class, and the column of one assignment's scores.

A table is read whichever way a platform or a spreadsheet stored it, and written back the same way.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from autograder.lms.archives import readable
from autograder.lms.collected import KnownStudent
from autograder.models import CourseError

_MOST_BYTES = 64_000_000
_LONGEST_FIELD = 16_000_000
_DELIMITERS = ",;\t"
_QUOTED = re.compile(r'"[^"]*"')
_MARKS = (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


@dataclass
class Table:
    """A table of texts with its heading, and how it was stored."""

    path: Path
    head: list[str]
    rows: list[list[str]]
    delimiter: str = ","
    newline: str = "\r\n"
    encoding: str = "utf-8"
    mark: bytes = b""

    def column(self, *names: str) -> int | None:
        """The place of the first column that has one of these names, in any case."""
        wanted = [plain_name(name) for name in names]
        heads = [plain_name(name) for name in self.head]
        return next((heads.index(name) for name in wanted if name in heads), None)

    def cell(self, row: Sequence[str], column: int | None) -> str:
        """The text of a row in a column, empty where there is none."""
        return row[column].strip() if column is not None and column < len(row) else ""

    def content(self) -> bytes:
        """The file's bytes."""
        text = io.StringIO()
        writer = csv.writer(text, delimiter=self.delimiter, lineterminator=self.newline)
        writer.writerows([self.head, *self.rows])
        return self.mark + text.getvalue().encode(self.encoding)


def plain_name(text: str) -> str:
    """A name to compare with others: composed letters, one space between words, no difference in case."""
    return " ".join(unicodedata.normalize("NFC", text).split()).casefold()


def letters(name: str) -> str:
    """The letters and digits of a name, which is what Canvas keeps of it."""
    return re.sub(r"[\W_]", "", unicodedata.normalize("NFC", name)).casefold()


def read_table(path: Path) -> Table:
    """The table at `path`; raises CourseError when it is not one."""
    advice = "Export it again from the learning platform, as CSV."
    with readable(path):
        content = path.read_bytes() if path.stat().st_size <= _MOST_BYTES else b"\x00"
    mark = next((mark for mark in _MARKS if content.startswith(mark)), b"")
    text, encoding = _decoded(content.removeprefix(mark), mark)
    first = text.partition("\n")[0]
    delimiter = next((character for character in _QUOTED.sub("", first) if character in _DELIMITERS), ",")
    csv.field_size_limit(_LONGEST_FIELD)
    try:
        head, *rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    except (csv.Error, ValueError):
        raise CourseError("not a table.", path, advice) from None
    if len(head) < 2 or "\x00" in text:
        raise CourseError("not a table.", path, advice)
    newline = "\r\n" if first.endswith("\r") else "\n"
    return Table(path, head, rows, delimiter, newline, encoding, mark)


def _decoded(content: bytes, mark: bytes) -> tuple[str, str]:
    """The text, and the encoding in which it can be written again without a change."""
    if mark in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        encoding = "utf-16-le" if mark == codecs.BOM_UTF16_LE else "utf-16-be"
        return content.decode(encoding, "replace"), encoding
    for encoding in ("utf-8", "cp1252"):
        try:
            return content.decode(encoding), encoding
        except UnicodeDecodeError:
            continue
    return content.decode("latin-1"), "latin-1"


class Person(KnownStudent, frozen=True):
    """A row of a table: one person in the platform's words. `participant` is Moodle's number in one assignment."""

    participant: str = ""
    group: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        """The names by which a download may call this person."""
        both = f"{self.first_name} {self.last_name}".strip()
        return tuple(dict.fromkeys(plain_name(name) for name in (self.name, both) if name))


_POINTS_POSSIBLE = "points possible"
_IDENTIFIER = re.compile(r"\D*?[ \u00a0]?(\d+)")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_FIRST = ("First name", "FirstName", "First Name", "Vorname", "Prénom", "Nombre", "given name")
_LAST = ("Surname", "Last name", "LastName", "Last Name", "Nachname", "Nom de famille", "Apellido(s)", "family name")
_FULL = ("Full name", "Student", "Name", "Vollständiger Name", "Nom complet", "Nombre completo", "Student Name")
_LOGIN = ("SIS Login ID", "Username", "login_id", "Anmeldename", "Login", "Nom d'utilisateur")
_EMAILS = ("Email address", "Email", "E-Mail-Adresse", "E-mail", "Adresse de courriel", "Correo electrónico")


@dataclass(frozen=True)
class People:
    """The people of a table, row by row; None for rows that are no people, such as Canvas's points possible."""

    table: Table
    rows: list[Person | None] = field(default_factory=list)

    @property
    def persons(self) -> list[Person]:
        """The people alone."""
        return [person for person in self.rows if person is not None]

    @property
    def is_canvas(self) -> bool:
        """Whether this is a table of Canvas: its gradebook, or its list of groups."""
        return self.table.column("canvas_user_id") is not None or _is_canvas_gradebook(self.table)


def _is_canvas_gradebook(table: Table) -> bool:
    heads = [plain_name(name) for name in table.head]
    return heads[0] in ("student", "lastname") and "id" in heads[1:3] and "section" in heads


def read_people(table: Table) -> People:
    """Who is in a table: Canvas's gradebook or groups, Moodle's worksheet or participants, Blackboard's grade centre.

    Raises CourseError when it names nobody.
    """
    is_canvas = _is_canvas_gradebook(table)
    columns = {
        "name": table.column(*_FULL),
        "first_name": table.column(*_FIRST),
        "last_name": table.column(*_LAST),
        "email": table.column(*_EMAILS),
        "login": table.column(*_LOGIN),
        "canvas": table.column("ID") if is_canvas else table.column("canvas_user_id"),
        "sis": table.column("SIS User ID", "user_id", "Student ID", "ID number"),
        "group": table.column("Group", "group_name", "Gruppe", "Groupe", "Grupo"),
    }
    participant = None if is_canvas else _identifier_column(table)
    found = People(table, [_person(table, row, columns, participant, is_canvas) for row in table.rows])
    if not found.persons:
        advice = "Name a gradebook, a grading worksheet or a list of participants that your platform exported."
        raise CourseError("names no students.", table.path, advice)
    return found


def _identifier_column(table: Table) -> int | None:
    """The column of Moodle's `Participant 12345`, which is headed and written in the teacher's language."""
    first = [table.cell(row, 0) for row in table.rows if any(row)]
    texts = [match for text in first if (match := _IDENTIFIER.fullmatch(text)) and not text[0].isdigit()]
    return 0 if first and len(texts) == len(first) else None


def _person(
    table: Table, row: Sequence[str], columns: dict[str, int | None], participant: int | None, is_canvas: bool
) -> Person | None:
    values = {name: table.cell(row, column) for name, column in columns.items()}
    if is_canvas:
        if not values["canvas"] or _POINTS_POSSIBLE in plain_name(table.cell(row, 0)):
            return None
        if "," in values["name"]:
            last, first = values["name"].split(",", 1)
            values |= {"last_name": last.strip(), "first_name": first.strip()}
            values["name"] = f"{first.strip()} {last.strip()}"
    if match := _IDENTIFIER.fullmatch(table.cell(row, participant)):
        values["participant"] = match[1]
    if not values["email"]:
        values["email"] = values["login"] if _EMAIL.fullmatch(values["login"]) else ""
    return Person(**values) if any(values.values()) else None
