"""A course through nbgrader's exchange: an instructor and two students, each a user of the system."""

from __future__ import annotations

import os
import re
import shutil
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import nbformat
import pytest

from autograder.notebook import fill_in
from tests.conftest import REPOSITORY, copy_course
from tests.exchange.people import Done, People, people

pytestmark = [
    pytest.mark.xdist_group("exchange"),
    pytest.mark.skipif(os.geteuid() != 0 or shutil.which("useradd") is None, reason="only root can add users"),
]

RELEASED = REPOSITORY / "release" / "backprop" / "backprop.ipynb"
ANSWERS = REPOSITORY / "examples" / "submissions"
ZIPPED = r"--FileNameCollectorPlugin.named_regexp=.*/(?P<student_id>\w+)_(?P<file_id>\w+)\.ipynb"
SCORE = re.compile(r">([\d.]+)</strong> of 24 points")


@dataclass
class Course:
    """The course, and what happened in it: every command's result by its name, and the pages that students have."""

    people: People
    names: dict[str, str]
    done: dict[str, Done] = field(default_factory=dict)
    fetched: dict[str, dict[str, str]] = field(default_factory=dict)

    @property
    def path(self) -> Path:
        """The instructor's copy of the course, which nobody else may enter."""
        return self.people.home("teacher") / "course"

    def graded(self, step: str, student: str) -> Path:
        """A student's folder in one of the folders of `grading/`."""
        return self.path / "grading" / step / self.names[student] / "backprop"

    def teach(self, name: str, *words: str) -> None:
        """Run a command of the instructor's, which must succeed."""
        self.done[name] = self.people.run("teacher", *words, within=self.path)
        assert self.done[name].status == 0, self.done[name].output

    def submit(self, student: str, answers: str) -> None:
        """Fill in the notebook that a student has fetched, and submit it."""
        path = self.people.home(student) / "backprop" / "backprop.ipynb"
        nbformat.write(fill_in(RELEASED, ANSWERS / answers / "backprop.py"), path)
        done = self.people.run(student, "nbgrader", "submit", "backprop")
        assert done.status == 0, done.output

    def fetch(self, moment: str) -> None:
        """Have both students fetch their feedback, and note the score on each page, in the order of submission."""
        for student in ("ada", "kai"):
            self.people.run(student, "nbgrader", "fetch_feedback", "backprop")
            self.done[f"{student} lists, {moment}"] = self.people.run(student, "nbgrader", "list", "--cached")
            pages = sorted(self.people.home(student).glob("backprop/feedback/*/backprop.html"))
            self.fetched[f"{student}, {moment}"] = {page.parent.name: page.read_text() for page in pages}

    def scores(self, student: str, moment: str) -> list[str]:
        """The scores on the pages that a student had at that moment."""
        found = [SCORE.search(page) for page in self.fetched[f"{student}, {moment}"].values()]
        return [match[1] for match in found if match]


def open_exchange(people: People) -> None:
    """What an administrator sets up once: a folder for all, and where every nbgrader of the system finds it."""
    exchange = people.folder / "exchange"
    exchange.mkdir()
    exchange.chmod(0o777)
    (people.folder / "settings").mkdir()
    (people.folder / "settings" / "nbgrader_config.py").write_text(
        f"c = get_config()\nc.Exchange.root = '{exchange}'\nc.CourseDirectory.course_id = 'neural-networks-by-hand'\n"
    )


