"""From the settings to the page: what lateness costs, extensions, and the same penalties by nbgrader's own command."""

from __future__ import annotations

import csv
import os
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from click.testing import CliRunner
from nbgrader.api import Gradebook
from nbgrader.preprocessors import AssignLatePenalties

from autograder.cli import main
from autograder.config import course_config
from autograder.gradebook.database import engine, leave_whole
from autograder.gradebook.late import call_late, extensions
from autograder.gradebook.read import scores
from autograder.notebook import fill_in
from tests.conftest import REPOSITORY, copy_course, grade_class, hand_in

pytestmark = pytest.mark.xdist_group("extensions")

RELEASE = REPOSITORY / "release" / "backprop" / "backprop.ipynb"
RIGHT = REPOSITORY / "examples" / "submissions" / "grace" / "backprop.py"
POLICY = """
c.LatePolicy.time_zone = "Europe/Berlin"
c.LatePolicy.due = {"backprop": "2026-11-02 23:59"}
c.LatePolicy.percent_a_day = 10
"""
TIMES = {"ada": "2026-11-04 02:59:00 +0100", "grace": "2026-11-02 23:59:00 +0100", "kai": ""}


def give(course: Path, student: str, time: str) -> None:
    """Hand in right answers, at a time if there is one."""
    filled = course / f"{student}.ipynb"
    nbformat.write(fill_in(RELEASE, RIGHT), filled)
    place = hand_in(course, student, filled, "backprop")
    if time:
        (place.parent / "timestamp.txt").write_text(time)


@pytest.fixture(scope="module")
def late_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Backprop, 20 of 24 points automatic: ada is 1 day 3 hours late, grace in time, kai's time is not known."""
    course = copy_course(tmp_path_factory.mktemp("late") / "course", "backprop")
    with (course / "nbgrader_config.py").open("a") as settings:
        settings.write(POLICY)
    for student, time in TIMES.items():
        give(course, student, time)
    grade_class(course, "backprop")
    return course


@pytest.fixture
def late(late_once: Path, tmp_path: Path) -> Path:
    """A copy of that class, to change."""
    return Path(shutil.copytree(late_once, tmp_path / "course"))


def run(course: Path, *words: str) -> tuple[int, str]:
    """Run a command; its exit status and what it printed."""
    done = CliRunner().invoke(main, ["--root", str(course), *words])
    return done.exit_code, done.output


def penalties(course: Path) -> dict[str, float]:
    """The penalty of each student in the gradebook."""
    url = course_config(course).CourseDirectory.db_url
    return {student: score.penalty for student, score in scores(url, "backprop", list(TIMES)).items()}


def page(course: Path, student: str) -> str:
    """The text of a feedback page, written now."""
    assert run(course, "feedback", "backprop")[0] == 0
    return " ".join((course / "grading" / "feedback" / student / "backprop" / "backprop.html").read_text().split())


def configure(course: Path, line: str) -> None:
    """Add a line to the settings."""
    with (course / "nbgrader_config.py").open("a") as settings:
        settings.write(f"{line}\n")


def test_each_day_that_has_begun_costs_its_percentage_and_the_page_says_how(late: Path) -> None:
    """Two days of 24 points; who is in time, or whose time nobody knows, loses nothing and reads nothing."""
    assert penalties(late) == {"ada": 4.8, "grace": 0, "kai": 0}
    assert (
        "Handed in 1 day 3 hours after the due date, 2026-11-02 23:59 (Europe/Berlin). 2 days have begun: 20 % of 24 "
        "points = 4.8 points are taken off." in page(late, "ada")
    )
    assert "Handed in" not in page(late, "grace") and "Handed in" not in page(late, "kai")


def test_an_extension_is_given_listed_and_taken_back_and_the_penalty_follows_at_once(late: Path) -> None:
    """Nothing is graded again; the page and the export say it, too."""
    assert run(late, "extend") == (0, "There are no extensions.\n")
    status, said = run(late, "extend", "ada", "backprop", "1d")
    expected = "ada, backprop: extension of 1 day, until 2026-11-03 23:59 (Europe/Berlin)"
    assert (status, said) == (0, f"{expected}; penalty 4.8 becomes 2.4, score 15.2 becomes 17.6\n")
    assert penalties(late)["ada"] == 2.4
    assert run(late, "extend") == run(late, "extend", "backprop") == (0, f"{expected}\n")
    assert "You have an extension of 1 day, until 2026-11-03 23:59 (Europe/Berlin)." in page(late, "ada")
    leave_whole(engine(course_config(late).CourseDirectory.db_url))
    assert nbgrader(late, "export").returncode == 0
    with (late / "grading" / "grades.csv").open() as file:
        rows = {row["student_id"]: row for row in csv.DictReader(file)}
    ada = rows["ada"]
    assert (ada["late_submission_penalty"], ada["score"], ada["extension"]) == ("2.4", "17.6", "1 day")
    assert rows["grace"]["extension"] == ""
    assert run(late, "extend", "ada", "grace", "backprop", "2026-11-30")[0] == 0
    assert penalties(late)["ada"] == 0 and len(extensions(course_config(late).CourseDirectory.db_url)) == 2
    assert "penalty 0 becomes 4.8" in run(late, "extend", "--remove", "ada", "grace", "backprop")[1]
    assert run(late, "extend")[1] == "There are no extensions.\n"


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (("adda", "backprop", "2d"), "adda: is not in the gradebook and has handed in nothing. Did you mean 'ada'?"),
        (("ada", "nobody", "backprop", "2d"), "nobody: is not in the gradebook"),
        (("ada", "backpropp", "2d"), "there is no such assignment"),
        (("ada", "backprop", "soon"), "backprop: 'soon' is not an extension"),
        (("ada", "backprop", "2026-10-01"), "backprop: '2026-10-01' is not after the due date"),
        (("ada", "backprop", "2026-02-30"), "'2026-02-30' is not a date"),
        (("ada", "backprop"), "a student, an assignment or a length is missing"),
        (("--remove", "ada"), "a student, an assignment or a length is missing"),
    ],
)
def test_wrong_words_are_one_line_and_change_nobody(late_once: Path, words: tuple[str, ...], reason: str) -> None:
    """Not even those who were named rightly beside others."""
    status, said = run(late_once, "extend", *words)
    assert status == 1 and reason in said and said.count("\n") == 1
    assert extensions(course_config(late_once).CourseDirectory.db_url) == []


