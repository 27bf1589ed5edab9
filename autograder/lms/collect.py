"""Taking a class's files from a learning platform's download into the folder of submissions."""

from __future__ import annotations

import contextlib
import copy
import functools
import re
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import Enum
from pathlib import Path, PurePosixPath

import msgspec
from traitlets.config import Config

from autograder.config import course_config, keep_private
from autograder.files import TIME_FILE, NotAPath, keep, put, taken
from autograder.gradebook.late import call_late
from autograder.gradebook.write import StudentNames, enter_students
from autograder.grading.inputs import Masters, find, is_of_another, masters_of, time_in
from autograder.lms import collected
from autograder.lms.archives import Archive, Entry, opened
from autograder.lms.platforms import HandedOut, Platform, read_names
from autograder.lms.students import Students
from autograder.lms.tables import plain_name, read_people, read_table
from autograder.models import CourseError
from autograder.notebook import assignments, require_assignment
from autograder.source import digest_of
from autograder.text import shown, text_of


class Action(Enum):
    """What is done with one student's files."""

    NEW = "new"
    REPLACED = "replaced by a newer one"
    UNCHANGED = "unchanged"
    KEPT = "kept as it was"
    REFUSED = "not collected"


@dataclass(frozen=True)
class Step:
    """What is done for one student, and what a person should know about it; `files` is where the new files lie."""

    student: str
    action: Action
    notes: tuple[str, ...] = ()
    files: Path | None = None
    submission: collected.Submission | None = None
    is_usable: bool = True

    @property
    def is_late(self) -> bool:
        """Whether the platform marks the submission as late."""
        return self.submission is not None and self.submission.is_late

    @property
    def is_new(self) -> bool:
        """Whether files are written."""
        return self.action in (Action.NEW, Action.REPLACED)

    @property
    def needs_a_person(self) -> bool:
        """Whether somebody has to look at it."""
        return not self.is_usable or self.action in (Action.KEPT, Action.REFUSED)

    @property
    def line(self) -> str:
        """What is done, in one line."""
        late = ", late" if self.is_late else ""
        return f"{self.student}: {self.action.value}{late}" + "".join(f"; {note}" for note in self.notes)


@dataclass(frozen=True)
class Plan:
    """What collecting a download will do; nothing is written before `carry_out`."""

    config: Config
    assignment: str
    platform: Platform
    steps: Sequence[Step]
    left_out: Mapping[str, str]
    students: Mapping[str, collected.KnownStudent]

    @property
    def folder(self) -> Path:
        """The folder of all submissions."""
        return _submitted(self.config)

    @property
    def summary(self) -> str:
        """Where the files come from, and how many submissions are new, replaced and so on."""
        counts = Counter(step.action for step in self.steps)
        parts = [f"{counts[action]} {action.value}" for action in Action if counts[action]]
        if late := sum(step.is_late for step in self.steps):
            parts.append(f"{late} marked as late")
        where = "a folder" if self.platform is Platform.FOLDER else self.platform.value.capitalize()
        return f"{self.assignment}, from {where}, into {self.folder}: {', '.join(parts)}."


@contextlib.contextmanager
def planned(
    root: Path,
    assignment: str,
    source: Path,
    platform: Platform | None = None,
    roster: Path | None = None,
    replace: bool = False,
) -> Iterator[Plan]:
    """What it will do to collect the download at `source`, which can be carried out in the body.

    Args:
        root: the folder of the course.
        assignment: the assignment that the files should be of.
        source: a zip or a folder.
        platform: where it comes from; found out by its names when it is None.
        roster: a table that the platform exported, with the names of the class.
        replace: take files also in place of newer ones, and of what was changed by hand.

    Raises:
        CourseError: the download or the table cannot be used; nothing was changed.
    """
    require_assignment(root, assignment)
    config = course_config(root)
    masters = masters_of(config, assignment)
    if source.is_dir() and _submitted(config).resolve().is_relative_to(source.resolve()):
        advice = "Name the folder that holds what the class handed in."
        raise CourseError("holds the submissions of this course already.", source, advice)
    people = read_people(read_table(roster)) if roster else None
    remembered = collected.read(config)
    with opened(source) as archive, tempfile.TemporaryDirectory() as folder:
        names = _named(source, archive, platform, remembered, root)
        staging = _Staging(Path(folder), config, assignment, source, names[0])
        who = Students(_submitted(config), assignment, names[0], remembered, people)
        staged = staging.stage(archive, names[1], who)
        if who.unknown and not staged:
            raise CourseError("names nobody who is in the table of the class.", source, "Check both files.")
        steps = staging.steps(staged, masters, remembered, replace)
        steps += [Step(name, Action.REFUSED, (reason,)) for name, reason in who.unknown.items()]
        steps.sort(key=lambda step: step.student)
        yield Plan(config, assignment, names[0], steps, staging.left_out, who.known)


