"""Formgrader's buttons in a browser: Autograde, Generate Feedback, Release Feedback, and what they say of an error."""

from __future__ import annotations

import re
import stat
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest
from nbgrader.utils import notebook_hash
from playwright.sync_api import Browser, Page, expect

from autograder.config import course_config
from autograder.gradebook.write import register
from autograder.notebook import fill_in, read
from tests.conftest import REPOSITORY, copy_course, hand_in
from tests.report.serving import formgrader, watched

pytestmark = pytest.mark.xdist_group("browser")

SECRET = "a secret of the exchange"
RELEASED = REPOSITORY / "release" / "backprop" / "backprop.ipynb"


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course with two submissions from the exchange that are not graded: ada's, and a file that is no notebook."""
    course = copy_course(tmp_path_factory.mktemp("buttons") / "course", "backprop")
    filled = course.parent / "filled.ipynb"
    nbformat.write(fill_in(RELEASED, REPOSITORY / "examples" / "submissions" / "document" / "backprop.py"), filled)
    for student in ("ada", "kai"):
        notebook = hand_in(course, student, filled, "backprop")
        notebook.with_name("timestamp.txt").write_text("2026-01-02 03:04:05 UTC")
        notebook.with_name("submission_secret.txt").write_text(f"{SECRET}: {student}")
    notebook.write_text("no notebook")
    exchange = course.parent / "exchange"
    exchange.mkdir()
    exchange.chmod(0o777)
    with (course / "nbgrader_config.py").open("a") as settings:
        settings.write(f"c.Exchange.root = {str(exchange)!r}\n")
    register(
        course_config(course), "backprop", {"backprop": read(course / "source" / "backprop" / "backprop.ipynb")}, ""
    )
    return course


@pytest.fixture(scope="module")
def page(course: Path, browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    """A tab with the list of submissions."""
    with formgrader(course, tmp_path_factory.mktemp("home")) as address, watched(browser, address) as (page, _):
        page.goto(f"{address}/formgrader/manage_submissions/backprop")
        yield page


def press(page: Page, student: str, button: str) -> str:
    """Press a button in a student's row; returns what the dialog says."""
    page.get_by_role("row").filter(has_text=student).locator(f"td.{button} a").click()
    dialog = page.locator(".modal-body")
    dialog.wait_for(timeout=90_000)
    said = dialog.inner_text()
    page.locator(".modal").evaluate_all("found => found.forEach(each => $(each).modal('hide'))")
    expect(dialog).to_have_count(0)
    return said


def test_three_buttons_lead_from_a_submission_to_the_page_that_its_student_fetches(page: Page, course: Path) -> None:
    """Autograde, Generate Feedback, Release Feedback; the released page has the score, and a student can read it."""
    assert "Successfully autograded" in press(page, "ada", "autograde")
    expect(page.get_by_role("row").filter(has_text="ada")).to_contain_text("15 / 24")
    assert "Successfully generated feedback" in press(page, "ada", "generate-feedback")
    assert "Successfully released feedback" in press(page, "ada", "release-feedback")
    exchange = course.parent / "exchange" / "neural-networks-by-hand" / "feedback"
    (released,) = exchange.iterdir()
    assert released.stem == notebook_hash(secret=f"{SECRET}: ada", notebook_id="backprop")
    assert stat.S_IMODE(released.stat().st_mode) == 0o644
    assert re.search(r">15</strong> of 24 points", released.read_text())


def test_a_dialog_says_in_one_line_why_a_submission_is_refused(page: Page) -> None:
    """And nothing of a traceback."""
    said = press(page, "kai", "autograde")
    assert "There was an error autograding" in said
    assert "[ERROR] the notebook cannot be read. Ask the student for it again." in said
    assert "Traceback" not in said and 'File "' not in said
