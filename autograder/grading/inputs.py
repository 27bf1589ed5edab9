"""What students handed in: the submissions of a class, the files of each, and when."""

from __future__ import annotations

import contextlib
import functools
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import cached_property, partial
from pathlib import Path
from typing import TypeVar

import nbformat
from dateutil import tz
from dateutil.parser import parse
from traitlets.config import Config

from autograder.cells import grade_ids, role
from autograder.files import TIME_FILE, is_made_by_programs, listed, require_plain, taken, told_by_exchange
from autograder.models import CourseError, HandedIn, MasterCell, Submission
from autograder.notebook import assignments, parse_handed_in, read, require_assignment
from autograder.restore import likeness, share_of
from autograder.source import digest_of, master_cells
from autograder.source_notebook import read_source_notebook
from autograder.text import shown, text_of

_MOST_NOTES = 3
_LONGEST_NAME = 128
"""What nbgrader's gradebook keeps."""

_LONGEST_TIME = 200
_NOT_IN_NAMES = '<>"\\#?%'
"""Formgrader writes names into its pages, their scripts and their addresses as they are."""


Masters = Mapping[str, Mapping[str, MasterCell]]
"""The cells of each notebook of an assignment, by the notebook's name."""


def masters_of(config: Config, assignment: str) -> Masters:
    """The cells of each notebook of `assignment`; raises CourseError when a source notebook cannot be used."""
    paths = require_assignment(Path(config.CourseDirectory.root), assignment)
    return {path.stem: master_cells(config, read_source_notebook(config, path)) for path in paths}


def find(config: Config, assignment: str, masters: Masters) -> list[Submission]:
    """Every student's submission of `assignment`, by name; raises CourseError when nothing was handed in.

    A notebook with the cells of one of the assignment's, which are `masters`, is found under any name and in any folder
    of the student's. A student who handed in something else is listed too, so that grading can say so.
    """
    root = Path(config.CourseDirectory.root)
    folder = root / config.CourseDirectory.submitted_directory
    try:
        entries = sorted(path for path in folder.iterdir() if path.name[:1] != "." or (path / assignment).is_dir())
    except FileNotFoundError:
        advice = f"Put submissions into {folder}/<student>/{assignment}/."
        raise CourseError("missing.", folder, advice) from None
    except OSError as error:
        raise CourseError(f"cannot be read ({error.strerror}).", folder, "Check its permissions.") from None
    search = _Search(root, assignment, masters)
    found = [each for entry in entries if not is_made_by_programs(entry.name) and (each := search.submission_in(entry))]
    if not found:
        advice = f"Put submissions into {folder}/<student>/{assignment}/."
        raise CourseError(f"no submission of {assignment}.", folder, advice)
    twins = _twins(entries)
    return [replace(each, problem=twins[each.folder]) if each.folder in twins else each for each in found]


def _twins(folders: Sequence[Path]) -> dict[Path, CourseError]:
    """The folders of students whose names look the same, such as an é of one and of two characters; neither is guessed.

    Their scores would go to two students in the gradebook, who may well be one.
    """
    alike: dict[str, list[Path]] = {}
    for folder in folders:
        alike.setdefault(_looks(folder.name), []).append(folder)
    found = {}
    for one, *others in alike.values():
        names = " and ".join(sorted(ascii(each.name) for each in (one, *others)))
        reason = f"the names of the folders {names} look the same."
        advice = "If they are one student's, put all into one of them; else rename one."
        found.update({each: CourseError(reason, each, advice) for each in (one, *others) if others})
    return found


def _looks(name: str) -> str:
    """What one sees of a name: no difference between the forms of a letter, no invisible characters."""
    seen = "".join(each for each in unicodedata.normalize("NFKC", name) if unicodedata.category(each) != "Cf")
    return " ".join(seen.split())


def is_of_another(root: Path, assignment: str, masters: Masters, notebook: Path) -> bool:
    """Whether a notebook, whatever its name, is one of another assignment of the course below `root`.

    Args:
        root: the folder of the course.
        assignment: the assignment it should be of.
        masters: the cells of that assignment's notebooks.
        notebook: the path of the notebook.
    """
    found = _Search(root, assignment, masters).read([notebook])
    return found.of_others and not any(found.wanted.values())


