"""`autograder compare` finds the cells for which nbgrader itself gives other points, and changes nothing."""

from __future__ import annotations

from pathlib import Path

import nbformat

from tests.test_init import ANSWER, make_course, run

CHECK = "cell-1a1b2c3d4e5f6072"


def hand_in(root: Path, student: str, answer: str) -> None:
    """Put the notebook of a student into the course's folder of submissions, which has a name of its own."""
    notebook = nbformat.read(root / "source" / "ps1" / "ps1.ipynb", as_version=4)
    notebook.cells[0].source = answer
    folder = root / "handed-in" / student / "ps1"
    folder.mkdir(parents=True)
    nbformat.write(notebook, folder / "ps1.ipynb")


def contents(root: Path) -> dict[Path, bytes]:
    """All files of a course."""
    return {path: path.read_bytes() for path in root.rglob("*") if path.is_file()}


def test_each_cell_with_other_points_is_listed_with_the_reason(tmp_path: Path) -> None:
    """Output on stderr fails a check of nbgrader's; nothing of the course changes."""
    root = make_course(tmp_path, "import sys\nprint('hm', file=sys.stderr)\nassert double(2) == 4")
    (root / "nbgrader_config.py").write_text('c.CourseDirectory.submitted_directory = "handed-in"\n')
    hand_in(root, "ada", ANSWER)
    hand_in(root, "bob", "def double(x):\n    return x")
    before = contents(root)
    result = run(root, "compare", "ps1")
    assert result.exit_code == 1 and contents(root) == before, result.output
    words = " ".join(result.output.replace("│", " ").split())
    assert "0 / 2" in words and "2 / 2" in words and "stderr: hm" in words, result.output
    assert "The points of 2 of 3 cells of 3 submissions, including your own solution, differ." in words
    assert "bob" not in words


def test_equal_points_are_said_to_be_equal(tmp_path: Path) -> None:
    """Without submissions, the author's own solution is compared; a name that no student has is reported."""
    result = run(make_course(tmp_path), "compare", "ps1", "--student", "eve")
    assert result.exit_code == 1 and "nbgrader_config.py: missing" in result.output
    (tmp_path / "nbgrader_config.py").touch()
    result = run(tmp_path, "compare", "ps1", "--student", "eve")
    assert result.exit_code == 0, result.output
    assert "cells of your own solution have the same points" in " ".join(result.output.split())
    assert "eve: there is no submission for ps1." in result.output
