"""Scratch courses to change, and classes to grade in them."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import hypothesis
import nbformat
import pytest

from autograder.grading.classroom import begin, grade, prepare
from autograder.grading.pool import local
from autograder.judge.mistakes import Catalogue, catalogue, install, read_answers
from autograder.models import Result
from autograder.notebook import assignments
from autograder.sandbox import ForkServer, shared

if TYPE_CHECKING:
    from playwright.sync_api import Browser

hypothesis.settings.register_profile("any machine", deadline=None)
hypothesis.settings.load_profile("any machine")

REPOSITORY = Path(__file__).resolve().parent.parent
ASSIGNMENTS = tuple(assignments(REPOSITORY))
FAIR = sorted((REPOSITORY / "tests" / "right").glob("*.py"))
"""Answers that are right in unusual ways."""


def _catalogues() -> dict[str, Catalogue]:
    """What is known of the answers to each assignment, which can be imported from now on."""
    for name in ASSIGNMENTS:
        install(name, read_answers(REPOSITORY, name))
    found = {name: catalogue(name) for name in ASSIGNMENTS}
    return {name: known for name, known in found.items() if known}


CATALOGUES = _catalogues()
_ANSWERS = {name: read_answers(REPOSITORY, name) for name in ASSIGNMENTS}


@pytest.fixture(autouse=True)
def answers_of_the_course() -> Iterator[None]:
    """A test may install answers of its own; the next one finds those of the course again."""
    yield
    for name, texts in _ANSWERS.items():
        install(name, texts)


def copy_course(target: Path, *assignments: str) -> Path:
    """A working copy of the course in `target`, with only these assignments where any are named."""
    unwanted = shutil.ignore_patterns("__pycache__")
    for folder in ("source", "answers", "release", "solutions"):
        for assignment in assignments or ASSIGNMENTS:
            shutil.copytree(REPOSITORY / folder / assignment, target / folder / assignment, ignore=unwanted)
    shutil.copy(REPOSITORY / "nbgrader_config.py", target)
    (target / "grading").mkdir()
    return target


def hand_in(course: Path, student: str, notebook: Path, assignment: str) -> Path:
    """Put `notebook` where the student's submission belongs; returns its path there."""
    target = course / "grading" / "submitted" / student / assignment / f"{assignment}.ipynb"
    target.parent.mkdir(parents=True)
    shutil.copyfile(notebook, target)
    return target


def edit(path: Path, change: Callable[[nbformat.NotebookNode], object]) -> None:
    """Read the notebook at `path`, change it, and write it back."""
    notebook = nbformat.read(path, as_version=4)
    change(notebook)
    nbformat.write(notebook, path)


def cell(notebook: nbformat.NotebookNode, grade_id: str) -> nbformat.NotebookNode:
    """The cell of `notebook` with this grade id."""
    return next(cell for cell in notebook.cells if cell.metadata.get("nbgrader", {}).get("grade_id") == grade_id)


def grade_class(course: Path, assignment: str, again: bool = False) -> dict[str, Result]:
    """The results of one assignment by student, graded in this process."""
    with local(1) as workers:
        results = grade(begin([prepare(course, assignment)], workers), workers, again=again)
        return {result.student: result for result in results}


@pytest.fixture(scope="session")
def fork_server() -> Iterator[ForkServer]:
    """One fork server for all tests of a worker."""
    yield shared()


@pytest.fixture
def course(tmp_path: Path) -> Iterator[Path]:
    """A scratch course of one small assignment, backprop, generated files included."""
    yield copy_course(tmp_path / "course", "backprop")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium as the system has it."""
    if (chromium := shutil.which("chromium") or shutil.which("google-chrome")) is None:
        pytest.skip("there is no Chromium on this machine")
    from playwright.sync_api import sync_playwright  # only the few tests that need it wait for it

    with sync_playwright() as playwright:
        arguments = ["--no-sandbox"] if os.getuid() == 0 else []
        browser = playwright.chromium.launch(executable_path=chromium, args=arguments)
        yield browser
        browser.close()
