"""Giving feedback pages and scores back to the platform that the submissions were collected from."""

from __future__ import annotations

import io
import zipfile
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from shlex import quote

from nbgrader.coursedir import CourseDirectory

from autograder.config import keep_private
from autograder.files import keep
from autograder.gradebook.read import Marks, submissions
from autograder.grading.inputs import content_digest, find, masters_of, take_in_all
from autograder.lms import collected
from autograder.lms.platforms import HandedOut, Platform, name_for_return
from autograder.lms.scores import NOT_FOR_SCORES, Column, platform_of, score_column
from autograder.lms.tables import People, Person, letters, plain_name, read_people, read_table
from autograder.models import CourseError
from autograder.notebook import assignments
from autograder.report import feedback


@dataclass(frozen=True)
class Change:
    """A cell of the platform's table that gets a score."""

    row: int
    student: str
    before: str
    score: float


@dataclass
class Return:
    """What can be given back; nothing is written before `write`.

    `problems` are lines about students who cannot get theirs, `notes` about what else a person should know.
    """

    run: feedback.FeedbackRun
    folder: Path
    pages: dict[Platform, dict[str, Path]]
    column: Column | None = None
    changes: list[Change] = field(default_factory=list)
    unchanged: int = 0
    problems: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def summary(self) -> str:
        """How many pages and scores there are, and what to do with them."""
        parts = [f"pages: {sum(map(len, self.pages.values()))}"]
        if self.column is not None:
            parts += [f"scores for '{self.column.name}': {len(self.changes)}", f"there already: {self.unchanged}"]
        return f"{self.run.assignment}: {', '.join(parts)}."


def prepare(
    root: Path,
    assignment: str,
    table: Path | None = None,
    column: str = "",
    unmarked: bool = False,
    scale: bool = False,
) -> Return:
    """What can be given back of an assignment that was collected and graded.

    Args:
        root: the folder of the course.
        assignment: the assignment's name.
        table: the platform's own table of scores, as it exported it.
        column: the heading of the column to fill in, where its title does not say it.
        unmarked: give back also scores in which answers are still to be marked.
        scale: change scores in proportion, where the platform gives other points for the assignment.

    Raises:
        CourseError: nothing can be given back, or the table is not one of this class and assignment.
    """
    run = feedback.prepare(root, assignment)
    remembered = collected.read(run.config)
    known = remembered.submissions.get(assignment, {})
    if not known and table is None:
        advice = (
            f"Run `autograder collect` with its download, or name the platform's table with --scores for {assignment}."
        )
        raise CourseError("nothing of it was collected from a learning platform.", assignment, advice)
    found = Return(run, collected.place(run.config).parent / "return" / assignment, {})
    marks = {student: each for student, each in run.marks.items() if _is_graded(each)}
    for student, problem in _unfinished(run, marks, unmarked).items():
        found.problems.append(f"{student}: {problem}")
        del marks[student]
    ungraded = known.keys() - {student for student, each in run.marks.items() if _is_graded(each)}
    found.problems += [f"{student}: not graded, so there is no page and no score." for student in sorted(ungraded)]
    _add_pages(found, marks, known)
    if table is not None:
        people = read_people(read_table(table))
        found.column = score_column(people, assignment, assignments(root), column)
        _add_scores(found, people, marks, remembered, scale)
    return found


def write(found: Return) -> list[Path]:
    """Write the feedback pages as they are now, the archives of them and the table; returns the files to upload.

    Raises CourseError when a page or a file cannot be written.
    """
    keep_private(found.run.config)
    wanted = {path for pages in found.pages.values() for path in pages.values()}
    for page in feedback.write(found.run):
        if page.problem and page.path in wanted:
            raise CourseError(f"{page.student}: {page.problem}")
    written = []
    for platform, pages in found.pages.items():
        path = found.folder / f"feedback-{platform.value}.zip"
        keep(path, _zipped(pages))
        written.append(path)
    if (column := found.column) is not None:
        for change in found.changes:
            column.fill(change.row, change.score)
        path = found.folder / f"{column.table.path.stem}-filled{column.table.path.suffix}"
        keep(path, column.table.content())
        written.append(path)
    return written


