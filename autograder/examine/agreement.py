"""Whether two calls did the same, as the checks compare: by value, within the precision of single floats."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograder.examine.recording import Effect

_RELATIVE, _ABSOLUTE = 1e-5, 1e-8


def agree(one: Effect, other: Effect) -> bool:
    """Whether both raised or returned the same and left their arguments the same."""
    if one.error or other.error:
        return one.error == other.error
    return same_value(one.value, other.value) and all(map(same_value, one.arguments, other.arguments))


def same_value(got: Any, want: Any) -> bool:
    """Whether a value is the wanted one; parts of a tuple and numbers may come in any shape, an array keeps its own."""
    if isinstance(want, tuple):
        found = parts(got, len(want))
        return found is not None and all(map(same_part, found, want))
    mine, theirs = _numbers(got), _numbers(want)
    if mine is None or theirs is None:
        return False
    return _close(mine.ravel(), theirs.ravel()) if theirs.ndim == 0 else _close(mine, theirs)


def same_part(got: Any, want: Any) -> bool:
    """Whether a part of a result is the wanted one, in any shape."""
    mine, theirs = _numbers(got), _numbers(want)
    return mine is not None and theirs is not None and _close(mine.ravel(), theirs.ravel())


def parts(value: Any, count: int) -> list[Any] | None:
    """The parts of a result, or None when there are not so many."""
    if isinstance(value, list | tuple) or (isinstance(value, np.ndarray) and value.ndim):
        found = list(value)
        return found if len(found) == count else None
    return None


def count(value: Any) -> int:
    """How many numbers a result is made of."""
    return sum(map(np.size, value)) if isinstance(value, list | tuple) else np.size(value)


def _numbers(value: Any) -> np.ndarray[Any, np.dtype[np.float64]] | None:
    try:
        return np.asarray(value, dtype=float)
    except (TypeError, ValueError, OverflowError):
        return None


def _close(one: np.ndarray[Any, Any], other: np.ndarray[Any, Any]) -> bool:
    """Like numpy's `allclose`, which takes longer than most of what is compared took to compute."""
    if one.shape != other.shape:
        return False
    same = one == other
    if not same.all():
        same |= abs(one - other) <= _ABSOLUTE + _RELATIVE * abs(other)
        same |= (one != one) & (other != other)
    return bool(same.all())
