"""Finding what students handed in, and telling in one line what is wrong with it."""

from __future__ import annotations

from pathlib import Path

from traitlets.config import Config

from autograder.gradebook.scores import master_cells
from autograder.notebooks.reading import nbgrader_metadata, read, require_assignment, stored_format
from autograder.notebooks.restore import restore
from autograder.records import CourseError, Submission


def find(config: Config, assignment: str) -> list[Submission]:
    """Every student's submission of `assignment`, by name; raises CourseError when there is none.

    A student who handed in a folder without the right notebook is listed too, so that grading can say so.
    """
    folder = Path(config.CourseDirectory.root, config.CourseDirectory.submitted_directory)
    try:
        students = sorted(path.name for path in folder.iterdir() if (path / assignment).is_dir())
    except FileNotFoundError:
        raise CourseError(f"{folder}: missing. Put submissions into {folder}/<student>/{assignment}/.") from None
    except OSError as error:
        raise CourseError(f"{folder}: cannot be read ({error.strerror}). Check its permissions.") from None
    if not students:
        raise CourseError(f"{folder}: no submission of {assignment}. Put them into {folder}/<student>/{assignment}/.")
    return [
        Submission(student, assignment, folder / student / assignment / f"{assignment}.ipynb") for student in students
    ]


def inspect(config: Config, submission: Submission) -> tuple[str, ...]:
    """One line for each thing grading will have to mend; raises CourseError when it cannot be graded at all."""
    if not submission.path.exists():
        raise CourseError(_missing(submission))
    notebook = read(submission.path)
    notes: tuple[str, ...] = ()
    if (stored := stored_format(submission.path)) != 4:
        notes = (f"stored in notebook format {stored}; read as format 4",)
    root = Path(config.CourseDirectory.root)
    master = master_cells(config.CourseDirectory.db_url, submission.assignment, submission.assignment)
    source = read(require_assignment(root, submission.assignment))
    order = [str(nbgrader_metadata(cell).get("grade_id")) for cell in source.cells]
    if not any(nbgrader_metadata(cell).get("grade_id") in master for cell in notebook.cells):
        raise CourseError(f"{submission.path}: has none of the cells of {submission.assignment}. Is it the right one?")
    return notes + restore(notebook, master, order)


def _missing(submission: Submission) -> str:
    others = sorted(path.name for path in submission.path.parent.glob("*.ipynb"))
    found = f"found {', '.join(others)}" if others else "the folder holds no notebook"
    return f"{submission.path}: missing ({found}). Rename the right notebook, or ask for it."
