"""One notebook graded on its own: it says what the feedback page says, and leaves nothing behind."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import nbformat
import pytest
import yaml
from bs4 import BeautifulSoup, Tag
from click.testing import CliRunner, Result

from autograder.cli import main
from autograder.grade_file import broken_checks, grade, prepare, read_notebook
from autograder.grading.demo import set_up
from autograder.models import CourseError
from autograder.notebook import fill_in
from autograder.notebook_result import NotebookResult, schema
from autograder.report import feedback
from tests.conftest import REPOSITORY, cell, copy_course, edit, grade_class
from tests.test_project import StrictLoader

RELEASE = REPOSITORY / "release" / "backprop" / "backprop.ipynb"
EXAMPLES = REPOSITORY / "examples"


def run(course: Path, *words: str) -> Result:
    """Run `autograder --root course grade-file ...`."""
    return CliRunner().invoke(main, ["--root", str(course), "grade-file", *words])


def filled(target: Path, student: str) -> Path:
    """The backprop notebook of an example student, at `target`."""
    nbformat.write(fill_in(RELEASE, EXAMPLES / "submissions" / student / "backprop.py"), target)
    return target


def text_of(node: Tag | None) -> str:
    """What one reads of a part of a page."""
    return "" if node is None else " ".join(node.get_text().split())


def said_on(page: Path) -> dict[str, list[list[str]]]:
    """What a feedback page says under each heading: for each check its state, title, points and sentences."""
    found: dict[str, list[list[str]]] = {}
    for part in BeautifulSoup(page.read_text(), "html.parser").select("section.part"):
        checks = [
            [
                text_of(check.select_one("strong")),
                text_of(check.select_one(".what")),
                text_of(check.select_one(".number")),
                *(text_of(each) for each in check.select(".student_message")),
            ]
            for check in part.select("ul.checks > li")
        ]
        if checks:
            found[text_of(part.select_one("h2"))] = [*checks, [text_of(each) for each in part.select(".cause p")]]
    return found


_WORDS = {
    "passed": "Passed",
    "partial": "In part",
    "failed": "Not yet",
    "waits": "To be marked by hand",
    "marked": "Marked",
}


def plain(sentence: str) -> str:
    """A sentence as a page shows it."""
    return " ".join(sentence.replace("`", "").split())


def said_in(result: NotebookResult) -> dict[str, list[list[str]]]:
    """The same of a document."""
    found: dict[str, list[list[str]]] = {}
    causes: dict[str, list[str]] = {}
    for check in result.checks:
        is_question = check.kind.value == "question"
        points = "–" if check.state.value == "waits" and is_question else f"{check.points:g}"
        sentences = () if is_question else (check.sentence, check.first_wrong_value)
        found.setdefault(check.heading or check.function, []).append(
            [
                _WORDS[check.state.value],
                check.title,
                f"{points} / {check.max_points:g}",
                *(plain(each) for each in sentences if each),
            ]
        )
        cause = causes.setdefault(check.heading or check.function, [])
        if check.mistake and not cause:
            cause += [f"This looks like: {plain(check.mistake)}", f"Read again: {plain(check.read_again)}"]
    return {heading: [*checks, causes[heading]] for heading, checks in found.items()}


@pytest.mark.parametrize(
    ("name", "students"),
    [
        ("feedforward", 7),
        pytest.param("lstm", 6, marks=pytest.mark.thorough),
        pytest.param("backprop", 4, marks=pytest.mark.thorough),
    ],
)
def test_the_document_says_what_the_feedback_page_says_for_every_example_student(
    tmp_path: Path, name: str, students: int
) -> None:
    """State, points, sentence, first difference and likely mistake, check by check, in the class of the demo."""
    set_up(REPOSITORY, tmp_path / "class")
    submitted = tmp_path / "class" / "grading" / "submitted"
    shutil.rmtree(submitted / "kai")  # whose code never ends
    grade_class(tmp_path / "class", name)
    written = list(feedback.write(feedback.prepare(tmp_path / "class", name)))
    prepared = prepare(tmp_path / "class", name)
    for student, page in ((each.student, each.path) for each in written):
        notebook = submitted / student / name / f"{name}.ipynb"
        result = grade(prepared, read_notebook(notebook, beside=True), notebook.name, "process")
        assert said_in(result) == said_on(page), student
        shown = text_of(BeautifulSoup(page.read_text(), "html.parser").select_one(".total"))
        assert shown.startswith(f"{result.points:g} of {result.max_points:g} points")
        assert (f"{result.points_to_mark:g} points are still to be marked" in shown) is bool(result.points_to_mark)
    assert len(written) == students and not [each.problem for each in written if each.problem]


@pytest.fixture(scope="module")
def backprop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course of backprop, in which tests change nothing."""
    return copy_course(tmp_path_factory.mktemp("backprop") / "course", "backprop")


