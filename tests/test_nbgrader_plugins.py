"""Plain nbgrader commands, run as an instructor runs them, agree with `autograder grade`."""

from __future__ import annotations

import csv
import os
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import nbformat
import pytest
from nbgrader.api import Gradebook

from autograder.config import course_config
from autograder.gradebook.database import engine, leave_whole
from autograder.gradebook.read import scores
from autograder.notebook import fill_in
from tests.conftest import REPOSITORY, cell, copy_course, edit, grade_class, hand_in

NBGRADER = [str(Path(sys.executable).with_name("nbgrader"))]


def run(course: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run nbgrader in `course`, without the environment activated."""
    environment = {**os.environ, "PATH": "/usr/bin:/bin"}
    return subprocess.run([*NBGRADER, *words], cwd=course, env=environment, capture_output=True, text=True, check=False)


def make_class(course: Path, tmp_path: Path) -> None:
    """Three students: everything right, a mistake with a warning, a copied grade cell."""
    release = REPOSITORY / "release" / "feedforward" / "feedforward.ipynb"
    for student in ("grace", "ada", "kai"):
        poured = tmp_path / f"{student}.ipynb"
        nbformat.write(fill_in(release, REPOSITORY / "examples" / "submissions" / student / "feedforward.py"), poured)
        hand_in(course, student, poured, "feedforward")


def test_nbgraders_own_commands_give_the_same_scores(tmp_path: Path) -> None:
    """generate_assignment, autograde, generate_feedback and export from the root, against ours."""
    ours, theirs = (copy_course(tmp_path / name, "feedforward") for name in ("ours", "theirs"))
    for course in (ours, theirs):
        make_class(course, tmp_path)
    results = grade_class(ours, "feedforward")
    scores = {student: result.score.points for student, result in results.items() if result.score}
    released = (theirs / "release" / "feedforward" / "feedforward.ipynb").read_bytes()
    for words in (
        ("generate_assignment", "feedforward", "--force"),
        ("autograde", "feedforward"),
        ("generate_feedback", "feedforward"),
        ("export",),
    ):
        done = run(theirs, *words)
        assert done.returncode == 0, done.stderr
    assert (theirs / "release" / "feedforward" / "feedforward.ipynb").read_bytes() == released
    with (theirs / "grading" / "grades.csv").open() as file:
        exported = {row["student_id"]: float(row["score"]) for row in csv.DictReader(file)}
    assert exported == scores == {"grace": 26, "ada": 16, "kai": 8}
    for student in scores:
        assert (theirs / "grading" / "feedback" / student / "feedforward" / "feedforward.html").exists()
        graded = [
            nbformat.read(
                course / "grading" / "autograded" / student / "feedforward" / "feedforward.ipynb", as_version=4
            )
            for course in (ours, theirs)
        ]
        kinds = [
            [[output.output_type for output in part.get("outputs", [])] for part in notebook.cells]
            for notebook in graded
        ]
        assert kinds[0] == kinds[1]
        message = [[part.metadata.get("autograder") for part in notebook.cells] for notebook in graded]
        assert message[0] == message[1]
        failed = [each for each in message[0] if each and each["outcome"] == "failed"]
        assert bool(failed) == (student != "grace") and all(each["student_message"] for each in failed)


def test_the_configuration_refuses_to_run_without_its_plugins(course: Path) -> None:
    """Nbgrader would carry on with its defaults and exit 0; here it stops with a line and says what to do."""
    hidden = course / "autograder"
    hidden.mkdir()
    (hidden / "__init__.py").write_text("raise ImportError('broken on purpose', name='autograder')")
    done = subprocess.run(
        [sys.executable, "-c", "from nbgrader.apps.nbgraderapp import main; main()", "autograde", "backprop"],
        cwd=course,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(course)},
    )
    assert done.returncode != 0
    assert "nbgrader_config.py: cannot import autograder" in done.stderr
    assert "make venv" in done.stderr


def test_the_limits_are_settings(course: Path, tmp_path: Path) -> None:
    """What nbgrader_config.py says reaches the grader: a notebook that dawdles is cut off after two seconds."""
    settings = course / "nbgrader_config.py"
    settings.write_text(settings.read_text().replace("notebook_seconds = 60", "notebook_seconds = 2"))
    handed_in = hand_in(course, "ada", REPOSITORY / "solutions" / "backprop" / "backprop.ipynb", "backprop")
    dawdle = nbformat.v4.new_code_cell("import time\ntime.sleep(2.5)")
    edit(handed_in, lambda notebook: notebook.cells.insert(0, dawdle))
    result = grade_class(course, "backprop")["ada"]
    assert result.score is not None and result.score.points == 0
    graded = (course / "grading" / "autograded" / "ada" / "backprop" / "backprop.ipynb").read_text()
    assert "more than 2 s in all" in graded


MARKED = """\
### PARTIAL CREDIT
right = [callable(forward), forward(1.0, 0.0, 1.0, 1.0, 0.0)[0] == 1, forward.__name__ == "forward"]
4 * sum(right) / len(right)"""


def rename_forward(notebook: nbformat.NotebookNode) -> None:
    """An answer that is right but for its name."""
    cell(notebook, "forward").source += "\nforward.__name__ = 'other'"


def test_partial_credit_and_lateness_are_the_same_with_nbgraders_own_command(tmp_path: Path) -> None:
    """A marked check gives two thirds of its points; one submission was in time in its own time zone, one was late."""
    course = copy_course(tmp_path / "course", "backprop")
    settings = course / "nbgrader_config.py"
    settings.write_text(f"{settings.read_text()}\nc.LateSubmissionPlugin.penalty_method = 'zero'\n")
    edit(
        course / "source" / "backprop" / "backprop.ipynb",
        lambda notebook: cell(notebook, "forward-hidden").update(source=MARKED),
    )
    release = REPOSITORY / "release" / "backprop" / "backprop.ipynb"
    right = REPOSITORY / "examples" / "submissions" / "grace" / "backprop.py"
    for student, time in (("ada", "2026-01-02 01:00:00 +0200"), ("kai", "2026-01-02 01:00:00 UTC")):
        filled = tmp_path / f"{student}.ipynb"
        nbformat.write(fill_in(release, right), filled)
        handed_in = hand_in(course, student, filled, "backprop")
        edit(handed_in, rename_forward)
        (handed_in.parent / "timestamp.txt").write_text(time)
    url = course_config(course).CourseDirectory.db_url
    grade_class(course, "backprop")
    with Gradebook(url) as gradebook:
        gradebook.find_assignment("backprop").duedate = datetime(2026, 1, 2)
        gradebook.db.commit()
    ours = {student: result.score for student, result in grade_class(course, "backprop").items()}
    leave_whole(engine(url))
    done = run(course, "autograde", "backprop", "--force")
    assert done.returncode == 0, done.stderr
    theirs = scores(url, "backprop", ["ada", "kai"])
    assert ours == theirs
    partial = 20 - 4 / 3
    assert theirs["ada"].total == pytest.approx(partial) and theirs["kai"].penalty == pytest.approx(partial)