def source_of(config: Config, content: bytes, name: str, among: Sequence[Path]) -> Path:
    """The source notebook of which a notebook's content is, by its cells.

    Args:
        config: the settings of the course.
        content: the notebook.
        name: the name of its file without the suffix, which decides where the cells do not.
        among: the source notebooks that it may be of; all of the course when it is empty.

    Raises:
        CourseError: it is not a notebook, or one of none of them.
    """
    root, masters = Path(config.CourseDirectory.root), dict[Path, Mapping[str, MasterCell]]()
    notebook = parse_handed_in(content)[0]
    for path in among or [path for known in assignments(root) for path in require_assignment(root, known)]:
        with contextlib.suppress(CourseError):  # it is said when that one is graded
            masters[path] = master_cells(config, read_source_notebook(config, path))
    found = _closest(notebook, name, masters, lambda path: path.stem)
    if found is None:
        known = ", ".join(assignments(root)) or "none"
        reason = f"does not have the cells of an assignment of this course ({known})."
        raise CourseError(reason, advice="If it is one of these, name it with --assignment.")
    return found


@dataclass(frozen=True)
class FoundNotebooks:
    """The notebooks in one folder: those of each notebook of an assignment, all different, and all others."""

    wanted: Mapping[str, list[Path]]
    others: list[Path]


def notebooks_in(folder: Path, assignment: str, masters: Masters) -> FoundNotebooks:
    """Which notebooks in `folder` are of an assignment, whatever their names.

    Args:
        folder: what one student handed in.
        assignment: the name of the assignment.
        masters: the cells of its notebooks.
    """
    paths = [path for path in listed(folder) if _NOTEBOOK.search(path.name)]
    wanted = _Search(folder, assignment, masters).read(paths).wanted
    taken = {path for found in wanted.values() for path in found}
    return FoundNotebooks(wanted, [path for path in paths if path not in taken])


def take_in(submission: Submission) -> HandedIn:
    """What was handed in as the notebook at the submission's `path`; raises CourseError as `take_in_all` does."""
    (found,) = take_in_all(replace(submission, notebooks={submission.path.stem: submission.path})).values()
    return found


def take_in_all(submission: Submission) -> dict[str, HandedIn]:
    """What was handed in, as bytes, by the names of the notebooks; the notes are with the first.

    Raises CourseError, which says where, when it is missing or cannot be read.
    """
    if submission.problem:
        raise submission.problem
    try:
        require_usable_name(submission.folder.name)
    except CourseError as error:
        raise error.within(submission.path) from None
    try:
        found = dict[str, HandedIn]()
        beside = dict[Path, _Beside]()
        for name, path in submission.notebooks.items():
            require_plain(path)
            notes = () if found else submission.notes
            if path.parent not in beside:
                beside[path.parent] = _beside(submission, path.parent)
                notes += beside[path.parent].notes
            found[name] = HandedIn(submission.student, path.read_bytes(), beside[path.parent].files, notes)
        return found
    except OSError as error:
        place = shown(str(error.filename or submission.path))
        raise CourseError(f"cannot be read ({error.strerror}).", place, "Check its permissions.") from None


@dataclass(frozen=True)
class _Beside:
    """The files beside notebooks of a submission, and what an instructor should know of them."""

    files: Mapping[str, bytes]
    notes: tuple[str, ...]


def _beside(submission: Submission, folder: Path) -> _Beside:
    found, own = taken(folder), set(submission.notebooks.values())
    files, others = found.files, [path for path in found.notebooks if path not in own]
    if folder == submission.folder:  # folders with notebooks are other assignments
        elsewhere = {path.relative_to(folder).parts[0] for path in others}
        files = {name: content for name, content in files.items() if name.split("/")[0] not in elsewhere}
        others = []
    files = told_by_exchange(submission.folder / submission.assignment) | files
    return _Beside(files, (*_not_looked_at(folder, others), *_left_out(folder, found.left_out)))


