"""What nbgrader and Formgrader say of an error that a person can correct: one line, where they print a traceback.

Replaces `traceback` in the two modules of nbgrader that print one. Of an error that nobody thought of, it still is
printed.
"""

from __future__ import annotations

import sqlite3
import sys
import traceback
import types

import nbgrader.utils
from nbformat import ValidationError
from nbformat.reader import NotJSONError
from nbgrader.api import InvalidEntry
from sqlalchemy.exc import SQLAlchemyError

from autograder.gradebook.database import unusable
from autograder.models import CourseError

_CONVERTERS = "nbgrader.converters.base"


def say_in_one_line() -> None:
    """Let nbgrader's commands and Formgrader's buttons say what is wrong and what to do.

    They have imported all of nbgrader when they read the settings of a course; our own commands need less of it.
    """
    nbgrader.utils.traceback = types.SimpleNamespace(format_exc=_said_last)
    if converters := sys.modules.get(_CONVERTERS):
        vars(converters)["traceback"] = types.SimpleNamespace(format_exc=_said)


def _said() -> str:
    """What to print of the error that is being handled."""
    error = sys.exc_info()[1]
    if isinstance(error, CourseError) or _is(error, _CONVERTERS, "NbGraderException"):
        return _with_advice(str(error))
    if isinstance(error, InvalidEntry):  # by which nbgrader replaces most errors of the database
        error = error.__context__
    if isinstance(error, SQLAlchemyError):
        is_file = isinstance(getattr(error, "orig", None), sqlite3.Error)
        found = unusable("sqlite://" if is_file else "postgresql://", error)
        return f"{found.reason} {found.advice}"  # the error does not know the address
    if isinstance(error, NotJSONError | ValidationError | UnicodeDecodeError):
        return "the notebook cannot be read. Ask the student for it again."
    return traceback.format_exc()


def _said_last() -> str:
    """The same at the end of Formgrader's dialogs; empty for what stands above it already."""
    error = sys.exc_info()[1]
    is_said = _is(error, _CONVERTERS, "NbGraderException") or _is(error, "nbgrader.exchange", "ExchangeError")
    return "" if is_said else _said()


def _is(error: object, module: str, name: str) -> bool:
    """Whether it is of this class, whose module nobody has imported if there is no such error."""
    return module in sys.modules and isinstance(error, getattr(sys.modules[module], name))


def _with_advice(sentence: str) -> str:
    if not sentence.startswith("No assignment with ID"):
        return sentence
    return f"{sentence}. Press Generate in Formgrader once, or run `autograder grade`."
