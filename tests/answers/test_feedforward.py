"""The document's network, figure by figure, and the properties its functions must have."""

from __future__ import annotations

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
