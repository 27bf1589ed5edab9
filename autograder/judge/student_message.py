"""What a student may read of a failed check: no hidden input, no expected value, no line of a hidden test.

A function could write the inputs of a hidden test into an exception's text, its type's name, the line that raises or
the value that a later check quotes. So a sentence about a process that met hidden inputs is one of a few that are fixed
here (`closed`); only a process that met none is quoted (`quoted`).
"""

from __future__ import annotations

import builtins
import traceback
from collections.abc import Iterable

import nbformat

from autograder.cells import defined_names, hidden_lines, role
from autograder.judge.student import Trouble
from autograder.judge.verdicts import HINT
from autograder.names import Subject


def closed(error: BaseException | None, trouble: str, subject: Subject, is_handed_out: bool = False) -> str:
    """The sentence for a check of `subject` that failed with `error`, or because of `trouble`, in any process.

    `is_handed_out` says that it failed in a line that the student has.
    """
    error = cause(error)
    if error is None or isinstance(error, Trouble):
        return trouble or str(error)
    if is_missing(error, subject.name):
        return missing(subject.name)
    what = f"`{subject.name}`" if subject.name else "Your answer"
    if not hasattr(error, "student_lines"):
        if is_handed_out:
            return f"{what} did not pass this check when it was graded."
        return f"{what} gives a wrong result for some other inputs." if subject.is_called else f"{what} is not right."
    kind = _built_in(type(error))
    return f"{what} raised {'an' if kind[0] in 'AEIOU' else 'a'} {kind}."


def cause(error: BaseException | None) -> BaseException | None:
    """What happened: a check may put a sentence of its own in place of an exception that it met."""
    is_sentence = hasattr(error, "_render_traceback_")
    return error.__context__ or error if error is not None and is_sentence else error


def is_missing(error: BaseException | None, function: str) -> bool:
    """Whether a check failed because it found no `function`."""
    error = cause(error)
    return isinstance(error, NameError) and error.name == function and not hasattr(error, "student_lines")


def missing(function: str, cells: Iterable[nbformat.NotebookNode] = ()) -> str:
    """The sentence for a notebook without `function`; of `cells`, the one that should define it may say why."""
    return f"Your notebook does not define `{function}`{_why_missing(function, cells)}."


def _why_missing(function: str, cells: Iterable[nbformat.NotebookNode]) -> str:
    """How the cell that should define `function` ended, as its page shows it."""
    defining = [
        cell
        for cell in cells
        if role(cell).is_answer and function in (role(cell).grade_id, *defined_names(cell.source))
    ]
    outputs = [output for cell in defining for output in cell.outputs]
    name = next((output.ename for output in outputs if output.output_type == "error"), "")
    return f": its cell stopped with {'an' if name[0] in 'AEIOU' else 'a'} {name}" if name.isidentifier() else ""


def quoted(error: BaseException | None, shown: nbformat.NotebookNode, line: int) -> str:
    """What the notebook shows of `error`, a failure at this line of a check as far as it was handed out; else nothing.

    Only a process that met no hidden input may be quoted. `shown` is the error as an output.
    """
    if error is None or isinstance(cause(error), Trouble) or not line:
        return ""
    return str(shown.evalue if shown.ename == HINT else f"{shown.ename}: {shown.evalue}".removesuffix(": "))


def line_handed_out(error: BaseException | None, source: str, name: str) -> int:
    """The line of a check at which it failed, if no hidden line of it was running then; else 0.

    `source` is the check, `name` what tracebacks call it.
    """
    steps = traceback.walk_tb(error.__traceback__) if error else ()
    lines = [line for frame, line in steps if frame.f_code.co_filename == name]
    return lines[0] if lines and hidden_lines(source).isdisjoint(lines) else 0


def _built_in(kind: type) -> str:
    """The name of the built-in type that an exception is of, even when the student's type has another name."""
    return next(str(base.__name__) for base in kind.__mro__ if vars(builtins).get(base.__name__) is base)
