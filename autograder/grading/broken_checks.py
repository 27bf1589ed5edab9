"""Before a class is graded its checks are tried on the instructor's own solution: what it does not pass is broken."""

from __future__ import annotations

import copy
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import nbformat

from autograder.grading.grader import fork_server
from autograder.judge.mistakes import install
from autograder.judge.run import first_pass
from autograder.judge.student import Process
from autograder.models import Limits, Outcome
from autograder.notebook import draws


@dataclass(frozen=True)
class CheckTrial:
    """What came of trying the checks out: those that the solution does not pass, each with what happened.

    `modules` are those that the checks imported, so that a grader has them before it forks.
    """

    broken_checks: Mapping[str, str]
    modules: tuple[str, ...]


def tried_out(
    name: str, source: str, files: Mapping[str, bytes], limits: Limits, answers: Mapping[str, str]
) -> CheckTrial:
    """What comes of it in this process, for the text of a source notebook that lies beside `files`.

    Raises CourseError when it cannot be run at all.
    """
    install(name, answers)
    before = set(sys.modules)
    notebook = nbformat.reads(source, as_version=4)
    found = checks_that_fail(notebook, limits, lambda: fork_server().start(files, limits, draws(notebook, files)))
    return CheckTrial(found, tuple(name for name in sys.modules if name not in before))


def checks_that_fail(source: nbformat.NotebookNode, limits: Limits, start: Callable[[], Process]) -> dict[str, str]:
    """The checks that the solution in `source` does not pass, by grade id, each with what happened instead.

    A misspelt name, a missing module or a value that cannot cross to the student process would otherwise cost every
    student the points of the check. Raises CourseError as `first_pass` does.
    """
    verdicts = first_pass(copy.deepcopy(source), limits, start)
    return {verdict.grade_id: verdict.message for verdict in verdicts if verdict.outcome is not Outcome.PASSED}
