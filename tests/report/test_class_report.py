"""The report on a class: what it counts, whom it names, and the tables beside it."""

from __future__ import annotations

import csv
import shutil
from datetime import datetime, timedelta
from pathlib import Path

import nbformat
import numpy as np
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from autograder.cli import main
from autograder.config import course_config
from autograder.gradebook.late import call_late
from autograder.gradebook.read import marks
from autograder.report import all_assignments, class_report, feedback
from autograder.report.attention import Concern
from autograder.report.class_report import Item, Overview, histogram, point_biserial
from tests.conftest import REPOSITORY, cell, edit, grade_class, hand_in
from tests.report.conftest import gradebook, notebook_of, page_of, tell


def reported(course: Path) -> tuple[str, Overview]:
    """The report, written now."""
    written, found = class_report.write(feedback.prepare(course, "backprop"))
    return written[0].read_text(), found


def table(course: Path, name: str) -> list[dict[str, str]]:
    """One of the tables beside the report."""
    with (course / "grading" / "report" / f"backprop-{name}.csv").open() as file:
        return list(csv.DictReader(file))


def test_scores_are_those_of_the_gradebook(graded: Path) -> None:
    """On the page and in the table."""
    page, found = reported(graded)
    held = marks(course_config(graded).CourseDirectory.db_url, "backprop")
    assert {row["student"]: float(row["points"]) for row in table(graded, "scores")} == {
        student: each.points for student, each in held.items()
    }
    assert found.median == 15 and "<dd>15</dd>" in page


def test_each_check_has_its_share(graded: Path) -> None:
    """Two of three pass forward, one of three passes the inactive unit."""
    reported(graded)
    shares = {row["check"]: float(row["share_passed"]) for row in table(graded, "checks")}
    assert shares["forward-hidden"] == pytest.approx(2 / 3, abs=1e-3)
    assert shares["backward-inactive-hidden"] == pytest.approx(1 / 3, abs=1e-3)


@pytest.mark.usefixtures("known")
def test_mistakes_are_ranked_by_how_many_have_them_where_one_alone_explains_what_failed(graded: Path) -> None:
    """With links that lead to the pages; a name nobody knows any more is still counted, two names are none."""
    for student in ("document", "blank"):
        for check in ("backward-shown", "backward-hidden", "backward-inactive-hidden"):
            tell(graded, student, check, outcome="failed", mistakes=["off-unit"])
    tell(graded, "blank", "forward-hidden", outcome="failed", mistakes=["forgotten"])
    tell(graded, "blank", "step-hidden", outcome="failed", mistakes=["wrong-sign", "off-unit"])
    tell(graded, "grace", "forward-hidden", outcome="failed", mistakes=["wrong-sign"])  # but has all the points
    list(feedback.write(feedback.prepare(graded, "backprop")))
    page, found = reported(graded)
    counted = [(each.name, len(each.students)) for each in found.mistakes]
    assert counted[0] == ("off-unit", 2) and ("forgotten", 1) in counted and "wrong-sign" not in dict(counted)
    assert "A unit that is off still passes its derivative on." in page
    for link in found.mistakes[0].students:
        assert (graded / "grading" / "report" / link.target).resolve() == page_of(graded, link.student).resolve()


def test_an_answer_that_nobody_has_marked_is_not_counted_as_failed(graded: Path) -> None:
    """Neither in its own share nor in how the other checks go with the rest; one that was marked counts."""
    page, found = reported(graded)
    (question,) = (item for item in found.items if item.grade_id == "question-inactive")
    assert (question.judged, question.unread) == (1, 2) and question.remark == "2 not marked yet"
    assert "so far" in page and "Answers that nobody has marked yet count 0 points" in page
    with gradebook(graded) as book:
        for student in ("grace", "document"):
            book.find_grade("question-inactive", "backprop", "backprop", student).manual_score = 4
        book.db.commit()
    _, found = reported(graded)
    (question,) = (item for item in found.items if item.grade_id == "question-inactive")
    assert (question.judged, question.unread) == (3, 0) and question.share == pytest.approx(2 / 3)


def test_a_report_takes_several_assignments(graded: Path) -> None:
    """A page for each, in the order in which they were named, and one on all."""
    for folder in ("source", "answers"):
        shutil.copytree(REPOSITORY / folder / "lstm", graded / folder / "lstm")
    hand_in(graded, "ada", REPOSITORY / "release" / "lstm" / "lstm.ipynb", "lstm")
    grade_class(graded, "lstm")
    done = CliRunner().invoke(main, ["--root", str(graded), "report", "lstm", "backprop"])
    assert done.exit_code == 0, done.output
    written = [line.split("/")[-1] for line in done.output.splitlines() if line.endswith(".html")]
    assert written == ["lstm.html", "backprop.html", "index.html"]


