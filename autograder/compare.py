"""The same submissions graded by nbgrader itself and by the autograder, to see which points would change.

nbgrader works in a scratch copy with its own preprocessors and kernels, so the course and its gradebook stay as they
are. As always with nbgrader, what students wrote then runs with the rights of the person who grades.
"""

from __future__ import annotations

import itertools
import re
import shutil
import tempfile
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbgrader.converters import Autograde, GenerateAssignment
from nbgrader.coursedir import CourseDirectory
from nbgrader.utils import determine_grade
from traitlets.config import Config

from autograder.cells import role
from autograder.config import course_config, is_ours, run_converter
from autograder.files import plain_files
from autograder.grading.pool import Workers, grade_here, tried
from autograder.models import Assignment, CourseError, Graded, HandedIn, Outcome
from autograder.notebook import content_of, require_assignment
from autograder.scratch import copy_source, move
from autograder.source import load, read_source

YOUR_SOLUTION = "your-own-solution"
"""Who hands in the source's solution, which is compared as well."""

_MOST_STUDENTS, _LONGEST = 3, 160
"""How many students a line names, and how long what it says of a side may be."""


@dataclass(frozen=True)
class Points:
    """What one side gives for a cell; None when a person has to. `reason` says what happened, if anything did."""

    points: float | None
    reason: str = ""


@dataclass(frozen=True)
class Difference:
    """A cell for which the two sides give different points, and the students for whom they do so for these reasons."""

    notebook: str
    grade_id: str
    max_points: float
    nbgrader: Points
    autograder: Points
    students: tuple[str, ...]

    @property
    def who(self) -> str:
        """The students, of many only some."""
        named = ", ".join(self.students[:_MOST_STUDENTS])
        more = len(self.students) - _MOST_STUDENTS
        return f"{named} and {more} more" if more > 0 else named

    @property
    def why(self) -> str:
        """What each side says of it."""
        said = {"nbgrader": self.nbgrader.reason, "autograder": self.autograder.reason}
        return "; ".join(f"{side}: {reason}" for side, reason in said.items() if reason)


@dataclass(frozen=True)
class Comparison:
    """All cells that differ, of how many, and the seconds that each side took. `notes` are about whole submissions."""

    differences: Sequence[Difference]
    cells: int
    submissions: int
    seconds_of_nbgrader: float
    seconds_of_autograder: float
    notes: Sequence[str] = ()


_PLACE = re.compile(r"\S*ipykernel_\d+/\d+\.py:\d+: ")
"""Where a warning comes from: another place in every kernel."""

_Key = tuple[str, str, str]
"""A student, a notebook, a grade id."""

_NOTHING = Points(None, "not graded")


def compare(root: Path, assignment: str, workers: Workers, level: str, students: Sequence[str] = ()) -> Comparison:
    """Grade what was handed in for an assignment, and the source's own solution, by both sides.

    Args:
        root: the folder of the course.
        assignment: the name of the assignment.
        workers: what grades for the autograder.
        level: the sandbox level that it confines student code at, or more.
        students: the names of those whose work is graded; everybody's when there are none.

    Returns:
        Every cell that differs.

    Raises:
        CourseError: the assignment cannot be used, by either of them.
    """
    config = course_config(root)
    paths = require_assignment(root, assignment)
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder)
        copy_source(root, scratch)
        notes = _copy_submissions(config, assignment, scratch, students)
        stock = course_config(root)
        move(stock, root, scratch, [assignment])
        _hand_in_solution(scratch, assignment)
        start = time.monotonic()
        ours, masters = _by_autograder(config, paths, scratch, workers, level)
        middle = time.monotonic()
        theirs, more = _by_nbgrader(stock, assignment, scratch)
        end = time.monotonic()
    return Comparison(
        _differences(theirs, ours, masters),
        len(theirs.keys() | ours.keys()),
        len({student for student, _, _ in theirs.keys() | ours.keys()}),
        end - middle,
        middle - start,
        [*notes, *more],
    )


def _copy_submissions(config: Config, assignment: str, scratch: Path, students: Sequence[str]) -> list[str]:
    """Copy what nbgrader would grade into the scratch course; returns a note for each student without anything."""
    submitted = Path(config.CourseDirectory.root, config.CourseDirectory.submitted_directory)
    found = {path.parent.name: path for path in sorted(submitted.glob(f"*/{assignment}")) if path.is_dir()}
    for student in students or found:
        if student in found:
            files = plain_files(found[student]) | {path.name: content_of(path) for path in _notebooks(found[student])}
            for name, content in files.items():
                target = scratch / "submitted" / student / assignment / name
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(content)
    return [f"{student}: there is no submission for {assignment}." for student in students if student not in found]


def _hand_in_solution(scratch: Path, assignment: str) -> None:
    shutil.copytree(scratch / "source" / assignment, scratch / "submitted" / YOUR_SOLUTION / assignment)


def _notebooks(folder: Path) -> list[Path]:
    return sorted(path for path in folder.glob("[!.]*.ipynb") if path.is_file() and not path.is_symlink())


