"""Whether the checks of an assignment can judge anybody: the instructor's own solution has to pass them."""

from __future__ import annotations

import copy
from collections.abc import Callable

import nbformat

from autograder.examine.notebook import first_pass
from autograder.examine.student import Process
from autograder.records import Limits, Outcome


def unsound_checks(source: nbformat.NotebookNode, limits: Limits, start: Callable[[], Process]) -> dict[str, str]:
    """The checks that the solution in `source` does not pass, by grade id, each with what happened instead.

    A misspelt name, a missing module or a value that cannot cross to the student process would otherwise cost every
    student the points of the check. Raises CourseError as `first_pass` does.
    """
    verdicts = first_pass(copy.deepcopy(source), limits, start)
    return {verdict.grade_id: verdict.message for verdict in verdicts if verdict.outcome is not Outcome.PASSED}
