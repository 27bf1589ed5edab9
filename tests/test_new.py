"""`autograder new`: what it makes can be built, breaks no rule, and is graded with names for mistakes."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import nbformat
import pytest

from autograder.build import build, check
from autograder.lint import lint
from autograder.models import CourseError, Result
from autograder.new import make
from autograder.notebook import fill_in
from tests.conftest import REPOSITORY, copy_course, grade_class, hand_in

_RIGHT = """\
# %% area
def area(radius):
    return radius * radius * 3.141592653589793
# %% ring_area
def ring_area(inner, outer):
    return math.pi * (outer ** 2 - inner ** 2)
"""
_WRONG = """\
# %% area
def area(radius):
    return 2 * math.pi * radius
# %% ring_area
def ring_area(inner, outer):
    difference = outer - inner
    return area(difference)
"""


@pytest.fixture(scope="module", params=["with source/checks.py", "without source/checks.py"])
def course(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course that has nothing but a new assignment, which was built."""
    course = copy_course(tmp_path_factory.mktemp("new") / "course", "backprop")
    shutil.rmtree(course / "source" / "backprop")
    shutil.rmtree(course / "answers" / "backprop")
    if request.param.startswith("with "):
        shutil.copy(REPOSITORY / "source" / "checks.py", course / "source")
    make(course, "circle")
    build(course)
    return course


@pytest.fixture(scope="module")
def graded(course: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Result]:
    """The results of one student with right answers, and of one with wrong ones."""
    for student, answers in {"right": _RIGHT, "wrong": _WRONG}.items():
        written = tmp_path_factory.mktemp("answers") / "circle.py"
        written.write_text(answers)
        notebook = written.with_suffix(".ipynb")
        nbformat.write(fill_in(course / "release" / "circle" / "circle.ipynb", written), notebook)
        hand_in(course, student, notebook, "circle")
    return grade_class(course, "circle")


def test_a_new_assignment_breaks_no_rule(course: Path) -> None:
    """Nothing is stale either."""
    assert check(course) == [] and lint(course) == []


def test_a_new_assignment_is_graded_as_it_is(graded: dict[str, Result]) -> None:
    """Right answers in other words have full marks, wrong ones have none."""
    scores = {student: result.score for student, result in graded.items()}
    assert scores["right"] and scores["wrong"]
    assert (scores["right"].points, scores["right"].max_points, scores["wrong"].points) == (8, 8, 0)


def test_a_new_assignment_names_mistakes(course: Path, graded: dict[str, Result]) -> None:
    """Each function has one."""
    path = course / "grading" / "autograded" / "wrong" / "circle" / "circle.ipynb"
    cells = nbformat.read(path, as_version=4).cells
    named = {cell.id: cell.metadata["autograder"]["mistakes"] for cell in cells if cell.id.endswith("-hidden")}
    assert named == {"area-hidden": ["area-circumference"], "ring_area-hidden": ["ring_area-radii-subtracted"]}


def test_cells_of_a_new_assignment_have_their_grade_ids_as_ids(course: Path) -> None:
    """And no tag that is only for the template."""
    notebook = json.loads((course / "source" / "circle" / "circle.ipynb").read_text())
    graded = [cell for cell in notebook["cells"] if "nbgrader" in cell["metadata"]]
    assert [cell["id"] for cell in graded] == [cell["metadata"]["nbgrader"]["grade_id"] for cell in graded]
    assert len(graded) == len({cell["id"] for cell in graded}) and "ASSIGNMENT" not in json.dumps(notebook)
    assert not any("tags" in cell["metadata"] for cell in notebook["cells"])


@pytest.mark.parametrize(("name", "reason"), [("Über uns", "not a name"), ("../x", "not a name"), ("circle", "exists")])
def test_a_name_that_cannot_be_used_is_refused(course: Path, name: str, reason: str) -> None:
    """One line, and nothing is written."""
    before = sorted(course.rglob("*"))
    with pytest.raises(CourseError, match=reason):
        make(course, name)
    assert sorted(course.rglob("*")) == before


def test_an_assignment_needs_no_known_mistakes(course: Path) -> None:
    """Without them there are points, and no mistake has a name."""
    make(course, "plain")
    (course / "answers" / "plain" / "mistakes.py").unlink()
    build(course)
    hand_in(course, "right", course / "source" / "plain" / "plain.ipynb", "plain")
    score = grade_class(course, "plain")["right"].score
    assert score and score.points == 8
