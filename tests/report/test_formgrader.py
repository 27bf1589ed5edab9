"""Formgrader in a browser, on a real server: nothing of a student's runs there, and it shows what it should."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest
from nbformat.sign import NotebookNotary
from playwright.sync_api import Browser, Page, expect

from autograder.config import course_config
from autograder.files import taken
from autograder.grading.inputs import require_usable_name
from autograder.models import CourseError
from autograder.nbgrader_plugins import RestoreCells
from autograder.report import class_report, feedback, formgrader
from autograder.report.untrusted import with_pictures
from tests.conftest import grade_class, hand_in
from tests.isolation.classroom import course_of, graded, notebook
from tests.report import serving, tricks
from tests.report.conftest import notebook_of, page_of
from tests.report.tricks import ASSIGNMENT

pytestmark = [
    pytest.mark.xdist_group("formgrader"),
    pytest.mark.filterwarnings("ignore::nbformat.warnings.DuplicateCellId"),
]

CULPRITS = ("eve", "mallory")
"""Eve's notebook was graded as she handed it in; into Mallory's graded notebook everything was put afterwards."""

HARMLESS = "HTMLExporter"
"""Every setting that makes Formgrader harmless has this word in its line."""


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A graded class of two culprits, one who knows what stock Formgrader shows, and an honest student."""
    hostile = tricks.handed_in()
    class_ = {"eve": hostile, "mallory": hostile, "simple": tricks.simple(), "honest": notebook(ASSIGNMENT)}
    made = course_of(tmp_path_factory.mktemp("formgrader") / "course", class_, ASSIGNMENT)
    results = grade_class(made, ASSIGNMENT)
    assert {name: result.score and result.score.points for name, result in results.items()} == dict.fromkeys(class_, 20)
    tricks.worst(notebook_of(made, "mallory"))
    return made