@pytest.fixture(scope="module")
def printed(backprop: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    """What the command prints about the example student 'document', whose notebook has another name."""
    before = sorted(backprop.rglob("*"))
    notebook = filled(tmp_path_factory.mktemp("one") / "my work (1).ipynb", "document")
    done = run(backprop, str(notebook), "--json")
    assert done.exit_code == 0 and done.stderr == "", done.output
    assert sorted(backprop.rglob("*")) == before and list(notebook.parent.iterdir()) == [notebook]
    yield json.loads(done.stdout)


@pytest.mark.xdist_group("grade-file")
def test_json_is_one_document_that_follows_the_published_schema(printed: dict[str, Any]) -> None:
    """With the assignment found by its cells, and the points of the gradebook."""
    published = json.loads((REPOSITORY / "docs" / "reference" / "grade-file.schema.json").read_text())
    jsonschema.Draft202012Validator(published).validate(printed)
    assert (printed["assignment"], printed["notebook"]) == ("backprop", "my work (1).ipynb")
    assert (printed["points"], printed["max_points"], printed["points_to_mark"]) == (15, 24, 4)
    assert sum(check["points"] for check in printed["checks"]) == 15
    assert {check["kind"] for check in printed["checks"]} == {"shown", "hidden", "question"}
    assert any(check["mistake"] for check in printed["checks"]) and printed["broken_checks"] == []


@pytest.mark.xdist_group("grade-file")
def test_the_document_holds_no_hidden_test_and_no_answer(printed: dict[str, Any]) -> None:
    """A student may read all of it."""
    text = json.dumps(printed)
    for secret in ("BEGIN HIDDEN", "reference.", "default_rng", "assert_allclose", "DESIRED", "answers"):
        assert secret not in text
    messages = {check["sentence"] for check in printed["checks"] if check["kind"] == "hidden"}
    assert not any(re.search(r"\d\.\d|should be", message) for message in messages)


def test_the_published_schema_is_up_to_date() -> None:
    """The command that writes it stands in CONTRIBUTING.md."""
    assert json.loads((REPOSITORY / "docs" / "reference" / "grade-file.schema.json").read_text()) == schema()


@pytest.mark.xdist_group("grade-file")
def test_without_json_a_person_reads_a_table_and_a_sentence_for_each_failed_check(
    backprop: Path, tmp_path: Path
) -> None:
    """The total stands in the last line."""
    done = run(backprop, str(filled(tmp_path / "backprop.ipynb", "document")), "--assignment", "backprop")
    assert done.exit_code == 0, done.output
    assert "back_to_z1, Shown checks:" in done.stdout and "This looks like: " in done.stdout
    assert done.stdout.splitlines()[-1] == "15 of 24 points; 4 points are still to be marked by hand."


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, r"work\.ipynb: missing\."),
        ("{", r"work\.ipynb: is not a notebook: not valid JSON"),
        (
            '{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": []}',
            "does not have the cells of an assignment of this course",
        ),
    ],
)
@pytest.mark.parametrize("more", [(), ("--json",)])
def test_what_cannot_be_graded_gets_one_line_and_exit_1(
    backprop: Path, tmp_path: Path, content: str | None, message: str, more: tuple[str, ...]
) -> None:
    """Nothing is printed for a program to read."""
    if content is not None:
        (tmp_path / "work.ipynb").write_text(content)
    done = run(backprop, str(tmp_path / "work.ipynb"), *more)
    assert done.exit_code == 1 and done.stdout == ""
    assert re.search(message, done.stderr) and done.stderr.count("\n") == 1


def test_a_notebook_of_no_cells_of_the_named_assignment_is_refused(backprop: Path, tmp_path: Path) -> None:
    """Not graded as an empty one."""
    nbformat.write(nbformat.v4.new_notebook(), tmp_path / "work.ipynb")
    done = run(backprop, str(tmp_path / "work.ipynb"), "--assignment", "backprop")
    assert done.exit_code == 1 and "work.ipynb: has none of the cells of backprop." in done.stderr


