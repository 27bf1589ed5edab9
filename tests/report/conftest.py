"""Classes that have been graded, what a newer grader would write into their notebooks, and a browser."""

from __future__ import annotations

import shutil
from pathlib import Path

import nbformat
import pytest
from nbgrader.api import Gradebook

from autograder.config import course_config
from autograder.judge.mistakes import Mistake
from autograder.notebook import fill_in
from tests.conftest import REPOSITORY, cell, copy_course, edit, grade_class, hand_in

KNOWN = {
    "off-unit": Mistake(
        "off-unit", "backward", "A unit that is off still passes its derivative on.", "section 2, relu'(z)", ""
    ),
    "wrong-sign": Mistake(
        "wrong-sign", "backward", "The derivative has the opposite sign.", "section 2, the first line", ""
    ),
}


@pytest.fixture(scope="session")
def graded_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Backprop, graded: grace is right and waits for a person, document fails one check, blank answers nothing."""
    course = copy_course(tmp_path_factory.mktemp("class") / "course", "backprop")
    release = REPOSITORY / "release" / "backprop" / "backprop.ipynb"
    for student in ("grace", "document", "blank"):
        poured = course / f"{student}.ipynb"
        nbformat.write(fill_in(release, REPOSITORY / "examples" / "submissions" / student / "backprop.py"), poured)
        hand_in(course, student, poured, "backprop")
    grade_class(course, "backprop")
    return course


@pytest.fixture
def graded(graded_once: Path, tmp_path: Path) -> Path:
    """A copy of that class, to change."""
    return Path(shutil.copytree(graded_once, tmp_path / "graded"))


@pytest.fixture
def known(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two mistakes of backprop."""
    for module in ("feedback", "class_report"):
        monkeypatch.setattr(f"autograder.report.{module}.named", lambda assignment, name: KNOWN.get(name))


def notebook_of(course: Path, student: str) -> Path:
    """Where the graded notebook of `student` lies."""
    return course / "grading" / "autograded" / student / "backprop" / "backprop.ipynb"


def page_of(course: Path, student: str) -> Path:
    """Where the feedback page of `student` belongs."""
    return course / "grading" / "feedback" / student / "backprop" / "backprop.html"


def tell(course: Path, student: str, grade_id: str, **found: object) -> None:
    """Write into a graded notebook what the grader found out about one check."""
    path = notebook_of(course, student)
    path.chmod(0o644)
    edit(path, lambda notebook: cell(notebook, grade_id).metadata.update(autograder=found))


def gradebook(course: Path) -> Gradebook:
    """The gradebook of a course."""
    return Gradebook(course_config(course).CourseDirectory.db_url)
