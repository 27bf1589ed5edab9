"""A class of cheats and one honest student, graded by the public command."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

import nbformat
from nbgrader.api import Gradebook

from autograder.sandbox import Level
from tests.attacks import target
from tests.attacks.attack import Attack
from tests.conftest import REPOSITORY


def lay_out(course: Path, configuration: str) -> None:
    """A course with the attacked assignment, the reference and the bystander's submission."""
    for folder in (course / "source" / target.ASSIGNMENT, course / "reference"):
        folder.mkdir(parents=True)
    (course / "nbgrader_config.py").write_text(configuration, encoding="utf-8")
    (course / "reference" / "answers.py").write_text(target.ANSWERS, encoding="utf-8")
    nbformat.write(target.source(), course / "source" / target.ASSIGNMENT / f"{target.ASSIGNMENT}.ipynb")
    notebook = target.handed_out()
    notebook.cells[0].source += f"  # {target.NEIGHBOUR}"
    folder = course / "grading" / "submitted" / target.BYSTANDER / target.ASSIGNMENT
    folder.mkdir(parents=True)
    nbformat.write(notebook, folder / f"{target.ASSIGNMENT}.ipynb")


def comment_on_the_bystander(course: Path) -> None:
    """Write the instructor's words on the bystander's work into the gradebook."""
    with Gradebook(f"sqlite:///{course}/grading/gradebook.db") as gradebook:
        submission = gradebook.find_submission_notebook(target.ASSIGNMENT, target.ASSIGNMENT, target.BYSTANDER)
        submission.comments[0].manual_comment = target.GRADEBOOK
        gradebook.db.commit()


def hand_in(course: Path, attacks: Iterable[Attack]) -> None:
    """Everybody's submission."""
    for attack in attacks:
        attack.hand_in(course / "grading" / "submitted" / attack.name / target.ASSIGNMENT)


def own(course: Path, user: int) -> None:
    """Give the course to `user`, links as links."""
    for path in (course, *course.rglob("*")):
        os.chown(path, user, user, follow_symlinks=False)


def environment(course: Path) -> dict[str, str]:
    """A grader's environment: the reference can be imported, and scratch files have a folder of their own."""
    scratch = course.parent / "scratch"
    scratch.mkdir(exist_ok=True)
    scratch.chmod(0o777)
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    return {"PATH": path, "LANG": "C.UTF-8", "HOME": str(scratch), "PYTHONPATH": str(course / "reference")}


def our_configuration() -> str:
    """The settings of the course, with less patience."""
    text = (REPOSITORY / "nbgrader_config.py").read_text(encoding="utf-8")
    return text.replace("cell_seconds = 10", "cell_seconds = 0.5")


def grade(course: Path, level: Level, prefix: Sequence[str] = ()) -> subprocess.CompletedProcess[str]:
    """Run `autograder grade` with student code confined at `level`; `prefix` starts the command as somebody else."""
    command = [sys.executable, "-m", "tests.attacks.at_level", level.value, "--root", str(course), "grade", "target"]
    return subprocess.run(
        [*prefix, *command], cwd=REPOSITORY, env=environment(course), capture_output=True, text=True, check=False
    )


def new_course(parent: Path) -> Path:
    """An empty place for a course that others may enter."""
    parent.mkdir(exist_ok=True)
    parent.chmod(0o755)
    return parent / "course"


def forget(course: Path) -> None:
    """Remove everything, named pipes and links included."""
    shutil.rmtree(course.parent, ignore_errors=True)