def test_an_extension_waits_for_a_student_who_has_not_handed_in(late: Path) -> None:
    """Until `autograder grade` or nbgrader's own command enters the submission."""
    assert run(late, "extend", "zoe", "yan", "backprop", "2d")[0] == 1  # nobody knows them yet
    status, said = run(late, "extend", "--unknown", "zoe", "yan", "backprop", "2d")
    assert status == 0 and said.count("nothing is graded yet") == 2 == run(late, "extend")[1].count("nothing is graded")
    give(late, "zoe", TIMES["ada"])
    assert grade_class(late, "backprop")["zoe"].score.penalty == 0  # type: ignore[union-attr]
    give(late, "yan", TIMES["ada"])
    leave_whole(engine(course_config(late).CourseDirectory.db_url))
    done = nbgrader(late, "autograde", "backprop", "--force")
    assert done.returncode == 0, done.stderr
    url = course_config(late).CourseDirectory.db_url
    assert scores(url, "backprop", ["yan"])["yan"].penalty == 0 and penalties(late)["ada"] == 4.8
    assert [each.is_graded for each in extensions(url)] == [True, True]


@pytest.mark.parametrize("percent_of", ["maximum", "earned"])
def test_nbgraders_own_preprocessor_gets_the_same_penalty_from_the_plug_in(late: Path, percent_of: str) -> None:
    """In a course whose settings do not name ours."""
    configure(late, f"c.LatePolicy.percent_of = {percent_of!r}")
    page(late, "ada")
    expected, config = penalties(late), course_config(late)
    url = config.CourseDirectory.db_url
    for student in ("ada", "grace"):
        with Gradebook(url) as gradebook:
            gradebook.find_submission_notebook("backprop", "backprop", student).late_submission_penalty = 1
            gradebook.db.commit()
        names = {"assignment": "backprop", "notebook": "backprop", "student": student, "db_url": url}
        AssignLatePenalties(config=config).preprocess(nbformat.v4.new_notebook(), {"nbgrader": names})
    assert penalties(late) == expected and expected["ada"] == (4.8 if percent_of == "maximum" else 4)


def test_a_changed_policy_or_due_date_is_followed_without_grading_again(late: Path) -> None:
    """By the next command that shows a score; a due date in the settings takes the place of Formgrader's."""
    configure(late, "c.LatePolicy.percent_of = 'earned'")
    assert "2 days have begun: 20 % of 20 points = 4 points are taken off." in page(late, "ada")
    configure(late, "c.LatePolicy.floor_percent = 90")
    assert "20 % of 20 points would be 4, but lateness takes no score below 90 %, so 2 points" in page(late, "ada")
    configure(late, "c.LatePolicy.cut_off_days = 1")
    assert "Work that is more than 1 day late does not count, so 20 points are taken off." in page(late, "ada")
    configure(late, "c.LatePolicy.due = {'backprop': '2026-12-01'}")
    assert "taken off" not in page(late, "ada") and penalties(late)["ada"] == 0


def test_what_a_platform_calls_late_without_a_time_costs_what_the_setting_says(late: Path) -> None:
    """Nothing by default; an extension excuses it."""
    call_late(course_config(late).CourseDirectory.db_url, "backprop", {"kai": True, "ada": True})
    text = page(late, "kai")
    assert "as your learning platform says; the time is not known. Nothing is taken off." in text
    configure(late, "c.LatePolicy.days_if_unknown = 1")
    assert "1 day has begun: 10 % of 24 points = 2.4 points are taken off." in page(late, "kai")
    assert penalties(late) == {"ada": 4.8, "grace": 0, "kai": 2.4}
    run(late, "extend", "kai", "backprop", "1d")
    assert penalties(late)["kai"] == 0


def test_a_wrong_setting_stops_every_command_with_one_line(late: Path) -> None:
    """Before anything is graded under another policy."""
    configure(late, "c.LatePolicy.due = {'backprop': '2.11.2026'}")
    for words in (("grade", "backprop"), ("feedback", "backprop"), ("extend", "ada", "backprop", "2d")):
        status, said = run(late, *words)
        assert status == 1 and "nbgrader_config.py: c.LatePolicy.due['backprop']: '2.11.2026' is not a date." in said


def nbgrader(course: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run nbgrader in a course."""
    command = [sys.executable, "-m", "nbgrader", *words]
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY)}
    return subprocess.run(command, cwd=course, capture_output=True, text=True, env=environment, check=False)
