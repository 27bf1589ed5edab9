"""What Jupyter lets a student do in the cell of an answer costs no points of the answer."""

from __future__ import annotations

import copy
from pathlib import Path

import nbformat
import pytest

from autograder.models import Result
from tests.conftest import REPOSITORY, cell, copy_course, grade_class, hand_in

pytestmark = pytest.mark.xdist_group("habits")

RELU = "def relu(z):\n    return np.maximum(z, 0)"
BEFORE_THE_ANSWER = {
    "the folder is changed": "%cd data",
    "figures are to be moved": "%matplotlib notebook",
    "figures are to have a window": "%matplotlib qt",
    "something is installed": "!pip install -q numpy",
    "something is installed by a magic": "%pip install numpy",
    "files are listed": "names = !ls",
    "a value is kept": "kept = 1\n%store kept",
    "a temporary file is written": "open('/tmp/notes.txt', 'w').close()",
    "the user is named": "import getpass\ngetpass.getuser()",
    "a debugger was left in": "breakpoint()",
}
ANSWERS = {name: f"{line}\n{RELU}" for name, line in BEFORE_THE_ANSWER.items()} | {
    "a module is imported": "from helper import clip\ndef relu(z):\n    return clip(z)",
    "a debugger was left in the function": "def relu(z):\n    breakpoint()\n    return np.maximum(z, 0)",
}
WITHOUT_RELU = {
    "a syntax error": RELU.replace(":", ""),
    "another name": RELU.replace("relu", "rectify"),
    "an empty cell": "",
    "an unfinished answer": RELU.replace("np.maximum(z, 0)", ""),
}
BESIDE = {
    "helper.py": "import numpy as np\n\n\ndef clip(z):\n    return np.maximum(z, 0)\n",
    "data/points.csv": "1,2\n",
}


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Result]:
    """The results of a class, each student of which gives one of the answers."""
    course = copy_course(tmp_path_factory.mktemp("habits") / "course", "feedforward")
    path = REPOSITORY / "solutions" / "feedforward" / "feedforward.ipynb"
    solution = nbformat.read(path, as_version=4)
    for name, source in {"right": RELU, **ANSWERS, **WITHOUT_RELU}.items():
        notebook = copy.deepcopy(solution)
        cell(notebook, "relu").source = source
        submission = hand_in(course, name, path, "feedforward")
        nbformat.write(notebook, submission)
        for beside, text in BESIDE.items():
            (submission.parent / beside).parent.mkdir(exist_ok=True)
            Path(submission.parent, beside).write_text(text)
    return grade_class(course, "feedforward")


def points(result: Result) -> float:
    """The points of a submission that was graded."""
    assert not result.problem
    assert result.score is not None
    return result.score.points


@pytest.mark.parametrize("name", ANSWERS)
def test_a_right_answer_keeps_its_points_where(graded: dict[str, Result], name: str) -> None:
    """Whatever stands before it in its cell, it gets what the answer alone gets."""
    assert points(graded[name]) == points(graded["right"])


@pytest.mark.parametrize("name", WITHOUT_RELU)
def test_a_function_that_is_missing_costs_its_own_points_alone(graded: dict[str, Result], name: str) -> None:
    """Functions that build on it are checked with the right one in its place (docs/decisions/002)."""
    of_relu = sum(
        cell.metadata.nbgrader.points
        for cell in nbformat.read(REPOSITORY / "source" / "feedforward" / "feedforward.ipynb", as_version=4).cells
        if cell.metadata.get("nbgrader", {}).get("grade_id", "").startswith("relu-")
    )
    assert points(graded[name]) == points(graded["right"]) - of_relu
