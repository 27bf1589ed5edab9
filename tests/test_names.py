"""The names that cells define, read and give to each other."""

from __future__ import annotations

import nbformat
import pytest

from autograder.cells import defined_names, set_role
from autograder.names import AnswerNames, Subject, answer_names, handed_out_definitions, names_taken, subject_of


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("np.abs(relu(1))", {"np", "relu"}),
        ("import numpy as np\nnp.abs(relu(1))", {"relu"}),
        ("def f(x, y=bias):\n    total = x + w\n    return total\nf(1)", {"bias", "w"}),
        ("[relu(x) for x in xs if (y := x)]", {"relu", "xs"}),
        ("try:\n    relu()\nexcept ValueError as error:\n    print(error)", {"relu"}),
        ("class A:\n    size = width\n    def f(self):\n        return height", {"width", "height"}),
        ("global z\nz = 1\nlambda x: x + z", set()),
    ],
)
def test_what_a_cell_takes_is_what_it_neither_defines_nor_has_from_python(source: str, names: set[str]) -> None:
    """Functions, classes and comprehensions included, their own names not."""
    assert names_taken(source) == names


def test_what_a_cell_gives_is_what_it_assigns_defines_or_imports() -> None:
    """Names inside its functions stay there."""
    assert defined_names("import numpy as np\nw = 1\ndef f(x):\n    y = x\n") == {"np", "w", "f"}


def _names(*sources: str, **locked: str) -> AnswerNames:
    cells = [nbformat.v4.new_code_cell(source) for source in [*locked.values(), *sources]]
    for number, cell in enumerate(cells):
        is_locked = number < len(locked)
        set_role(cell, {"grade_id": f"cell-{number}", "solution": not is_locked, "locked": is_locked, "grade": False})
    return answer_names(cells)


@pytest.mark.parametrize(
    ("source", "read"),
    [
        ("def scale(values):\n    return [factor * v for v in values]", {"factor"}),
        ("def ask():\n    return int(input())", {"int", "input"}),
        ("rate = 0.5\ndef cost(x):\n    return rate * x", {"rate"}),
        ("rate = 0.5\ncost = rate * 3", set()),
        ("import math\ndef area(r):\n    return math.pi * r * r", set()),
        ("def f(x):\n    return half(x)\ndef half(x):\n    return x / 2", set()),
        ("def f(x):\n    return weight * x", set()),
        ("not : Python", set()),
    ],
)
def test_answers_read_what_they_do_not_define_and_variables_that_their_functions_use(
    source: str, read: set[str]
) -> None:
    """A name of a locked cell or an import is not among them: the first is shared anyway, the second is no variable."""
    assert _names(source, given="weight = 2").read == read


def test_answers_are_asked_for_the_functions_and_classes_that_they_define() -> None:
    """By the code, where the grade ids are those that nbgrader makes up, and by the grade id."""
    found = _names("def root(x):\n    return x\nclass Box:\n    pass\nsize = 3")
    assert found.asked_for == {"root", "Box", "cell-0"}


@pytest.mark.parametrize(
    ("check", "wanted", "definitions"),
    [
        ("import statistics\nassert f(2) == 3", {"statistics"}, "import statistics"),
        ("n = 2\nxs = [n] * 3\nprint(xs)\nassert f(xs)", {"xs"}, "n = 2\nxs = [n] * 3"),
        ("xs = [1]\nassert f(xs)", {"ys"}, ""),
        ("### BEGIN HIDDEN TESTS\nsecret = 4\n### END HIDDEN TESTS\nassert f()", {"secret"}, ""),
        ("for x in (1, 2):\n    assert f(x)", {"x"}, ""),
        ("def helper():\n    return 1", {"helper"}, "def helper():\n    return 1"),
        ("not : Python", {"x"}, ""),
    ],
)
def test_a_check_gives_later_cells_what_was_handed_out_and_is_wanted(
    check: str, wanted: set[str], definitions: str
) -> None:
    """Whole statements that define names, with what they need; nothing hidden, no assertion."""
    assert handed_out_definitions(check, frozenset(wanted)) == definitions


@pytest.mark.parametrize(
    ("grade_id", "check", "subject"),
    [
        ("relu-hidden", "assert forward(1) == relu(2)", Subject("relu", True)),
        ("cell-1a1b2c3d4e5f6072", "kept = relu\nassert forward(1) == 1", Subject("forward", True)),
        ("cell-1a1b2c3d4e5f6072", "assert abs(total - 5) < 1e-9", Subject("total", False)),
        ("total-test", "assert forward(total) == 5", Subject("total", False)),
        ("test_total", "assert forward(total) == 5", Subject("total", False)),
        ("cell-1a1b2c3d4e5f6072", "assert something_else", Subject()),
        ("cell-1a1b2c3d4e5f6072", "this is no Python", Subject()),
    ],
)
def test_a_check_is_about_the_answer_that_its_grade_id_names_or_that_it_uses(
    grade_id: str, check: str, subject: Subject
) -> None:
    """Grade ids of other courses say nothing."""
    assert subject_of(grade_id, check, frozenset(("relu", "forward", "total", "cell-0a1b"))) == subject