def test_a_broken_check_is_named_in_its_own_field_and_costs_no_points(course: Path, tmp_path: Path) -> None:
    """The reason, which may show hidden tests, goes to the instructor alone."""
    source = course / "source" / "backprop" / "backprop.ipynb"
    secret = "### BEGIN HIDDEN TESTS\nassert forward(0.8, 1, 0.3, 0.4, 0.5) == 1234.5\n### END HIDDEN TESTS"
    edit(source, lambda notebook: cell(notebook, "forward-hidden").update(source=secret))
    done = run(course, str(filled(tmp_path / "backprop.ipynb", "grace")), "--json")
    assert done.exit_code == 1
    assert "check 'forward-hidden' is broken: your own solution does not pass it" in done.stderr
    printed = json.loads(done.stdout)
    (broken,) = [check for check in printed["checks"] if check["grade_id"] == "forward-hidden"]
    assert printed["broken_checks"] == ["forward-hidden"] and broken["state"] == "waits"
    assert printed["points_to_mark"] == 4 + broken["max_points"] and "1234.5" not in done.stdout


def test_two_ways_to_name_the_assignment_at_once_are_a_usage_error(backprop: Path) -> None:
    """Exit status 2, as for any wrong option."""
    assert run(backprop, str(RELEASE), "--assignment", "backprop", "--released", str(RELEASE)).exit_code == 2
    assert run(backprop, str(RELEASE), "--no-such-option").exit_code == 2


@pytest.mark.xdist_group("grade-file")
def test_a_released_notebook_is_enough_to_run_the_shown_checks(tmp_path: Path) -> None:
    """No course, no answers; what is hidden has no points there."""
    released = tmp_path / "released" / "backprop.ipynb"
    released.parent.mkdir()
    shutil.copy(RELEASE, released)
    work = filled(tmp_path / "backprop.ipynb", "document")
    done = run(tmp_path, str(work), "--json", "--released", str(released))
    assert done.exit_code == 0, done.output
    printed = json.loads(done.stdout)
    kinds = {check["grade_id"]: check["kind"] for check in printed["checks"]}
    shown = [name for name in kinds if name.endswith("-shown")]
    hidden = [name for name in kinds if name.endswith("-hidden")]
    assert shown and not hidden and printed["hidden_checks"] is False
    states = {check["grade_id"]: check["state"] for check in printed["checks"]}
    assert states["forward-shown"] == "passed" and states["back_to_z1-shown"] == "failed"
    untouched = run(tmp_path, str(RELEASE), "--json", "--released", str(released))
    assert json.loads(untouched.stdout)["points"] == 0 and untouched.exit_code == 0


def test_a_released_notebook_that_is_missing_is_named(tmp_path: Path) -> None:
    """The path to correct."""
    done = run(tmp_path, str(RELEASE), "--released", str(tmp_path / "gone.ipynb"))
    assert done.exit_code == 1 and "gone.ipynb: missing." in done.stderr


def test_an_unknown_assignment_is_refused_with_the_known_ones(backprop: Path) -> None:
    """A slip of the finger."""
    with pytest.raises(CourseError, match=r"there is no such assignment\. The course has: backprop\."):
        prepare(backprop, "bakprop")


def test_the_workflow_for_students_needs_no_answers_and_no_more_than_to_read() -> None:
    """It is valid YAML, grades with the released notebook, and takes nothing from the instructor's course."""
    folder = EXAMPLES / "github-classroom"
    text = (folder / ".github" / "workflows" / "check.yml").read_text()
    workflow = yaml.load(text, StrictLoader)
    assert workflow["permissions"] == {"contents": "read"}
    (job,) = workflow["jobs"].values()
    assert all(("uses" in step) != ("run" in step) for step in job["steps"])
    assert job["steps"][0]["with"] == {"persist-credentials": False}
    commands = "\n".join(step.get("run", "") for step in job["steps"])
    assert "autograder grade-file" in commands and "--released" in commands
    for part in ("source/", "answers", "secrets.", "git clone"):
        assert part not in commands
    assert not [path for path in folder.rglob("*") if path.suffix in (".ipynb", ".py", ".whl")]


def test_a_check_that_the_authors_own_solution_does_not_pass_is_named(tmp_path: Path) -> None:
    """As `build --check` does, before a class is graded."""
    course = copy_course(tmp_path / "course", "backprop")
    assert broken_checks(course) == []
    reference = course / "answers" / "backprop" / "reference.py"
    reference.write_text(reference.read_text().replace("def step(", "def stride("))
    (line,) = broken_checks(course)
    assert line.startswith("source/backprop/backprop.ipynb: check 'step-hidden' is broken: ")
