"""The operators of Python that have two sides, by the names of the special methods that stand for them."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

_BINARY = (
    *("add", "sub", "mul", "matmul", "truediv", "floordiv", "mod", "divmod"),
    *("pow", "lshift", "rshift", "and", "or", "xor"),
)


def _reflected(act: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    return lambda thing, other: act(other, thing)


_LEFT = {f"__{name}__": divmod if name == "divmod" else getattr(operator, f"__{name}__") for name in _BINARY}
_REFLECTED = {f"__r{name}__": _reflected(_LEFT[f"__{name}__"]) for name in _BINARY}
_IN_PLACE = {f"__i{name}__": getattr(operator, f"__i{name}__") for name in _BINARY if name != "divmod"}

ARITHMETIC: dict[str, Callable[[Any, Any], Any]] = {**_LEFT, **_REFLECTED, **_IN_PLACE}
COMPARISONS: dict[str, Callable[[Any, Any], Any]] = {
    f"__{name}__": getattr(operator, f"__{name}__") for name in ("eq", "ne", "lt", "le", "gt", "ge")
}
OPERATORS: dict[str, Callable[[Any, Any], Any]] = {**ARITHMETIC, **COMPARISONS, "__contains__": operator.contains}
"""What Python does for the operator, with the thing that has the method as the first argument."""

_FAMILIES = {"__ne__": "eq", "__le__": "lt", "__gt__": "lt", "__ge__": "lt"}


def family(name: str) -> str:
    """One name for the special methods that answer for each other, such as `__add__`, `__radd__` and `__iadd__`."""
    if name in ARITHMETIC:
        plain = name.strip("_")
        return plain if plain in _BINARY else plain[1:]
    return _FAMILIES.get(name, name.strip("_"))
