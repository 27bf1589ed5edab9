"""Examining one submitted notebook: the student's cells run in the student process, grade cells run here."""

from __future__ import annotations

import ast
import asyncio
import contextlib
import dataclasses
import functools
import inspect
import io
import linecache
import re
import time
import traceback
import types
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType

import nbformat

from autograder.examine import verdicts
from autograder.examine.diagnosis import diagnose
from autograder.examine.namespace import Namespace
from autograder.examine.outputs import valid_outputs
from autograder.examine.student import Process, Student, Trouble
from autograder.examine.telling import told
from autograder.misconceptions import CATALOGUES
from autograder.records import CourseError, Limits, Outcome, Verdict
from autograder.wire.values import WireError

_MAGIC = re.compile(r"^\s*(%{1,2}\w|!)", re.MULTILINE)


def examine(
    notebook: nbformat.NotebookNode,
    limits: Limits,
    start: Callable[[], Process],
    unsound: Mapping[str, str] = MappingProxyType({}),
    assignment: str = "",
) -> list[Verdict]:
    """Run every code cell of `notebook` and write a verdict into each grade cell, in place.

    Locked cells that are not graded run on both sides. A cell that exceeds `limits.cell_seconds` is stopped and fails;
    cells that are nobody's answer have `limits.play_seconds`, so that a function that never ends does not use up the
    notebook's time wherever it is tried out. When the notebook exceeds `limits.notebook_seconds` the remaining grade
    cells fail with a sentence. Checks that are `unsound` (see `autograder.examine.soundness`) are not run and judge
    nobody. Failed checks of an `assignment` whose misconceptions are known get a diagnosis, from all that was asked of
    the function they check. Raises CourseError when no student process can be started or a locked cell is broken: that
    is no student's fault.
    """
    student = Student(start)
    namespace = Namespace(student, _functions(notebook))
    end = time.monotonic() + limits.notebook_seconds
    judged = []
    try:
        for cell in notebook.cells:
            cell.metadata.pop(verdicts.KEY, None)
            if cell.cell_type != "code":
                continue
            seconds = limits.cell_seconds if "nbgrader" in cell.metadata else limits.play_seconds
            student.deadline = min(time.monotonic() + seconds, end)
            student.trouble = ""
            if _is_check(cell) and cell.metadata["nbgrader"]["grade_id"] in unsound:
                judged.append((cell, _leave(cell, "this check is broken, which is no fault of yours")))
            elif _is_check(cell):
                judged.append((cell, _judge(cell, student, namespace, limits, end)))
            else:
                _run(cell, student)
                if cell.metadata.get("nbgrader", {}).get("locked"):
                    _run_here(cell, namespace)
    finally:
        student.close()
    explained = _explained([verdict for _, verdict in judged], assignment, student, namespace)
    for (cell, _), verdict in zip(judged, explained, strict=True):
        verdicts.note(cell, verdict)
    return explained


def _functions(notebook: nbformat.NotebookNode) -> frozenset[str]:
    """The functions the assignment asks for: by convention, the grade ids of the answers."""
    cells = [cell.metadata.get("nbgrader", {}) for cell in notebook.cells]
    return frozenset(str(metadata["grade_id"]) for metadata in cells if metadata.get("solution"))


def _explained(judged: list[Verdict], assignment: str, student: Student, namespace: Namespace) -> list[Verdict]:
    """The verdicts, those on failed checks with a diagnosis: the same for all checks of one function."""
    catalogue, diagnoses = CATALOGUES.get(assignment), {}
    explained = []
    for verdict in judged:
        function = verdict.grade_id.split("-")[0]
        if verdict.outcome is Outcome.FAILED and catalogue and function in catalogue.solutions:
            if function not in diagnoses:
                calls = student.recording.calls(function)
                diagnoses[function] = diagnose(catalogue, function, calls, namespace.given)
            verdict = dataclasses.replace(verdict, diagnosis=diagnoses[function])
        explained.append(verdict)
    return explained


def _is_check(cell: nbformat.NotebookNode) -> bool:
    """Whether this is a graded cell of the instructor's."""
    metadata = cell.metadata.get("nbgrader", {})
    return bool(cell.cell_type == "code" and metadata.get("grade") and not metadata.get("solution"))


def _run(cell: nbformat.NotebookNode, student: Student) -> None:
    cell.outputs, cell.execution_count = [], None
    if not cell.source.strip():
        return
    try:
        done = student.run_cell(cell.source)
    except Trouble as trouble:
        cell.outputs = [verdicts.refusal(str(trouble))]
        return
    cell.execution_count = done.execution_count
    cell.outputs = valid_outputs(done.outputs)


