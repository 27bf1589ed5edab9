"""The document's network, figure by figure, and the properties its functions must have."""

from __future__ import annotations

import html
import json
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import scipy.special
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays
from numpy.typing import NDArray

from answers.feedforward.reference import V, W, add_bias, calc_o1, forward, relu, softmax_with_temp

finite = st.floats(-1e6, 1e6)
anything = arrays(np.float64, array_shapes(min_dims=0), elements=finite)
vectors = arrays(np.float64, st.integers(1, 8), elements=finite)


def test_forward_gives_every_figure_of_the_document() -> None:
    """For x = (3, 14): z1, a1 and the two probabilities to all ten printed digits."""
    z1, a1, z2, a2 = forward(np.array([3, 14]).reshape((2, 1)), W, V)
    assert (W.shape, V.shape, add_bias([3, 14]).tolist(), add_bias(a1).shape) == ((4, 3), (2, 5), [3, 14, 1], (5,))
    assert z1.tolist() == [2, 13, -4, -15]
    assert a1.tolist() == [2, 13, 0, 0]
    assert z2.tolist() == [15, 0]
    assert f"[{a2[0]:.10}, {a2[1]:.10}]" == "[0.9999996941, 3.059022269e-07]"


@pytest.mark.parametrize(
    ("a1", "z2", "a2"),
    [
        ([0.25, 0.25, 0.25, 0.25], [1, 1], ["0.5", "0.5"]),
        ([0, 0, 0, 0], [0, 2], ["0.119202922", "0.880797078"]),
        ([0.75, 0.75, 0.75, 0.75], [3, 0], ["0.9525741268", "0.0474258732"]),
    ],
)
def test_calc_o1_gives_every_figure_of_the_document(a1: list[float], z2: list[float], a2: list[str]) -> None:
    """The three cases, to all printed digits."""
    scores, probabilities = calc_o1(a1, V)
    assert scores.tolist() == z2
    assert [f"{round(value, 10):.10g}" for value in probabilities] == a2


def test_exp_5_is_the_figure_of_the_document() -> None:
    """The document prints np.exp(5) beside softmax_with_temp."""
    assert float(np.exp(5)) == 148.4131591025766


@given(anything)
def test_relu_keeps_shape_and_is_the_larger_of_z_and_0(z: NDArray[Any]) -> None:
    """An independent oracle: where z is positive z, elsewhere 0; and the argument is left unchanged."""
    kept = z.copy()
    result = relu(z)
    assert result.shape == z.shape
    np.testing.assert_array_equal(result, np.where(kept > 0, kept, 0))
    np.testing.assert_array_equal(z, kept)


@given(anything)
def test_add_bias_flattens_and_appends_one(x: NDArray[Any]) -> None:
    """The result holds x in order and a trailing 1."""
    assert add_bias(x).tolist() == [*np.ravel(x).tolist(), 1]


@given(vectors, st.floats(-1e6, 1e6))
def test_softmax_is_a_finite_distribution(x: NDArray[Any], t: float) -> None:
    """Non-negative, finite, of sum 1 and of the shape of x, however large t * x."""
    result = softmax_with_temp(x, t)
    assert result.shape == x.shape
    assert np.isfinite(result).all() and (result >= 0).all()
    assert result.sum() == pytest.approx(1)


@given(arrays(np.float64, st.integers(1, 8), elements=st.floats(-20, 20)), st.floats(-20, 20), st.floats(-5, 5))
def test_softmax_ignores_a_shift_and_orders_as_its_scores(x: NDArray[Any], shift: float, t: float) -> None:
    """Adding a constant changes nothing; log-odds are t times the difference of scores."""
    result = softmax_with_temp(x, t)
    np.testing.assert_allclose(softmax_with_temp(x + shift, t), result, rtol=1e-9)
    np.testing.assert_allclose(np.log(result) - np.log(result[0]), t * (x - x[0]), atol=1e-6)


@given(st.integers(1, 4), st.integers(1, 4), st.integers(1, 4), st.integers(0, 2**32 - 1))
def test_forward_agrees_with_loops(inputs: int, hidden: int, outputs: int, seed: int) -> None:
    """An oracle without matrices: weighted sums written out, the bias added apart."""
    random = np.random.default_rng(seed)
    x, w, v = (random.normal(size=shape) for shape in (inputs, (hidden, inputs + 1), (outputs, hidden + 1)))
    z1 = [sum(row[n] * x[n] for n in range(inputs)) + row[-1] for row in w]
    a1 = [max(z, 0) for z in z1]
    z2 = [max(sum(row[h] * a1[h] for h in range(hidden)) + row[-1], 0) for row in v]
    for got, want in zip(forward(x, w, v), (z1, a1, z2, scipy.special.softmax(z2)), strict=True):
        np.testing.assert_allclose(got, want, atol=1e-12)


_SOLUTION = Path(__file__).parents[2] / "solutions" / "feedforward" / "feedforward.ipynb"
_FUNCTIONS = ("relu", "add_bias", "forward", "calc_o1", "softmax_with_temp")
_OTHER_W = np.array([[0.5, 1, 1], [1, 0, -9], [-1, 1, 0.5]])
_OTHER_V = np.array([[1, 0, 1, 0], [0, 0, 0, 1], [0, 1, 0, -1]])