def test_the_table_of_scores_tells_who_has_none_from_who_has_nothing(graded: Path) -> None:
    """By an empty score and a word."""
    with gradebook(graded) as book:
        book.update_or_create_student("ada")
    hand_in(graded, "quentin", REPOSITORY / "release" / "backprop" / "backprop.ipynb", "backprop")
    reported(graded)
    assert {row["student"]: (row["points"], row["status"]) for row in table(graded, "scores")} == {
        "blank": ("0.0", "graded"),
        "document": ("15.0", "graded"),
        "grace": ("20.0", "graded"),
        "quentin": ("", "not graded"),
        "ada": ("", "not handed in"),
    }


def test_who_is_missing_is_named(graded: Path) -> None:
    """Those the gradebook knows, those who handed in something else, those who could not be graded."""
    with gradebook(graded) as book:
        book.update_or_create_student("ada")
    hand_in(graded, "kai", REPOSITORY / "release" / "lstm" / "lstm.ipynb", "lstm")
    hand_in(graded, "quentin", REPOSITORY / "release" / "backprop" / "backprop.ipynb", "backprop").write_text("{")
    notebook_of(graded, "grace").unlink()
    _, found = reported(graded)
    assert found.not_handed_in == ["ada", "kai"] and found.not_graded == ["quentin"]
    assert list(found.problems) == ["grace"] and "Grade again" in found.problems["grace"]


def test_what_waits_what_was_cut_off_and_how_long_it_took_is_told(graded: Path) -> None:
    """From the gradebook and the graded notebooks."""

    def slow(notebook: object) -> None:
        notebook.metadata["autograder"]["seconds"] = {"read": 0.5, "examine": 2.0}  # type: ignore[attr-defined]

    def cut_off(notebook: object) -> None:
        stopped = {"output_type": "error", "ename": "NotRun", "evalue": "This took longer than 10 s.", "traceback": []}
        last = [each for each in notebook.cells if each.cell_type == "code"][-1]  # type: ignore[attr-defined]
        last.outputs = [type(last)(stopped)]

    for student in ("blank", "document", "grace"):
        edit(notebook_of(graded, student), slow)
    edit(notebook_of(graded, "document"), cut_off)
    page, found = reported(graded)
    assert {name: [link.student for link in links] for name, links in found.waiting} == {
        "question-inactive": ["document", "grace"]
    }
    assert [(each.link.student, each.reason) for each in found.cut_off] == [("document", "This took longer than 10 s.")]
    assert "2.50 s in the median" in page


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 30)), min_size=2, max_size=40))
def test_discrimination_is_the_point_biserial_correlation(answers: list[tuple[bool, int]]) -> None:
    """As SciPy computes it, and nothing where it is not defined."""
    passed, rest = np.array([each[0] for each in answers]), np.array([float(each[1]) for each in answers])
    found = point_biserial(passed, rest)
    if len(set(passed)) < 2 or len(set(rest)) < 2:
        assert found is None
    else:
        assert found == pytest.approx(stats.pointbiserialr(passed, rest).statistic, abs=1e-9)


@given(st.lists(st.floats(-2, 35), max_size=60), st.floats(1, 100))
def test_everybody_stands_in_the_histogram_once(points: list[float], most: float) -> None:
    """Those below 0 and above the most, by a penalty or for extra work, included."""
    classes = histogram(points, most)
    assert sum(count for _, _, count in classes) == len(points)
    assert len(classes) == 10 and classes[0][0] == 0 and classes[-1][1] == pytest.approx(most)


@pytest.mark.parametrize(
    ("judged", "share", "discrimination", "remark"),
    [
        (20, 0.5, 0.6, ""),
        (20, 0.5, 0.05, "strong and weak students pass equally often"),
        (20, 1.0, None, "everybody has full points"),
        (20, 0.0, None, "nobody has full points"),
        (3, 1.0, None, ""),
    ],
)
def test_a_check_that_tells_nobody_apart_is_remarked(
    judged: int, share: float, discrimination: float | None, remark: str
) -> None:
    """Unless there are too few to tell."""
    assert Item("relu-shown", "relu", "Shown checks", judged, share, discrimination).remark == remark


