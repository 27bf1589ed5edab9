"""Marking by keys in a browser: nothing is lost, nothing is replaced silently, nothing of a student's runs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from nbgrader.api import Gradebook
from playwright.sync_api import Browser, Page, expect

from autograder.config import course_config
from autograder.gradebook import by_hand
from autograder.gradebook.by_hand import Marked
from tests.marking.conftest import BESIDE, BLANK, ESSAY, HOSTILE, QUESTION, SAME, STUDENTS, free_port, serving
from tests.report.serving import touch, watched
from tests.report.test_browser import DESK, PHONE, RULES

pytestmark = pytest.mark.xdist_group("marking")
expect.set_options(timeout=60_000)  # a busy machine is no failure


def held(course: Path) -> dict[str, Marked]:
    """What the gradebook has for the question in words, by student."""
    url = course_config(course).CourseDirectory.db_url
    return {each.student: each for each in by_hand.read(url, ESSAY, [QUESTION])}


def at(page: Page, number: int, count: int = 60) -> None:
    """Wait until this answer is on the page, as a person does."""
    expect(page.locator("#which")).to_have_text(f"Answer {number} of {count}")
    expect(page.locator("#answer")).to_have_attribute("aria-busy", "false")


def saved(page: Page) -> None:
    """Wait until the page says that the server has confirmed everything."""
    expect(page.locator("#saved")).to_have_text("✓ Saved")


@contextmanager
def marking(course: Path, browser: Browser) -> Iterator[Page]:
    """A tab with the page of the class."""
    with serving(course, free_port()) as server:
        page = browser.new_page(viewport=DESK)
        page.goto(server.address)
        expect(page.locator("#which")).to_have_text(re.compile("of 60"))
        yield page
        page.close()


def go_to(page: Page, course: Path, student: str) -> None:
    """Show a student's answer."""
    keys = [each.key for each in by_hand.read(course_config(course).CourseDirectory.db_url, ESSAY, [QUESTION])]
    number = keys.index(held(course)[student].key) + 1
    page.goto(f"{page.url.partition('#')[0]}#{QUESTION}/{number}")
    page.reload()
    at(page, number)


def test_sixty_answers_are_marked_by_keys_although_page_and_server_are_killed(essay: Path, browser: Browser) -> None:
    """The gradebook holds what was pressed; what the dead server did not get is kept until it is back."""
    port, keys = free_port(), [each.key for each in sorted(held(essay).values(), key=lambda each: each.key)]
    points = {key: (number % 9) / 2 for number, key in enumerate(keys)}
    blank = held(essay)[BLANK].key
    wanted = [key for key in keys if key != blank]  # nbgrader has given it 0 points already

    def press(page: Page, key: str, *, then: str = "Enter") -> None:
        """Give an answer its points, by its number on the page."""
        at(page, keys.index(key) + 1)
        page.keyboard.press(str(int(points[key])))
        if points[key] % 1:
            page.keyboard.press(".")
        if then:
            page.keyboard.press(then)

    context = browser.new_context(viewport=DESK)
    with serving(essay, port) as server:
        page = context.new_page()
        page.goto(server.address)
        for key in wanted[:20]:
            press(page, key)
        page.close()  # at once, whatever is on its way
        page = context.new_page()
        page.goto(f"http://127.0.0.1:{port}/")
        for key in wanted[20:39]:
            press(page, key)
        press(page, wanted[39], then="")
        saved(page)
        server.process.kill()  # SIGKILL
        server.process.wait()
        page.keyboard.press("Enter")
        at(page, keys.index(wanted[40]) + 1)
        press(page, wanted[40], then="")
        expect(page.locator("#problem")).to_contain_text("Not saved yet (1 answer): the server does not answer.")
        expect(page.locator("#saved")).to_have_text("1 not saved yet")
        page.close()
    with serving(essay, port) as server:
        page = context.new_page()
        page.goto(server.address)
        for key in wanted[41:]:
            press(page, key)
        expect(page.locator("#progress-text")).to_have_text("60 of 60 marked")
        saved(page)
        said = server.stop()
    context.close()
    assert {key: each.mark.by_hand for key, each in by_key(essay).items()} == points | {blank: None}
    assert not any(each.mark.waits for each in held(essay).values())
    assert "Answers still to be marked: 120." in said, "those to the two other questions"


def by_key(course: Path) -> dict[str, Marked]:
    """What the gradebook has, by nbgrader's ids."""
    return {each.key: each for each in held(course).values()}


