"""A class of a test's that extends one of the student's: the student process makes it, the test lends its methods."""

from __future__ import annotations

import types
from collections.abc import Callable
from typing import Any

_LEFT_OUT = ("__module__", "__qualname__", "__orig_bases__", "__classcell__")


def described(names: dict[str, Any]) -> list[tuple[str, str, Any]]:
    """What a class statement defined, as it travels: each name, what it is, and the functions or the value it has."""
    return [(name, *_described(value)) for name, value in names.items() if name not in _LEFT_OUT]


def _described(value: Any) -> tuple[str, Any]:
    match value:
        case types.FunctionType():
            return "function", value
        case staticmethod() | classmethod():
            return type(value).__name__, value.__func__
        case property():
            return "property", [value.fget, value.fset, value.fdel]
    return "value", value


def extended(name: str, bases: tuple[Any, ...], parts: list[tuple[str, str, Any]], keywords: dict[str, Any]) -> Any:
    """The class itself, where its bases are."""
    made = {part: _made(part, kind, value) for part, kind, value in parts}
    return types.new_class(name, bases, keywords, lambda names: names.update(made, __module__="__main__"))


def _made(name: str, kind: str, value: Any) -> Any:
    if kind == "function":
        return function(name, value)
    if kind in ("staticmethod", "classmethod"):
        wrapped = function(name, value)
        return staticmethod(wrapped) if kind == "staticmethod" else classmethod(wrapped)
    if kind == "property":
        get, change, delete = (None if part is None else function(name, part) for part in value)
        return property(get, change, delete)
    return value


def function(name: str, lent: Callable[..., Any]) -> Callable[..., Any]:
    """A function that becomes a method, which what was lent does not."""

    def method(*args: Any, **kwargs: Any) -> Any:
        return lent(*args, **kwargs)

    method.__name__, method.__doc__ = name, lent.__doc__
    return method
