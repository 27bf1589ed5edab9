"""Finding what students handed in, and telling in one line what is wrong with it."""

from __future__ import annotations

from pathlib import Path

from nbgrader.utils import parse_utc
from traitlets.config import Config

from autograder.gradebook.scores import master_cells
from autograder.grading.attachments import refused, require_plain
from autograder.notebooks.reading import grade_ids, read, require_assignment, stored_format
from autograder.notebooks.restore import restore
from autograder.records import CourseError, Submission

_MOST_NOTES = 3


def find(config: Config, assignment: str) -> list[Submission]:
    """Every student's submission of `assignment`, by name; raises CourseError when there is none.

    A student who handed in a folder without the right notebook is listed too, so that grading can say so.
    """
    folder = Path(config.CourseDirectory.root, config.CourseDirectory.submitted_directory)
    try:
        students = sorted(path for path in folder.iterdir() if not path.name.startswith("."))
    except FileNotFoundError:
        raise CourseError(f"{folder}: missing. Put submissions into {folder}/<student>/{assignment}/.") from None
    except OSError as error:
        raise CourseError(f"{folder}: cannot be read ({error.strerror}). Check its permissions.") from None
    found = [
        Submission(student.name, assignment, student / assignment / f"{assignment}.ipynb")
        for student in students
        if _handed_in(student, assignment)
    ]
    if not found:
        raise CourseError(f"{folder}: no submission of {assignment}. Put them into {folder}/<student>/{assignment}/.")
    return found


def _handed_in(student: Path, assignment: str) -> bool:
    """Whether this entry of the folder holds something that is meant to be a submission of `assignment`."""
    if not student.is_dir():
        return student.suffix == ".ipynb" and student.stem.casefold() == assignment
    try:
        names = {path.name.casefold() for path in student.iterdir()}
    except OSError:
        return True  # nobody can tell; grading will say why
    return bool(names & {assignment, f"{assignment}.ipynb"})


def inspect(config: Config, submission: Submission) -> tuple[str, ...]:
    """One line for each thing grading will have to mend; raises CourseError when it cannot be graded at all."""
    try:
        if not submission.path.exists():
            raise CourseError(_missing(submission))
    except OSError as error:
        raise CourseError(f"{submission.path}: cannot be read ({error.strerror}). Check its permissions.") from None
    require_plain(submission.path)
    _require_time(submission.path.with_name("timestamp.txt"))
    notebook = read(submission.path)
    notes = _left_out(submission.path.parent)
    if (stored := stored_format(submission.path)) != 4:
        notes += (f"stored in notebook format {stored}; read as format 4",)
    root = Path(config.CourseDirectory.root)
    master = master_cells(config.CourseDirectory.db_url, submission.assignment, submission.assignment)
    if not master.keys() & set(grade_ids(notebook)):
        raise CourseError(f"{submission.path}: has none of the cells of {submission.assignment}. Is it the right one?")
    order = grade_ids(read(require_assignment(root, submission.assignment)))
    return notes + restore(notebook, master, order)


def _require_time(path: Path) -> None:
    """Nbgrader reads from this file when a submission came in."""
    if not path.is_file() or path.is_symlink():
        return
    try:
        parse_utc(path.read_text(encoding="utf-8").strip())
    except (ValueError, OverflowError):
        raise CourseError(f"{path}: not a time. Remove it, or write when the submission came in.") from None


def _left_out(folder: Path) -> tuple[str, ...]:
    found = refused(folder)
    notes = [f"{path.relative_to(folder)} was left out: {reason}" for path, reason in list(found.items())[:_MOST_NOTES]]
    if len(found) > _MOST_NOTES:
        notes.append(f"{len(found) - _MOST_NOTES} more files were left out")
    return tuple(notes)


def _missing(submission: Submission) -> str:
    folder = submission.path.parent
    for place in (folder, folder.parent):
        if others := sorted(str(path.relative_to(folder.parent)) for path in place.glob("*.ipynb")):
            found = ", ".join(others)
            return f"{submission.path}: missing (found {found}). Move or rename the right one, or ask for it."
    return f"{submission.path}: missing (no notebook near it). Check the names of the folders, or ask for it."
