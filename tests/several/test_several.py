"""Several notebooks in one assignment: all commands, nbgrader's too, give the same points and say what is missing."""

from __future__ import annotations

import csv
import io
import shutil
import sqlite3
import zipfile
from collections.abc import Mapping
from pathlib import Path

import nbformat
import pytest
from click.testing import CliRunner
from click.testing import Result as Invoked

from autograder.cli import main
from autograder.config import course_config
from autograder.gradebook.read import marks
from autograder.models import Result
from autograder.notebook import require_assignment
from tests.conftest import edit, grade_class
from tests.nbgrader_command import nbgrader
from tests.several import toy
from tests.several.toy import ASSIGNMENT, FIRST, RIGHT, SECOND, WRONG, hand_in, lay_out

pytestmark = pytest.mark.xdist_group("several")

_ONE, _TWO = f"{FIRST}.ipynb", f"{SECOND}.ipynb"
_EVERYBODY: Mapping[str, Mapping[str, nbformat.NotebookNode | str]] = {
    "right": {_ONE: RIGHT[FIRST], _TWO: RIGHT[SECOND]},
    "wrong": {_ONE: WRONG[FIRST], _TWO: WRONG[SECOND], toy.DATA: "1\n"},
    "mixed": {_ONE: RIGHT[FIRST], _TWO: WRONG[SECOND]},
    "first": {_ONE: RIGHT[FIRST]},
    "second": {_TWO: RIGHT[SECOND]},
    "copies": {_ONE: RIGHT[FIRST], _TWO: WRONG[SECOND], "problem 2 (1).ipynb": RIGHT[SECOND]},
    "broken": {_ONE: RIGHT[FIRST], _TWO: "no notebook"},
}
"""What students handed in; nbgrader grades each of them but the last."""

_RENAMED = {"problem 1-Copy1.ipynb": RIGHT[FIRST], "Untitled.ipynb": WRONG[SECOND]}
_POINTS = {"right": 6, "wrong": 2, "mixed": 4, "first": 3, "second": 3, "copies": 4, "renamed": 4, "loose": 4}


def run(course: Path, *words: str) -> Invoked:
    """Run `autograder` with these words."""
    return CliRunner().invoke(main, ["--root", str(course), *words])


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course in which everybody handed in."""
    made = lay_out(tmp_path_factory.mktemp("several") / "course")
    for student, files in _EVERYBODY.items():
        hand_in(made, student, files)
    return made


@pytest.fixture(scope="module")
def stock(course: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same class, graded by nbgrader's commands."""
    copy = tmp_path_factory.mktemp("stock") / "course"
    shutil.copytree(course, copy)
    assert nbgrader(copy, "generate_assignment", ASSIGNMENT).returncode == 0
    nbgrader(copy, "autograde", ASSIGNMENT)
    return copy


@pytest.fixture(scope="module")
def results(course: Path, stock: Path) -> dict[str, Result]:
    """The results of the class, and of two more whose notebooks have other names or lie elsewhere."""
    hand_in(course, "renamed", _RENAMED)
    hand_in(course, "loose", _RENAMED, loose=True)
    return grade_class(course, ASSIGNMENT)


def _cells(course: Path) -> set[tuple[str, str, str, float | None, bool]]:
    """What the gradebook holds: student, notebook, cell, automatic points, and whether a person has to look."""
    query = """
        SELECT sa.student_id, n.name, c.name, g.auto_score, g.needs_manual_grade
        FROM grade g JOIN base_cell c ON c.id = g.cell_id JOIN notebook n ON n.id = c.notebook_id
        JOIN submitted_notebook sn ON sn.id = g.notebook_id JOIN submitted_assignment sa ON sa.id = sn.assignment_id
    """
    with sqlite3.connect(course / "grading" / "gradebook.db") as connection:
        return set(connection.execute(query))


def test_a_score_is_the_sum_over_the_notebooks(results: dict[str, Result]) -> None:
    """Cells of the same grade id in two notebooks are two cells."""
    found = {student: result.score for student, result in results.items() if result.score}
    assert {student: score.points for student, score in found.items()} == _POINTS
    assert {score.max_points for score in found.values()} == {6}
    assert found["right"].to_read == 2 and found["first"].to_read == 1


