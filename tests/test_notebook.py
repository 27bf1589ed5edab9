"""Notebooks are read or refused in one line, filled in with answers, and known to draw by their code."""

from __future__ import annotations

import json
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.models import CourseError
from autograder.notebook import assignments, fill_in, parse, parse_handed_in, read, require_assignment
from autograder.text import text_of
from tests.conftest import REPOSITORY, cell

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


@pytest.mark.parametrize("path", sorted(REPOSITORY.glob("[rs]*/*/*.ipynb")), ids=lambda path: str(path.parent))
def test_a_sound_notebook_is_read_as_nbformat_reads_it(path: Path) -> None:
    """Sources, releases, and solutions with their outputs."""
    assert parse(path.read_bytes())[0] == nbformat.read(path, as_version=4)


def _stored() -> dict[str, Any]:
    stored: dict[str, Any] = json.loads(RELEASE.read_bytes())
    return stored


Change = Callable[[dict[str, Any]], object]
ODD: dict[str, Change] = {
    "a cell without source": lambda made: made["cells"][5].pop("source"),
    "a source that is null": lambda made: made["cells"][5].update(source=None),
    "a cell without metadata": lambda made: made["cells"][0].pop("metadata"),
    "metadata that is null": lambda made: made["cells"][0].update(metadata=None),
    "a cell without type": lambda made: made["cells"][0].pop("cell_type"),
    "a cell that is a number": lambda made: made["cells"].append(3),
    "outputs that are null": lambda made: made["cells"][5].update(cell_type="code", outputs=None),
    "no format": lambda made: made.pop("nbformat"),
    "no minor format": lambda made: made.pop("nbformat_minor"),
    "format 4.0": lambda made: made.update(nbformat=4.0),
    "format 4 as a text": lambda made: made.update(nbformat="4"),
    "minor format 5.0": lambda made: made.update(nbformat_minor=5.0),
    "format 5": lambda made: made.update(nbformat=5),
    "no metadata": lambda made: made.pop("metadata"),
    "one id for all cells": lambda made: [each.update(id="same") for each in made["cells"]],
    "no ids": lambda made: [each.pop("id") for each in made["cells"]],
    "ids that are numbers": lambda made: [each.update(id=7) for each in made["cells"]],
    "half a character in a cell": lambda made: made["cells"][5].update(source="x = '\ud800'"),
    "half a character in metadata": lambda made: made["cells"][5]["metadata"].update({"\udfff": ["\ud83d"]}),
    "half a character in an id": lambda made: made["cells"][5].update(id="\ud800"),
    "a pasted picture with half a character": lambda made: made["cells"][0].update(attachments={"\ud800": {}}),
    "attachments that are a list": lambda made: made["cells"][0].update(attachments=[1]),
}


@pytest.mark.parametrize("change", ODD.values(), ids=ODD)
@pytest.mark.parametrize("read_as", [parse, parse_handed_in])
def test_what_a_cell_lacks_is_added_without_a_word(
    change: Change, read_as: Callable[[bytes], tuple[nbformat.NotebookNode, int]]
) -> None:
    """No warning, no error; what comes out is valid, can be stored, and has all cells."""
    stored = _stored()
    change(stored)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found, _ = read_as(json.dumps(stored).encode())
        nbformat.validate(found)
        nbformat.writes(found).encode()
    assert len(found.cells) == len(_stored()["cells"])


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"])
def test_a_notebook_is_read_in_any_encoding(encoding: str) -> None:
    """PowerShell writes UTF-16, old editors Windows-1252."""
    stored = _stored()
    stored["cells"][0]["source"] = "Größe: 5 €"
    content = json.dumps(stored, ensure_ascii=False).replace("−", "-").encode(encoding, "xmlcharrefreplace")
    for read_as in (parse, parse_handed_in):
        assert read_as(content)[0].cells[0].source == "Größe: 5 €"


def test_one_byte_that_is_no_text_garbles_nothing_else() -> None:
    """The other letters are read as UTF-8."""
    assert text_of("Größe ✓ ".encode() + b"\xfc\x81!") == "Größe ✓ ü�!"


def test_an_unknown_assignment_names_the_known_ones() -> None:
    """A typing mistake is answered with what there is."""
    assert assignments(REPOSITORY) == ["backprop", "feedforward", "lstm"]
    with pytest.raises(CourseError, match="backprop, feedforward, lstm"):
        require_assignment(REPOSITORY, "fedforward")


FEEDFORWARD = REPOSITORY / "release" / "feedforward" / "feedforward.ipynb"


def test_each_part_fills_deletes_copies_or_follows_its_cell(tmp_path: Path) -> None:
    """All four kinds of part at once."""
    answers = tmp_path / "answers.py"
    answers.write_text(
        "# %% relu\nrelu = 1\n# %% add_bias deleted\n# %% forward copied\nf = 2\n# %% calc_o1 below\nc = 3\n"
    )
    notebook = fill_in(FEEDFORWARD, answers)
    names = [part.metadata.get("nbgrader", {}).get("grade_id") for part in notebook.cells]
    assert cell(notebook, "relu").source == "relu = 1"
    assert "add_bias" not in names
    assert names.count("forward") == 2
    assert notebook.cells[names.index("calc_o1") + 1].source == "c = 3"


def test_a_part_for_no_cell_is_refused(tmp_path: Path) -> None:
    """A renamed grade id must not silently turn an example into a blank."""
    answers = tmp_path / "answers.py"
    answers.write_text("# %% rellu\nrelu = 1\n")
    with pytest.raises(CourseError, match="no cell 'rellu'"):
        fill_in(FEEDFORWARD, answers)