@pytest.fixture(scope="module")
def course() -> Iterator[Course]:
    """The whole story: two submit, one again after feedback; in the end a third arrives in a zip."""
    with people() as users:
        names = {role: users.add(role) for role in ("teacher", "ada", "kai")}
        open_exchange(users)
        course = Course(users, names)
        copy_course(course.path, "backprop")
        course.path.chmod(0o700)
        users.own("teacher", course.path)
        users.home("teacher").chmod(0o755)  # many systems have open homes: the course's own folder must do

        course.teach("release", "nbgrader", "release_assignment", "backprop")
        for student, answers in (("ada", "document"), ("kai", "grace")):
            users.run(student, "nbgrader", "fetch_assignment", "backprop")
            if student == "kai":
                shutil.copy(RELEASED, users.home("kai") / "backprop" / "Untitled.ipynb")
                users.own("kai", users.home("kai"))
            course.submit(student, answers)
        course.teach("collect", "nbgrader", "collect", "backprop")
        course.teach("grade", "autograder", "grade", "backprop")
        course.teach("feedback", "autograder", "feedback", "backprop")
        course.teach("release feedback", "nbgrader", "release_feedback", "backprop")
        course.fetch("after feedback")

        course.submit("ada", "grace")
        course.teach("collect again", "nbgrader", "collect", "backprop", "--update")
        course.teach("feedback too early", "autograder", "feedback", "backprop")
        course.teach("release too early", "nbgrader", "release_feedback", "backprop")
        course.fetch("before grading again")
        course.teach("grade again", "autograder", "grade", "backprop")
        course.teach("release old", "nbgrader", "release_feedback", "backprop")
        course.fetch("before new feedback")
        course.teach("feedback again", "autograder", "feedback", "backprop")
        course.teach("release again", "nbgrader", "release_feedback", "backprop")
        course.fetch("at the end")

        course.teach("autograde", "nbgrader", "autograde", "backprop", "--force")
        course.teach("generate", "nbgrader", "generate_feedback", "backprop", "--force")
        course.teach("release generated", "nbgrader", "release_feedback", "backprop")
        course.fetch("from nbgrader's own commands")

        archive = course.path / "downloaded" / "backprop" / "archive"
        archive.mkdir(parents=True)
        with zipfile.ZipFile(archive / "all.zip", "w") as zipped:
            filled = nbformat.writes(fill_in(RELEASED, ANSWERS / "document" / "backprop.py"))
            zipped.writestr("mina_backprop.ipynb", filled)
        users.own("teacher", course.path / "downloaded")
        course.teach("zip", "nbgrader", "zip_collect", "backprop", ZIPPED)
        course.teach("grade zip", "autograder", "grade", "backprop")
        course.teach("feedback zip", "autograder", "feedback", "backprop")
        course.teach("release zip", "nbgrader", "release_feedback", "backprop")
        yield course


def test_each_student_fetches_a_page_of_their_own_with_their_score(course: Course) -> None:
    """Right answers and the document's own slips, told apart by score; each page names its student, not the other."""
    assert (course.scores("ada", "after feedback"), course.scores("kai", "after feedback")) == (["15"], ["20"])
    for student, other in (("ada", "kai"), ("kai", "ada")):
        (page,) = course.fetched[f"{student}, after feedback"].values()
        assert course.names[student] in page and course.names[other] not in page


def test_feedback_of_an_earlier_submission_is_never_shown_under_a_newer_one(course: Course) -> None:
    """Neither before the newer one is graded, nor when the old page is released again, nor in the end."""
    first, second = sorted(course.fetched["ada, at the end"])
    for moment in ("before grading again", "before new feedback"):
        assert course.fetched[f"ada, {moment}"].keys() == {first}
        assert course.scores("ada", moment) == ["15"]
        listed = course.done[f"ada lists, {moment}"].output
        assert f"{second} (no feedback available)" in listed and f"{first} (feedback already fetched)" in listed
    assert course.scores("ada", "at the end") == ["15", "20"]
    assert f"{second} (feedback already fetched)" in course.done["ada lists, at the end"].output
    assert (
        "this page is of an earlier submission. Run `autograder feedback backprop`" in course.done["release old"].output
    )


def test_a_second_notebook_does_not_hide_the_feedback_from_nbgraders_list(course: Course) -> None:
    """Its list shows feedback only if there is a page for each notebook that was handed in."""
    assert "(feedback already fetched)" in course.done["kai lists, after feedback"].output


