"""What nbgrader and Formgrader say of an error that a person can correct: one line, where they print a traceback.

Replaces `traceback` in the two modules of nbgrader that print one. Of an error that nobody thought of, it still is
printed.
"""

from __future__ import annotations

import sys
import traceback
import types

import nbgrader.converters.base
import nbgrader.utils
from nbformat import ValidationError
from nbformat.reader import NotJSONError
from sqlalchemy.exc import SQLAlchemyError

from autograder.gradebook.database import unusable
from autograder.models import CourseError

_LOGGED = ("NbGraderException", "ExchangeError")
"""The errors of nbgrader whose sentence it has logged before it raises them."""


def say_in_one_line() -> None:
    """Let nbgrader's commands and Formgrader's buttons say what is wrong and what to do."""
    for module in (nbgrader.converters.base, nbgrader.utils):
        module.traceback = types.SimpleNamespace(format_exc=_said)


def _said() -> str:
    """What to print of the error that is being handled."""
    error = sys.exc_info()[1]
    if type(error).__name__ in _LOGGED:
        return ""
    if isinstance(error, SQLAlchemyError):
        error = unusable("sqlite://", error)
    elif isinstance(error, NotJSONError | ValidationError | UnicodeDecodeError):
        error = CourseError("the notebook cannot be read.", "", "Ask the student for it again.")
    return str(error) if isinstance(error, CourseError) else traceback.format_exc()
