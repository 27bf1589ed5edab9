"""An instructor reads a graded class in formgrader, marks an answer by hand, and grades again."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from playwright.sync_api import Browser, Page, expect

from autograder.notebook import fill_in
from tests.conftest import REPOSITORY, copy_course, hand_in
from tests.journeys.conftest import jupyterlab

RELEASE = REPOSITORY / "release" / "backprop" / "backprop.ipynb"
COMMENT = "The bias still learns: well seen."


@pytest.mark.xdist_group("browser")
def test_marks_and_comments_by_hand_outlast_grading_again(browser: Browser, tmp_path: Path) -> None:
    """See the class, open a submission, give a score and a comment, grade again, read both in the feedback."""
    course, home = copy_course(tmp_path / "course", "backprop"), tmp_path / "home"
    home.mkdir()
    poured = tmp_path / "answers.ipynb"
    nbformat.write(fill_in(RELEASE, REPOSITORY / "examples" / "submissions" / "document" / "backprop.py"), poured)
    hand_in(course, "document", poured, "backprop")
    _autograder(course, "grade", "backprop")
    with jupyterlab(course, home) as address, browser.new_context() as context:
        page = context.new_page()
        page.goto(f"{address}/formgrader/manage_submissions/backprop")
        expect(page.get_by_role("row").filter(has_text="document")).to_contain_text("15 / 24")
        page.goto(f"{address}/formgrader/gradebook/backprop/backprop")
        page.get_by_role("link", name="Submission #1").click()
        # A field saves nothing before the page has asked for the marks and comments; then it has a placeholder.
        expect(page.locator(".score").first).to_have_attribute("placeholder", re.compile(r"\d"))
        expect(page.locator("textarea.comment").last).to_have_attribute("placeholder", re.compile("comments"))
        _mark(page)
        _autograder(course, "grade", "backprop", "--again")
        page.reload()
        expect(page.locator(".score").last).to_have_value("3")
        expect(page.locator("textarea.comment").last).to_have_value(COMMENT)
        _autograder(course, "feedback", "backprop")
        page.goto((course / "grading" / "feedback" / "document" / "backprop" / "backprop.html").as_uri())
        expect(page.get_by_role("main")).to_contain_text(COMMENT)
        expect(page.get_by_role("banner")).to_contain_text("18 of 24 points")
        expect(page.get_by_role("main")).to_contain_text("Marked In words 3 / 4")


def _mark(page: Page) -> None:
    """Give the answer in words, the last on the page, three points and a comment; leaving a field saves it."""
    for place, words in ((".score", "3"), ("textarea.comment", COMMENT)):
        field = page.locator(place).last
        field.fill(words)
        with page.expect_response(lambda response: response.request.method == "PUT"):
            field.blur()


def _autograder(course: Path, *words: str) -> None:
    command = [str(Path(sys.executable).with_name("autograder")), *words]
    subprocess.run(command, cwd=course, check=True, capture_output=True)