def test_nbgraders_own_commands_release_the_same_pages(course: Course) -> None:
    """`nbgrader autograde` and `generate_feedback` with the plug-ins, in place of the autograder's two commands."""
    for student in ("ada", "kai"):
        assert course.fetched[f"{student}, from nbgrader's own commands"] == course.fetched[f"{student}, at the end"]


def test_later_steps_find_what_the_exchange_left_beside_a_submission(course: Course) -> None:
    """The time and the secret are the same in submitted/, autograded/ and feedback/."""
    steps = ("submitted", "autograded", "feedback")
    for name in ("timestamp.txt", "submission_secret.txt"):
        for student in ("ada", "kai"):
            found = {(course.graded(step, student) / name).read_bytes() for step in steps}
            assert len(found) == 1 and found != {b""}


def test_a_zip_collected_by_nbgrader_is_graded_and_its_lack_of_a_secret_stops_nobody(course: Course) -> None:
    """One line says whose page cannot be fetched; the others' are released."""
    assert SCORE.search((course.path / "grading/feedback/mina/backprop/backprop.html").read_text())
    assert not (course.path / "grading/feedback/mina/backprop/submission_secret.txt").exists()
    output = course.done["release zip"].output
    assert "mina, backprop: not released: the submission did not come through nbgrader's exchange" in output
    assert output.count("Feedback released") == 2


def test_students_read_neither_hidden_tests_nor_anything_of_each_other(course: Course) -> None:
    """Whatever they try: the course, the other's home and submission, the folder of all submissions, of all pages."""
    exchange = course.people.folder / "exchange" / "neural-networks-by-hand"
    (submission,) = (exchange / "inbound").glob(f"{course.names['kai']}+*")
    closed = [
        *(course.path / name for name in ("source/backprop/backprop.ipynb", "answers/backprop", "grading")),
        *(course.graded(step, "kai") / "backprop.ipynb" for step in ("submitted", "autograded")),
        course.graded("feedback", "kai") / "backprop.html",
        *(course.people.home("kai") / name for name in ("backprop/backprop.ipynb", "backprop/feedback")),
        exchange / "inbound",
        exchange / "feedback",
    ]
    assert all(path.exists() for path in closed) and (submission / "backprop.ipynb").exists()
    for path in closed:
        tried = course.people.run("ada", "ls" if path.is_dir() else "cat", str(path))
        assert tried.status != 0 and "Permission denied" in tried.output, path
    outbound = course.people.run("ada", "cat", str(exchange / "outbound" / "backprop" / "backprop.ipynb"))
    assert outbound.status == 0 and "BEGIN HIDDEN" not in outbound.output


def test_a_course_folder_that_is_left_open_still_hides_submissions_scores_and_feedback(course: Course) -> None:
    """Also where nbgrader's own `collect` has left a submission open to all."""
    steps = ("submitted", "autograded", "feedback")
    left = ("backprop.ipynb", "backprop.html", "timestamp.txt", "submission_secret.txt")
    places = [course.graded(step, "kai") / name for step in steps for name in left]
    closed = [course.path / "grading" / "gradebook.db", *(path for path in places if path.exists())]
    course.path.chmod(0o755)
    try:
        tried = {path: course.people.run("ada", "cat", str(path)) for path in closed}
    finally:
        course.path.chmod(0o700)
    assert len(closed) == 10
    assert {path for path, done in tried.items() if "Permission denied" not in done.output} == set()


def test_pages_that_are_not_written_yet_are_named_in_one_line(course: Course) -> None:
    """Releasing before `feedback` says what to run."""
    done = course.people.run("teacher", "nbgrader", "release_feedback", "nothing", within=course.path)
    assert done.status != 0 and "Traceback" not in done.output
    assert "nothing: no feedback page was written. Run `autograder feedback nothing` first." in done.output
