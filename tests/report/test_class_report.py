"""The report on a class: what it counts, whom it names, and the tables beside it."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from autograder.cli import main
from autograder.config import course_config
from autograder.gradebook.read import marks
from autograder.report import class_report, feedback
from autograder.report.class_report import Item, Overview, histogram, point_biserial
from tests.conftest import REPOSITORY, edit, grade_class, hand_in
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
    """A page for each, in the order in which they were named."""
    for folder in ("source", "answers"):
        shutil.copytree(REPOSITORY / folder / "lstm", graded / folder / "lstm")
    hand_in(graded, "ada", REPOSITORY / "release" / "lstm" / "lstm.ipynb", "lstm")
    grade_class(graded, "lstm")
    done = CliRunner().invoke(main, ["--root", str(graded), "report", "lstm", "backprop"])
    assert done.exit_code == 0, done.output
    written = [line.split("/")[-1] for line in done.output.splitlines() if line.endswith(".html")]
    assert written == ["lstm.html", "backprop.html"]


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