@pytest.fixture(scope="module")
def server(course: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server on that class."""
    with serving.formgrader(course, tmp_path_factory.mktemp("home")) as address:
        yield address


def scores(course: Path) -> list[tuple[object, ...]]:
    """Everything that Formgrader could change in the gradebook."""
    with sqlite3.connect(f"file:{course}/grading/gradebook.db?mode=ro", uri=True) as book:
        found = [book.execute(f"SELECT * FROM {table} ORDER BY id").fetchall() for table in ("grade", "comment")]
    return [row for rows in found for row in rows]


def test_the_tricks_work_on_stock_formgrader(
    course: Path, browser: Browser, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Or else nothing would follow from a page on which none of them does."""
    home = tmp_path_factory.mktemp("stock")
    settings = course / "nbgrader_config.py"
    ours = settings.read_text()
    settings.write_text("\n".join(line for line in ours.split("\n") if HARMLESS not in line))
    try:
        with serving.formgrader(course, home) as address, serving.watched(browser, address) as (page, seen):
            page.goto(serving.submissions(address)["simple"])
            page.wait_for_timeout(1000)
    finally:
        settings.write_text(ours)
    assert len(set(seen.said)) > 15, "scripts"
    assert sum(tricks.ELSEWHERE in url for url in seen.asked) > 15, "requests"


@pytest.mark.parametrize("student", [*CULPRITS, "simple"])
def test_nothing_of_a_students_runs_in_formgrader(course: Path, server: str, browser: Browser, student: str) -> None:
    """Not a dialog, a message, a marker or a request; no score, no comment changes."""
    before = scores(course)
    with serving.watched(browser, server) as (page, seen):
        answer = page.goto(serving.submissions(server)[student])
        assert answer is not None and answer.status == 200
        serving.touch(page, seen)
        assert seen.nothing, seen
        assert len(page.frames) == 1
        assert (
            page.locator("#notebook :is(script, style, iframe, object, embed, form, link, base, meta, svg)").count()
            == 0
        )
        assert page.locator("#notebook [href], .tex2jax_ignore [style], .output [style]").count() == 0
        assert page.evaluate(_ATTRIBUTES) == []
    assert scores(course) == before


_ATTRIBUTES = """
[...document.querySelectorAll("#notebook *")].flatMap(each => [...each.attributes].map(found => found.name))
    .filter(name => name.startsWith("on") || ["srcdoc", "srcset", "ping", "background", "data-toggle"].includes(name))
"""


@pytest.mark.parametrize("student", CULPRITS)
def test_formgrader_still_shows_what_an_instructor_reads(server: str, browser: Browser, student: str) -> None:
    """Texts, formulas, tables, figures, errors; and what was meant to run, as text."""
    with serving.watched(browser, server) as (page, _):
        page.goto(serving.submissions(server)[student])
        body = page.locator("#notebook").first
        text = body.inner_text()
        for words in ("An ordinary sentence with an x < 3 and a", "a printed < line", "ZeroDivisionError"):
            assert words in text
        assert "the site [https://ok.example/site]" in text
        assert body.locator("math", has_text="α").first.is_visible()
        assert body.locator("td", has_text="a cell of a table").is_visible()
        assert "<script>console.log(" in text
        drawn = body.locator("img[src^='data:image/png']").evaluate_all("all => all.map(each => each.naturalWidth)")
        assert drawn[:2][0] == 200 and drawn[1] > 300, "a drawing that was pasted in, and a figure"


def test_the_model_answer_stands_below_an_answer_in_words(server: str, browser: Browser) -> None:
    """For the person who marks it; the rubric is part of it."""
    with serving.watched(browser, server) as (page, _):
        page.goto(serving.submissions(server)["honest"])
        text = page.locator("#notebook").first.inner_text()
        assert text.count("Model answer (only you see it)") == 1
        assert "Here $z_1" in text or "hidden unit is off" in text


def test_marks_and_comments_are_given_in_formgrader_as_before(course: Path, server: str, browser: Browser) -> None:
    """By the boxes of the page, for an answer whose text is as hostile as can be."""
    before = scores(course)
    with serving.watched(browser, server) as (page, seen):
        page.goto(serving.submissions(server)["eve"])
        # a field saves nothing before the page has asked for the marks and comments; then it has a placeholder
        expect(page.locator("#notebook input.score").first).to_have_attribute("placeholder", re.compile(r"\d"))
        expect(page.locator("#notebook textarea.comment").last).to_have_attribute("placeholder", re.compile("comments"))
        assert page.locator("#notebook input.score").count() == 12
        assert page.locator("#notebook textarea.comment").count() == 6
        for box, value in (("question-inactive", "3"), ("question-inactive-comment", "Well said.")):
            with page.expect_response(lambda response: response.request.method == "PUT") as answer:
                page.locator(f"[id='{box}']").fill(value)
                page.locator(f"[id='{box}']").blur()
            assert answer.value.status == 200
        assert len(seen.changed) == 2
    mark, comment = [row for row in scores(course) if row not in before]
    assert 3.0 in mark and "Well said." in comment


@pytest.mark.parametrize("student", CULPRITS)
def test_nothing_of_a_students_runs_on_a_feedback_page(course: Path, browser: Browser, student: str) -> None:
    """With all that Formgrader was tried with."""
    list(feedback.write(feedback.prepare(course, ASSIGNMENT)))
    _require_calm(browser, page_of(course, student))


def test_nothing_of_a_students_runs_on_the_class_report(course: Path, browser: Browser) -> None:
    """Although it has words of every student."""
    class_report.write(feedback.prepare(course, ASSIGNMENT))
    _require_calm(browser, course / "grading" / "report" / f"{ASSIGNMENT}.html")


def _require_calm(browser: Browser, path: Path) -> None:
    with serving.watched(browser, path.as_uri()) as (page, seen):
        page.goto(path.as_uri())
        serving.touch(page, seen)
        assert seen.nothing, seen


@pytest.mark.parametrize(
    "view", ["manage_students", f"manage_submissions/{ASSIGNMENT}", f"gradebook/{ASSIGNMENT}/{ASSIGNMENT}"]
)
def test_no_name_of_a_student_runs_in_the_lists_of_formgrader(
    course: Path, server: str, browser: Browser, view: str
) -> None:
    """A folder may have a name that nobody grades; the lists show it all the same."""
    name = "<img src=x onerror=top.harmed=1>'\"><b onclick=top.harmed=1>"
    if not (course / "grading" / "submitted" / name).exists():
        hand_in(course, name, course / "solutions" / ASSIGNMENT / f"{ASSIGNMENT}.ipynb", ASSIGNMENT)
    with serving.watched(browser, server) as (page, seen):
        page.goto(f"{server}/formgrader/{view}")
        page.locator("#main-table tr").nth(3).wait_for()
        _require_rows(page, view, name)
        serving.touch(page, seen)
        assert seen.nothing, seen


def _require_rows(page: Page, view: str, name: str) -> None:
    shown = page.locator("#main-table").inner_text()
    assert "honest" in shown or "Submission #" in shown
    assert name in shown or view != f"manage_submissions/{ASSIGNMENT}"


@pytest.mark.parametrize("student", ["eve", "simple"])
def test_a_graded_notebook_is_not_trusted_by_jupyterlab(course: Path, student: str) -> None:
    """It bears no signature, vouches for none of its outputs, and brings no widgets; and it is a valid notebook."""
    found = graded(course, student, ASSIGNMENT)
    assert not NotebookNotary(data_dir=str(course)).check_signature(found)
    assert set(found.metadata) == {"autograder", "kernelspec", "language_info"}
    assert {name for cell in found.cells for name in cell.metadata} <= {"autograder", "nbgrader", "tags"}
    assert all(cell.metadata.get("tags", ["not-when-grading"]) == ["not-when-grading"] for cell in found.cells)
    nbformat.validate(found)


def test_a_picture_is_shown_however_large_it_is_and_however_it_is_named() -> None:
    """Its characters are no part of the text, of which only so much is shown."""
    content = "iVBO" * 20_000
    attachments = {"a.png": {"image/png": content}, "a.png b": {"image/png": [content, "AAAA"]}}
    html = formgrader.as_html(
        with_pictures("![one](attachment:a.png) ![two](attachment:a.png%20b) kept7= end", attachments)
    )
    assert f'src="data:image/png;base64,{content}"' in html
    assert f'src="data:image/png;base64,{content}AAAA"' in html
    assert "kept7= end" in html


def test_a_picture_that_is_used_too_often_does_not_fill_the_memory() -> None:
    """A text of a few kilobytes could make gigabytes of one picture."""
    attachments = {"a": {"image/png": "A" * 1_000_000}}
    assert len(with_pictures("![](attachment:a) " * 5000, attachments)) < 20_000_000


def test_a_link_becomes_its_address() -> None:
    """Formgrader itself runs what its address says, so a click on a link to it must not be possible."""
    html = formgrader.as_html("[look](http://localhost:8888/formgrader?path=x) <https://ok.example> <a>x</a>")
    assert "<a" not in html and "href" not in html
    assert "look [http://localhost:8888/formgrader?path=x] https://ok.example" in html


def test_mathjax_leaves_text_alone() -> None:
    """Formulas are drawn without it, and what only it would take for one stays text."""
    notebook_ = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell(r"&#36;\href{javascript:x}{y}&#36;")])
    assert formgrader.as_html(formgrader.harmless(notebook_).cells[0].source).startswith('<div class="tex2jax_ignore">')


