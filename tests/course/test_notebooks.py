"""What students and CI see of the notebooks themselves."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbgrader.validator import Validator

from autograder.notebook import assignments
from tests.conftest import REPOSITORY, cell, edit

ASSIGNMENTS = assignments(REPOSITORY)


def validate(path: Path) -> dict[str, list[dict[str, str]]]:
    """What the Validate button would say about the notebook at `path`."""
    return dict(Validator().validate(str(path)))


def imported_modules(notebook: nbformat.NotebookNode) -> set[str]:
    """Every top-level module that a cell imports."""
    trees = [ast.parse(part.source) for part in notebook.cells if part.cell_type == "code"]
    nodes = [node for tree in trees for node in ast.walk(tree)]
    plain = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    named = {str(node.module) for node in nodes if isinstance(node, ast.ImportFrom)}
    return {name.split(".")[0] for name in plain | named}


@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_a_release_needs_only_numpy_scipy_and_matplotlib(assignment: str) -> None:
    """Beside what Python and Jupyter themselves bring."""
    notebook = nbformat.read(REPOSITORY / "release" / assignment / f"{assignment}.ipynb", as_version=4)
    outside = imported_modules(notebook) - set(sys.stdlib_module_names) - {"IPython"}
    assert outside <= {"numpy", "scipy", "matplotlib"}


@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_the_validate_button_accepts_the_solution(assignment: str) -> None:
    """No failing and no changed cell; the answer in words is not for it to judge."""
    assert validate(REPOSITORY / "solutions" / assignment / f"{assignment}.ipynb").get("failed", []) == []


def test_the_validate_button_tells_a_mistake_in_one_sentence(tmp_path: Path) -> None:
    """The relu that takes the absolute value, as the student reads it."""
    path = tmp_path / "feedforward.ipynb"
    notebook = nbformat.read(REPOSITORY / "solutions" / "feedforward" / "feedforward.ipynb", as_version=4)
    cell(notebook, "relu").source = "def relu(z):\n    return np.abs(z)"
    nbformat.write(notebook, path)
    message = [" ".join(failed["error"].split()) for failed in validate(path)["failed"]]
    assert message[0] == (
        "Not yet: relu([-2, 0, 5]) gives [2, 0, 5], but it should be [0, 0, 5]. "
        "This looks like: Negative values lose their sign here; what should they become instead?"
    )


@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_every_picture_can_be_heard(assignment: str) -> None:
    """Each image in a solution carries alt text that says what is to be seen; a table has a caption and headings."""
    notebook = nbformat.read(REPOSITORY / "solutions" / assignment / f"{assignment}.ipynb", as_version=4)
    outputs = [output for part in notebook.cells for output in part.get("outputs", []) if "data" in output]
    assert not any(kind.startswith("image") for output in outputs for kind in output.data)
    shown = [output.data["text/html"] for output in outputs if "text/html" in output.data]
    for picture in shown:
        if "<img" in picture:
            assert len(picture.split('alt="')[1].split('"')[0]) > 80
        else:
            assert "<caption" in picture and 'scope="row"' in picture and 'scope="col"' in picture


@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_code_fits_a_narrow_window(assignment: str) -> None:
    """In 700 pixels JupyterLab shows 72 letters; a folded cell shows its first line, which says what it does."""
    notebook = nbformat.read(REPOSITORY / "release" / assignment / f"{assignment}.ipynb", as_version=4)
    for part in notebook.cells:
        if part.cell_type == "code" and "jupyter" in part.metadata:
            assert part.source.startswith("# Run this: ")
            assert len(part.source.splitlines()[0]) <= 56
        elif part.cell_type == "code":
            assert [line for line in part.source.splitlines() if len(line) > 72] == []


@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_nothing_is_unfolded_that_nobody_needs_to_read(assignment: str) -> None:
    """What is open is for students to read: imports, weights, their own functions, and what they try out."""
    notebook = nbformat.read(REPOSITORY / "release" / assignment / f"{assignment}.ipynb", as_version=4)
    is_open = [part for part in notebook.cells if part.cell_type == "code" and "jupyter" not in part.metadata]
    assert max(len(part.source.splitlines()) for part in is_open) <= 20


def nbval(folder: Path) -> subprocess.CompletedProcess[str]:
    """Re-execute the solutions in `folder` as CI does."""
    sanitize = REPOSITORY / "tests" / "nbval-sanitize.cfg"
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "--rootdir", str(folder)]
    command += ["--nbval", "--nbval-sanitize-with", str(sanitize), str(folder)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_nbval_turns_red_for_a_changed_digit(course: Path) -> None:
    """2.081 printed as 2.080 fails; the same notebook unchanged passes."""
    solution = course / "solutions" / "backprop" / "backprop.ipynb"
    assert nbval(solution.parent).returncode == 0

    def misprint(notebook: nbformat.NotebookNode) -> None:
        (output,) = next(part.outputs for part in notebook.cells if "Loss wrt" in str(part.get("outputs")))
        output.text = output.text.replace("2.081", "2.080")

    edit(solution, misprint)
    red = nbval(solution.parent)
    assert red.returncode == 1
    assert "2.080" in red.stdout