def content_digest(handed_in: Mapping[str, HandedIn]) -> str:
    """A word that changes when anything does that was handed in."""
    contents = {name: digest_of(each.notebook, dict(each.files)) for name, each in handed_in.items()}
    if len(contents) == 1:
        return next(iter(contents.values()))
    return digest_of({name: content.encode() for name, content in contents.items()})


def time_of(submission: Submission, handed_in: HandedIn) -> datetime | None:
    """When it was handed in, from the `timestamp.txt` that nbgrader's exchange leaves; None without that file.

    Raises CourseError, which says where, when it is not a time.
    """
    return time_in(handed_in.files.get(TIME_FILE, b""), f"{submission.path}: {TIME_FILE}")


def time_in(content: bytes, where: object) -> datetime | None:
    """The time that the content of a file at `where` says; None when it is empty.

    Raises CourseError when it is not one certain time.
    """
    text = text_of(content[:_LONGEST_TIME]).strip()
    if not text:
        return None
    lines = text.splitlines()
    first = f"'{shown(lines[0])[:40]}'"
    try:
        if len(lines) > 1:
            raise _UnclearTimeError(f"has {len(lines)} lines, but it should have one line with a time.")
        return _time(text)
    except _UnclearTimeError as error:
        reason = str(error)
    except Exception:  # the parser raises many types for odd texts
        reason = f"{first} is not a time."
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
        raise _UnclearTimeError(f"'{shown(text)[:40]}' does not name a day.")
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


def require_usable_name(name: str) -> None:
    """Raise CourseError when `name`, a student's folder, is one that no gradebook, page or table can show as it is."""
    reason = ""
    if shown(name) != name:
        reason = "has characters that cannot be shown"
    elif any(character in _NOT_IN_NAMES for character in name):
        reason = f"has one of the characters {' '.join(_NOT_IN_NAMES)}"
    elif name.startswith("."):
        reason = "begins with a dot, so nbgrader does not see it"
    elif len(name) > _LONGEST_NAME:
        reason = f"has more than {_LONGEST_NAME} characters"
    if reason:
        raise CourseError(f"the name of this student's folder {reason}.", advice="Rename the folder and grade again.")


def _left_out(folder: Path, found: dict[Path, str]) -> tuple[str, ...]:
    notes = [
        f"{shown(str(path.relative_to(folder)))[:_LONGEST_NAME]} was left out: {reason}"
        for path, reason in list(found.items())[:_MOST_NOTES]
    ]
    if len(found) > _MOST_NOTES:
        notes.append(f"{len(found) - _MOST_NOTES} more files were left out")
    return tuple(notes)


_ENOUGH = 0.5
"""The part of an assignment's answers and checks that makes a notebook one of that assignment."""

_MOST_READ, _MOST_BYTES_READ = 20, 64_000_000
"""What is read of one student's files to find a notebook under another name."""

_NOTEBOOK = re.compile(r"\.ipynb|\.json$", re.IGNORECASE)
"""Browsers save notebooks as `.ipynb.txt` and `.json`, too."""

_ARCHIVE = re.compile(r"\.(?:zip|tar|t?gz|bz2|xz|7z|rar)$", re.IGNORECASE)
_DOCUMENT = re.compile(r"\.(?:py|html?|pdf|docx?|odt|rtf)$", re.IGNORECASE)
_SHORT_NAME = 3
"""A name of so few characters is in many words, so it counts as a word of its own only."""


@dataclass(frozen=True)
class _Notebooks:
    """Notebooks under other names: those of each of the assignment's, all different, and those of no assignment.

    `of_others` says whether there are any of other assignments.
    """

    wanted: Mapping[str, list[Path]]
    unknown: list[Path]
    of_others: bool


