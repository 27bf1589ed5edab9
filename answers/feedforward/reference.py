"""A two-layer network worked by hand: relu, bias, forward pass, softmax and its temperature."""

from __future__ import annotations

from typing import Any

import numpy as np
import scipy.special
from numpy.typing import ArrayLike, NDArray

Array = NDArray[Any]

W = np.array([[1, 0, -1], [0, 1, -1], [-1, 0, -1], [0, -1, -1]])
"""Hidden weights of the document, shape (4, 3); the last column multiplies the bias."""

V = np.array([[1, 1, 1, 1, 0], [-1, -1, -1, -1, 2]])
"""Output weights of the document, shape (2, 5); the last column multiplies the bias."""

for _weights in (W, V):
    _weights.setflags(write=False)  # a test may pass them to a student's function, which may write into what it gets


def relu(z: ArrayLike) -> Array:
    """Elementwise max(z, 0), of the shape of `z`."""
    return np.maximum(z, 0)


def add_bias(x: ArrayLike) -> Array:
    """`x` flattened, with a 1 appended: shape (x.size + 1,)."""
    return np.append(x, 1)


def calc_o1(a1: ArrayLike, v: ArrayLike) -> tuple[Array, Array]:
    """The output layer for given hidden activations.

    `a1` has h values, `v` the shape (k, h + 1). Returns `z2 = relu(v [a1, 1])` and `a2 = softmax(z2)`, both of
    shape (k,). The document applies relu at the output too.
    """
    z2 = relu(np.asarray(v) @ add_bias(a1))
    return z2, softmax_with_temp(z2, 1)


def forward(x: ArrayLike, w: ArrayLike, v: ArrayLike) -> tuple[Array, Array, Array, Array]:
    """The whole network: `(z1, a1, z2, a2)`, each one-dimensional.

    `x` has n values in any shape, `w` the shape (h, n + 1), `v` the shape (k, h + 1). `a1` comes back without its bias.
    """
    z1 = np.asarray(w) @ add_bias(x)
    a1 = relu(z1)
    return (z1, a1, *calc_o1(a1, v))


def softmax_with_temp(x: ArrayLike, t: float) -> Array:
    """Softmax of `t * x` over all its values, of the shape of `x`, finite whenever `t * x` is.

    The document multiplies by `t`, so a large `t` sharpens.
    """
    return np.asarray(scipy.special.softmax(t * np.asarray(x, dtype=float)))