def test_a_notebook_that_is_missing_gives_no_points_and_is_named(results: dict[str, Result]) -> None:
    """The other one is graded."""
    assert results["first"].notes == (f"{_TWO} was not handed in, so its points are 0",)
    assert results["second"].notes == (f"{_ONE} was not handed in, so its points are 0",)


def test_notebooks_under_other_names_are_found_by_their_cells(results: dict[str, Result]) -> None:
    """Also where both have the same grade ids, and in the student's own folder."""
    for student, folder in (("renamed", f"{ASSIGNMENT}/"), ("loose", "")):
        assert results[student].notes == (
            f"{folder}problem 1-Copy1.ipynb was graded, because {ASSIGNMENT}/{_ONE} is missing",
            f"{folder}Untitled.ipynb was graded, because {ASSIGNMENT}/{_TWO} is missing",
        )


def test_a_copy_beside_a_notebook_is_named_and_not_graded(results: dict[str, Result]) -> None:
    """The one with the right name counts."""
    assert results["copies"].notes == ("these were also handed in, but are not graded: problem 2 (1).ipynb",)


def test_a_damaged_notebook_is_named_by_its_path(results: dict[str, Result]) -> None:
    """Nothing is graded of a submission of which a part cannot be read."""
    assert results["broken"].score is None and f"{ASSIGNMENT}/{_TWO}: is not a notebook" in results["broken"].problem


def test_nbgrader_gives_each_cell_the_same_points(course: Path, stock: Path, results: dict[str, Result]) -> None:
    """Those of a missing notebook included, its answer in words too."""
    graded = _EVERYBODY.keys() - {"broken"}
    ours, theirs = ({row for row in _cells(each) if row[0] in graded} for each in (course, stock))
    assert ours == theirs and len(ours) == 6 * len(graded)


def test_graded_notebooks_lie_under_their_own_names(course: Path, results: dict[str, Result]) -> None:
    """With the data as the instructor has them."""
    folder = course / "grading" / "autograded" / "wrong" / ASSIGNMENT
    assert sorted(path.name for path in folder.iterdir()) == [toy.DATA, _ONE, _TWO]
    assert (folder / toy.DATA).read_text().startswith("5")


def test_a_submission_is_graded_again_when_one_of_its_notebooks_changed(
    course: Path, results: dict[str, Result], tmp_path: Path
) -> None:
    """Nobody else is."""
    copy = tmp_path / "course"
    shutil.copytree(course, copy)
    nbformat.write(RIGHT[SECOND], copy / "grading" / "submitted" / "mixed" / ASSIGNMENT / _TWO)
    again = grade_class(copy, ASSIGNMENT)
    assert [student for student, result in again.items() if result.is_new and result.score] == ["mixed"]
    assert again["mixed"].score and again["mixed"].score.points == 6


def test_a_notebook_can_come_and_go_after_grading(course: Path, results: dict[str, Result], tmp_path: Path) -> None:
    """What the gradebook holds for the other one is kept."""
    copy = tmp_path / "course"
    shutil.copytree(course, copy)
    source = copy / "source" / ASSIGNMENT / _TWO
    content = source.read_bytes()
    source.unlink()
    alone = grade_class(copy, ASSIGNMENT)
    assert alone["mixed"].score and (alone["mixed"].score.points, alone["mixed"].score.max_points) == (3, 3)
    assert set(marks(course_config(copy).CourseDirectory.db_url, ASSIGNMENT)["mixed"].marks) == {
        "result-shown", "result-hidden", "question",
    }  # fmt: skip
    source.write_bytes(content)
    both = grade_class(copy, ASSIGNMENT)
    assert both["mixed"].score and (both["mixed"].score.points, both["mixed"].score.max_points) == (4, 6)


def test_a_student_reads_one_page_about_all_notebooks(course: Path, results: dict[str, Result]) -> None:
    """It says what each gave, and which is missing."""
    assert run(course, "feedback", ASSIGNMENT).exit_code == 0
    pages = {path.parent.parent.name: path for path in (course / "grading" / "feedback").rglob("*.html")}
    assert pages.keys() == _POINTS.keys() and {path.name for path in pages.values()} == {f"{ASSIGNMENT}.html"}
    mixed, first = (pages[student].read_text() for student in ("mixed", "first"))
    assert "<h2>Sums</h2>" in mixed and "<h2>Products</h2>" in mixed and "You did not hand in" not in mixed
    assert mixed.index("<h2>Sums</h2>") < mixed.index(">The sum</h2>") < mixed.index("<h2>Products</h2>")
    assert "You did not hand in this notebook" in first and "There is no code in your notebook" not in first


