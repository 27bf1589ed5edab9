"""Before a class is judged, its checks are: on the instructor's own solution, once for each version of the source."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import nbformat

from autograder.examine.soundness import unsound_checks
from autograder.grading.home import nursery, settled
from autograder.notebooks.attachments import plain_files
from autograder.notebooks.figures import draws
from autograder.notebooks.reading import read
from autograder.records import Limits


def unsound(source: Path, limits: Limits) -> Mapping[str, str]:
    """The checks in the notebook at `source` that its own solution does not pass, each with what happened.

    Raises CourseError when it cannot be read or run at all.
    """
    return _remembered(nbformat.writes(read(source)), source.parent, limits)


def unsound_here(source: str, files: Mapping[str, bytes], limits: Limits) -> Mapping[str, str]:
    """The same for the text of a notebook that lies beside `files`, found out in this process; for executors."""
    notebook = nbformat.reads(source, as_version=4)
    return unsound_checks(notebook, limits, lambda: nursery().start(files, limits, draws(notebook, files)))


@cache
def _remembered(source: str, folder: Path, limits: Limits) -> Mapping[str, str]:
    with settled():
        return unsound_here(source, plain_files(folder), limits)