class _Search:
    """Finds the submissions of one assignment, whatever students and learning platforms call their files."""

    def __init__(self, root: Path, assignment: str, masters: Masters) -> None:
        self._root = root
        self._assignment = assignment
        self._masters = masters
        self._names = {*assignments(root), assignment}

    def submission_in(self, entry: Path) -> Submission | None:
        """The submission in one entry of the folder of all submissions, which should be a student's folder."""
        folder = entry / self._assignment
        expected = {name: folder / f"{name}.ipynb" for name in self._masters}
        place = next(iter(expected.values())) if len(expected) == 1 else folder
        make = partial(Submission, shown(entry.name), self._assignment, folder=entry)
        if not entry.is_dir() or any(_word(entry.name) == _word(name) for name in self._names):
            return make(entry, problem=_misplaced(entry, self._assignment)) if self._is_misplaced(entry) else None
        try:
            beside = [path for path in sorted(entry.iterdir()) if path.is_dir() or _NOTEBOOK.search(path.name)]
            beside = [path for path in beside if self._mentioned(path.name) == self._assignment]
            present = {name: path for name, path in expected.items() if _exists(path)}
        except OSError:
            return make(place, notebooks=expected)  # taking it in will say why
        if len(present) == len(expected):
            return make(
                place, notes=_not_looked_at(entry, [path for path in beside if path != folder]), notebooks=present
            )
        here = listed(entry)
        mine = [path for path in here if self._is_mine(path.relative_to(entry))]
        found = self.read([path for path in mine if _NOTEBOOK.search(path.name) and path not in present.values()])
        notes = list[str]()
        for name, path in expected.items():
            candidates = found.wanted[name] if name not in present else []
            if len(candidates) > 1:
                reason = f"missing, and each of these files could be the submission: {_names(entry, candidates)}."
                return make(path, problem=CourseError(reason, path, "Give this name to the right file."))
            for one in candidates:
                present[name] = one
                notes.append(f"{_names(entry, [one])} was graded, because {path.relative_to(entry)} is missing")
        if present:
            if len(expected) > 1:
                parents = {path.parent for path in present.values()}  # its files are reported when it is taken in
                left = dict.fromkeys([*(path for path in beside if path != folder), *found.unknown])
                notes += _not_looked_at(
                    entry,
                    [
                        path
                        for path in left
                        if path not in parents | set(present.values()) and path.parent not in parents
                    ],
                )
            ordered = {name: present[name] for name in expected if name in present}
            only = next(iter(ordered.values())) if len(expected) == 1 else folder
            return make(only, notes=tuple(notes), notebooks=ordered)
        clues = [path for path in mine if path in found.unknown or _ARCHIVE.search(path.name) or self._is_named(path)]
        is_all = len(mine) == len(here) and not found.of_others
        if beside or clues or (mine and is_all):
            return make(place, problem=_missing(entry, place, clues or mine))
        return None

    def _mentioned(self, name: str) -> str:
        """The assignment that a name mentions, if any."""
        return mentioned(name, self._names)

    def _is_named(self, path: Path) -> bool:
        return self._mentioned(path.name) == self._assignment

    def _is_mine(self, path: Path) -> bool:
        """Whether a path below a student's folder can be of this assignment, and not only of another."""
        found = {self._mentioned(part) for part in path.parts} - {""}
        return not found or self._assignment in found

    def _is_misplaced(self, entry: Path) -> bool:
        """Whether something that lies where a student's folder should is a submission of this assignment."""
        if found := self._mentioned(entry.name):
            kinds = (_NOTEBOOK, _ARCHIVE, _DOCUMENT)
            return found == self._assignment and (entry.is_dir() or any(kind.search(entry.name) for kind in kinds))
        return bool(_ARCHIVE.search(entry.name) or (_NOTEBOOK.search(entry.name) and not self.read([entry]).of_others))

    def read(self, paths: Sequence[Path]) -> _Notebooks:
        """Which notebooks they are; only so much is read, what is left counts as unknown."""
        wanted = {name: dict[bytes, Path]() for name in self._masters}
        unknown, of_others, room = list[Path](), False, _MOST_BYTES_READ
        for number, path in enumerate(paths):
            try:
                require_plain(path)
                room -= path.stat().st_size
                content = path.read_bytes() if number < _MOST_READ and room > 0 else b""
                notebook = parse_handed_in(content)[0]
                name = _closest(notebook, path.stem, self._masters, str)
            except Exception:  # no submission may stop the class
                unknown.append(path)
                continue
            if name is not None:
                wanted[name].setdefault(content, path)
            elif any(len(ids & set(grade_ids(notebook.cells))) >= _ENOUGH * len(ids) for ids in self._others):
                of_others = True
            else:
                unknown.append(path)
        return _Notebooks({name: list(found.values()) for name, found in wanted.items()}, unknown, of_others)

    @cached_property
    def _others(self) -> list[set[str]]:
        """The grade ids of the answers and checks of each notebook of another assignment."""
        found = []
        for name in self._names - {self._assignment}:
            with contextlib.suppress(CourseError):  # it is said when that one is graded
                for path in require_assignment(self._root, name):
                    cells = read(path).cells
                    found.append({each.grade_id for each in map(role, cells) if each and not each.is_given})
        return [ids for ids in found if ids]


