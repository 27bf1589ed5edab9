"""One neuron after another: a forward propagation with its loss, and the chain of derivatives back through it."""

from __future__ import annotations

import numpy as np
import scipy.special


def forward(x: float, y: float, w_1: float, w_2: float, b: float) -> tuple[float, float, float, float, float]:
    """`(z_1, a_1, z_2, a_2, loss)` of the network relu -> sigmoid with squared loss, all scalars."""
    z_1 = w_1 * x
    a_1 = max(0.0, z_1)
    z_2 = w_2 * a_1 + b
    a_2 = float(scipy.special.expit(z_2))
    return z_1, a_1, z_2, a_2, (y - a_2) ** 2 / 2


def back_to_z2(y: float, a_2: float) -> float:
    """The loss differentiated by z_2: the loss's own derivative times the logistic function's."""
    return -(y - a_2) * a_2 * (1 - a_2)


def back_to_z1(dloss_z2: float, w_2: float, z_1: float) -> float:
    """The loss differentiated by z_1, given its derivative by z_2; relu's derivative at 0 is 0."""
    return dloss_z2 * w_2 * (1 if z_1 > 0 else 0)


def backward(x: float, y: float, w_1: float, w_2: float, b: float) -> tuple[float, float, float]:
    """`(dloss_w1, dloss_w2, dloss_b)`: the loss differentiated by each parameter."""
    z_1, a_1, _, a_2, _ = forward(x, y, w_1, w_2, b)
    dloss_z2 = back_to_z2(y, a_2)
    return back_to_z1(dloss_z2, w_2, z_1) * x, dloss_z2 * a_1, dloss_z2


def backward_as_array(
    x: float, y: float, w_1: float, w_2: float, b: float
) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """The same as an array of shape (3,), as some students return it: it can be unpacked and calculated with."""
    return np.array(backward(x, y, w_1, w_2, b))


def step(x: float, y: float, w_1: float, w_2: float, b: float, rate: float) -> tuple[float, float, float]:
    """The three parameters after one step of gradient descent."""
    dloss_w1, dloss_w2, dloss_b = backward(x, y, w_1, w_2, b)
    return w_1 - rate * dloss_w1, w_2 - rate * dloss_w2, b - rate * dloss_b
