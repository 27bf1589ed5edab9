"""nbgrader as a library: its configuration loaded from a course, its converters run without its command line."""

from __future__ import annotations

import contextlib
import logging
import os
import re
import stat
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

import nbformat
import sqlalchemy as sa
from nbgrader.coursedir import CourseDirectory
from nbgrader.nbgraderformat import ValidationError
from nbgrader.preprocessors import (
    CheckCellMetadata,
    ClearOutput,
    ClearSolutions,
    ComputeChecksums,
    LockCells,
    NbGraderPreprocessor,
)
from sqlalchemy.exc import SAWarning
from traitlets.config import Config

from autograder.folders import settings
from autograder.models import CourseError, Limits


def course_config(root: Path) -> Config:
    """The settings in `root / "nbgrader_config.py"`; raises CourseError when it is missing or cannot be run."""
    if "?" in str(root):  # what follows it would be no part of the gradebook's path
        raise CourseError("the path of the course has a '?'.", root, "Rename that folder; others may have any name.")
    return settings(root)


def limits(config: Config) -> Limits:
    """The limits on student code that the course sets under `c.Examine`, or the defaults."""
    defaults = asdict(Limits()).items()
    return Limits(**{name: type(default)(config.Examine.get(name, default)) for name, default in defaults})


def is_ours(step: object) -> bool:
    """Whether a step that settings name, by the class or by its name, is one of the autograder's."""
    return str(getattr(step, "__module__", step)).startswith("autograder.")


def house_style(config: Config) -> bool:
    """Whether a course keeps the style of this one, and commits what `build` generates; `c.Build.house_style`."""
    return bool(config.Build.get("house_style", False))


def keep_private(config: Config, new_files: bool = True) -> None:
    """Let only their owner read gradebook and submissions and, with `new_files`, what this process writes from now on.

    Graded notebooks hold hidden tests, the gradebook holds marks, and a folder that nbgrader collects is open to all,
    who could change it. Where `CourseDirectory.groupshared` is set, the owner's group may read them, too.
    """
    others = 0o007 if config.CourseDirectory.get("groupshared", False) else 0o077
    if new_files:
        os.umask(others)
    course = CourseDirectory(config=config)
    paths = [Path(course.root, course.submitted_directory)]
    url = sa.make_url(config.CourseDirectory.db_url)
    if url.get_backend_name() == "sqlite" and url.database:
        paths.append(Path(url.database))
    for path in paths:
        with contextlib.suppress(OSError):  # it does not exist yet, or belongs to another user
            if (mode := stat.S_IMODE(path.stat().st_mode)) & others:
                path.chmod(mode & ~others)


AS_HANDED_OUT = (LockCells, ClearSolutions, ClearOutput, CheckCellMetadata, ComputeChecksums)
"""What nbgrader does to a source notebook before it is handed out, except that hidden tests stay."""


def preprocess(
    config: Config,
    preprocessors: tuple[type[NbGraderPreprocessor], ...],
    notebook: nbformat.NotebookNode,
    names: dict[str, Any],
) -> nbformat.NotebookNode:
    """The result of nbgrader's `preprocessors` for `notebook`; `names` says which assignment it belongs to.

    Raises CourseError when nbgrader refuses the notebook.
    """
    resources: dict[str, Any] = {"nbgrader": names}
    for preprocessor in preprocessors:
        made = preprocessor(config=config)
        with quiet(made.log) as logged:
            try:
                notebook, resources = made.preprocess(notebook, resources)
            except (RuntimeError, ValidationError) as error:  # such as a marker without its end
                reason = _first_sentence(_reason(logged.messages) or str(error))
                raise CourseError(f"nbgrader refuses a cell ({reason}).") from error
    return notebook


class _LoggedErrors(logging.Handler):
    """Keeps the errors nbgrader logged: its exceptions carry less than its log."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.messages: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.messages.append(record.getMessage())


@contextmanager
def quiet(log: logging.Logger) -> Iterator[_LoggedErrors]:
    """Nothing that the body logs is shown; its errors are kept."""
    handler, handlers, propagate = _LoggedErrors(), log.handlers[:], log.propagate
    log.handlers, log.propagate = [handler], False
    try:
        yield handler
    finally:
        log.handlers, log.propagate = handlers, propagate


def run_converter(converter: Any) -> None:
    """Run one nbgrader converter quietly, overwriting what it made before.

    Raises CourseError with the reason in one line when it could not finish.
    """
    from nbgrader.converters.base import NbGraderException  # here, since only converters need it

    converter.force = True
    programs = str(Path(sys.executable).parent)  # nbgrader calls `alembic` by name, also where no environment is active
    if programs not in (path := os.environ.get("PATH", "")).split(os.pathsep):
        os.environ["PATH"] = os.pathsep.join(filter(None, (programs, path)))
    with quiet(converter.log) as logged, warnings.catch_warnings():
        warnings.simplefilter("ignore", SAWarning)  # nbgrader's own use of its database, nothing to act on
        try:
            converter.start()
        except NbGraderException as error:
            raise CourseError(_reason(logged.messages) or str(error)) from error


def _first_sentence(message: str) -> str:
    """The beginning of what nbgrader says, which goes on with the text of a cell."""
    return (message.splitlines() or [""])[0].partition(". ")[0].removesuffix(".")


_EXCEPTION = re.compile(r"^[A-Za-z_][\w.]*: ")
"""The name of an exception, as a traceback ends with it."""


def _reason(messages: list[str]) -> str:
    """The last line of the first traceback that nbgrader logged, else its first message.

    nbgrader raises one exception for all failures, so the log is the only place that has the reason.
    """
    for message in messages:
        if message.startswith("Traceback"):
            raised = [line for line in message.splitlines() if line and not line.startswith((" ", "(", "["))]
            return _EXCEPTION.sub("", raised[-1])
    return messages[0] if messages else ""
