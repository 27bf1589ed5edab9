"""The pages in a browser: nothing of a student's runs, nothing is fetched, everybody can read them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Dialog, Page, ViewportSize

from autograder.report import class_report, feedback
from tests.conftest import edit
from tests.report.conftest import HOSTILE, gradebook, notebook_of, page_of, tell

PHONE, DESK = ViewportSize(width=390, height=844), ViewportSize(width=1280, height=900)
MARKER = "parent.harmed = window.harmed = top.harmed = 1"
RULES = {"resultTypes": ["violations"]}


def hostile(notebook: nbformat.NotebookNode) -> None:
    """Every trick, in every place a student can write: code, outputs, markdown, the answer in words."""
    tricks = [trick.replace("alert(1)", f"alert(1);{MARKER}") for trick in HOSTILE]
    svg = f"<svg xmlns='http://www.w3.org/2000/svg'><script>{MARKER}</script><image href='http://evil.example/'/></svg>"
    outputs = [
        nbformat.v4.new_output("display_data", {kind: trick})
        for trick in tricks
        for kind in ("text/html", "text/markdown", "text/latex", "image/svg+xml", "text/plain", "image/png")
    ]
    outputs.append(nbformat.v4.new_output("display_data", {"image/svg+xml": svg}))
    outputs += [nbformat.v4.new_output("stream", text=trick) for trick in tricks]
    outputs += [nbformat.v4.new_output("error", ename=trick, evalue=trick, traceback=[trick]) for trick in tricks]
    at = next(at for at, cell in enumerate(notebook.cells) if "YOUR CODE" in cell.source or cell.source[:4] == "def ")
    for number in range(0, len(outputs), 10):
        cell = nbformat.v4.new_code_cell(tricks[number % len(tricks)], outputs=outputs[number : number + 10])
        notebook.cells.insert(at + 1, cell)
    notebook.cells.insert(at + 1, nbformat.v4.new_markdown_cell("\n\n".join(tricks)))
    for cell in notebook.cells:
        if cell.metadata.get("nbgrader", {}).get("grade_id") == "question-inactive":
            cell.source = "\n\n".join(tricks)


@pytest.fixture
def pages(graded: Path, known: None) -> Path:
    """A class with everything a page can show: failures with causes, marks and comments by hand, a penalty."""
    student_message = {"student_message": "Not 0.", "mistakes": ["off-unit"]}
    tell(graded, "document", "backward-inactive-hidden", outcome="failed", **student_message)
    with gradebook(graded) as book:
        names = ("question-inactive", "backprop", "backprop", "document")
        grade, comment = book.find_grade(*names), book.find_comment(*names)
        grade.manual_score, grade.needs_manual_grade, comment.manual_comment = 3, False, "Well *seen*: $a_1 = 0$."
        book.find_submission_notebook("backprop", "backprop", "document").late_submission_penalty = 1
        book.db.commit()
    list(feedback.write(feedback.prepare(graded, "backprop")))
    class_report.write(feedback.prepare(graded, "backprop"))
    return graded


@pytest.fixture(params=[PHONE, DESK], ids=["phone", "desk"])
def tab(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Page]:
    """A tab as wide as a phone or a desk."""
    page = browser.new_page(viewport=request.param)
    yield page
    page.close()


def test_nothing_of_a_students_runs_and_nothing_is_fetched(graded: Path, browser: Browser) -> None:
    """Not a dialog, not a marker, not a request, not even one that the policy had to stop."""
    edit(notebook_of(graded, "grace"), hostile)
    list(feedback.write(feedback.prepare(graded, "backprop")))
    page = browser.new_page()
    dialogs: list[str] = []
    requests: list[str] = []
    said: list[str] = []

    def dismiss(dialog: Dialog) -> None:
        dialogs.append(dialog.message)
        dialog.dismiss()

    page.on("dialog", dismiss)
    page.on("request", lambda request: requests.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    page.goto(page_of(graded, "grace").as_uri())
    for closed in page.locator("summary").all():
        closed.click()
    page.wait_for_timeout(300)
    assert (dialogs, said, page.evaluate("window.harmed")) == ([], [], None)
    assert [url for url in requests if not url.startswith(("file:", "data:"))] == []
    assert page.locator("script, iframe, object, embed, form, input, link, base, main style").count() == 0
    assert page.evaluate(
        "[...document.querySelectorAll('main *')].every(each => !['fixed', 'absolute'].includes("
        "getComputedStyle(each).position) || each.className === 'unseen')"
    )
    page.close()


def test_the_policy_stops_a_script_that_a_mistake_of_ours_would_let_through(pages: Path, browser: Browser) -> None:
    """The second of two walls, tried without the first."""
    path = page_of(pages, "grace")
    path.write_text(
        path.read_text().replace("<main", f"<script>{MARKER}</script><img src=x onerror='{MARKER}'><main", 1)
    )
    page = browser.new_page()
    page.goto(path.as_uri())
    page.wait_for_timeout(300)
    assert page.evaluate("window.harmed") is None
    page.close()


NAMES = ("grace", "document", "blank", "report")
"""Right, wrong with manual marks, and empty; the report."""

LOOKS = ((PHONE, "light"), (DESK, "dark"), (PHONE, "dark"), (DESK, "light"))


def barriers(tab: Page, page: Path) -> list[tuple[str, list[str]]]:
    """What axe finds on a page where everything is unfolded."""
    tab.goto(page.as_uri())
    for closed in tab.locator("summary").all():
        closed.click()
    found = Axe().run(tab, options=RULES).response["violations"]
    return [(each["id"], [node["html"] for node in each["nodes"]]) for each in found]


@pytest.mark.parametrize(
    ("name", "size", "scheme"),
    [
        pytest.param(
            *(name, size, scheme),
            id=f"{name}-{size['width']}-{scheme}",
            marks=() if turn == at else pytest.mark.thorough,
        )
        for at, name in enumerate(NAMES)
        for turn, (size, scheme) in enumerate(LOOKS)
    ],
)
def test_axe_finds_no_barrier(pages: Path, browser: Browser, name: str, size: ViewportSize, scheme: str) -> None:
    """On a phone and at a desk, by day and by night; `make test` looks at each page in one of these ways."""
    tab = browser.new_page(viewport=size, color_scheme="dark" if scheme == "dark" else "light")
    path = pages / "grading" / "report" / "backprop.html" if name == "report" else page_of(pages, name)
    assert barriers(tab, path) == []
    tab.close()


@pytest.mark.parametrize("name", ["document", "report"])
def test_no_page_is_wider_than_its_screen(pages: Path, tab: Page, name: str) -> None:
    """Nobody has to scroll sideways to read; code and wide tables scroll in their own place."""
    path = pages / "grading" / "report" / "backprop.html" if name == "report" else page_of(pages, name)
    tab.goto(path.as_uri())
    for closed in tab.locator("summary").all():
        closed.click()
    assert tab.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_the_first_key_leads_past_the_header(pages: Path, browser: Browser) -> None:
    """For those who read by keyboard."""
    page = browser.new_page()
    page.goto(page_of(pages, "grace").as_uri())
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page.close()