_Key = TypeVar("_Key")


def _closest(
    notebook: nbformat.NotebookNode,
    name: str,
    masters: Mapping[_Key, Mapping[str, MasterCell]],
    called: Callable[[_Key], str],
) -> _Key | None:
    """Which of several notebooks a student's is a copy of; None when it is one of none of them.

    That is seen by its cells: by their texts where grade ids are those of several, and by its `name` where all is.
    """
    shares = {key: share for key, master in masters.items() if (share := share_of(notebook, master)) >= _ENOUGH}
    if len(shares) < 2:
        return next(iter(shares), None)
    said = mentioned(name, map(called, shares))
    return max(shares, key=lambda key: (likeness(notebook, masters[key]), shares[key], called(key) == said))


def _exists(path: Path) -> bool:
    """Whether there is something at `path`, a link that leads nowhere included; raises OSError when that is unknown."""
    try:
        path.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    return True


def _folded(name: str) -> str:
    return unicodedata.normalize("NFKC", name).casefold()


def _word(name: str) -> str:
    return "".join(filter(str.isalnum, _folded(name)))


def mentioned(text: str, names: Iterable[str]) -> str:
    """Which assignment of these `names` a text mentions, the one with the longest name; empty when it mentions none."""
    folded = _folded(text)
    return next((name for name in sorted(names, key=len, reverse=True) if _pattern(name).search(folded)), "")


@functools.cache
def _pattern(name: str) -> re.Pattern[str]:
    """Finds the name of an assignment in names that were made from it: `Feed-forward (1)`, but not `hw10` for `hw1`."""
    word = _word(name)
    inner = r"[\W_]*".join(map(re.escape, word)) or r"(?!)"
    if len(word) <= _SHORT_NAME:
        return re.compile(rf"(?<![^\W_]){inner}(?![^\W_])")
    return re.compile(rf"{inner}(?!\d)" if word[-1:].isdigit() else inner)


def _misplaced(entry: Path, assignment: str) -> CourseError:
    place = f"{entry.parent}/<student>/{assignment}/"
    if entry.is_dir():
        reason = "has the name of an assignment, but a folder here should have the name of a student."
        return CourseError(reason, entry, f"Put the submissions in it into {place}.")
    return CourseError("is not in a student's folder, and is therefore not graded.", entry, f"Move it to {place}.")


def _missing(folder: Path, expected: Path, found: Sequence[Path]) -> CourseError:
    if not found:
        return CourseError(
            "missing (there is no notebook in the student's folder).",
            expected,
            "Check the names of the folders, or ask the student for the notebook.",
        )
    advice = "Move or rename the right file, or ask the student for the notebook."
    if all(_ARCHIVE.search(path.name) for path in found):
        advice = "Unpack the archive, or ask the student for the notebook."
    return CourseError(f"missing (found {_names(folder, found)}).", expected, advice)


def _not_looked_at(folder: Path, others: Sequence[Path]) -> tuple[str, ...]:
    return (f"these were also handed in, but are not graded: {_names(folder, others)}",) if others else ()


def _names(folder: Path, paths: Sequence[Path]) -> str:
    names = [shown(path.relative_to(folder).as_posix())[:_LONGEST_NAME] for path in paths[:_MOST_NOTES]]
    more = [f"{len(paths) - _MOST_NOTES} more"] if len(paths) > _MOST_NOTES else []
    return ", ".join(names + more)
