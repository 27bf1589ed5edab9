"""Changing an object in place, so that it is like another one of its type."""

from __future__ import annotations

import collections
from typing import Any

import numpy as np

from autograder.protocol import composites, copies, generators
from autograder.protocol.scalars import WireError


def make_equal(mine: Any, theirs: Any) -> None:
    """Let `mine` hold what `theirs` does; raises WireError for another type, and ValueError for a read-only array."""
    kind = composites.kind_of(mine) if type(mine) is not np.ndarray else None
    if kind is not None and kind.change is not None:
        try:
            kind.change(mine, theirs)
        except (TypeError, ValueError) as error:
            raise WireError(str(error)) from None
    elif isinstance(mine, np.ndarray) and isinstance(theirs, np.ndarray):
        if mine.size != theirs.size:
            raise WireError("a change of size")
        if mine.shape != theirs.shape:
            mine.shape = theirs.shape
        mine[...] = theirs
    elif isinstance(mine, list) and isinstance(theirs, list):
        mine[:] = theirs
    elif isinstance(mine, np.random.Generator) and isinstance(theirs, np.random.Generator):
        generators.catch_up(mine, theirs)
    elif isinstance(mine, collections.deque) and isinstance(theirs, collections.deque):
        mine.clear()
        mine.extend(theirs)
    elif (isinstance(mine, dict) and isinstance(theirs, dict)) or (isinstance(mine, set) and isinstance(theirs, set)):
        mine.clear()
        mine.update(theirs)
    elif copies.is_copy(mine) and isinstance(theirs, dict):
        copies.change(mine, theirs)
    else:
        raise WireError("a change of type")
