"""The folders of a course are those that its settings name, and nbgrader's own for the rest."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder.folders import CONFIG_FILE, settings, source_folder
from autograder.models import CourseError


def course(root: Path, *lines: str) -> Path:
    """A course with these settings."""
    (root / CONFIG_FILE).write_text("\n".join(["c = get_config()", *lines]))
    return root


def test_what_is_not_set_is_as_nbgrader_has_it(tmp_path: Path) -> None:
    """Also the place of the gradebook."""
    found = settings(course(tmp_path)).CourseDirectory
    assert (found.root, found.submitted_directory, found.solution_directory) == (str(tmp_path), "submitted", "solution")
    assert found.db_url == f"sqlite:///{tmp_path}/gradebook.db"


def test_folders_and_gradebook_are_where_the_settings_say(tmp_path: Path) -> None:
    """A relative path is one from the course, whatever folder a command runs in."""
    named = ("source_directory = 'hw'", "db_url = 'sqlite:///data/book.db'", "root = '.'")
    root = course(tmp_path, *(f"c.CourseDirectory.{line}" for line in named))
    assert source_folder(root) == root / "hw"
    assert settings(root).CourseDirectory.db_url == f"sqlite:///{root}/data/book.db"


@pytest.mark.parametrize("url", ["postgresql://somebody@somewhere/grades", "sqlite:////srv/gradebook.db"])
def test_a_gradebook_elsewhere_stays_there(tmp_path: Path, url: str) -> None:
    """A database, or a file with an absolute path."""
    assert settings(course(tmp_path, f"c.CourseDirectory.db_url = {url!r}")).CourseDirectory.db_url == url


def test_settings_that_change_are_read_again(tmp_path: Path) -> None:
    """And what a caller does with them changes nothing for the next."""
    root = course(tmp_path)
    settings(root).CourseDirectory.source_directory = "other"
    assert source_folder(root) == root / "source"
    course(root, "c.CourseDirectory.source_directory = 'changed'", "# a longer file")
    assert source_folder(root) == root / "changed"


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("c.CourseDirectory.root = '/nowhere/else'", "names another folder, /nowhere/else"),
        ("c.ClearHiddenTests.begin_test_delimeter = 'VERBERGEN'", "knows only 'BEGIN HIDDEN TESTS'"),
        ("c.CourseDirectory.directory_structure = '{assignment_id}'", "directory_structure"),
        ("1 / 0", "cannot be imported \\(ZeroDivisionError"),
    ],
)
def test_a_setting_that_cannot_be_followed_is_named(tmp_path: Path, line: str, reason: str) -> None:
    """In one line, with the file."""
    with pytest.raises(CourseError, match=f"{CONFIG_FILE}: .*{reason}"):
        settings(course(tmp_path, line))


def test_markers_with_more_around_nbgraders_words_are_found(tmp_path: Path) -> None:
    """As nbgrader finds them: by the words in the line."""
    settings(course(tmp_path, "c.ClearHiddenTests.begin_test_delimeter = '### BEGIN HIDDEN TESTS'"))
