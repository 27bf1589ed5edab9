"""What changes after a class was graded: due dates, checks, cells; who has another score then, and who is told."""

from __future__ import annotations

import shutil
from datetime import datetime
from pathlib import Path

import nbformat
import pytest
from click.testing import CliRunner
from nbgrader.api import Gradebook

from autograder.cli import main
from autograder.config import course_config
from autograder.notebook import fill_in
from autograder.report import feedback
from tests.conftest import REPOSITORY, cell, copy_course, edit, grade_class, hand_in
from tests.gradebook.rows import rows

pytestmark = pytest.mark.xdist_group("changes")

RELEASE = REPOSITORY / "release" / "backprop" / "backprop.ipynb"
RIGHT = REPOSITORY / "examples" / "submissions" / "grace" / "backprop.py"


@pytest.fixture(scope="session")
def graded_early(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Backprop, graded before anything changes: ada handed in on the second of January, kai does not say when."""
    course = copy_course(tmp_path_factory.mktemp("early") / "course", "backprop")
    settings = course / "nbgrader_config.py"
    settings.write_text(f"{settings.read_text()}\nc.LateSubmissionPlugin.penalty_method = 'zero'\n")
    for student in ("ada", "kai"):
        filled = course / f"{student}.ipynb"
        nbformat.write(fill_in(RELEASE, RIGHT), filled)
        hand_in(course, student, filled, "backprop")
    (course / "grading" / "submitted" / "ada" / "backprop" / "timestamp.txt").write_text("2026-01-02 10:00:00 UTC")
    grade_class(course, "backprop")
    return course


@pytest.fixture
def early(graded_early: Path, tmp_path: Path) -> Path:
    """A copy of that class, to change."""
    return Path(shutil.copytree(graded_early, tmp_path / "course"))


def gradebook(course: Path) -> Gradebook:
    """The gradebook of a course."""
    return Gradebook(course_config(course).CourseDirectory.db_url)


def set_due_date(course: Path, due: datetime | None) -> None:
    """As Formgrader does."""
    with gradebook(course) as book:
        book.find_assignment("backprop").duedate = due
        book.db.commit()


def run(course: Path, *words: str) -> tuple[int, str]:
    """Run a command; its exit status and what it printed."""
    done = CliRunner().invoke(main, ["--root", str(course), *words])
    return done.exit_code, done.output


def test_lateness_is_noticed_when_the_due_date_is_set_moved_or_removed_after_grading(early: Path) -> None:
    """By the next plain `grade`, although nothing that was handed in has changed."""
    for due, expected in (
        (datetime(2026, 1, 1), 0),
        (datetime(2026, 1, 3), 20),
        (datetime(2025, 12, 31), 0),
        (None, 20),
    ):
        set_due_date(early, due)
        results = grade_class(early, "backprop")
        ada, kai = results["ada"], results["kai"]
        assert ada.score and kai.score and not ada.is_new
        assert (ada.score.total, kai.score.total) == (expected, 20)
        assert ada.is_changed and not kai.is_changed


def test_a_dry_run_shows_whose_score_would_change_and_keeps_nothing(early: Path) -> None:
    """The gradebook holds the same rows, and no graded notebook is touched."""
    set_due_date(early, datetime(2026, 1, 1))
    url = course_config(early).CourseDirectory.db_url
    held, graded = rows(url), early / "grading" / "autograded" / "ada" / "backprop" / "backprop.ipynb"
    content = graded.read_bytes()
    graded.unlink()
    status, printed = run(early, "grade", "backprop", "--dry-run")
    assert status == 0, printed
    assert "ada, backprop: the score would change from 20 to 0" in printed and "kai, backprop: the score" not in printed
    assert "Nothing was saved" in printed
    assert rows(url) == held and not graded.exists()
    graded.write_bytes(content)
    status, printed = run(early, "grade", "backprop")
    assert "ada, backprop: the score changed from 20 to 0" in printed
    assert "− 20 late = 0" in printed


def relax_a_check(course: Path) -> None:
    """A check asks for less from now on."""
    easy = "### BEGIN HIDDEN TESTS\nassert callable(forward)\n### END HIDDEN TESTS"
    source = course / "source" / "backprop" / "backprop.ipynb"
    edit(source, lambda notebook: cell(notebook, "forward-hidden").update(source=easy))


def test_a_corrected_check_changes_scores_and_the_student_reads_from_what_to_what(early: Path) -> None:
    """On the page; marks given by hand are kept, and a new submission is no correction."""
    handed_in = early / "grading" / "submitted" / "kai" / "backprop" / "backprop.ipynb"
    edit(handed_in, lambda notebook: cell(notebook, "forward").update(source="def forward(*_):\n    return 0"))
    before = grade_class(early, "backprop")["kai"].score
    assert before is not None
    with gradebook(early) as book:
        book.find_grade("question-inactive", "backprop", "backprop", "kai").manual_score = 2
        book.db.commit()
    assert "graded again" not in page(early, "kai")  # another submission than before, so nothing was corrected
    relax_a_check(early)
    status, printed = run(early, "grade", "backprop", "--dry-run")
    change = f"kai, backprop: the score would change from {before.total + 2:g} to {before.total + 6:g}"
    assert status == 0 and change in printed and "ada, backprop: the score" not in printed
    after = grade_class(early, "backprop")["kai"]
    assert after.score is not None and after.before is not None
    assert (after.before.total, after.score.total, after.score.by_hand) == (before.total + 2, before.total + 6, 2)
    words = f"your score changed from {before.total + 2:g} to {before.total + 6:g}"
    assert words in page(early, "kai") and "graded again" not in page(early, "ada")
    assert not grade_class(early, "backprop")["kai"].is_changed and words in page(early, "kai")


def page(course: Path, student: str) -> str:
    """The feedback page of a student, written now."""
    list(feedback.write(feedback.prepare(course, "backprop")))
    return (course / "grading" / "feedback" / student / "backprop" / "backprop.html").read_text()