def test_one_mark_serves_answers_that_are_the_same_and_blank_ones_are_marked_together(
    essay: Path, browser: Browser
) -> None:
    """Both can be undone; a comment is written once and used again."""
    with marking(essay, browser) as page:
        go_to(page, essay, SAME[0])
        expect(page.locator("#same")).to_contain_text("3 other answers have exactly this text.")
        page.keyboard.press("c")
        page.keyboard.type("Look at the map: 1, 2, 3.")
        page.keyboard.press("Escape")
        page.keyboard.press("1")
        page.keyboard.press("s")
        expect(page.locator("#same")).to_contain_text("and all are marked")
        saved(page)
        assert {(held(essay)[name].mark.by_hand, held(essay)[name].comment) for name in SAME} == {
            (1.0, "Look at the map: 1, 2, 3.")
        }
        page.keyboard.press("b")
        expect(page.locator("#said")).to_have_text("1 blank answer marked with 0 points.")
        expect(page.locator("#progress-text")).to_have_text("6 of 60 marked")
        page.keyboard.press("z")
        page.keyboard.press("z")
        expect(page.locator("#progress-text")).to_have_text("2 of 60 marked")
        page.keyboard.press("Enter")
        page.keyboard.press("r")
        page.keyboard.press("1")
        expect(page.locator("#comment")).to_have_value("Look at the map: 1, 2, 3.")
        saved(page)
        found = held(essay)
        assert sum(each.comment == "Look at the map: 1, 2, 3." for each in found.values()) == 2
        assert sum(not each.mark.waits for each in found.values()) == 2


def test_a_mark_that_was_given_elsewhere_meanwhile_is_shown_and_not_replaced(essay: Path, browser: Browser) -> None:
    """Until the person says so."""
    with marking(essay, browser) as page:
        go_to(page, essay, STUDENTS[0])
        with Gradebook(course_config(essay).CourseDirectory.db_url) as book:
            grade = book.find_grade(QUESTION, ESSAY, ESSAY, STUDENTS[0])
            grade.manual_score, grade.needs_manual_grade = 4, False
            book.db.commit()
        page.keyboard.press("2")
        expect(page.locator("#conflict")).to_contain_text(
            "This answer was changed elsewhere in the meantime: it has 4 points and no comment now. "
            "Yours is not saved: 2 points."
        )
        assert held(essay)[STUDENTS[0]].mark.by_hand == 4
        page.reload()
        expect(page.locator("#conflict")).to_contain_text("Yours is not saved: 2 points.")
        page.get_by_role("button", name="Save mine").click()
        saved(page)
        assert held(essay)[STUDENTS[0]].mark.by_hand == 2


def test_names_are_shown_when_they_are_asked_for(essay: Path, browser: Browser) -> None:
    """And gone again after that."""
    with marking(essay, browser) as page:
        go_to(page, essay, STUDENTS[0])
        assert STUDENTS[0] not in page.content()
        page.get_by_label("Names").check()
        expect(page.locator("#name")).to_have_text(STUDENTS[0])
        page.get_by_label("Names").uncheck()
        expect(page.locator("#name")).to_be_hidden()


def test_nothing_of_a_students_runs_or_fetches_anything(essay: Path, browser: Browser) -> None:
    """With all that Formgrader was tried with, in the answer and in a cell beside it."""
    with serving(essay, free_port()) as server:
        own = f"http://127.0.0.1:{server.port}"
        with watched(browser, own) as (page, seen):
            page.goto(server.address)
            at(page, 1)
            go_to(page, essay, HOSTILE)
            expect(page.locator("#answer")).to_contain_text("An honest sentence gnorw.")
            touch(page, seen, within="#answer *")
            foreign = [url for url in seen.asked if not url.startswith(f"{own}/")]
            assert (seen.dialogs, seen.said, seen.changed, seen.harmed, foreign) == ([], [], [], None, [])
            assert page.locator("#answer :is(script, style, iframe, object, form, input, link, base, svg)").count() == 0
            policy = "const made = document.createElement('div'); made.innerHTML = '<img src=x onerror=top.harmed=1>';"
            page.evaluate(f"{policy} document.body.append(made)")  # as if a mistake of ours had let it through
            page.wait_for_timeout(300)
            assert page.evaluate("window.harmed") is None


def test_axe_finds_no_barrier_and_no_page_is_wider_than_its_screen(essay: Path, browser: Browser) -> None:
    """On a phone and at a desk, by day and by night, with all that the page can show."""
    with marking(essay, browser) as page:
        go_to(page, essay, SAME[0])
        page.keyboard.press("c")
        page.keyboard.type("Look at the map.")
        page.keyboard.press("Escape")
        page.keyboard.press("2")
        page.keyboard.press(".")
        for student, keys in ((SAME[0], ""), (BESIDE, "r"), (STUDENTS[1], "?")):
            go_to(page, essay, student)
            if keys:
                page.keyboard.press(keys)
            for size in (PHONE, DESK):
                page.set_viewport_size(size)
                for scheme in ("light", "dark"):
                    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light", reduced_motion="reduce")
                    found = Axe().run(page, options=RULES).response["violations"]
                    barriers = [(each["id"], [node["html"] for node in each["nodes"]]) for each in found]
                    assert barriers == [], (student, size, scheme)
                assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), (student, size)