def _zipped(pages: Mapping[str, Path]) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, path in pages.items():
            archive.write(path, name)
    return content.getvalue()


def _is_graded(marks: Marks) -> bool:
    return any(mark.auto is not None or mark.by_hand is not None for mark in marks.marks.values())


def _unfinished(run: feedback.FeedbackRun, marks: Mapping[str, Marks], unmarked: bool) -> dict[str, str]:
    """The students whose score is not final, and why."""
    found = dict.fromkeys(_handed_in_again(run, marks), "handed in again since it was graded. Grade again.")
    for student, each in marks.items():
        waiting = sum(mark.is_open for mark in each.marks.values())
        if waiting and not unmarked and student not in found:
            advice = f"Run `autograder read {quote(run.assignment)}`, or use --unmarked."
            found[student] = f"answers still to be marked: {waiting}. {advice}"
    return dict(sorted(found.items()))


def _handed_in_again(run: feedback.FeedbackRun, marks: Mapping[str, Marks]) -> Iterator[str]:
    """The students whose present submission is not the one that has the score."""
    graded = submissions(run.config.CourseDirectory.db_url, run.assignment)
    try:
        found = find(run.config, run.assignment, masters_of(run.config, run.assignment))
    except CourseError:  # they were moved away since, and the scores are what there is
        return
    for submission in found:
        if submission.student not in marks or submission.student not in graded:
            continue
        try:
            digest = content_digest(take_in_all(submission))
        except CourseError:
            digest = ""
        if digest != graded[submission.student]:
            yield submission.student


def _add_pages(found: Return, marks: Mapping[str, Marks], known: Mapping[str, collected.Submission]) -> None:
    """Find out under which name each page goes back to the platform."""
    course = CourseDirectory(config=found.run.config)
    for student in marks:
        if (held := known.get(student)) is None:
            found.notes.append(f"{student}: not collected from a platform, so no page is given back.")
            continue
        handed_out = HandedOut(
            held.key, held.name, PurePosixPath(), held.attachment, is_late=held.is_late, is_anonymous=held.is_anonymous
        )
        platform = Platform(held.platform)
        name = name_for_return(platform, handed_out, f"{found.run.assignment}.html")
        if name is None:
            found.notes.append(f"{student}: handed in no file on the platform, so no page can be given back.")
        else:
            found.pages.setdefault(platform, {})[name] = feedback.place(course, found.run, student)


def _add_scores(
    found: Return, people: People, marks: Mapping[str, Marks], remembered: collected.Collected, scale: bool
) -> None:
    """Find out which rows of the platform's table get which scores."""
    assert found.column is not None
    column, assignment = found.column, found.run.assignment
    rows, doubtful = _rows(people, found.run.marks, remembered, assignment)
    if not rows and not doubtful:
        advice = "Export the table of this course and this assignment."
        raise CourseError(f"names nobody who was graded for {assignment}.", people.table.path, advice)
    points = max(each.max_points for each in found.run.marks.values())
    factor = 1.0
    if column.maximum is not None and points and abs(column.maximum - points) > 1e-6:
        if not scale:
            reason = f"the column '{column.name}' gives {column.maximum:g} points, and {assignment} has {points:g}."
            raise CourseError(reason, people.table.path, "Correct that on the platform, or use --scale.")
        factor = column.maximum / points
    for row, student in rows.items():
        if student not in marks:
            continue
        score = max(0.0, marks[student].points) * factor
        if (before := column.text(row)) in NOT_FOR_SCORES:
            found.notes.append(f"{student}: '{before}' on the platform, which is left as it is.")
        elif platform_of(people) is Platform.MOODLE and score > (column.maximum or score):
            found.problems.append(f"{student}: {score:g} points are more than Moodle takes ({column.maximum:g}).")
        elif column.holds(row, score):
            found.unchanged += 1
        else:
            found.changes.append(Change(row, student, before, score))
    name = people.table.path.name
    found.problems += [f"{each}: more than one row of {name} may be meant." for each in sorted(doubtful & marks.keys())]
    missing = marks.keys() - set(rows.values()) - doubtful
    found.problems += [f"{each}: not in {name}." for each in sorted(missing)]