def carry_out(plan: Plan) -> None:
    """Write the files, enter the students' names into the gradebook, and remember the platform's own names.

    Raises CourseError when a file or the gradebook cannot be written; what was written until then stays.
    """
    keep_private(plan.config)
    remembered = collected.read(plan.config)
    remembered.students.update(plan.students)
    submissions = remembered.submissions.setdefault(plan.assignment, {})
    try:
        for step in plan.steps:
            if step.files is not None and step.is_new:
                put(plan.folder / step.student / plan.assignment, _contents(step.files))
            if step.submission is not None:
                submissions[step.student] = step.submission
    finally:
        collected.write(plan.config, remembered)
    enter_students(
        plan.config.CourseDirectory.db_url,
        {name: StudentNames(each.first_name, each.last_name, each.email) for name, each in plan.students.items()},
    )
    late = {step.student: step.is_late and not step.submission.time for step in plan.steps if step.submission}
    call_late(plan.config.CourseDirectory.db_url, plan.assignment, late)


def _submitted(config: Config) -> Path:
    return Path(config.CourseDirectory.root, config.CourseDirectory.submitted_directory)


def _named(
    source: Path, archive: Archive, platform: Platform | None, remembered: collected.Collected, root: Path
) -> tuple[Platform, Mapping[PurePosixPath, HandedOut]]:
    known = {each.canvas for each in remembered.students.values()} - {""}
    paths = [entry.path for entry in archive.entries]
    found, names = read_names(paths, platform, known, _names_of_work(root))
    if not names:
        what = f"a download of {found.value.capitalize()}" if platform else "the download of a class"
        advice = "Name the zip that your platform made, or a folder with a folder for each student."
        raise CourseError(f"not {what}: no file's name says who handed it in.", source, advice)
    return found, names


def _names_of_work(root: Path) -> set[str]:
    """The names of the course's assignments and of their notebooks, which are no names of students."""
    names = assignments(root)
    return {*names, *(path.stem for name in names for path in require_assignment(root, name))}


