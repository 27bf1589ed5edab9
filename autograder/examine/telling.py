"""What a student may read of a failed check: no hidden input, no expected value, no line of a hidden test.

What comes from the student process is told only as far as it stands in the notebook that was handed in: a function
could write the inputs of a hidden test into an exception's text, its type's name or the lines of its traceback.
"""

from __future__ import annotations

import builtins
import re
import traceback
from collections.abc import Iterable

import nbformat

from autograder.examine.student import Trouble
from autograder.regions import hidden_lines

_LINE = re.compile(r"line (?P<number>\d{1,4}) of (?P<name>\w+|<module>|<lambda>): ")
_REASON = re.compile(r" \(.*\)(?=\.$)", re.DOTALL)


def told(
    error: BaseException | None,
    trouble: str,
    shown: nbformat.NotebookNode,
    check: nbformat.NotebookNode,
    cells: list[str],
) -> str:
    """The sentence for a check that failed with `error`, or because of `trouble` in the student process.

    `shown` is the error as the notebook shows it, which may be told where the failing part of the check was handed out.
    `cells` are those the student process ran.
    """
    grade_id = str(check.metadata["nbgrader"]["grade_id"])
    function = grade_id.split("-")[0]
    if error is None or isinstance(error, Trouble):
        return _REASON.sub("", trouble or str(error))
    if _is_handed_out(error, grade_id, check.source):
        return str(shown.evalue if shown.ename == "Hint" else f"{shown.ename}: {shown.evalue}")
    if isinstance(error, NameError) and error.name == function:
        return f"There is no {function} in your notebook."
    if (lines := vars(error).get("student_lines")) is None:
        return f"Your {function} does not agree with the reference on further inputs."
    kind = _built_in(type(error))
    raised = f"Your {function} raised {'an' if kind[0] in 'AEIOU' else 'a'} {kind}"
    return f"{raised} at {lines[-1]}" if lines and _is_handed_in(lines[-1], cells) else f"{raised}."


def _is_handed_out(error: BaseException, grade_id: str, source: str) -> bool:
    """Whether no hidden line of the check was running when it failed."""
    hidden = hidden_lines(source)
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename == f"<{grade_id}>"]
    return bool(frames) and hidden.isdisjoint(frame.lineno or 0 for frame in frames)


def _built_in(kind: type) -> str:
    """The name of the built-in type that an exception is of, whatever the student called theirs."""
    return next(str(base.__name__) for base in kind.__mro__ if vars(builtins).get(base.__name__) is base)


def _is_handed_in(line: str, cells: Iterable[str]) -> bool:
    """Whether a line of a traceback is one of the notebook's own, with its number and its function."""
    if (match := _LINE.match(line)) is None:
        return False
    at, name = int(match["number"]) - 1, match["name"]
    for source in cells:
        own = source.splitlines()[at : at + 1]
        if own and line == f"{match[0]}{own[0].strip()}"[:300] and (name[0] == "<" or f"def {name}(" in source):
            return True
    return False