def test_what_needs_the_instructor_stands_first_and_leads_to_its_row(graded: Path) -> None:
    """Broken checks, refused work, code that reaches outside, repairs, late work without a time, answers to mark."""

    def suspect(notebook: nbformat.NotebookNode) -> None:
        answer = cell(notebook, "forward")
        answer.source += "\nimport ctypes, gc\nfound = gc.get_objects()"
        notebook.metadata["autograder"]["notes"] = ["cell 'relu' was missing; put back <b>"]
        notebook.metadata["autograder"]["unjudged"] = ["step-hidden"]

    edit(notebook_of(graded, "document"), suspect)
    call_late(course_config(graded).CourseDirectory.db_url, "backprop", {"blank": True})
    with gradebook(graded) as book:
        book.update_or_create_student("ada")
    hand_in(graded, "quentin", REPOSITORY / "release" / "backprop" / "backprop.ipynb", "backprop")
    page, found = reported(graded)
    named = {concern.name: [(link.student, detail) for link, detail in links] for concern, links in found.first}
    assert named == {
        "BROKEN": [("document", "step-hidden")],
        "REFUSED": [("quentin", "")],
        "REACHING": [("document", "ctypes, get_objects")],
        "UNTIMED": [("blank", "")],
        "TO_MARK": [("document", ""), ("grace", "")],
        "RESTORED": [("document", "cell 'relu' was missing; put back <b>")],
        "ABSENT": [("ada", "")],
    }
    assert page.index(">What to look at first<") < page.index(">Scores<") and "put back &lt;b&gt;" in page
    for links in (links for _, links in found.first):
        for link, _ in links:
            assert page.count(f'id="student-{link.number}"') == 1


def test_honest_answers_do_not_reach_outside(graded: Path) -> None:
    """Nor does anything that students are given."""
    assert Concern.REACHING not in reported(graded)[1].concerns.students


def test_scores_that_changed_since_the_last_report_are_listed_with_the_reason(graded: Path) -> None:
    """From what to what; not on the first report, and again until there is something newer."""
    assert reported(graded)[1].changes == []
    with gradebook(graded) as book:
        grade = book.find_grade("question-inactive", "backprop", "backprop", "grace")
        grade.manual_score, grade.needs_manual_grade = 4, False
        book.find_grade("forward-hidden", "backprop", "backprop", "document").manual_score = 0
        book.find_submission_notebook("backprop", "backprop", "document").late_submission_penalty = 2
        book.db.commit()
    for _ in range(2):
        page, found = reported(graded)
        changes = [(each.link.student, each.change) for each in found.changes]
        assert [(name, each and (each.before, each.after, each.reason)) for name, each in changes] == [
            ("document", (15, 9, "the checks gave other points, late penalty 0 became 2")),
            ("grace", (20, 24, "marked by hand")),
        ]
        assert "Changed since the last report" in page
        assert [name.name for name, _ in found.first].count("CHANGED") == 1
    with gradebook(graded) as book:
        book.find_submission_notebook("backprop", "backprop", "document").late_submission_penalty = None
        book.db.commit()
    assert [each.link.student for each in reported(graded)[1].changes] == ["document"]


def test_points_taken_off_and_extensions_are_in_the_table(graded: Path) -> None:
    """On the page and in the file."""
    with gradebook(graded) as book:
        book.update_or_create_assignment("backprop", duedate=datetime(2026, 1, 1))
        submission = book.find_submission("backprop", "document")
        submission.timestamp, submission.extension = datetime(2026, 1, 3, 3), timedelta(days=1)
        submission.notebooks[0].late_submission_penalty = 2
        book.db.commit()
    page, _ = reported(graded)
    rows = {row["student"]: row for row in table(graded, "scores")}
    assert [rows["document"][name] for name in ("points", "late_penalty", "late_by", "extension")] == [
        *("13.0", "2.0", "1 day 3 hours", "1 day")
    ]
    assert rows["grace"]["late_penalty"] == "" and "late 1 day 3 hours" in page and "extension 1 day" in page


def test_the_page_on_all_assignments_has_a_row_for_each_student_and_totals(graded: Path) -> None:
    """Each score leads to a page; who handed in nothing has a row, too."""
    with gradebook(graded) as book:
        book.update_or_create_student("ada")
    list(feedback.write(feedback.prepare(graded, "backprop")))
    path = all_assignments.write([feedback.prepare(graded, "backprop")])
    text = path.read_text()
    assert path.name == "index.html" and text.count("<tr id=") == 4
    assert 'href="../feedback/grace/backprop/backprop.html">20</a>' in text and "<strong>15</strong>" in text
