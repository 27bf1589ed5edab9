"""The report in a browser: sorted, filtered and without names by one script, whole without it, safe from names."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from autograder.gradebook.write import StudentNames, enter_students
from autograder.report import all_assignments, class_report, feedback
from tests.report.conftest import gradebook

pytestmark = pytest.mark.xdist_group("report table")

HOSTILE = "<img src=x onerror='window.harmed=1'>"
LONG = "wolfeschlegelsteinhausenbergerdorff" * 3
RULES = {"resultTypes": ["violations"]}


@pytest.fixture(scope="module")
def report(graded_once: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the report on three graded students and two who have not handed in, with odd names."""
    course = Path(shutil.copytree(graded_once, tmp_path_factory.mktemp("table") / "course"))
    with gradebook(course) as book:
        book.find_submission_notebook("backprop", "backprop", "document").late_submission_penalty = 1
        book.db.commit()
        url = book.db.bind.url.render_as_string()
    enter_students(url, {HOSTILE: StudentNames(), LONG: StudentNames()})
    run = feedback.prepare(course, "backprop")
    list(feedback.write(run))
    class_report.write(run)
    all_assignments.write([run])
    return course / "grading" / "report"


@pytest.fixture(params=["backprop.html", "index.html"])
def tab(request: pytest.FixtureRequest, browser: Browser, report: Path) -> Iterator[Page]:
    """A report that is open, as wide as a desk, in a browser that remembers nothing."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.goto((report / request.param).as_uri())
    yield page
    context.close()


def names(page: Page) -> list[str]:
    """The students whose rows are seen, from the top."""
    rows = page.locator("table.class tbody tr:visible th")
    return [" ".join(each.split()) for each in rows.all_inner_texts()]


EVERYBODY = sorted(["blank", "document", "grace", HOSTILE, LONG])


def test_headings_sort_by_mouse_and_keyboard_and_say_so(tab: Page) -> None:
    """Students without points stay at the end, whichever way it goes."""
    assert names(tab) == EVERYBODY
    column = "Points" if "backprop" in tab.url else "Total"
    heading = tab.locator("table.class thead th", has_text=column)
    heading.get_by_role("button").click()
    assert names(tab)[:3] == ["blank", "document", "grace"]
    assert heading.get_attribute("aria-sort") == "ascending"
    tab.keyboard.press("Enter")
    assert names(tab)[:3] == ["grace", "document", "blank"] and heading.get_attribute("aria-sort") == "descending"
    assert tab.locator("[aria-sort]").count() == 1
    assert "descending" in tab.get_by_role("status").inner_text()


def test_rows_are_found_by_name_and_by_what_is_the_matter(tab: Page) -> None:
    """And the number of those that are left is said."""
    tab.get_by_label("Find a student").fill("ment")
    assert names(tab) == ["document"] and tab.get_by_role("status").inner_text() == "1 of 5 students"
    tab.get_by_label("Find a student").fill("")
    tab.get_by_label("Show").select_option("absent")
    assert names(tab) == sorted([HOSTILE, LONG])
    tab.get_by_label("Show").select_option("to_mark")
    assert names(tab) == ["document", "grace"]


def test_names_can_be_hidden_everywhere_and_come_back(tab: Page) -> None:
    """In text and in links; another page of the report remembers it; the numbers follow another order."""
    button = tab.get_by_role("button", name="Hide names")
    button.click()
    assert button.get_attribute("aria-pressed") == "true"
    hidden = names(tab)
    assert hidden == [f"Student {number}" for number in range(1, 6)]
    markup = tab.evaluate("document.querySelector('main').innerHTML")
    assert not any(name in markup for name in ("grace", "document/", LONG))
    tab.wait_for_timeout(1000)  # a busy browser stores a little later what it remembers, and may lose it by a reload
    for _ in range(20):
        tab.reload()
        if names(tab) == hidden:
            break
        tab.wait_for_timeout(200)
    assert names(tab) == hidden
    tab.get_by_role("button", name="Hide names").click()
    assert names(tab) == EVERYBODY and "grace/backprop" in tab.evaluate("document.querySelector('main').innerHTML")


def test_a_name_that_is_code_is_shown_and_does_not_run(tab: Page) -> None:
    """Also after everything the script can do to it."""
    for each in tab.locator("table.class thead button").all():
        each.click()
    tab.get_by_role("button", name="Hide names").dblclick()
    assert HOSTILE in names(tab) and tab.evaluate("window.harmed") is None
    assert tab.locator("main img").count() == 0


def test_the_policy_lets_only_our_script_run(report: Path, browser: Browser, tmp_path: Path) -> None:
    """One that a mistake would let through is stopped."""
    text = (report / "index.html").read_text()
    (tmp_path / "index.html").write_text(text.replace("<main", "<script>window.harmed = 1</script><main", 1))
    page = browser.new_page()
    page.goto((tmp_path / "index.html").as_uri())
    assert page.evaluate("window.harmed") is None and page.locator("thead button").count() == 6
    page.close()


@pytest.mark.parametrize("name", ["backprop.html", "index.html"])
def test_without_a_script_everything_is_there_and_nothing_that_would_not_work(
    report: Path, browser: Browser, name: str
) -> None:
    """All rows in the order of the names, no button and no empty field."""
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((report / name).as_uri())
    assert names(page) == EVERYBODY
    assert page.locator("button:visible, input:visible, select:visible").count() == 0
    context.close()


def test_a_name_at_the_top_leads_to_its_row_also_when_that_is_filtered_out(report: Path, browser: Browser) -> None:
    """The filter is lifted then."""
    page = browser.new_page()
    page.goto((report / "backprop.html").as_uri())
    page.get_by_label("Find a student").fill("blank")
    page.locator("ul.first a", has_text="grace").click()
    assert names(page) == EVERYBODY
    assert "grace" in page.locator("tr:target").inner_text()
    page.close()


@pytest.mark.parametrize("width", [1400, 700, 390])
@pytest.mark.parametrize("name", ["backprop.html", "index.html"])
def test_axe_finds_no_barrier_and_long_names_do_not_widen_the_page(
    report: Path, browser: Browser, name: str, width: int
) -> None:
    """By day and by night."""
    for scheme in ("light", "dark"):
        page = browser.new_page(
            viewport={"width": width, "height": 900}, color_scheme="dark" if scheme == "dark" else "light"
        )
        page.goto((report / name).as_uri())
        found = Axe().run(page, options=RULES).response["violations"]
        assert [(each["id"], [node["html"] for node in each["nodes"]]) for each in found] == []
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        page.close()
