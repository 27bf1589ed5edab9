"""A class of cheats, graded together with an honest student by the public command.

Each file of `corpus/` is what one student put into the cell of `double`; the number its name ends in is the score it
must get. Without any trick a wrong `double` earns the 2 points of `triple`, which every student has right.
"""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest
from click.testing import CliRunner, Result
from nbgrader.api import Gradebook

from autograder.cli import main
from autograder.gradebook.session import course_config
from autograder.sandbox.levels import Level
from autograder.sandbox.nursery import Nursery
from tests.conftest import REPOSITORY

CORPUS = sorted((REPOSITORY / "tests" / "attacks" / "corpus").glob("*.py"))
CANARY = "CANARY_7c1f0e"
HIDDEN = f"""\
{CANARY} = "what no student may see"
for x, want in [(3, 6), (-1, -2), (0.5, 1.0)]:
    assert double(x) == want, {CANARY}
"""


def solution(name: str, source: str) -> nbformat.NotebookNode:
    """An answer cell."""
    metadata = {"grade": False, "grade_id": name, "locked": False, "schema_version": 3, "solution": True, "task": False}
    return nbformat.v4.new_code_cell(source, metadata={"nbgrader": metadata}, id=name)


def check(name: str, points: int, source: str) -> nbformat.NotebookNode:
    """A graded cell, hidden as a whole where its name says so."""
    metadata = {"grade": True, "grade_id": name, "locked": True, "schema_version": 3, "solution": False, "task": False}
    hidden = f"### BEGIN HIDDEN TESTS\n{source}\n### END HIDDEN TESTS" if name.endswith("hidden") else source
    return nbformat.v4.new_code_cell(hidden, metadata={"nbgrader": metadata | {"points": points}}, id=name)


def target() -> nbformat.NotebookNode:
    """An assignment of two functions."""
    cells = [
        solution("double", "def double(x):\n    return 2 * x"),
        solution("triple", "def triple(x):\n    return 3 * x"),
        check("double-shown", 1, "assert double(3) == 6"),
        check("double-hidden", 3, HIDDEN),
        check("triple-hidden", 2, "assert triple(1) == 3 and triple(2) == 6"),
    ]
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    return nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernel})


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory, nursery: Nursery) -> tuple[Path, Result]:
    """The course after grading, and what the command said."""
    if nursery.level is not Level.NAMESPACES:
        pytest.skip("these would be let loose on a machine that cannot confine them")
    course = tmp_path_factory.mktemp("attacks") / "course"
    (course / "source" / "target").mkdir(parents=True)
    (course / "grading").mkdir()
    settings = (REPOSITORY / "nbgrader_config.py").read_text().replace("cell_seconds = 10", "cell_seconds = 1")
    (course / "nbgrader_config.py").write_text(settings)
    nbformat.write(target(), course / "source" / "target" / "target.ipynb")
    for attack in CORPUS:
        notebook = target()
        notebook.cells[0].source = attack.read_text()
        folder = course / "grading" / "submitted" / attack.stem / "target"
        folder.mkdir(parents=True)
        nbformat.write(notebook, folder / "target.ipynb")
    before = {path for path in course.rglob("*") if "grading" not in path.relative_to(course).parts}
    result = CliRunner().invoke(main, ["--root", str(course), "grade", "target"])
    after = {path for path in course.rglob("*") if "grading" not in path.relative_to(course).parts}
    assert before == after
    return course, result


@pytest.mark.parametrize("attack", CORPUS, ids=lambda path: path.stem)
def test_no_trick_earns_more_than_the_same_notebook_without_it(graded: tuple[Path, Result], attack: Path) -> None:
    """Each score is the one its file is named for."""
    course, result = graded
    assert result.exit_code == 0, result.output
    with Gradebook(course_config(course).CourseDirectory.db_url) as gradebook:
        assert gradebook.find_submission("target", attack.stem).score == int(attack.stem.rsplit("_", 1)[1])


def test_no_hidden_test_reaches_what_student_code_displayed(graded: tuple[Path, Result]) -> None:
    """The planted word stands in no output of a student's own cell, nor does an input of a hidden test."""
    for path in graded[0].glob("grading/autograded/*/target/target.ipynb"):
        for cell in nbformat.read(path, as_version=4).cells:
            if not cell.metadata["nbgrader"]["grade"] and "hidden input" not in cell.source:
                assert CANARY not in str(cell.get("outputs", "")), path
            printed = [output for output in cell.outputs if output.output_type == "stream"]
            assert "hidden input" not in str(printed), path


def test_nothing_a_cheat_started_or_wrote_is_left(graded: tuple[Path, Result]) -> None:
    """No process of theirs runs on, and their folders hold the graded notebook alone."""
    running = [path.read_bytes() for path in Path("/proc").glob("[0-9]*/cmdline") if path.exists()]
    assert not any(b"sleep\x001000" in command for command in running)
    for folder in graded[0].glob("grading/autograded/*/target"):
        assert [path.name for path in folder.iterdir()] == ["target.ipynb"]


def test_a_machine_that_confines_less_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """`--require-sandbox namespaces` ends with a line and exit status 1."""
    monkeypatch.setattr("autograder.cli.shared", lambda: Nursery(Level.LANDLOCK))
    result = CliRunner().invoke(main, ["--root", str(tmp_path), "grade", "x", "--require-sandbox", "namespaces"])
    assert result.exit_code == 1
    assert "only be confined at level 'landlock' here" in result.stderr
