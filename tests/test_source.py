"""An assignment is read once, and its digest changes with everything that could change a verdict."""

from __future__ import annotations

import copy
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import nbformat
import pytest

from autograder.build import check
from autograder.config import course_config
from autograder.grading.classroom import prepare
from autograder.models import CourseError, Limits
from autograder.source import digest_of, load, read_source
from tests.conftest import REPOSITORY, cell, edit, hand_in


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
    (assignment,) = prepare(course, "backprop").notebooks.values()
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


def _check(made: nbformat.NotebookNode) -> nbformat.NotebookNode:
    return cell(made, "forward-shown")


def _says(**fields: object) -> Callable[[nbformat.NotebookNode], object]:
    return lambda made: _check(made).metadata.nbgrader.update(fields)


BROKEN: dict[str, tuple[Callable[[nbformat.NotebookNode], object], str]] = {
    "a copied check": (lambda made: made.cells.append(copy.deepcopy(_check(made))), "two cells have the grade id"),
    "points as a text": (_says(points="two"), r"cell \d+ \('forward-shown'\) has 'two' for points"),
    "points as digits in a text": (_says(points="2"), "has '2' for points"),
    "negative points": (_says(points=-1), "has -1 for points"),
    "endless points": (_says(points=float("inf")), "has inf for points"),
    "points that are not a number": (_says(points=float("nan")), "has nan for points"),
    "no points": (lambda made: _check(made).metadata.nbgrader.pop("points"), "has None for points"),
    "no grade id": (lambda made: _check(made).metadata.nbgrader.pop("grade_id"), "needs a grade id"),
    "an empty grade id": (_says(grade_id=""), "needs a grade id"),
    "a grade id with spaces": (_says(grade_id="a b"), "needs a grade id"),
    "a grade id that is a number": (_says(grade_id=3), "needs a grade id"),
    "a grade id that is too long": (_says(grade_id="a" * 129), "needs a grade id"),
    "metadata of a newer nbgrader": (_says(schema_version=99), "has the schema version 99"),
    "a version that is a text": (_says(schema_version="x"), "has the schema version 'x'"),
    "yes for true": (_says(locked="yes"), "says 'yes' for 'locked'"),
    "no word on locked": (lambda made: _check(made).metadata.nbgrader.pop("locked"), "says None for 'locked'"),
    "metadata that is a list": (lambda made: _check(made).metadata.update(nbgrader=[1]), "not an object"),
    "a solution without its end": (
        lambda made: _check(made).update(source="### BEGIN SOLUTION\n1"),
        "[Nn]o end solution statement found",
    ),
}


@pytest.mark.parametrize(("change", "line"), BROKEN.values(), ids=BROKEN)
def test_broken_metadata_of_the_source_is_refused_in_one_line(
    course: Path, change: Callable[[nbformat.NotebookNode], object], line: str
) -> None:
    """With the file and the cell, by `grade` and by `build` alike, before anything is written."""
    path = course / "source" / "backprop" / "backprop.ipynb"
    edit(path, lambda made: change(made))
    config = course_config(course)
    for refuse in (lambda: load(config, read_source(config, path)), lambda: check(course)):
        with pytest.raises(CourseError, match=line) as caught:
            refuse()
        assert "source/backprop/backprop.ipynb" in str(caught.value)
        assert "\n" not in str(caught.value) and "Error" not in str(caught.value)
