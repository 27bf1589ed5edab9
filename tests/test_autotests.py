"""Tests that nbgrader writes from the solution are written once, and again when anything changes they are made of."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest
from traitlets.config import Config

import autograder.autotests
from autograder.autotests import with_tests
from autograder.models import CourseError

RULES = """\
python3:
    setup: "from hashlib import sha1"
    hash: 'sha1({{snippet}}.encode("utf-8")+b"{{salt}}").hexdigest()'
    dispatch: "type({{snippet}})"
    normalize: "str({{snippet}})"
    check: 'assert {{snippet}} == \"\"\"{{value}}\"\"\", \"\"\"{{message}}\"\"\"'
    success: "print('Success!')"
    templates:
        default:
            - test: "{{snippet}}"
              fail: "value of {{snippet}} is not correct"
"""


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Tests that were written are kept in a folder of the test's."""
    folder = tmp_path / "kept"
    monkeypatch.setattr(autograder.autotests, "user_cache_path", lambda _: folder)
    return folder


def written(root: Path, *sources: str, kernel: str = "python3") -> str:
    """The last cell, which is a check, of a notebook of these cells with its tests written."""
    path = root / "source" / "ps1" / "ps1.ipynb"
    path.parent.mkdir(parents=True, exist_ok=True)
    notebook = nbformat.v4.new_notebook(metadata={"kernelspec": {"name": kernel, "display_name": kernel}})
    notebook.cells = [nbformat.v4.new_code_cell(source, id=f"c{at}") for at, source in enumerate(sources)]
    notebook.cells[-1].metadata["nbgrader"] = {"grade": True, "grade_id": "t", "points": 1}
    config = Config({"CourseDirectory": {"root": str(root)}})
    return str(with_tests(config, path, notebook).cells[-1].source)


def test_tests_are_written_from_the_solution_and_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By the rules beside the notebook, before those of the course; plain or hashed."""
    (tmp_path / "autotests.yml").write_text(RULES.replace("value of", "(course) value of"))
    sources = ("total = 5", "### AUTOTEST total\n### HASHED AUTOTEST total + 1")
    first = written(tmp_path, *sources)
    assert 'assert str(total) == """5""", """(course) value of total is not correct"""' in first
    assert "assert sha1(str(total + 1)" in first and "AUTOTEST" not in first and "print('Success!')" in first
    monkeypatch.setattr(autograder.autotests, "_written", None)  # which would be called
    assert written(tmp_path, *sources) == first
    monkeypatch.undo()
    (tmp_path / "source" / "ps1" / "autotests.yml").write_text(RULES)
    assert "(course)" not in written(tmp_path, *sources)


@pytest.mark.parametrize(
    ("sources", "kernel", "reason"),
    [
        (("total = 1 / 0", "### AUTOTEST total"), "python3", "ZeroDivisionError: division by zero"),
        (("total = 5", "### AUTOTEST total"), "julia", "ValueError: Kernel julia has not been specified"),
    ],
)
def test_a_solution_that_fails_is_named_with_its_error(
    tmp_path: Path, sources: tuple[str, ...], kernel: str, reason: str
) -> None:
    """In one line, with the notebook."""
    (tmp_path / "autotests.yml").write_text(RULES)
    with pytest.raises(CourseError, match=rf"ps1\.ipynb: nbgrader cannot write the tests for `AUTOTEST` \({reason}"):
        written(tmp_path, *sources, kernel=kernel)


def test_rules_that_are_missing_are_named(tmp_path: Path) -> None:
    """By the name of their file."""
    with pytest.raises(CourseError, match=r"autotests\.yml"):
        written(tmp_path, "total = 5", "### AUTOTEST total")
