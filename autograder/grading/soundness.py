"""Before a class is judged, its checks are: on the instructor's own solution, once for each version of the source."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass

import nbformat

from autograder.examine.soundness import unsound_checks
from autograder.grading.grader import nursery
from autograder.notebooks.figures import draws
from autograder.records import Limits


@dataclass(frozen=True)
class Soundness:
    """What came of trying the checks out: those that the solution does not pass, each with what happened.

    `modules` are those that the checks imported, so that a grader has them before it forks.
    """

    unsound: Mapping[str, str]
    modules: tuple[str, ...]


def tried_out(source: str, files: Mapping[str, bytes], limits: Limits) -> Soundness:
    """What comes of it in this process, for the text of a source notebook that lies beside `files`.

    Raises CourseError when it cannot be run at all.
    """
    before = set(sys.modules)
    notebook = nbformat.reads(source, as_version=4)
    found = unsound_checks(notebook, limits, lambda: nursery().start(files, limits, draws(notebook, files)))
    return Soundness(found, tuple(name for name in sys.modules if name not in before))
