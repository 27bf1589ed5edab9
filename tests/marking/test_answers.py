"""What is shown of questions and answers, and which answers count as blank or as the same."""

from __future__ import annotations

from html.parser import HTMLParser
from pathlib import Path

import pytest

from autograder.marking.answers import MarkingRun, prepare
from tests.conftest import copy_course
from tests.marking.conftest import BESIDE, BLANK, CODE, EMPTIED, ESSAY, HOSTILE, MODEL, QUESTION, SAME, SECRET, TASK
from tests.marking.conftest import STUDENTS as CLASS

pytestmark = pytest.mark.xdist_group("marking")


@pytest.fixture(scope="module")
def run(essay_once: Path) -> MarkingRun:
    """The class of 60."""
    return prepare(essay_once, ESSAY)


def test_every_cell_that_a_person_marks_is_a_question_with_its_rubric_and_model_answer(run: MarkingRun) -> None:
    """An answer in words, an answer in code, a task."""
    words, code, task = run.questions
    assert [each.name for each in run.questions] == [QUESTION, CODE, TASK]
    assert (words.heading, code.heading, task.heading) == ("Why?", "Draw it", "A map")
    assert MODEL in words.model_answer and SECRET not in words.model_answer
    assert SECRET in words.rubric and "### " not in words.rubric + words.model_answer + task.instructions
    assert "<math" in words.instructions and "print" in code.model_answer and "two streets" in task.rubric
    assert (code.rubric, task.model_answer) == ("", "")


def test_answers_that_differ_in_white_space_only_are_the_same(run: MarkingRun) -> None:
    """And no others are."""
    contents = run.contents(CLASS)
    digests = [contents[student, QUESTION].digest for student in SAME]
    assert len(set(digests)) == 1
    assert len({contents[student, QUESTION].digest for student in CLASS}) == len(CLASS) - len(SAME) + 1


def test_an_answer_is_blank_when_nothing_was_written_in_it_or_beside_it(run: MarkingRun) -> None:
    """Emptied, or left as it was handed out; a task has its answer elsewhere."""
    contents = run.contents(CLASS)
    assert {student for student in CLASS if contents[student, QUESTION].is_blank} == {BLANK, EMPTIED}
    assert not any(contents[student, TASK].is_blank for student in CLASS)


def test_an_answer_beside_its_cell_is_shown(run: MarkingRun) -> None:
    """Where a person has to read it."""
    html = run.shown(BESIDE, QUESTION)
    assert "My answer stands beside it." in html and "YOUR ANSWER HERE" not in html
    assert "There is no answer." in run.shown(EMPTIED, QUESTION)
    assert "line" in run.shown(CLASS[0], CODE) and "<pre" in run.shown(CLASS[0], CODE)


def test_an_answer_is_shown_without_scripts_styles_and_turned_text(run: MarkingRun) -> None:
    """As on every page; and no more of it than a page can hold."""
    html = run.shown(HOSTILE, QUESTION)
    assert "An honest sentence gnorw." in html
    found = _Found()
    found.feed(html)
    assert not found.tags & {"script", "style", "svg", "iframe", "form", "object", "link", "base", "meta"}
    assert not [name for name in found.attributes if name.startswith("on") or name in ("style", "id", "srcset")]
    assert len(html) < 300_000


class _Found(HTMLParser):
    """The elements and attributes of some HTML."""

    def __init__(self) -> None:
        super().__init__()
        self.tags, self.attributes = set[str](), set[str]()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note one."""
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}


def test_an_answer_whose_notebook_is_broken_can_still_be_marked(essay: Path) -> None:
    """One sentence stands in its place, and the others are as they were."""
    folder = essay / "grading" / "autograded"
    (folder / CLASS[0] / ESSAY / f"{ESSAY}.ipynb").write_text("{")
    run = prepare(essay, ESSAY)
    assert (CLASS[0], QUESTION) not in run.contents(CLASS[:2]) and (CLASS[1], QUESTION) in run.contents(CLASS[:2])
    assert "This answer cannot be shown: " in run.shown(CLASS[0], QUESTION)
    assert len(run.marks()) == 3 * len(CLASS)


def test_rubrics_are_neither_in_release_nor_in_solutions(tmp_path: Path) -> None:
    """They stand in the solution cell of the source, which `build` replaces."""
    course = copy_course(tmp_path / "course")
    for assignment in ("feedforward", "lstm", "backprop"):
        name = f"{assignment}/{assignment}.ipynb"
        assert "BEGIN MARK SCHEME" in (course / "source" / name).read_text()
        for folder in ("release", "solutions"):
            text = (course / folder / name).read_text()
            assert "MARK SCHEME" not in text and "Half a point" not in text, folder
