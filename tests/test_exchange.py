"""Releasing feedback pages through nbgrader's exchange: which page goes where, and what stops only itself."""

from __future__ import annotations

import logging
import stat
from pathlib import Path

import pytest
from nbgrader.coursedir import CourseDirectory
from nbgrader.utils import notebook_hash
from traitlets.config import Config

from autograder.exchange import ReleaseFeedback


@pytest.fixture
def config(tmp_path: Path) -> Config:
    """A course and an exchange, both empty."""
    config = Config()
    config.CourseDirectory.root = str(tmp_path / "course")
    config.CourseDirectory.course_id = "course"
    config.CourseDirectory.assignment_id = "hw"
    config.Exchange.root = str(tmp_path / "exchange")
    Path(config.Exchange.root).mkdir()
    Path(config.Exchange.root).chmod(0o777)
    return config


def put_page(config: Config, student: str, secret: bytes, submitted: tuple[str, ...] = ("hw",)) -> None:
    """A page, and the notebooks of the submission that it is of, under their names."""
    for step in ("submitted", "autograded", "feedback"):
        folder = Path(config.CourseDirectory.root, step, student, "hw")
        folder.mkdir(parents=True)
        (folder / "submission_secret.txt").write_bytes(secret)
        for name in submitted:
            (folder / f"{name}.ipynb").write_text("{}")
    (folder / "hw.html").write_text(f"the page of {student}")
    (folder / "hw.html").chmod(0o600)


def release(config: Config, caplog: pytest.LogCaptureFixture) -> str:
    """Release feedback; returns what is said."""
    caplog.set_level(logging.INFO)
    ReleaseFeedback(coursedir=CourseDirectory(config=config), config=config).start()
    return caplog.text


def released(config: Config, secret: str, name: str = "hw") -> str:
    """What the student finds who has this secret and handed in a notebook of this name."""
    path = Path(config.Exchange.root, "course", "feedback", f"{notebook_hash(secret=secret, notebook_id=name)}.html")
    return path.read_text() if path.exists() else ""


def test_a_student_finds_the_page_under_each_name_that_was_handed_in(
    config: Config, caplog: pytest.LogCaptureFixture
) -> None:
    """The notebook was renamed, and another one lies beside it."""
    put_page(config, "ada", b"a", ("hw (1)", "Untitled"))
    release(config, caplog)
    assert {released(config, "a", name) for name in ("hw", "hw (1)", "Untitled")} == {"the page of ada"}


def test_names_of_a_newer_submission_are_not_taken_for_those_of_the_page(
    config: Config, caplog: pytest.LogCaptureFixture
) -> None:
    """It was collected, but the page is of the one before."""
    put_page(config, "ada", b"old")
    submitted = Path(config.CourseDirectory.root, "submitted", "ada", "hw")
    (submitted / "submission_secret.txt").write_bytes(b"new")
    (submitted / "renamed.ipynb").write_text("{}")
    release(config, caplog)
    assert released(config, "old") == "the page of ada"
    assert released(config, "new") == released(config, "old", "renamed") == ""


@pytest.mark.parametrize("secret", [b"", None], ids=["empty", "missing"])
def test_a_submission_without_a_secret_stops_only_itself(
    config: Config, caplog: pytest.LogCaptureFixture, secret: bytes | None
) -> None:
    """One line says so; the others' pages are released."""
    put_page(config, "ada", b"")
    put_page(config, "kai", b"k")
    if secret is None:
        Path(config.CourseDirectory.root, "feedback", "ada", "hw", "submission_secret.txt").unlink()
    assert "ada, hw: not released: the submission did not come through nbgrader's exchange" in release(config, caplog)
    assert released(config, "k") == "the page of kai"


def test_a_secret_that_is_no_text_stops_nobody(config: Config, caplog: pytest.LogCaptureFixture) -> None:
    """A student can write anything into the exchange."""
    put_page(config, "ada", b"\xff\xfe\x00")
    put_page(config, "kai", b"k")
    release(config, caplog)
    assert released(config, "k") == "the page of kai"


def test_two_submissions_with_the_same_secret_are_both_held_back(
    config: Config, caplog: pytest.LogCaptureFixture
) -> None:
    """One of the two would get the other's page."""
    put_page(config, "ada", b"same")
    put_page(config, "kai", b"same")
    said = release(config, caplog)
    assert said.count("another student's submission has the same submission_secret.txt") == 2
    assert released(config, "same") == ""


def test_only_the_page_is_released_and_only_its_students_may_find_it(
    config: Config, caplog: pytest.LogCaptureFixture
) -> None:
    """Not a student's own HTML; all can read the copy, its folder cannot be listed, the original is private."""
    put_page(config, "ada", b"a")
    page = Path(config.CourseDirectory.root, "feedback", "ada", "hw", "hw.html")
    page.with_name("other.html").write_text("a file of the student's")
    release(config, caplog)
    (copy,) = Path(config.Exchange.root, "course", "feedback").iterdir()
    assert [stat.S_IMODE(path.stat().st_mode) for path in (copy, copy.parent, page)] == [0o644, 0o711, 0o600]


def test_one_student_can_be_chosen_or_left_out(config: Config, caplog: pytest.LogCaptureFixture) -> None:
    """As with nbgrader's own command."""
    for student in ("ada", "kai", "mina"):
        put_page(config, student, student.encode())
    config.CourseDirectory.student_id_exclude = "kai"
    release(config, caplog)
    assert (released(config, "ada"), released(config, "kai")) == ("the page of ada", "")
    config.CourseDirectory.student_id = "kai"
    config.CourseDirectory.student_id_exclude = ""
    release(config, caplog)
    assert released(config, "kai") == "the page of kai"
