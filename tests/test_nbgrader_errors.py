"""What Formgrader's buttons show of an error that a person can correct: one line, and no traceback."""

from __future__ import annotations

import multiprocessing
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from nbgrader.apps.api import NbGraderAPI
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config

from autograder import sandbox
from autograder.config import course_config
from autograder.gradebook.write import register
from autograder.notebook import read
from autograder.sandbox import Level
from tests.conftest import REPOSITORY, hand_in

SOLUTION = REPOSITORY / "solutions" / "backprop" / "backprop.ipynb"


@pytest.fixture
def config(course: Path) -> Config:
    """The settings of a course with one submission, which the gradebook knows."""
    hand_in(course, "ada", SOLUTION, "backprop")
    config = course_config(course)
    register(config, "backprop", {"backprop": read(course / "source" / "backprop" / "backprop.ipynb")}, "")
    return config


def log_of(button: str, config: Config) -> str:
    """What the dialog shows when a button of Formgrader's fails; below its log, there is nothing."""
    api = NbGraderAPI(CourseDirectory(config=config), config=config)
    result = getattr(api, button)("backprop", "ada")
    assert not result["success"] and result["error"] == ""
    assert "Traceback" not in result["log"] and 'File "' not in result["log"]
    return str(result["log"])


def put_a_picture(notebook: Path) -> None:
    """Another file under the name of the notebook."""
    notebook.write_bytes(b"\x89PNG\r\n")


def put_a_link(notebook: Path) -> None:
    """A link to the solution."""
    notebook.unlink()
    notebook.symlink_to(SOLUTION)


@pytest.mark.parametrize(
    ("change", "line"),
    [
        (put_a_picture, "[ERROR] the notebook cannot be read. Ask the student for it again.\n"),
        (put_a_link, "backprop.ipynb: is a link to another file or folder. Ask the student for the notebook itself.\n"),
    ],
)
def test_autograde_says_in_one_line_why_a_submission_is_refused(
    config: Config, change: Callable[[Path], None], line: str
) -> None:
    """The submission is no notebook, or not its own."""
    change(Path(config.CourseDirectory.root, "grading", "submitted", "ada", "backprop", "backprop.ipynb"))
    assert line in log_of("autograde", config)


def _autograde_where_code_is_hardly_confined(root: Path) -> str:
    sandbox.escapes = lambda fork_server: "" if fork_server.level is Level.PROCESS else "much"
    config = course_config(root)
    config.Examine.require_sandbox = Level.NAMESPACES.value
    return log_of("autograde", config)


def test_autograde_says_in_one_line_that_the_sandbox_is_too_low(config: Config) -> None:
    """On a machine where the strictest level of the settings does not hold; a new process has chosen no level yet."""
    with multiprocessing.get_context("spawn").Pool(1) as fresh:
        log = fresh.apply(_autograde_where_code_is_hardly_confined, (Path(config.CourseDirectory.root),))
    assert "[ERROR] this machine confines student code only at level 'process', and 'namespaces' is required." in log


def test_autograde_says_in_one_line_that_the_gradebook_is_locked(config: Config) -> None:
    """Another program writes, and does not stop while nbgrader waits."""
    with sqlite3.connect(config.CourseDirectory.db_url.removeprefix("sqlite:///"), isolation_level=None) as other:
        other.execute("BEGIN IMMEDIATE")
        log = log_of("autograde", config)
        other.execute("ROLLBACK")
    assert "[ERROR] the gradebook cannot be used (database is locked). Another program is using the gradebook" in log


def test_autograde_says_what_to_do_for_an_assignment_that_is_not_in_the_gradebook(course: Path) -> None:
    """As after a fresh `git clone`, which brings what `generate_assignment` would write."""
    hand_in(course, "ada", SOLUTION, "backprop")
    assert "Press Generate in Formgrader once, or run `autograder grade`." in log_of("autograde", course_config(course))


def test_release_feedback_says_in_one_line_that_there_is_no_page(config: Config, tmp_path: Path) -> None:
    """Feedback was not generated."""
    config.Exchange.root = str(tmp_path)
    tmp_path.chmod(0o777)
    log = log_of("release_feedback", config)
    assert "backprop: no feedback page was written. Run `autograder feedback backprop` first." in log


def test_an_error_that_nobody_thought_of_still_has_its_traceback(
    config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Or nobody could find it."""
    monkeypatch.setattr("autograder.nbgrader_plugins.put_back", lambda *_: 1 / 0)
    result = NbGraderAPI(CourseDirectory(config=config), config=config).autograde("backprop", "ada")
    assert "ZeroDivisionError" in result["log"] and "Traceback" in result["log"]