def _run_here(cell: nbformat.NotebookNode, namespace: Namespace) -> None:
    grade_id = cell.metadata["nbgrader"]["grade_id"]
    try:
        _execute(_compiled(cell.source, grade_id), namespace)
    except Exception as error:
        raise CourseError(f"the locked cell '{grade_id}' cannot be run ({type(error).__name__}: {error}).") from error


def _judge(cell: nbformat.NotebookNode, student: Student, namespace: Namespace, limits: Limits, end: float) -> Verdict:
    metadata = cell.metadata["nbgrader"]
    grade_id, points = str(metadata["grade_id"]), float(metadata["points"])
    if time.monotonic() >= end:
        sentence = f"The notebook took longer than {limits.notebook_seconds:g} s in all, so this could not run."
        verdict = Verdict(grade_id, Outcome.FAILED, 0.0, points, sentence, sentence)
        verdicts.write(cell, verdict, "", verdicts.refusal(sentence))
        return verdict
    try:
        code = _compiled(cell.source, grade_id)
    except SyntaxError as error:
        hint = ", and magics cannot be used in a graded cell" if _MAGIC.search(cell.source) else ""
        return _leave(cell, f"this check is not valid Python ({error}){hint}")
    printed, failure = io.StringIO(), None
    with _judging(namespace), contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
        try:
            with student.checked():
                _execute(code, namespace)
        except (KeyboardInterrupt, CourseError):
            raise
        except WireError as error:
            return _leave(cell, f"it uses a value that cannot reach your code ({error})")
        except BaseException as error:  # a test's own exit, and what pytest raises, are no exceptions of the usual kind
            failure = error
    if failure is None and not student.trouble:
        verdict = Verdict(grade_id, Outcome.PASSED, points, points)
        verdicts.write(cell, verdict, printed.getvalue(), None)
        return verdict
    output = _failure(failure, grade_id, student.trouble)
    message = f"{output.ename}: {output.evalue}"
    sentence = told(failure, student.trouble, output, cell, student.cells)
    verdict = Verdict(grade_id, Outcome.FAILED, 0.0, points, message, sentence)
    verdicts.write(cell, verdict, printed.getvalue(), output)
    return verdict


def _leave(cell: nbformat.NotebookNode, reason: str) -> Verdict:
    """The verdict on a check that says nothing about the answer."""
    metadata = cell.metadata["nbgrader"]
    sentence = f"This could not be judged: {reason}. It will be looked at."
    plain = "This could not be judged. It will be looked at."
    verdict = Verdict(str(metadata["grade_id"]), Outcome.UNJUDGED, 0.0, float(metadata["points"]), sentence, plain)
    verdicts.write(cell, verdict, "", verdicts.refusal(sentence, "NotJudged"))
    return verdict


@contextlib.contextmanager
def _judging(namespace: Namespace) -> Iterator[None]:
    namespace.start()
    try:
        yield
    finally:
        namespace.finish()


@functools.lru_cache(maxsize=1000)
def _compiled(source: str, grade_id: str) -> types.CodeType:
    """The code of an instructor's cell, the same for a whole class, its lines known to tracebacks."""
    name = f"<{grade_id}>"
    linecache.cache[name] = (len(source), None, source.splitlines(keepends=True), name)
    code: types.CodeType = compile(source, name, "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT, dont_inherit=True)
    return code


def _execute(code: types.CodeType, namespace: Namespace) -> None:
    """Run a cell; one that awaits something runs to its end, as in a notebook."""
    waiting = eval(code, namespace)
    if inspect.iscoroutine(waiting):
        asyncio.run(waiting)


def _failure(error: BaseException | None, grade_id: str, trouble: str) -> nbformat.NotebookNode:
    """The error output of a failed check: a sentence where there is one, else where it happened."""
    if error is None or isinstance(error, Trouble):
        return verdicts.refusal(trouble or str(error))
    if (render := getattr(error, "_render_traceback_", None)) is not None:
        return verdicts.error("Hint", str(error), render())
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename == f"<{grade_id}>"]
    lines = [f"line {frame.lineno} of {grade_id}: {frame.line}" for frame in frames]
    lines += [f"your {line}" for line in getattr(error, "student_lines", ())]
    kind, text = type(error).__name__, _text(error)
    return verdicts.error(kind, text, [*lines, f"{kind}: {text}"])


def _text(error: BaseException) -> str:
    try:
        return str(error)
    except Exception:  # a test may say `assert ok, thing` of a thing whose text is the student's code
        return "an exception without a text"
