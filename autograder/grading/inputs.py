"""What students handed in: the submissions of a class, the files of each, and when."""

from __future__ import annotations

import codecs
from datetime import datetime
from pathlib import Path

from nbgrader.utils import parse_utc
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
    try:
        time: datetime = parse_utc(text)
        time.isoformat()
    except Exception:  # the parser raises many types for odd texts
        first = shown(text.splitlines()[0])[:40]
        where = f"{submission.path}: timestamp.txt"
        raise CourseError(f"'{first}' is not a time.", where, "Correct it, or delete the file.") from None
    return time


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
