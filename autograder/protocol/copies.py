"""Objects of libraries that a test makes, such as a graph or a model: the student process gets a copy of each.

A lent object would run a library's methods in the grader on what student code chose, and some of these write files. A
copy is pickled, which is safe in this direction alone: a decoder loads one only where the sender is the grader. What
student code changes in the copy comes back as data, as it does for a list.
"""

from __future__ import annotations

import copyreg
import functools
import pickle
import sys
from typing import Any

from autograder.protocol import libraries

_MOST_BYTES = 8 * 1024 * 1024
_copied: set[type] = set()
"""The classes of which this process has sent or received copies."""


def pickled(thing: object) -> bytes | None:
    """`thing` as it travels, if it is an object of an installed library that a test imported; else None."""
    kind = type(thing)
    if not _is_copied(kind):
        return None
    try:
        if not _is_all_in_attributes(thing):
            return None
        data = pickle.dumps(thing)
    except Exception:  # a library's own rule, or something in it that belongs to this process
        return None
    if len(data) > _MOST_BYTES or b"__main__" in data:
        return None
    _copied.add(kind)
    return data


def loaded(data: bytes) -> Any:
    """The copy; raises any exception when it cannot be had here. Only for what the grader sent."""
    thing = pickle.loads(data)
    _copied.add(type(thing))
    return thing


def _is_copied(kind: type) -> bool:
    module = kind.__module__
    if not isinstance(module, str) or module.partition(".")[0] in sys.stdlib_module_names:
        return False
    # what lies beside the notebook is lent: both sides have it, and a copy may go one way only
    return not libraries.is_beside(kind) and libraries.find(f"{module}:{kind.__qualname__}") is kind


def _is_all_in_attributes(thing: object) -> bool:
    """Whether its attributes are all there is to it, so that every change in a copy can be made in the original."""
    if not hasattr(thing, "__dict__"):
        return False
    described = thing.__reduce_ex__(4)
    if type(described) is not tuple or described[:2] != (copyreg.__newobj__, (type(thing),)):  # type: ignore[attr-defined]
        return False
    return isinstance(described[2], dict | None) and not any(part is not None for part in described[3:])


def is_copy(thing: object) -> bool:
    """Whether `thing` is of a class of which copies went over, so that changes in it count."""
    return type(thing) in _copied


def state(thing: object) -> bytes | None:
    """What can be seen to change in a copy."""
    try:
        return pickle.dumps(thing)
    except Exception:  # student code may have put anything into it
        return b""


def parts(thing: Any) -> dict[str, Any]:
    """The attributes of a copy, but for those that its class works out from the others."""
    return {name: value for name, value in vars(thing).items() if not _is_derived(type(thing), name)}


def change(thing: Any, theirs: dict[Any, Any]) -> None:
    """Let the original have the attributes that its copy has now; no name of a method or a property is taken."""
    kind = type(thing)
    kept = {name: value for name, value in theirs.items() if type(name) is str and not name.startswith("__")}
    vars(thing).clear()
    vars(thing).update(
        (name, value)
        for name, value in kept.items()
        if not callable(getattr(kind, name, None)) and not _is_derived(kind, name)
    )


def _is_derived(kind: type, name: str) -> bool:
    return isinstance(getattr(kind, name, None), functools.cached_property | property)