@dataclass
class _Staged:
    """One student's files as they lie in the staging folder, and what the download said of each."""

    handed_out: HandedOut
    names: dict[str, tuple[HandedOut, Entry]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    time: datetime | None = None
    members: list[str] = field(default_factory=list)


class _Staging:
    """A folder in which a class lies as `grade` expects it, to be looked at before anything is written."""

    def __init__(self, folder: Path, config: Config, assignment: str, source: Path, platform: Platform) -> None:
        self._folder = folder
        self._config = config
        self._assignment = assignment
        self._source = source
        self._platform = platform
        self.left_out: dict[str, str] = {}

    def stage(self, archive: Archive, names: Mapping[PurePosixPath, HandedOut], who: Students) -> dict[str, _Staged]:
        """Write the files of everybody into the staging folder; returns what was staged, by student."""
        self.left_out |= archive.left_out
        by_key: dict[str, list[tuple[HandedOut, Entry]]] = {}
        for entry in archive.entries:
            if (name := names.get(entry.path)) is None:
                self.left_out[entry.path.as_posix()] = "its name does not say who handed it in"
            else:
                by_key.setdefault(name.key, []).append((name, entry))
        called: dict[str, set[str]] = {}
        for key, files in by_key.items():
            called.setdefault(plain_name(files[0][0].name), set()).add(key)
        found: dict[str, _Staged] = {}
        for files in by_key.values():
            student = who.id_of(files[0][0], len(called[plain_name(files[0][0].name)]) > 1)
            if student is not None:
                staged = found.setdefault(student, _Staged(files[0][0]))
                staged.time = who.time_of(files[0][0])
                staged.members = who.members_of(files[0][0])
                self._stage(student, staged, files)
        return found

    def _stage(self, student: str, staged: _Staged, files: Sequence[tuple[HandedOut, Entry]]) -> None:
        kept, older = _newest(self._platform, files)
        staged.notes += [f"an older file is left out: {name.file}" for name, _ in older]
        for name, entry in kept:
            if name.receipt:
                staged.time = _time_of_receipt(entry.read(), name) or staged.time
                continue
            if self._platform is Platform.BLACKBOARD:
                staged.time = staged.time or _local(name.attachment)
            place = self._place_of(name.file)
            is_from_nbgrader = self._platform is Platform.FOLDER and name.file == PurePosixPath(
                self._assignment, TIME_FILE
            )
            if place.name == TIME_FILE and not is_from_nbgrader:
                staged.notes.append(f"{TIME_FILE} is left out: a student does not say when something was handed in")
                continue
            if len(place.parts) > 1 and place.parts[0] in self._others:
                continue
            try:
                keep(self._folder / student / self._assignment / place, entry.read())
            except NotAPath:
                staged.notes.append(f"{shown(place.name)[:100]} is left out: its name cannot be used")
            else:
                staged.names[place.as_posix()] = (name, entry)
        (self._folder / student / self._assignment).mkdir(parents=True, exist_ok=True)

    def _place_of(self, file: PurePosixPath) -> PurePosixPath:
        is_inside = len(file.parts) > 1 and file.parts[0] == self._assignment
        return PurePosixPath(*file.parts[1:]) if is_inside else file

    @functools.cached_property
    def _others(self) -> set[str]:
        return set(assignments(Path(self._config.CourseDirectory.root))) - {self._assignment}

    def steps(
        self,
        staged: Mapping[str, _Staged],
        masters: Masters,
        remembered: collected.Collected,
        replace: bool,
    ) -> list[Step]:
        """What to do for each student; raises CourseError when nobody handed in a notebook of the assignment."""
        config = copy.deepcopy(self._config)
        config.CourseDirectory.submitted_directory = str(self._folder)
        root = Path(config.CourseDirectory.root)
        try:
            submissions = {each.folder.name: each for each in find(config, self._assignment, masters)} if staged else {}
        except CourseError:
            submissions = {}
        steps, usable = [], 0
        for student, each in staged.items():
            submission = submissions.get(student)
            problem = submission.problem.reason if submission and submission.problem else ""
            notebooks = taken(self._folder / student / self._assignment).notebooks
            looked_at = notebooks if problem or not submission else list(submission.notebooks.values())
            if looked_at and all(is_of_another(root, self._assignment, masters, path) for path in looked_at):
                reason = f"handed in another assignment's notebook, not {self._assignment}."
            elif submission is None or not each.names:
                reason = "handed in no file."
            else:
                reason = ""
            if submission is None or reason:
                steps.append(Step(student, Action.REFUSED, (*each.notes, reason)))
                continue
            usable += not problem
            steps.append(
                self._step(student, each, {} if problem else submission.notebooks, problem, remembered, replace)
            )
        if staged and not usable:
            advice = "Check the name of the assignment, and download its submissions."
            raise CourseError(f"holds no notebook of {self._assignment}.", self._source, advice)
        return steps

    def _step(
        self,
        student: str,
        staged: _Staged,
        notebooks: Mapping[str, Path],
        problem: str,
        remembered: collected.Collected,
        replace: bool,
    ) -> Step:
        folder = self._folder / student / self._assignment
        notes = [
            *staged.notes,
            *(f"{path.relative_to(folder)} is left out: {why}" for path, why in taken(folder).left_out.items()),
        ]
        name, entry = next(iter(staged.names.values()), (staged.handed_out, None))
        if notebooks:
            first = next(iter(notebooks.values())).relative_to(folder)
            name, entry = staged.names.get(first.as_posix(), (name, entry))
            for called, path in notebooks.items():
                if path.parent == folder:
                    path.rename(folder / f"{called}.ipynb")
        else:
            notes.append(f"has no notebook that could be graded: {problem}")
        if staged.time is not None:
            keep(folder / TIME_FILE, f"{staged.time.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC\n".encode())
        held = remembered.submissions.get(self._assignment, {}).get(student)
        submission = collected.Submission(
            platform=self._platform.value,
            key=name.key,
            name=name.name,
            attachment=name.attachment,
            is_late=name.is_late,
            is_anonymous=name.is_anonymous,
            time="" if staged.time is None else staged.time.isoformat(),
            modified="" if entry is None else entry.modified.isoformat(),
            digest=_digest(folder),
            members=staged.members or (held.members if held else []),
        )
        target = _submitted(self._config) / student / self._assignment
        action, why = _decided(target, submission, held, is_usable=bool(notebooks), replace=replace)
        if action is Action.KEPT or (action is Action.UNCHANGED and held and _is_older(submission, held)):
            submission = held or msgspec.structs.replace(submission, digest="")  # what lies there was put by hand
        return Step(student, action, (*notes, *why), folder, submission, bool(notebooks))


def _contents(folder: Path) -> dict[str, bytes]:
    """The files of one submission that are taken in, by their paths."""
    found = taken(folder)
    return dict(found.files) | {path.relative_to(folder).as_posix(): path.read_bytes() for path in found.notebooks}


def _digest(folder: Path) -> str:
    return digest_of(_contents(folder))


def _decided(
    target: Path, new: collected.Submission, held: collected.Submission | None, *, is_usable: bool, replace: bool
) -> tuple[Action, tuple[str, ...]]:
    """Whether a submission takes the place of what lies at `target`, and why it does not."""
    if not target.is_dir() or not any(target.iterdir()):
        return Action.NEW, ()
    if (digest := _digest(target)) == new.digest:
        return Action.UNCHANGED, ()
    if replace:
        return Action.REPLACED, ()
    advice = "--replace takes this file instead"
    if held is None or digest != held.digest:
        what = "changed by hand" if held and held.digest else "not collected from a platform"
        return Action.KEPT, (f"what lies there was {what}, so it is kept; {advice}",)
    if not is_usable:
        return Action.KEPT, (f"the earlier submission is kept; {advice}",)
    if _is_older(new, held):
        return Action.KEPT, (f"older than what lies there, which is kept; {advice}",)
    return Action.REPLACED, ()


def _is_older(new: collected.Submission, held: collected.Submission) -> bool:
    if new.platform == held.platform and new.attachment and held.attachment:
        return _order(new.attachment) < _order(held.attachment)
    return bool(new.modified and held.modified) and new.modified < held.modified


def _order(attachment: str) -> tuple[int, str]:
    """Numbers sort by size, times by their text, which has always the same length."""
    return len(attachment), attachment


_AGAIN = re.compile(r"(?:-\d+|[ _]?\(\d+\))(?=\.ipynb$)")
"""What platforms and browsers add to the name of a file that is there already."""


def _newest(
    platform: Platform, files: Sequence[tuple[HandedOut, Entry]]
) -> tuple[list[tuple[HandedOut, Entry]], list[tuple[HandedOut, Entry]]]:
    """The files of the last attempt, and those that were handed in again later."""
    newest: dict[str, tuple[HandedOut, Entry]] = {}
    last = max((name.attachment for name, _ in files), key=_order)
    for name, entry in sorted(files, key=lambda each: (_order(each[0].attachment), each[1].modified)):
        if platform is Platform.BLACKBOARD and name.attachment != last:
            continue
        known = _AGAIN.sub("", name.file.as_posix()) if name.attachment else name.file.as_posix()
        newest[f"{known}{' receipt' if name.receipt else ''}"] = (name, entry)
    kept = list(newest.values())
    return kept, [each for each in files if each not in kept]


def _local(time: str) -> datetime | None:
    """A time of Blackboard's, which is in the zone of its server: taken for this computer's."""
    with contextlib.suppress(ValueError):
        return datetime.strptime(time, "%Y-%m-%d-%H-%M-%S").astimezone(UTC)
    return None


_DATE = re.compile(r"^Date Submitted:\s*(.+?\s(?!AM|PM)[A-Z]{3,5})\s*$", re.MULTILINE)


def _time_of_receipt(content: bytes, name: HandedOut) -> datetime | None:
    """The time that Blackboard's note on a submission says, with its zone where that is known."""
    if match := _DATE.search(text_of(content)):
        with contextlib.suppress(CourseError):
            found = time_in(match[1].replace("o'clock", "").encode(), name.file)
            return found and found.replace(tzinfo=UTC)
    return _local(name.attachment)