def test_nbgrader_writes_the_same_page(course: Path, results: dict[str, Result], tmp_path: Path) -> None:
    """By the name of each notebook, and by the assignment's; the engine's command leaves only that."""
    copy = tmp_path / "course"
    shutil.copytree(course, copy)
    shutil.rmtree(copy / "grading" / "feedback", ignore_errors=True)
    assert nbgrader(copy, "generate_feedback", ASSIGNMENT, "--student", "mixed").returncode == 0
    folder = copy / "grading" / "feedback" / "mixed" / ASSIGNMENT
    pages = {path.name: path.read_text() for path in folder.glob("*.html")}
    assert pages.keys() == {f"{FIRST}.html", f"{SECOND}.html", f"{ASSIGNMENT}.html"} and len(set(pages.values())) == 1
    assert run(copy, "feedback", ASSIGNMENT).exit_code == 0
    assert [path.name for path in folder.glob("*.html")] == [f"{ASSIGNMENT}.html"]
    assert (folder / f"{ASSIGNMENT}.html").read_text() == pages[f"{ASSIGNMENT}.html"]


def test_the_report_names_each_check_by_its_notebook(course: Path, results: dict[str, Result]) -> None:
    """And those who left out a notebook."""
    run(course, "feedback", ASSIGNMENT)
    assert run(course, "report", ASSIGNMENT).exit_code == 0
    report = course / "grading" / "report"
    rows = list(csv.DictReader(io.StringIO((report / f"{ASSIGNMENT}-checks.csv").read_text())))
    names = ["result-shown", "result-hidden", "question"]
    assert [row["check"] for row in rows] == [f"{notebook}/{name}" for notebook in (FIRST, SECOND) for name in names]
    page = (report / f"{ASSIGNMENT}.html").read_text()
    assert "Notebooks not handed in" in page and page.count('"tag">notebook missing') == 2
    assert 'href="Week%201.2.html"' in (report / "index.html").read_text()


def test_answers_in_words_are_marked_in_both_notebooks(course: Path, results: dict[str, Result]) -> None:
    """A notebook that is missing counts as blank, and waits for nobody."""
    from autograder.gradebook.by_hand import Change, give
    from autograder.marking.answers import prepare

    marking_run = prepare(course, ASSIGNMENT)
    assert [question.name for question in marking_run.questions] == [f"{FIRST}/question", f"{SECOND}/question"]
    assert [question.heading for question in marking_run.questions] == [f"{FIRST}: Why", f"{SECOND}: Why"]
    contents = marking_run.contents(["right", "first"])
    assert not contents["right", f"{SECOND}/question"].is_blank and contents["first", f"{SECOND}/question"].is_blank
    assert "A reason." in marking_run.shown("right", f"{SECOND}/question")
    assert "There is no answer." in marking_run.shown("first", f"{SECOND}/question")
    found = {(each.student, each.cell): each for each in marking_run.marks()}
    assert not found["first", f"{SECOND}/question"].mark.waits
    held = found["right", f"{SECOND}/question"]
    give(marking_run.config, ASSIGNMENT, [Change(held.key, held.version, points=2.0, comment="Fine.")])
    after = marks(course_config(course).CourseDirectory.db_url, ASSIGNMENT)["right"]
    assert after.marks[f"{SECOND}/question"].points == 2 and after.comments == {f"{SECOND}/question": "Fine."}
    assert after.marks[f"{FIRST}/question"].is_open


def test_lateness_costs_a_part_of_the_whole_assignment(
    course: Path, results: dict[str, Result], tmp_path: Path
) -> None:
    """Also where one notebook has too few points for its share."""
    copy = tmp_path / "course"
    shutil.copytree(course, copy)
    with (copy / "nbgrader_config.py").open("a") as settings:
        settings.write(f"c.LatePolicy.due = {{{ASSIGNMENT!r}: '2026-01-01 12:00'}}\nc.LatePolicy.percent_a_day = 20\n")
    (copy / "grading" / "submitted" / "first" / ASSIGNMENT / "timestamp.txt").write_text("2026-01-01 13:00:00 UTC")
    late = grade_class(copy, ASSIGNMENT)["first"].score
    assert late and late.penalty == pytest.approx(2.4) and late.total == pytest.approx(0.6)
    said = run(copy, "extend", "first", ASSIGNMENT, "2d")
    assert said.exit_code == 0 and "penalty 2.4 becomes 0" in said.output