def _rows(
    people: People, students: Mapping[str, Marks], remembered: collected.Collected, assignment: str
) -> tuple[dict[int, str], set[str]]:
    """The graded student whom each row of a table is about, and those whom no row, or more than one, clearly means.

    The members of a group are rows of their own, and have the group's score.
    """
    platform = platform_of(people)
    held = {
        name: each
        for name, each in remembered.submissions.get(assignment, {}).items()
        if name in students and each.platform == platform.value and not _is_hidden(each)
    }
    others = {name: each for name, each in students.items() if name not in held}
    single, of_groups, doubtful = dict[int, str](), dict[int, str](), set[str]()
    for row, person in enumerate(people.rows):
        if person is None:
            continue
        if name := _by_key(person, platform, held):
            single[row] = name
        elif name := _group_of(person, platform, held):
            of_groups[row] = name
        elif matches := next(filter(None, _by_name(person, others, remembered)), []):
            single[row] = matches[0]
            doubtful.update(matches if len(matches) > 1 else ())
    counts = Counter(single.values())
    doubtful |= {name for name, count in counts.items() if count > 1}
    return {row: name for row, name in {**single, **of_groups}.items() if name not in doubtful}, doubtful


def _is_hidden(submission: collected.Submission) -> bool:
    """Whether nothing in the platform's table leads to it: Canvas's anonymous ids stand in no gradebook."""
    return submission.is_anonymous and submission.platform == Platform.CANVAS.value


def _key_of(person: Person, platform: Platform) -> str:
    return {Platform.CANVAS: person.canvas, Platform.MOODLE: person.participant}.get(platform, person.login)


def _by_key(person: Person, platform: Platform, held: Mapping[str, collected.Submission]) -> str | None:
    key = _key_of(person, platform)
    for name, each in held.items():
        if key and each.key == key and not each.members and (platform is not Platform.MOODLE or _may_be(person, each)):
            return name
    return None


def _may_be(person: Person, submission: collected.Submission) -> bool:
    """Whether the names allow it: each of Moodle's assignments, and each of its groups, has numbers of its own."""
    one, other = (set(plain_name(name.replace("_", " ")).split()) for name in (person.name, submission.name))
    return submission.is_anonymous or not one or bool(one & other)


def _group_of(person: Person, platform: Platform, held: Mapping[str, collected.Submission]) -> str | None:
    key, group = _key_of(person, platform), letters(person.group)
    for name, each in held.items():
        is_member = bool(key) and (key in each.members or (platform is Platform.CANVAS and key == each.key))
        if is_member or (group and letters(each.name) == group):
            return name
    return None


def _by_name(person: Person, students: Mapping[str, Marks], remembered: collected.Collected) -> Iterator[list[str]]:
    """The students, of those whom the platform's numbers do not tell, who may be a person; the surest way first."""
    known = {name: each for name, each in remembered.students.items() if name in students}
    for attribute in ("canvas", "login", "sis", "email"):
        if value := plain_name(getattr(person, attribute)):
            yield [name for name, each in known.items() if plain_name(getattr(each, attribute)) == value]
    ids = {plain_name(each) for each in (person.login, person.email, person.sis) if each}
    yield [name for name in students if plain_name(name) in ids]
    yield [name for name, each in students.items() if {plain_name(name), plain_name(each.name)} & set(person.names)]
