"""Types of numpy's whose things are data, beside arrays: dtypes, masked arrays, matrices and polynomials."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy import polynomial

from autograder.protocol import arrays
from autograder.protocol.composites import Kind, Stays

_POLYNOMIALS = (
    *(polynomial.Polynomial, polynomial.Chebyshev, polynomial.Legendre),
    *(polynomial.Hermite, polynomial.HermiteE, polynomial.Laguerre),
)
_MOST_COEFFICIENTS = 10_000


def _array(thing: object) -> np.ndarray[Any, Any]:
    """`thing`, which must be an array and of no other type; raises TypeError."""
    if type(thing) is not np.ndarray:
        raise TypeError("not an array")
    return thing


def _coefficients(thing: object) -> np.ndarray[Any, Any]:
    found = _array(thing)
    if found.ndim != 1 or len(found) > _MOST_COEFFICIENTS or found.dtype.kind not in "biufc":
        raise ValueError("no coefficients")
    return found


def _parts_of_dtype(dtype: Any) -> list[Any]:
    """An empty array of it."""
    empty = np.empty(0, dtype)
    if empty.dtype != dtype or not (arrays.has_bytes(empty) or dtype.char == "O"):
        raise Stays
    return [empty]


def _plain(thing: Any) -> np.ndarray[Any, Any]:
    """The entries of an array of another class of numpy's.

    A matrix is none of these: it arrives as a plain array, so that a right answer of matrices is compared like others.
    """
    if not arrays.has_bytes(thing):
        raise Stays
    return thing.view(np.ndarray)  # type: ignore[no-any-return]


def _parts_of_masked(thing: Any) -> list[Any]:
    data, mask = np.ma.getdata(thing), np.ma.getmask(thing)
    if type(data) is not np.ndarray or data.dtype.names is not None:
        raise Stays
    filling = thing._fill_value  # None until it is asked for or set
    return [data, None if mask is np.ma.nomask else mask, None if filling is None else np.array(filling, data.dtype)]


def _masked(data: Any, mask: Any, filling: Any) -> Any:
    made: Any = np.ma.MaskedArray(_array(data), np.ma.nomask if mask is None else _array(mask).astype(bool))
    if filling is not None:
        made.fill_value = _array(filling)
    return made


def _polynomial(kind: Any) -> Callable[..., Any]:
    def make(coefficients: Any, domain: Any, window: Any, symbol: Any) -> Any:
        return kind(_coefficients(coefficients), _coefficients(domain), _coefficients(window), symbol)

    return make


def _poly1d(coefficients: Any, variable: Any) -> Any:
    if type(variable) is not str:
        raise TypeError("not a text")
    return np.poly1d(_coefficients(coefficients), variable=variable)


def _set_items(mine: Any, theirs: Any) -> None:
    if mine.size != theirs.size:
        raise ValueError("a change of size")
    if mine.shape != theirs.shape:
        mine.shape = theirs.shape
    mine[...] = theirs


KINDS = (
    Kind("numpy.dtype", (np.dtype,), _parts_of_dtype, lambda empty: _array(empty).dtype),
    Kind(
        "numpy.recarray",
        (np.recarray,),
        lambda thing: [_plain(thing)],
        lambda data: _array(data).view(np.recarray),
        _set_items,
    ),
    Kind("numpy.ma.MaskedArray", (np.ma.MaskedArray,), _parts_of_masked, _masked, _set_items),
    Kind("numpy.ma.masked", (type(np.ma.masked),), lambda _: [], lambda: np.ma.masked),
    Kind("numpy.poly1d", (np.poly1d,), lambda thing: [thing.coeffs, thing.variable], _poly1d),
    *(
        Kind(
            f"numpy.polynomial.{kind.__name__}",
            (kind,),
            lambda thing: [thing.coef, thing.domain, thing.window, thing.symbol],
            _polynomial(kind),
        )
        for kind in _POLYNOMIALS
    ),
)
