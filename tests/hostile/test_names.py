"""Students' names of every kind, in one class: all have scores and pages and a row in each table, or one clear line."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

import pytest
from nbgrader.api import Gradebook

from autograder.config import course_config
from autograder.text import shown
from tests.conftest import REPOSITORY, copy_course
from tests.hostile.classroom import Classroom, Run
from tests.nbgrader_command import nbgrader

pytestmark = pytest.mark.xdist_group("names")

GRADED = (
    "ada", "O'Brien", "Ada Lovelace", "Lovelace, Ada", "M\u00fcller", "Ame\u0301lie", "王小明", "Дмитрий", "محمد",
    "עדה", "Ελένη", "ทดสอบ", "नेहा", "🙂", "👩\u200d👩\u200d👧", "ß", "İstanbul", "ﬁona", "Ñandú", "a\u00a0b",
    "x" * 128, "é" * 100, "CON", "NUL", "aux", "con.txt", "LPT1", "dora.", " emil", "-rf", "--help", "~", "~root",
    "$HOME", "`id`", "$(id)", "a;b", "a|b", "a&b", "a*b", "[ab]", "[bold]red", "[b", "{student_id}", "{0}", "{{x}}",
    "(1)", "a:b", "a!b", "a^b", "=1+1", "+49", "-1", "-x", "@SUM(A1)", "None", "nan", "null", "true",
    "0", "007", "1e5", "' OR 1=1 --", "Robert'); DROP TABLE student;--", "SELECT", "grading", "default_course", "&amp;",
)  # fmt: skip
REFUSED = (
    "new\nline", "tab\tbed", "\x1b[31mred", "\x7f", "\u202eevil", "\u200fmark", "\ufeffbom", "\u2028line", "<b>",
    "<script>alert(1)</script".replace("/", "∕"), 'quo"te', "back\\slash", "a#b", "what?", "50%", "y" * 200, ".hidden",
    "M\udcfcller", "\udcff\udcfe", "Rene\u0301", "Ren\u00e9", "eve", "eve\u200b", "kim", "kim ",
)  # fmt: skip
"""Names with control characters, with what breaks a page, with bytes that are no text, and that look like another."""


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Classroom:
    """The class."""
    root = copy_course(tmp_path_factory.mktemp("names") / "course", "backprop")
    for name in GRADED + REFUSED:
        folder = root / "grading" / "submitted" / name / "backprop"
        folder.mkdir(parents=True)
        shutil.copyfile(REPOSITORY / "release" / "backprop" / "backprop.ipynb", folder / "backprop.ipynb")
    return Classroom(root)


@pytest.fixture(scope="module")
def grading(room: Classroom) -> Run:
    """The command that graded it."""
    return room.run("grade", "backprop", "--full", limit=600)


def rows(path: Path, column: str) -> list[str]:
    """The names in a table, without what keeps a spreadsheet from calculating."""
    with path.open(newline="", encoding="utf-8") as lines:
        found = [row[column] for row in csv.DictReader(lines)]
    assert not [name for name in found if name[:1] in ("=", "+", "@")]
    return sorted(name.removeprefix("'") if name[1:2] in ("=", "+", "-", "@") else name for name in found)


def test_each_name_has_a_score_or_one_line(room: Classroom, grading: Run) -> None:
    """More than sixty are graded; nobody vanishes."""
    assert grading.status == 1 and "Traceback" not in grading.text
    assert all(shown(line) == line for line in grading.text.splitlines())
    with Gradebook(course_config(room.root).CourseDirectory.db_url) as gradebook:
        entered = {submission.student.id for submission in gradebook.assignment_submissions("backprop")}
    assert entered == set(GRADED)
    for name in REFUSED:
        lines = [line for line in grading.text.splitlines() if line.startswith(f"{shown(name)}, backprop: ")]
        assert len(lines) == 1, name
    assert f"{len(GRADED)} of {len(GRADED + REFUSED)} graded in " in grading.text.splitlines()[-1]


def test_each_graded_name_has_a_page_and_a_row_in_every_table(room: Classroom, grading: Run) -> None:
    """Of `feedback`, `report` and `nbgrader export`."""
    pages = room.run("feedback", "backprop", limit=600)
    assert pages.status == 0 and f"{len(GRADED)} pages written" in pages.text
    assert {path.parent.parent.name for path in (room.root / "grading" / "feedback").rglob("*.html")} == set(GRADED)
    assert room.run("report", "backprop", limit=600).status == 0
    scores = set(rows(room.root / "grading" / "report" / "backprop-scores.csv", "student"))
    assert set(GRADED) <= scores <= {*GRADED, *map(shown, REFUSED)}
    assert nbgrader(room.root, "export").returncode == 0
    (exported,) = [*room.root.glob("grades.csv"), *(room.root / "grading").glob("grades.csv")]
    found = set(rows(exported, "student_id"))
    assert set(GRADED) <= found <= {*GRADED, *map(shown, REFUSED)}


def test_a_second_run_finds_all_of_them_unchanged(room: Classroom, grading: Run) -> None:
    """A name is found again as it was written."""
    assert f"({len(GRADED)} had not changed)" in room.run("grade", "backprop", limit=600).text