@cache
def cells() -> list[dict[str, Any]]:
    """The cells of the solution."""
    found: list[dict[str, Any]] = json.loads(_SOLUTION.read_text(encoding="utf-8"))["cells"]
    return found


def source(name: str) -> str:
    """The text of a cell by its id."""
    (found,) = [cell for cell in cells() if cell["id"] == name]
    return "".join(found["source"])


def notebook(*answered: str, **names: object) -> dict[str, Any]:
    """The names of a notebook in which some functions are written and the others are stubs."""
    found: dict[str, Any] = {}
    for cell in ("given-imports", "given-checks", "given-weights", "given-softmax"):
        exec(compile(source(cell), "<ipython-input>", "exec", dont_inherit=True), found)
    for function in _FUNCTIONS:
        stub = f"def {function}(*_):\n    raise NotImplementedError()"
        exec(source(function) if function in answered else stub, found)
    found["displayed"] = []
    found["display"] = lambda shown: found["displayed"].append(html.unescape(shown.data))
    found.update(names)
    return found


def test_what_a_student_should_see_is_what_the_cell_above_shows() -> None:
    """Each block of figures in the text is the output of the code before it."""
    compared = 0
    for code, text in pairwise(cells()):
        said = "".join(text["source"])
        if text["cell_type"] == "markdown" and said.startswith("You should see:"):
            (output,) = code["outputs"]
            shown = "".join(output.get("text", output.get("data", {}).get("text/plain", "")))
            assert said.split("```")[1].strip() == shown.strip()
            compared += 1
    assert compared == 8


@pytest.mark.parametrize(
    "figure",
    [
        "(4, 3) (3,)\n(2, 5) (5,)\n[  2  13  -4 -15]\n[ 2 13  0  0]\n",
        "0.9999996941 3.059022269e-07",
        "[1. 1.] [0.5 0.5]\n[0 2] [0.119202922 0.880797078]\n[3. 0.] [0.9525741268 0.0474258732]",
        "148.4131591025766",
    ],
)
def test_every_figure_of_the_document_stands_where_a_student_sees_it(figure: str) -> None:
    """Shapes included, in the text under what they try out."""
    assert any(figure in "".join(cell["source"]) for cell in cells() if cell["cell_type"] == "markdown")


@pytest.mark.parametrize(
    ("written", "sentence"),
    [
        ({"warmup_halves": ...}, "`warmup_halves` has no value yet. Either it is still `...`"),
        ({"warmup_sum": np.array([12, -14])}, "warmup_sum is a row of 2 numbers, but a single number is expected."),
        ({"warmup_longer": None}, "warmup_longer returned None"),
        ({"warmup_longer": np.array([2, 6, 28])}, "but it should be [6, 28, 2]"),
    ],
)
def test_the_warm_up_says_in_a_sentence_what_is_not_right(written: dict[str, object], sentence: str) -> None:
    """A blank, a wrong shape, nothing, another order."""
    right = {"warmup_halves": np.array([1.5, 7, 7.5]), "warmup_sum": -2, "warmup_longer": np.array([6, 28, 2])}
    exec(source("warmup-check"), notebook(**right))
    names = notebook(**right | written)
    with pytest.raises(AssertionError) as raised:
        exec(source("warmup-check"), names)
    assert type(raised.value).__name__ == "Hint" and sentence in str(raised.value)


def test_the_map_says_what_the_network_at_hand_does() -> None:
    """With the weights of the document, and with others of another size."""
    names = notebook(*_FUNCTIONS)
    exec(source("e70cc786"), names)
    (alt,) = names["displayed"]
    for said in ("the x1 axis the boundary lies at -2.0 and 2.0", "of class 1 is 0.88", "4 dashed lines"):
        assert said in alt
    names = notebook(*_FUNCTIONS, w=_OTHER_W, v=_OTHER_V)
    exec(source("e70cc786"), names)
    (alt,) = names["displayed"]
    probability = forward([0, 0], _OTHER_W, _OTHER_V)[3][1]
    assert f"of class 1 is {probability:.2f}" in alt and "2 dashed lines" in alt


def test_the_network_is_drawn_with_the_weights_at_hand() -> None:
    """Its description has all of them."""
    names = notebook(w=_OTHER_W, v=_OTHER_V)
    exec(source("draw-network"), names)
    assert "hidden unit 1 has the weights 1, 0 and the bias -9" in names["displayed"][0]


@pytest.mark.parametrize("name", ["e70cc786", "draw-temperature"])
def test_a_picture_waits_for_the_functions_it_draws(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    """One sentence, no traceback."""
    names = notebook("relu", "add_bias")
    exec(source(name), names)
    assert names["displayed"] == []
    assert "This picture needs" in capsys.readouterr().out


def test_cells_that_only_draw_or_help_are_not_run_when_a_class_is_graded() -> None:
    """Each picture, the warm-up and the summary carry the tag."""
    tagged = {cell["id"] for cell in cells() if "not-when-grading" in cell["metadata"].get("tags", [])}
    drawing = {cell["id"] for cell in cells() if "\ndraw_" in "".join(cell["source"]) or cell["id"] == "e70cc786"}
    assert {"warmup", "warmup-check", "summary", "draw-network", "draw-relu", "draw-temperature", *drawing} <= tagged
