"""Exceptions of the other side, which can be raised, caught and asked here.

A built-in type is the built-in type here too. For a class of the other side's own stands a class here, with the same
name and the same bases, so that `except` and `isinstance` work as they do there.
"""

from __future__ import annotations

from typing import Any

from autograder.protocol.proxies import Proxy, is_class, owner_of, remote_of


class ErrorClass(type):
    """The type of classes that stand for exception classes of the other side."""

    def __call__(cls, *args: Any, **kwargs: Any) -> Any:
        """Make one there."""
        thing = cls.__dict__.get("_there")
        return super().__call__(*args, **kwargs) if thing is None else owner_of(thing).call(thing, args, kwargs)

    def __getattr__(cls, name: str) -> Any:
        thing = cls.__dict__.get("_there")
        if thing is None or name.startswith("_"):
            raise AttributeError(name)
        return getattr(thing, name)


class OtherError(Exception, metaclass=ErrorClass):
    """An exception raised on the other side, of a type that only that side has."""

    _message: str = ""
    _thing: Proxy | None = None

    def __str__(self) -> str:
        return self._message

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_") or self._thing is None:
            raise AttributeError(name)
        return getattr(self._thing, name)


def class_for(thing: Proxy, bases: list[Any]) -> type[OtherError]:
    """The class that stands for `thing`, an exception class of the other side; always the same one."""
    if (kind := object.__getattribute__(thing, "_Proxy__error_class")) is None:
        kind = _made(remote_of(thing).name or "Exception", bases, {"_there": thing})
        object.__setattr__(thing, "_Proxy__error_class", kind)
    return kind  # type: ignore[no-any-return]


def error_for(thing: Proxy, kind: Any, args: list[Any], message: str) -> Exception:
    """The exception that stands for `thing`; `kind` is its class on this side."""
    if not (is_class(kind) and issubclass(kind, Exception)):
        kind = OtherError
    error = _plain(kind, args) if not issubclass(kind, OtherError) else None
    if error is None or str(error) != message:
        error = _other(kind if issubclass(kind, OtherError) else _made(kind.__name__, [kind], {}), args)
    error.__dict__.update(_message=message, _thing=thing)
    return error


def there(thing: object) -> Proxy | None:
    """What stands on the other side for an exception or a class of exceptions that came from there."""
    if isinstance(thing, ErrorClass):
        return vars(thing).get("_there")
    return vars(thing).get("_thing") if isinstance(thing, BaseException) else None


def _plain(kind: type[Exception], args: list[Any]) -> Exception | None:
    try:
        return kind(*args)
    except Exception:  # a type that wants other arguments than it was left with
        return None


def _other(kind: type[OtherError], args: list[Any]) -> OtherError:
    """Make one here, where calling its class would make one there."""
    try:
        error: OtherError = kind.__new__(kind, *args)
        built_in = next(base for base in kind.__mro__ if base.__module__ == "builtins")
        built_in.__init__(error, *args)  # type: ignore[misc]  # sets what follows from the arguments, such as the value of a StopIteration
    except Exception:
        error = OtherError.__new__(_made(kind.__name__, [], {}))
    return error


def _made(name: str, bases: list[Any], names: dict[str, Any]) -> type[OtherError]:
    usable = [base for base in bases if is_class(base) and issubclass(base, Exception)]
    if not any(issubclass(base, OtherError) for base in usable):
        usable = [OtherError, *(base for base in usable if base is not Exception)]
    name = name if name.isidentifier() else "Exception"
    try:
        made: Any = ErrorClass(name, tuple(usable), names)
    except TypeError:  # bases that no class can have together
        made = ErrorClass(name, (OtherError,), names)
    return made  # type: ignore[no-any-return]
