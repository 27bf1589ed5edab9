"""What `autograder grade-file --json` prints: every check of one notebook, with what its student may read.

`docs/reference/grade-file.schema.json` describes it, and `python -m autograder.notebook_result` prints that file. A new
field keeps the number of the format; a field that goes or changes its meaning raises it.
"""

from __future__ import annotations

import json
from enum import Enum
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta


class Kind(Enum):
    """What gives the points: a check that the notebook shows, a hidden one, or a person who reads an answer."""

    SHOWN = "shown"
    HIDDEN = "hidden"
    QUESTION = "question"


class State(Enum):
    """How a check or an answer stands; `waits` means that a person still has to mark it."""

    PASSED = "passed"
    PARTIAL = "partial"
    FAILED = "failed"
    WAITS = "waits"
    MARKED = "marked"


class CheckResult(msgspec.Struct, frozen=True, kw_only=True):
    """One check, or one answer in words."""

    grade_id: Annotated[str, Meta(description="The grade id of the cell.")]
    function: Annotated[str, Meta(description="The answer it judges, by its grade id: the name of the function.")]
    heading: Annotated[str, Meta(description="The heading above the answer in the notebook.")]
    title: Annotated[str, Meta(description="What the feedback page calls the check.")]
    kind: Kind
    state: State
    points: Annotated[float, Meta(description="The points so far; 0 while a person still has to mark it.")]
    max_points: float
    sentence: Annotated[str, Meta(description="What is wrong, in a sentence; empty when nothing is.")] = ""
    first_wrong_value: Annotated[str, Meta(description="The first wrong value, in a sentence; empty if unknown.")] = ""
    mistake: Annotated[str, Meta(description="The mistake that this looks like; empty when none is known.")] = ""
    read_again: Annotated[str, Meta(description="The section of the notebook that helps; empty if unknown.")] = ""

    @property
    def about_mistake(self) -> list[str]:
        """What is said of the likely mistake, a line each."""
        lines = {"This looks like: ": self.mistake, "Read again: ": self.read_again}
        return [f"{opening}{text}" for opening, text in lines.items() if text]


class NotebookResult(msgspec.Struct, frozen=True, kw_only=True):
    """The result of grading one notebook."""

    format: Annotated[Literal[1], Meta(description="The version of this format.")] = 1
    assignment: str
    title: Annotated[str, Meta(description="The title of the assignment.")]
    notebook: Annotated[str, Meta(description="The name of the notebook's file.")]
    points: Annotated[float, Meta(description="The sum of the points so far.")]
    max_points: Annotated[float, Meta(description="What can be earned in all.")]
    points_to_mark: Annotated[float, Meta(description="The points that a person still has to give or refuse.")]
    hidden_checks: Annotated[bool, Meta(description="Whether hidden checks ran: not with a released notebook alone.")]
    checks: list[CheckResult]
    notes: Annotated[list[str], Meta(description="What was put back or left out, a line each.")]
    broken_checks: Annotated[
        list[str], Meta(description="The grade ids of checks that could not judge. No student loses points for them.")
    ]
    sandbox: Annotated[str, Meta(description="How far the student's code was confined.")]
    digest: Annotated[str, Meta(description="A word that changes when the assignment or the autograder does.")]
    version: Annotated[str, Meta(description="The version of the autograder.")]


def schema() -> dict[str, Any]:
    """The JSON Schema of a NotebookResult."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **msgspec.json.schema(NotebookResult),
    }


if __name__ == "__main__":
    print(json.dumps(schema(), indent=2))
