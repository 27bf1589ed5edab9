"""Checks import what the instructor laid beside the source, and nothing that a student handed in."""

from __future__ import annotations

import importlib
import pkgutil
import sys
from pathlib import Path

import nbformat
import pytest

from autograder.judge.modules import beside
from tests.conftest import REPOSITORY, cell, edit, grade_class, hand_in

FILES = {
    "tools_of_mine.py": b"# -*- coding: latin-1 -*-\nvalue = '\xe9'\n",
    "package_of_mine/__init__.py": b"from package_of_mine.inner import value\n",
    "package_of_mine/inner.py": b"value = 2\n",
    "folder_of_mine/module.py": b"value = 3\n",
    "json.py": b"raise ValueError\n",
    "pytest.py": b"raise ValueError\n",
    "points.csv": b"1,2\n",
}


def test_a_module_beside_the_source_can_be_imported_until_the_judging_is_over() -> None:
    """Modules, packages, and folders without `__init__.py`; another assignment may have others of the same names."""
    with beside(FILES):
        found = [
            importlib.import_module(name).value
            for name in ("tools_of_mine", "package_of_mine", "package_of_mine.inner", "folder_of_mine.module")
        ]
    assert found == ["é", 2, 2, 3]
    with pytest.raises(ModuleNotFoundError):
        importlib.import_module("tools_of_mine")
    with beside({"tools_of_mine.py": b"value = 4\n"}):
        assert importlib.import_module("tools_of_mine").value == 4


def test_a_module_beside_the_source_takes_the_place_of_none_of_the_grader() -> None:
    """Neither of Python's own nor of one that is imported already."""
    before = {name: sys.modules[name] for name in ("json", "pytest")}
    with beside(FILES):
        assert {name: importlib.import_module(name) for name in before} == before
    assert {name: sys.modules[name] for name in before} == before


def test_a_check_uses_the_instructors_module_and_never_the_students(course: Path) -> None:
    """A locked cell and a check import it; who hands in another of that name gets no point for it."""
    (course / "source" / "backprop" / "tools.py").write_text("def is_right(value):\n    return value == 42\n")

    def use_tools(notebook: nbformat.NotebookNode) -> None:
        cell(notebook, "given-imports").source += "\nimport tools"
        check = "from tools import is_right\nassert is_right(forward_value()), 'wrong'"
        cell(notebook, "forward-hidden").source = f"### BEGIN HIDDEN TESTS\n{check}\n### END HIDDEN TESTS"
        cell(notebook, "forward").source += "\n### BEGIN SOLUTION\ndef forward_value(): return 42\n### END SOLUTION"

    edit(course / "source" / "backprop" / "backprop.ipynb", use_tools)
    solution = nbformat.read(REPOSITORY / "solutions" / "backprop" / "backprop.ipynb", as_version=4)
    for student, value in (("ada", 42), ("eve", 0)):
        path = hand_in(course, student, REPOSITORY / "solutions" / "backprop" / "backprop.ipynb", "backprop")
        cell(solution, "forward").source += f"\ndef forward_value():\n    return {value}"
        nbformat.write(solution, path)
        (path.parent / "tools.py").write_text("def is_right(value):\n    return True\n")
    results = grade_class(course, "backprop")
    assert not any(result.problem for result in results.values())
    right, wrong = results["ada"].score, results["eve"].score
    assert right and wrong and right.points > wrong.points


def test_a_module_beside_the_source_knows_where_it_lies() -> None:
    """Its `__file__` is in the current folder, and `pkgutil` finds the files beside it."""
    files = {"tools_of_mine.py": b"from pathlib import Path\nPLACE = Path(__file__).parent\n", "points.csv": b"1,2\n"}
    with beside(files):
        assert Path.cwd() == importlib.import_module("tools_of_mine").PLACE
        assert pkgutil.get_data("tools_of_mine", "points.csv") == b"1,2\n"


def test_a_module_beside_the_source_goes_before_one_of_this_program_that_is_not_installed() -> None:
    """Such as `tests`, which is imported here already, and is there again afterwards."""
    before = sys.modules["tests"], sys.modules["tests.conftest"]
    with beside({"tests.py": b"value = 5\n"}):
        assert importlib.import_module("tests").value == 5
    assert (sys.modules["tests"], sys.modules["tests.conftest"]) == before