@pytest.mark.parametrize("name", ["nbgrader_config.py", "sub/NBGRADER_config.json", "jupyter_server_config.py"])
def test_settings_that_a_student_hands_in_are_left_out(tmp_path: Path, name: str) -> None:
    """Formgrader runs them as soon as somebody follows a link that names their folder."""
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_text("raise SystemExit")
    found = taken(tmp_path)
    assert found.files == {} and "settings" in found.left_out[tmp_path / name]


@pytest.mark.parametrize(
    "name", ["<b>", 'x";top.harmed=1;"', "x\\", "eve#<img src=x onerror=top.harmed=1>", "a?b", "a%2e"]
)
def test_a_name_that_formgrader_would_run_or_lose_is_refused(name: str) -> None:
    """Some of its pages have names in their scripts, and all of them have names in their addresses."""
    with pytest.raises(CourseError, match="Rename the folder"):
        require_usable_name(name)


def test_formgraders_own_button_refuses_such_a_name(course: Path) -> None:
    """What it starts is `nbgrader autograde`, which asks the plugins of this course."""
    plugin = RestoreCells(config=course_config(course))
    with pytest.raises(CourseError, match="Rename the folder"):
        plugin.preprocess(notebook(ASSIGNMENT), {"nbgrader": {"student": "<b>"}})
