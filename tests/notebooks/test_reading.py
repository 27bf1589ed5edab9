"""Every way in which a file can fail to be a notebook ends in one line that names it."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.models import CourseError
from autograder.notebook import assignments, parse, read, require_assignment
from tests.conftest import REPOSITORY

RELEASE = REPOSITORY / "release" / "backprop" / "backprop.ipynb"


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[]", b"null", b"3", b'{"cells": 3}', b'{"nbformat": 4}', b"\xff\xfe\x00", b'{"nbformat": "x"}'],
)
def test_a_broken_file_is_told_in_one_line(tmp_path: Path, content: bytes) -> None:
    """Not JSON, not a notebook, not even text: one line with the path, and no traceback."""
    path = tmp_path / "broken.ipynb"
    path.write_bytes(content)
    with pytest.raises(CourseError) as caught:
        read(path)
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)


@given(st.integers(0, len(RELEASE.read_bytes()) - 2))
def test_a_notebook_cut_off_anywhere_is_told_in_one_line(tmp_path_factory: pytest.TempPathFactory, length: int) -> None:
    """An upload that broke off, at any byte."""
    path = tmp_path_factory.mktemp("cut") / "cut.ipynb"
    path.write_bytes(RELEASE.read_bytes()[:length])
    with pytest.raises(CourseError, match=r"cut\.ipynb"):
        read(path)


def test_a_missing_file_and_a_folder_are_told_apart(tmp_path: Path) -> None:
    """What cannot be opened says why."""
    with pytest.raises(CourseError, match="missing"):
        read(tmp_path / "none.ipynb")
    with pytest.raises(CourseError, match="cannot be read"):
        read(tmp_path)


def test_an_old_format_is_read_as_format_4(tmp_path: Path) -> None:
    """A notebook of format 3 keeps its cells and says what it was."""
    path = tmp_path / "old.ipynb"
    path.write_text(nbformat.v3.writes_json(nbformat.read(RELEASE, as_version=3)))
    assert parse(path.read_bytes())[1] == 3
    assert len(read(path).cells) == len(read(RELEASE).cells)


def test_an_unknown_assignment_names_the_known_ones() -> None:
    """A typing mistake is answered with what there is."""
    assert assignments(REPOSITORY) == ["backprop", "feedforward", "lstm"]
    with pytest.raises(CourseError, match="backprop, feedforward, lstm"):
        require_assignment(REPOSITORY, "fedforward")
