"""What the examiner may have done with an object of the student's, by name."""

from __future__ import annotations

import asyncio
import copy
import functools
import inspect
from collections.abc import Callable
from typing import Any


def act(thing: Any, method: str) -> Callable[..., Any]:
    """The special method of that name, bound to `thing`, as Python itself would find it; `thing` when it is empty.

    Raises TypeError when its type has none.
    """
    if not method:
        return thing  # type: ignore[no-any-return]
    if method in _ACTS:
        return functools.partial(_ACTS[method], thing)
    found = getattr(type(thing), method, None)
    if found is None:
        raise TypeError(f"'{type(thing).__name__}' object has no {method}")
    return functools.partial(found, thing)


def attribute(thing: Any, name: str) -> Any:
    """An attribute of `thing`; a signature as the name, kind and default of each parameter."""
    if name != "__signature__":
        return getattr(thing, name)
    try:
        parameters = inspect.signature(thing).parameters.values()
    except (TypeError, ValueError):
        raise AttributeError(name) from None
    return [(one.name, one.kind.name, [] if one.default is one.empty else [one.default]) for one in parameters]


def _wait(thing: Any) -> Any:
    async def wait() -> Any:
        return await thing

    return asyncio.run(wait())


_ACTS: dict[str, Callable[..., Any]] = {
    "__setattr__": setattr,
    "__delattr__": delattr,
    "__dir__": dir,
    "__copy__": copy.copy,
    "__deepcopy__": copy.deepcopy,
    "__await__": _wait,
}
