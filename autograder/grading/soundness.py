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
    return _unsound(nbformat.writes(read(source)), source.parent, limits)


@cache
def _unsound(text: str, folder: Path, limits: Limits) -> Mapping[str, str]:
    files = plain_files(folder)
    notebook = nbformat.reads(text, as_version=4)
    with settled():
        return unsound_checks(notebook, limits, lambda: nursery().start(files, limits, draws(notebook, files)))
