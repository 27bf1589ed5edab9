"""Before a class is graded its checks are tried on the instructor's own solution: what it does not pass is broken."""

from __future__ import annotations

import copy
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import nbformat

from autograder.grading.grader import nursery
from autograder.judge.mistakes import install
from autograder.judge.run import first_pass
from autograder.judge.student import Process
from autograder.models import Limits, Outcome
from autograder.notebook import draws


@dataclass(frozen=True)
class Soundness:
    """What came of trying the checks out: those that the solution does not pass, each with what happened.

    `modules` are those that the checks imported, so that a grader has them before it forks.
    """

    unsound: Mapping[str, str]
    modules: tuple[str, ...]


def tried_out(
    name: str, source: str, files: Mapping[str, bytes], limits: Limits, answers: Mapping[str, str]
) -> Soundness:
    """What comes of it in this process, for the text of a source notebook that lies beside `files`.

    Raises CourseError when it cannot be run at all.
    """
    install(name, answers)
    before = set(sys.modules)
    notebook = nbformat.reads(source, as_version=4)
    found = unsound_checks(notebook, limits, lambda: nursery().start(files, limits, draws(notebook, files)))
    return Soundness(found, tuple(name for name in sys.modules if name not in before))


def unsound_checks(source: nbformat.NotebookNode, limits: Limits, start: Callable[[], Process]) -> dict[str, str]:
    """The checks that the solution in `source` does not pass, by grade id, each with what happened instead.

    A misspelt name, a missing module or a value that cannot cross to the student process would otherwise cost every
    student the points of the check. Raises CourseError as `first_pass` does.
    """
    verdicts = first_pass(copy.deepcopy(source), limits, start)
    return {verdict.grade_id: verdict.message for verdict in verdicts if verdict.outcome is not Outcome.PASSED}
