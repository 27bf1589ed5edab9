"""What students handed in: the submissions of a class, the files of each, and when."""

from __future__ import annotations

import codecs
import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from pathlib import Path

from dateutil import tz
from dateutil.parser import parse
from traitlets.config import Config

from autograder.files import require_plain, taken
from autograder.models import CourseError, HandedIn, Submission
from autograder.text import shown

_MOST_NOTES = 3
_LONGEST_NAME = 128
"""What nbgrader's gradebook keeps."""

_LONGEST_TIME = 200
_NOT_IN_NAMES = '<>"\\#?%'
"""Formgrader writes names into its pages, their scripts and their addresses as they are."""


def find(config: Config, assignment: str) -> list[Submission]:
    """Every student's submission of `assignment`, by name; raises CourseError when nothing was handed in.

    A student who handed in a folder without the right notebook is listed too, so that grading can say so.
    """
    folder = Path(config.CourseDirectory.root, config.CourseDirectory.submitted_directory)
    try:
        students = sorted(path for path in folder.iterdir() if not path.name.startswith("."))
    except FileNotFoundError:
        advice = f"Put submissions into {folder}/<student>/{assignment}/."
        raise CourseError("missing.", folder, advice) from None
    except OSError as error:
        raise CourseError(f"cannot be read ({error.strerror}).", folder, "Check its permissions.") from None
    found = [
        Submission(shown(student.name), assignment, student / assignment / f"{assignment}.ipynb")
        for student in students
        if _handed_in(student, assignment)
    ]
    if not found:
        advice = f"Put them into {folder}/<student>/{assignment}/."
        raise CourseError(f"no submission of {assignment}.", folder, advice)
    return found


def take_in(submission: Submission) -> HandedIn:
    """What was handed in, as bytes; raises CourseError, which says where, when it is missing or cannot be read."""
    try:
        require_usable_name(submission.path.parent.parent.name)
    except CourseError as error:
        raise error.within(submission.path) from None
    try:
        if not submission.path.exists():
            raise _missing(submission)
        require_plain(submission.path)
        folder = submission.path.parent
        files, left_out = taken(folder)
        return HandedIn(submission.student, submission.path.read_bytes(), files, _notes(folder, left_out))
    except OSError as error:
        place = shown(str(error.filename or submission.path))
        raise CourseError(f"cannot be read ({error.strerror}).", place, "Check its permissions.") from None


def time_of(submission: Submission, handed_in: HandedIn) -> datetime | None:
    """When it was handed in, from the `timestamp.txt` that nbgrader's exchange leaves; None without that file.

    Raises CourseError, which says where, when it is not a time.
    """
    text = _text(handed_in.files.get("timestamp.txt", b"")[:_LONGEST_TIME])
    if not text:
        return None
    lines = text.splitlines()
    first = f"'{shown(lines[0])[:40]}'"
    try:
        if len(lines) > 1:
            raise _UnclearTimeError(f"has {len(lines)} lines, and a time is one.")
        return _time(text)
    except _UnclearTimeError as error:
        reason = str(error)
    except Exception:  # the parser raises many types for odd texts
        reason = f"{first} is not a time."
    where = f"{submission.path}: timestamp.txt"
    raise CourseError(reason, where, "Write it as 2026-12-31 23:59:00 +0100, or delete the file.")


class _UnclearTimeError(ValueError):
    """Raised for what a person would not read as one certain time; the text is a sentence."""


_PLACE = re.compile(r"(?<=\s)[A-Za-z_]+(?:/[A-Za-z_+-]+[0-9]*)+$")
"""A time zone that goes by a place, as nbgrader's exchange writes it: America/New_York."""

_EITHER_WAY = re.compile(r"\b[A-Z]{2,3}[TC][+-]\d+")
"""UTC+3 is east of Greenwich for most people, and west of it for some programs."""

_DEFAULTS = datetime(2000, 1, 1), datetime(2001, 2, 2)
"""What the parser puts in place of a part that is missing."""


def _time(text: str) -> datetime:
    """The time that a text says, as the gradebook holds it: in UTC, without a zone. A text without zone is in UTC."""
    zone = None
    if place := _PLACE.search(text):
        zone, text = _zone(place[0], None), text[: place.start()]
    if found := _EITHER_WAY.search(text):
        raise _UnclearTimeError(f"'{found[0]}' can be read in two ways.")
    one: datetime = parse(text, default=_DEFAULTS[0], tzinfos=_zone)
    if one != parse(text, default=_DEFAULTS[1], tzinfos=_zone):
        raise _UnclearTimeError(f"'{shown(text)[:40]}' says no day.")
    if zone is not None:
        one = one.replace(tzinfo=zone)
    return one if one.tzinfo is None else one.astimezone(UTC).replace(tzinfo=None)


def _zone(name: str | None, offset: int | None) -> tzinfo | None:
    """The time zone of a name, or of an offset in seconds; raises _UnclearTimeError for one that nobody knows."""
    if offset is not None:
        return timezone(timedelta(seconds=offset))
    if not name:
        return None
    if (found := tz.gettz(name)) is None:
        raise _UnclearTimeError(f"the time zone '{shown(name)[:40]}' is not known.")
    zone: tzinfo = found
    return zone


def _text(content: bytes) -> str:
    """What a text file says, whichever editor of Windows or Linux wrote it."""
    encoding = "utf-16" if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else "utf-8-sig"
    return content.decode(encoding, errors="replace").strip()


def require_usable_name(name: str) -> None:
    """Raise CourseError when `name`, a student's folder, is one that no gradebook, page or table can show as it is."""
    reason = ""
    if shown(name) != name:
        reason = "has characters that are not text"
    elif any(character in _NOT_IN_NAMES for character in name):
        reason = f"has one of the characters {' '.join(_NOT_IN_NAMES)}"
    elif len(name) > _LONGEST_NAME:
        reason = f"has more than {_LONGEST_NAME} characters"
    if reason:
        raise CourseError(f"the name of this student's folder {reason}.", advice="Rename it and grade again.")


def _handed_in(student: Path, assignment: str) -> bool:
    """Whether this entry of the folder holds something that is meant to be a submission of `assignment`."""
    if not student.is_dir():
        return student.suffix == ".ipynb" and student.stem.casefold() == assignment
    try:
        names = {path.name.casefold() for path in student.iterdir()}
    except OSError:
        return True  # unknown; grading will say why
    return bool(names & {assignment, f"{assignment}.ipynb"})


def _notes(folder: Path, found: dict[Path, str]) -> tuple[str, ...]:
    notes = [
        f"{shown(str(path.relative_to(folder)))[:_LONGEST_NAME]} was left out: {reason}"
        for path, reason in list(found.items())[:_MOST_NOTES]
    ]
    if len(found) > _MOST_NOTES:
        notes.append(f"{len(found) - _MOST_NOTES} more files were left out")
    return tuple(notes)


def _missing(submission: Submission) -> CourseError:
    folder = submission.path.parent
    for place in (folder, folder.parent):
        if others := sorted(str(path.relative_to(folder.parent)) for path in place.glob("*.ipynb")):
            found = ", ".join(map(shown, others[:_MOST_NOTES]))
            advice = "Move or rename the right one, or ask for it."
            return CourseError(f"missing (found {found}).", submission.path, advice)
    advice = "Check the names of the folders, or ask for it."
    return CourseError("missing (no notebook near it).", submission.path, advice)
