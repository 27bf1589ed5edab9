"""An assignment is read once, and its digest changes with everything that could change a verdict."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from autograder.config import course_config
from autograder.grading.classroom import prepare
from autograder.models import Limits
from autograder.source import digest_of, read_source
from tests.conftest import REPOSITORY, hand_in


def test_every_file_of_an_assignment_is_read_once(course: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its notebook, and what lies beside it."""
    folder = course / "source" / "backprop"
    (folder / "data.csv").write_text("1,2")
    hand_in(course, "ada", REPOSITORY / "release" / "backprop" / "backprop.ipynb", "backprop")
    read, read_bytes = Counter[Path](), Path.read_bytes

    def counted(path: Path) -> bytes:
        read[path] += 1
        return read_bytes(path)

    monkeypatch.setattr(Path, "read_bytes", counted)
    assignment = prepare(course, "backprop").assignment
    assert assignment.files == {"data.csv": b"1,2"}
    assert {path.name: times for path, times in read.items() if path.is_relative_to(folder)} == {
        "backprop.ipynb": 1,
        "data.csv": 1,
    }


def test_the_digest_changes_with_each_part_of_the_source(course: Path) -> None:
    """The notebook, a file beside it, an answer, a limit."""
    source = read_source(course_config(course), course / "source" / "backprop" / "backprop.ipynb")
    others = [
        replace(source, content=source.content + b" "),
        replace(source, files={"data.csv": b""}),
        replace(source, answers={**source.answers, "more": ""}),
        replace(source, limits=Limits(cell_seconds=9)),
    ]
    assert len({each.digest for each in [source, *others]}) == 5
    assert replace(source).digest == source.digest


def test_a_digest_tells_parts_apart_by_where_they_end() -> None:
    """And does not depend on the order in which files were found."""
    assert digest_of(b"ab", b"c") != digest_of(b"a", b"bc")
    assert digest_of({"a": b"", "b": b""}) == digest_of({"b": b"", "a": b""})
