"""The tools of the shown checks: `source/checks.py`, and its copy in each notebook."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from autograder.build import build, check
from tests.conftest import ASSIGNMENTS, REPOSITORY


@pytest.fixture(scope="module")
def tools() -> ModuleType:
    """The module."""
    spec = importlib.util.spec_from_file_location("tools", REPOSITORY / "source" / "checks.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("right", [2, 2.0, np.float32(2), np.array(2), np.array([2]), [[2]], 2 + 1e-9])
def test_a_right_number_passes_in_whatever_form(tools: ModuleType, right: object) -> None:
    """As a number, an array of one item, and within the precision of single floats."""
    tools.check_value("f(1)", right, 2)


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        (None, "f(1) returned None. Does the function end in a return statement?"),
        ("two", "f(1) should be made of numbers, but it is 'two'."),
        ([1, 2, 3], "f(1) has shape (3,), but (2,) is expected."),
        ([1, 3], "f(1) gives [1.0, 3.0], but it should be [1.0, 2.0]. Look again."),
    ],
)
def test_a_wrong_answer_gets_a_sentence(tools: ModuleType, answer: object, sentence: str) -> None:
    """And no traceback in Jupyter."""
    with pytest.raises(tools.Hint) as raised:
        tools.check_value("f(1)", answer, [1, 2], "Look again.")
    assert str(raised.value) == sentence
    assert "\n".join(raised.value._render_traceback_()).replace("\n", " ") == f"Not yet: {sentence}"


@pytest.mark.parametrize("answer", [1, None, (1,), (1, 2, 3)])
def test_an_answer_with_other_parts_gets_a_sentence(tools: ModuleType, answer: object) -> None:
    """It names what is expected, in order."""
    with pytest.raises(tools.Hint, match=r"f should return 2 things, in this order: a, b\."):
        tools.parts("f", answer, "a", "b")
    assert tools.parts("f", (1, 2), "a", "b") == [1, 2]


def test_every_notebook_has_the_same_tools(course: Path) -> None:
    """A changed tool makes the notebooks stale, until `build` copies it."""
    path = course / "source" / "checks.py"
    path.write_text((REPOSITORY / "source" / "checks.py").read_text())
    build(course)
    assert check(course) == []
    path.write_text(path.read_text().replace("Not yet: ", "No: "))
    assert Path("source", "backprop", "backprop.ipynb") in check(course)
    build(course)
    assert check(course) == []
    assert "No: " in json.dumps(json.loads((course / "source" / "backprop" / "backprop.ipynb").read_text()))


def test_the_tools_are_read_nowhere_else() -> None:
    """No notebook has tools of its own."""
    body = (REPOSITORY / "source" / "checks.py").read_text().split('"""\n\n', 1)[1]
    for assignment in ASSIGNMENTS:
        notebook = json.loads((REPOSITORY / "source" / assignment / f"{assignment}.ipynb").read_text())
        (cell,) = [c for c in notebook["cells"] if c["metadata"].get("nbgrader", {}).get("grade_id") == "given-checks"]
        assert "".join(cell["source"]).strip() == body.strip()
