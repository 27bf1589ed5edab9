"""`autograder init` adds the settings that a course lacks, once, and names every check that cannot be judged."""

from __future__ import annotations

import shutil
from pathlib import Path

import nbformat
import pytest
from click.testing import CliRunner, Result

from autograder.cli import main
from autograder.config import course_config
from autograder.init import BEGIN, END, lines_for, write
from autograder.models import CourseError
from autograder.nbgrader_plugins import Examine, RestoreCells

ANSWER = "### BEGIN SOLUTION\ndef double(x):\n    return 2 * x\n### END SOLUTION"


def make_course(root: Path, check: str = "assert double(2) == 4", folder: str = "source") -> Path:
    """A course of one assignment with ids as nbgrader makes them up, and without settings."""
    roles: dict[str, tuple[str, dict[str, object]]] = {
        "cell-0a1b2c3d4e5f6071": (ANSWER, {"solution": True}),
        "cell-1a1b2c3d4e5f6072": (check, {"grade": True, "points": 2}),
    }
    notebook = nbformat.v4.new_notebook()
    for grade_id, (source, metadata) in roles.items():
        made = nbformat.v4.new_code_cell(source, id=grade_id)
        usual = {"schema_version": 3, "grade": False, "solution": False, "locked": False, "grade_id": grade_id}
        made.metadata["nbgrader"] = {**usual, **metadata}
        notebook.cells.append(made)
    (root / folder / "ps1").mkdir(parents=True)
    nbformat.write(notebook, root / folder / "ps1" / "ps1.ipynb")
    return root


def hand_in_solution(root: Path, student: str) -> None:
    """Hand in the source as it is."""
    shutil.copytree(root / "source" / "ps1", root / "submitted" / student / "ps1")


def run(root: Path, *arguments: str) -> Result:
    """The result of the command in the course at `root`."""
    return CliRunner().invoke(main, ["--root", str(root), *arguments])


def test_settings_are_added_once_and_nbgrader_then_grades_by_the_autograder(tmp_path: Path) -> None:
    """Also in a course that has no settings."""
    root = make_course(tmp_path)
    lines = lines_for(root)
    write(root, lines)
    assert course_config(root).Autograde.autograde_preprocessors[0] is Examine
    assert course_config(root).Autograde.sanitize_preprocessors[1] is RestoreCells
    assert lines_for(root) == "" and (root / "nbgrader_config.py").read_text() == lines


def test_the_lines_stand_behind_what_the_course_sets(tmp_path: Path) -> None:
    """Nothing of it changes, and it is as before without them; nbgrader's own time for a cell stays."""
    root = make_course(tmp_path, folder="assignments")
    before = 'c = get_config()\nc.CourseDirectory.source_directory = "assignments"\nc.Execute.timeout = 45'
    (root / "nbgrader_config.py").write_text(before)
    write(root, lines_for(root))
    text = (root / "nbgrader_config.py").read_text()
    assert text.startswith(f"{before}\n\n{BEGIN}\n") and text.endswith(f"{END}\n")
    assert course_config(root).Examine.cell_seconds == 45


@pytest.mark.parametrize(
    "line",
    ["c.Autograde.autograde_preprocessors = []", "c.HTMLExporter.filters.update({'a': str})"],
)
def test_a_setting_that_would_be_replaced_is_named_and_nothing_is_written(tmp_path: Path, line: str) -> None:
    """In one line, with what to do."""
    root = make_course(tmp_path)
    (root / "nbgrader_config.py").write_text(f"c = get_config()\n{line}\n")
    name = line.split(" = ")[0].removesuffix(".update({'a': str})")
    with pytest.raises(CourseError, match=rf"already sets {name}\. Remove that setting"):
        lines_for(root)
    assert run(root, "init").exit_code == 1 and BEGIN not in (root / "nbgrader_config.py").read_text()


def test_a_folder_that_is_no_course_is_refused(tmp_path: Path) -> None:
    """And gets no settings."""
    with pytest.raises(CourseError, match="source: missing"):
        lines_for(tmp_path)
    assert not list(tmp_path.iterdir())


def test_each_check_that_cannot_be_judged_is_named_with_the_reason(tmp_path: Path) -> None:
    """With its points; a dry run writes nothing."""
    root = make_course(tmp_path, "assert double(2) == 5, 'not five'")
    result = run(root, "init", "--dry-run")
    assert result.exit_code == 1 and not (root / "nbgrader_config.py").exists()
    assert "source/ps1/ps1.ipynb: check 'cell-1a1b2c3d4e5f6072' (2 points) cannot be judged: your own" in result.output


def test_a_course_in_which_all_can_be_judged_is_ready(tmp_path: Path) -> None:
    """And can be checked as it is: no release, no solutions, no answers, no style."""
    root = make_course(tmp_path)
    first, again = run(root, "init"), run(root, "init")
    assert first.exit_code == again.exit_code == 0, first.output + again.output
    assert (
        "Every check can be judged. `autograder compare ps1`" in first.output
        and "already has the settings" in again.output
    )
    checked = run(root, "build", "--check")
    assert checked.exit_code == 0 and "show no solution" in checked.output, checked.output
    assert sorted(path.name for path in root.iterdir()) == ["nbgrader_config.py", "source"]
