"""A student with nothing but a browser: from the website to full marks, while no request leaves this machine."""

from __future__ import annotations

import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import nbformat
import pytest
from nbgrader.api import Gradebook
from playwright.sync_api import Browser, Locator, Page, expect

from tests.conftest import REPOSITORY, copy_course
from website import addresses, lite

pytestmark = pytest.mark.xdist_group("website")

ASSIGNMENT = "feedforward"
CELLS = lite.notebook(ASSIGNMENT).cells
PLACE = {cell["id"]: number for number, cell in enumerate(CELLS)}
MAP, END = "e70cc786", "summary"
WRONG = "def relu(z):\n    return np.abs(z)"
SOLVED = {
    cell["id"]: cell["source"]
    for cell in nbformat.read(REPOSITORY / "solutions" / ASSIGNMENT / f"{ASSIGNMENT}.ipynb", as_version=4).cells
}
HAS_RUN = "number => jupyterapp.shell.currentWidget.content.widgets[number].model.executionCount"
SOURCE = "number => window.jupyterapp?.shell.currentWidget?.content.widgets[number]?.model.sharedModel.source"
START, SECONDS = 600_000, 120_000
"""Python starts, and anything else happens, in milliseconds; a machine that does other things as well is slow."""


@dataclass
class Visit:
    """What a student saw in the browser, and took away from it."""

    note: str = ""
    sentence: str = ""
    again: str = ""
    hosts: set[str] = field(default_factory=set)
    file: Path = Path()


@pytest.fixture(scope="module")
def visit(tmp_path_factory: pytest.TempPathFactory, address: str, browser: Browser) -> Visit:
    """The whole visit, once."""
    downloads, seen = tmp_path_factory.mktemp("downloads"), Visit()
    with browser.new_context(viewport={"width": 1400, "height": 900}) as context:
        context.on("request", lambda request: seen.hosts.add(urlsplit(request.url).hostname or "the page itself"))
        page = context.new_page()
        page.goto(address)
        page.get_by_role("link", name="Start in the browser").click()
        page.wait_for_url(f"{address}{addresses.in_browser(ASSIGNMENT)}*", timeout=SECONDS)
        page.add_style_tag(content="* { animation: none !important }")  # it costs half a processor here
        expect(cell(page, "in-the-browser")).to_contain_text("browser", timeout=SECONDS)
        seen.note = cell(page, "in-the-browser").text_content() or ""
        cell(page, "in-the-browser").click()
        run(page, "in-the-browser", "relu-shown", answers=SOLVED | {"relu": WRONG})
        expect(cell(page, "relu-shown")).to_contain_text("Not yet", timeout=START)
        seen.sentence = " ".join(cell(page, "relu-shown").locator(".jp-OutputArea").inner_text().split())
        cell(page, "relu").locator(".cm-content").click()
        page.keyboard.press("Escape")
        run(page, "relu", MAP, answers=SOLVED)
        expect(cell(page, MAP).locator("img")).to_be_visible(timeout=START)
        run(page, CELLS[PLACE[MAP] + 1]["id"], END, answers=SOLVED)
        expect(cell(page, END)).to_contain_text("softmax_with_temp", timeout=START)
        with page.expect_download(timeout=SECONDS) as download:
            page.get_by_role("menuitem", name="File", exact=True).click()
            page.get_by_role("menuitem", name="Download", exact=True).click()
        seen.file = downloads / download.value.suggested_filename
        download.value.save_as(seen.file)
        page.goto(f"{address}{addresses.in_browser(ASSIGNMENT)}")
        seen.again = page.wait_for_function(SOURCE, arg=PLACE["relu"], timeout=SECONDS).json_value()
    return seen


def cell(page: Page, name: str) -> Locator:
    """A cell of the open notebook, by its id."""
    return page.locator(f'.jp-Cell[data-windowed-list-index="{PLACE[name]}"]')


def run(page: Page, first: str, last: str, answers: dict[str, str]) -> None:
    """Run these cells one after the other by the keys, as a student does, and write what is wanted into them."""
    for number, each in enumerate(CELLS[PLACE[first] : PLACE[last] + 1], PLACE[first]):
        expect(cell(page, each["id"])).to_contain_class("jp-mod-active", timeout=SECONDS)
        if each["source"] != answers.get(each["id"], each["source"]):
            page.keyboard.press("Enter")
            page.keyboard.press("ControlOrMeta+a")
            page.keyboard.insert_text(answers[each["id"]])
        page.keyboard.press("Shift+Enter")
        if each["cell_type"] == "code":
            page.wait_for_function(HAS_RUN, arg=number, timeout=START)


def test_before_the_first_line_the_notebook_says_where_the_work_is_kept_and_how_it_is_handed_in(visit: Visit) -> None:
    """In the first cell, which is what a student sees first."""
    for sentence in ("saved in this browser", "deleted when you clear the browser's data", "File → Download"):
        assert sentence in visit.note


def test_a_wrong_relu_is_explained_in_a_sentence(visit: Visit) -> None:
    """The same sentence as in Jupyter."""
    assert "Not yet: relu([-2, 0, 5]) gives [2, 0, 5], but it should be [0, 0, 5]." in visit.sentence


def test_no_request_leaves_this_machine(visit: Visit) -> None:
    """Of the page, of its workers and of Python in it."""
    assert visit.hosts == {"127.0.0.1"}


def test_the_same_link_shows_the_saved_work(visit: Visit) -> None:
    """Although nobody pressed Save."""
    assert visit.again == SOLVED["relu"]


def test_the_downloaded_file_is_graded_as_it_is_and_a_solved_one_earns_all_points(visit: Visit, tmp_path: Path) -> None:
    """Every automatic point, and no cell to put back."""
    notebook = nbformat.read(visit.file, as_version=4)
    assert "<img" in str(notebook.cells[PLACE[MAP]].outputs)
    kinds = {each["id"]: {output.output_type for output in each.get("outputs", [])} for each in notebook.cells}
    assert [name for name, found in kinds.items() if "error" in found] == ["warmup-check"]  # nobody solves the warm-up
    course = copy_course(tmp_path / "course", ASSIGNMENT)
    folder = course / "grading" / "submitted" / "ada" / ASSIGNMENT
    folder.mkdir(parents=True)
    shutil.copy(visit.file, folder)  # under the name that the browser gave it
    command = [sys.executable, "-m", "autograder", "grade", ASSIGNMENT]
    graded = subprocess.run(command, cwd=course, capture_output=True, text=True, timeout=300)
    assert (graded.returncode, "put back" in graded.stdout) == (0, False), graded.stdout + graded.stderr
    with Gradebook(f"sqlite:///{course / 'grading' / 'gradebook.db'}") as book:
        grades = book.find_submission_notebook(ASSIGNMENT, ASSIGNMENT, "ada").grades
        scores = {grade.name: (grade.auto_score, grade.max_score) for grade in grades if not grade.needs_manual_grade}
    assert {"relu-shown", "relu-hidden"} <= scores.keys()
    assert {name: score for name, score in scores.items() if score[0] != score[1]} == {}
