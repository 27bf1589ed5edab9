"""Which names a cell gives, and which it takes from elsewhere."""

from __future__ import annotations

import pytest

from autograder.lint import given, taken


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
    assert taken(source) == names


def test_what_a_cell_gives_is_what_it_assigns_defines_or_imports() -> None:
    """Names inside its functions stay there."""
    assert given("import numpy as np\nw = 1\ndef f(x):\n    y = x\n") == {"np", "w", "f"}
