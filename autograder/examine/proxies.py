"""What stands in the examiner for things that stay in the student process.

Nothing here lets a student's object answer a comparison: equality, truth of equality and arithmetic are Python's own.
"""

from __future__ import annotations

import builtins
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from autograder.wire import messages

if TYPE_CHECKING:
    from autograder.examine.student import Student


class StudentError(Exception):
    """An exception that the student's code raised; `lines` are the student's own lines in which it happened."""

    def __init__(self, message: str, lines: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.lines = lines

    def __str__(self) -> str:
        return self.message


MISSING = object()
"""What a look-up gives when the student process knows no such name."""


class Object:
    """Something of the student's that is no data: it can be called, and has public attributes and items.

    What it is given and what it gives travels; the thing itself stays where it is.
    """

    def __init__(self, student: Student, generation: int, remote: messages.Remote) -> None:
        self._student = student
        self._generation = generation
        self._ref = remote.ref
        self.__name__ = remote.name
        self.__doc__ = remote.doc

    def __repr__(self) -> str:
        return f"<the student's {self.__name__}>"

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Call it in the student process."""
        return self._student.call(self, args, kwargs)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_") or (value := self._student.attribute(self, name)) is MISSING:
            raise AttributeError(name)
        return value

    def __iter__(self) -> Iterator[Any]:
        return self._ask("__iter__")  # type: ignore[no-any-return]

    def __next__(self) -> Any:
        return self._ask("__next__")

    def __len__(self) -> int:
        return int(self._ask("__len__"))

    def __bool__(self) -> bool:
        return True

    def __getitem__(self, key: Any) -> Any:
        return self._ask("__getitem__", key)

    def __enter__(self) -> Any:
        return self._ask("__enter__")

    def __exit__(self, *_: Any) -> Any:
        return self._ask("__exit__", None, None, None)

    def _ask(self, method: str, *args: Any) -> Any:
        try:
            return self._student.call(self, args, {}, method)
        except StudentError as error:
            if type(error).__name__ == "StopIteration":
                raise StopIteration from None
            if type(error).__name__ == "AttributeError":
                raise TypeError(f"the student's {self.__name__} has no {method}") from None
            raise


def is_at_home(thing: object, generation: int) -> int | None:
    """The number under which the student process knows `thing`, if it came from there."""
    return thing._ref if isinstance(thing, Object) and thing._generation == generation else None


def error_from(described: messages.Error) -> StudentError:
    """An exception that tests can catch as they would the original: by the nearest built-in type."""
    lines = tuple(described.lines[:10])
    for name in described.bases:
        base = getattr(builtins, name, None)
        if isinstance(base, type) and issubclass(base, Exception) and base is not Exception:
            try:
                kind = type(described.name[:100], (StudentError, base), {})
                return kind(described.message, lines)  # type: ignore[no-any-return]
            except TypeError:
                break
    return type(described.name[:100], (StudentError,), {})(described.message, lines)  # type: ignore[no-any-return]