def test_one_file_is_graded_as_the_notebook_that_it_is(course: Path, tmp_path: Path) -> None:
    """Found by its cells, with and without the assignment's name."""
    path = tmp_path / "mine.ipynb"
    nbformat.write(RIGHT[SECOND], path)
    for words in ((), ("--assignment", ASSIGNMENT)):
        done = run(course, "grade-file", str(path), *words)
        assert done.exit_code == 0 and "Products: mine.ipynb" in done.output and "3 of 6 points" in done.output


def test_collecting_and_returning_goes_by_submission(tmp_path: Path) -> None:
    """Two files of one student on Canvas become one submission, and one page goes back."""
    course = lay_out(tmp_path / "course")
    with zipfile.ZipFile(tmp_path / "canvas.zip", "w") as archive:
        archive.writestr(f"adalovelace_12345_678901_{_ONE}", nbformat.writes(RIGHT[FIRST]))
        archive.writestr("adalovelace_12345_678902_problem 2-1.ipynb", nbformat.writes(RIGHT[SECOND]))
        archive.writestr(f"gracehopper_12346_678903_{_TWO}", nbformat.writes(WRONG[SECOND]))
    assert run(course, "collect", str(tmp_path / "canvas.zip"), ASSIGNMENT).exit_code == 0
    folders = {path.parent.name: path for path in (course / "grading" / "submitted").glob(f"*/{ASSIGNMENT}")}
    handed_in = {name: sorted(path.name for path in folder.iterdir()) for name, folder in folders.items()}
    assert sorted(handed_in.values()) == [[_ONE, _TWO], [_TWO]]
    graded = grade_class(course, ASSIGNMENT)
    assert sorted(result.score.points for result in graded.values() if result.score) == [1, 6]
    assert run(course, "feedback", ASSIGNMENT).exit_code == 0
    done = run(course, "return", ASSIGNMENT, "--unmarked")
    assert done.exit_code == 0, done.output
    with zipfile.ZipFile(course / "grading" / "return" / ASSIGNMENT / "feedback-canvas.zip") as pages:
        assert sorted(pages.namelist()) == [
            f"adalovelace_12345_678901_{ASSIGNMENT}.html",
            f"gracehopper_12346_678903_{ASSIGNMENT}.html",
        ]


def test_the_build_hands_out_every_notebook_and_the_data(tmp_path: Path) -> None:
    """A changed check is seen in either, a secret that is given away too."""
    course = lay_out(tmp_path / "course")
    with (course / "nbgrader_config.py").open("a") as settings:
        settings.write("c.Build.house_style = False\n")
    assert run(course, "build").exit_code == 0
    folder = course / "release" / ASSIGNMENT
    assert sorted(path.name for path in folder.iterdir()) == [toy.DATA, _ONE, _TWO]
    assert "math.prod" not in (folder / _TWO).read_text()
    checked = run(course, "build", "--check")
    assert checked.exit_code == 0, checked.output
    wrong = "assert result([1]) == 'something else'"
    edit(course / "source" / ASSIGNMENT / _TWO, lambda notebook: notebook.cells[4].update(source=wrong))
    checked = run(course, "build", "--check")
    assert checked.exit_code == 1 and _TWO in checked.output


def test_an_assignment_lists_what_nbgrader_takes(tmp_path: Path) -> None:
    """Hidden files and folders are nobody's work."""
    course = lay_out(tmp_path / "course")
    for place in (".ipynb_checkpoints", f"{ASSIGNMENT}/.ipynb_checkpoints"):
        (course / "source" / place).mkdir()
        shutil.copy(course / "source" / ASSIGNMENT / _ONE, course / "source" / place / "old.ipynb")
    assert [path.name for path in require_assignment(course, ASSIGNMENT)] == [_ONE, _TWO]