def _by_autograder(
    config: Config, paths: Sequence[Path], scratch: Path, workers: Workers, level: str
) -> tuple[dict[_Key, Points], dict[str, Assignment]]:
    """The points that the autograder gives, without a gradebook, and each notebook's assignment."""
    asked: dict[tuple[str, str], Future[Graded]] = {}
    masters = dict[str, Assignment]()
    for path in paths:
        source = read_source(config, path)
        known = workers.executor.submit(tried, load(config, source), source.notebook).result()
        masters[path.stem] = known
        for folder in sorted((scratch / "submitted").glob(f"*/{path.parent.name}")):
            if (notebook := folder / path.name).is_file():
                handed_in = HandedIn(folder.parent.name, notebook.read_bytes(), plain_files(folder))
                asked[folder.parent.name, path.stem] = workers.executor.submit(grade_here, known, handed_in, level)
    found = dict[_Key, Points]()
    for (student, name), future in asked.items():
        for grade_id, points in _of_autograder(future.result(), masters[name]).items():
            found[student, name, grade_id] = points
    return found, masters


def _of_autograder(graded: Graded, known: Assignment) -> dict[str, Points]:
    cells = [name for name, cell in known.master.items() if cell.role.is_graded]
    if graded.problem is not None:
        return dict.fromkeys(cells, Points(None, f"not graded: {graded.problem}"))
    reasons = {
        each.grade_id: _first_line(each.message) for each in graded.verdicts if each.outcome is not Outcome.PASSED
    }
    broken = {name: f"the check is broken: {reason}" for name, reason in known.broken_checks.items()}
    return {name: Points(graded.points.get(name), broken.get(name) or reasons.get(name, "")) for name in cells}


def _by_nbgrader(config: Config, assignment: str, scratch: Path) -> tuple[dict[_Key, Points], list[str]]:
    """The points that nbgrader gives, and a line for each submission that it could not grade."""
    _without_ours(config)
    config.Execute.setdefault("extra_arguments", ["--log-level=ERROR"])  # or each kernel tells how it is reached
    course = CourseDirectory(config=config, assignment_id=assignment)
    run_converter(GenerateAssignment(coursedir=course, config=config))
    notes = []
    for folder in sorted((scratch / "submitted").glob(f"*/{assignment}")):
        one = CourseDirectory(config=config, assignment_id=assignment, student_id=folder.parent.name)
        try:
            run_converter(Autograde(coursedir=one, config=config))
        except CourseError as error:
            notes.append(f"{folder.parent.name}: nbgrader could not grade it ({_first_line(str(error))}).")
    found = dict[_Key, Points]()
    for path in sorted((scratch / "autograded").glob(f"*/{assignment}/*.ipynb")):
        for cell in nbformat.read(path, as_version=4).cells:
            if role(cell).is_graded:
                found[path.parent.parent.name, path.stem, role(cell).grade_id] = _of_nbgrader(cell)
    return found, notes


def _without_ours(config: Config) -> None:
    """Take the autograder's steps out of the settings, so that nbgrader has its own; all else stays as it is set."""
    for section in ("Autograde", "GenerateAssignment"):
        for name, value in list(config[section].items()):
            if isinstance(value, list) and any(is_ours(each) for each in value):
                del config[section][name]


def _of_nbgrader(cell: nbformat.NotebookNode) -> Points:
    try:
        points, _ = determine_grade(cell)
    except Exception as error:  # such as more points than a cell has
        return Points(0.0, _first_line(f"{type(error).__name__}: {error}"))
    return Points(None if points is None else float(points), _reason(cell))


def _reason(cell: nbformat.NotebookNode) -> str:
    """Why nbgrader takes points off: the first output that makes it do so."""
    for output in cell.get("outputs", ()):
        if output.output_type == "error":
            return _first_line(f"{output.ename}: {output.evalue}".removesuffix(": "))
        if output.output_type == "stream" and output.name == "stderr":
            return _first_line(f"output on stderr: {_PLACE.sub('', output.text).strip()}")
        if output.output_type == "execute_result":
            return _first_line(f"its last line gives {output.data.get('text/plain', '')}")
    return ""


def _first_line(text: str) -> str:
    line = (text.strip().splitlines() or [""])[0]
    return line if len(line) <= _LONGEST else f"{line[:_LONGEST]}…"


def _differences(
    theirs: Mapping[_Key, Points], ours: Mapping[_Key, Points], masters: Mapping[str, Assignment]
) -> list[Difference]:
    """Where both sides differ, in the order of the cells; students for whom all is the same are taken together."""
    found: dict[tuple[str, str, Points, Points], list[str]] = {}
    students = sorted({student for student, _, _ in theirs.keys() | ours.keys()})
    for notebook, known in masters.items():
        for grade_id, student in itertools.product(known.master, students):
            key = (student, notebook, grade_id)
            if key not in theirs and key not in ours:
                continue
            one, other = theirs.get(key, _NOTHING), ours.get(key, _NOTHING)
            if one.points != other.points:
                found.setdefault((notebook, grade_id, one, other), []).append(student)
    return [
        Difference(notebook, name, masters[notebook].master[name].role.points, one, other, tuple(students))
        for (notebook, name, one, other), students in found.items()
    ]
