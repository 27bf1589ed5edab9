"""Text that a check runs as code: the author's runs here, any other in the student process.

A check may run a student's cell again, `exec(In[-2])`, or evaluate a student's text, `eval(answer)`, itself or by a
module beside the notebook. Here that would give the student's text all that the grader may do.
"""

from __future__ import annotations

import ast
import contextlib
import importlib
import sys
import types
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from autograder.judge.modules import lend, texts_beside, texts_in
from autograder.judge.student import Student


class CannotBeJudged(BaseException):
    """Why a check cannot be judged, as the end of a sentence, and what to write instead.

    It is not an Exception: a check that catches every exception would go on.
    """


_DECIDING = (ast.Compare, ast.BoolOp)


@dataclass(frozen=True)
class _Compiled:
    """A text that is not the author's, compiled: it can only be run, and in the student process."""

    text: str
    mode: str


class Texts:
    """`exec`, `eval` and `compile` as checks have them; `code` is what runs of the author's."""

    def __init__(self, student: Student) -> None:
        self._student = student
        self.code: types.CodeType | None = None
        self.functions: dict[str, Callable[..., Any]] = {
            "exec": self._exec,
            "eval": self._eval,
            "compile": self._compile,
        }
        lend(self.functions)

    @contextlib.contextmanager
    def in_doctest(self, source: str) -> Iterator[None]:
        """In the body, the examples that doctest runs are texts like any other: the docstring may be a student's."""
        if not ("doctest" in source or "doctest" in sys.modules):
            yield
            return
        names = vars(importlib.import_module("doctest"))
        before = {name: names[name] for name in self.functions if name in names}
        names.update(self.functions)
        try:
            yield
        finally:
            for name in self.functions:
                names.pop(name)
            names.update(before)

    def run(self, text: str, names: dict[str, Any]) -> None:
        """Run a text with the `names` of the check, or with those of the notebook where it is not the author's."""
        if self._is_authors(text):
            exec(text, names)
        else:
            self._student.execute(text)

    def _exec(self, text: Any, names: Any = None, local_names: Any = None, /, **how: Any) -> None:
        frame = sys._getframe(1)
        if self._is_authors(text):
            exec(text, *_places(names, local_names, frame), **how)
        else:
            mode = text.mode if isinstance(text, _Compiled) else "exec"
            self._student.execute(_text(text), mode, _explicit(names, local_names, frame))

    def _eval(self, text: Any, names: Any = None, local_names: Any = None, /, **_: Any) -> Any:
        frame = sys._getframe(1)
        if self._is_authors(text):
            return eval(text, *_places(names, local_names, frame))
        found = _text(text).strip()
        if isinstance(ast.parse(found, mode="eval").body, _DECIDING):  # the student's side would decide
            raise CannotBeJudged(
                "it evaluates a text with a comparison. Evaluate one side, and compare it in the check"
            )
        return self._student.execute(found, "eval", _explicit(names, local_names, frame))

    def _compile(self, text: Any, name: Any = "<text>", mode: str = "exec", *more: Any, **how: Any) -> Any:
        if self._is_authors(text):
            return compile(text, name, mode, *more, **how)
        if isinstance(text, ast.AST):
            text = ast.unparse(text)
        compile(_text(text), "<text>", mode, *more, **how)  # raises SyntaxError
        return _Compiled(_text(text), mode)

    def _is_authors(self, text: Any) -> bool:
        if isinstance(text, types.CodeType):  # no check can make any of another text
            return True
        if isinstance(text, ast.AST):
            whole = ast.unparse(text)
            return any(whole == tidied for known in self._authors_texts() if (tidied := _tidied(known)) is not None)
        return isinstance(text, str) and any(text == known for known in self._authors_texts())

    def _authors_texts(self) -> Iterator[str]:
        if self.code is not None:
            yield from texts_in(self.code)
        yield from texts_beside()


def _tidied(text: str) -> str | None:
    """A text as Python would write it; None when it is not Python."""
    try:
        return ast.unparse(ast.parse(text))
    except (SyntaxError, ValueError, RecursionError):
        return None


def _text(text: Any) -> str:
    if isinstance(text, _Compiled):
        return text.text
    if isinstance(text, str | bytes):
        return text if isinstance(text, str) else text.decode()
    raise TypeError(f"expected a text or code, not {type(text).__name__}")


def _places(names: Any, local_names: Any, frame: types.FrameType) -> tuple[Any, Any]:
    """Where code runs: by default with the names of what called it."""
    if names is None:
        return frame.f_globals, frame.f_locals if local_names is None else local_names
    return names, local_names


def _explicit(names: Any, local_names: Any, frame: types.FrameType) -> dict[str, Any] | None:
    """The names that a text is run with, unless they are those of the notebook."""
    found = names if local_names is None else local_names
    return None if found is frame.f_globals or found is frame.f_locals else found
