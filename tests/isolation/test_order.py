"""Whatever order the cells of a submission are in, it earns what the same cells earn in the author's order."""

from __future__ import annotations

import copy
import random

import nbformat
import pytest

from tests.isolation.classroom import (
    COMMANDS,
    EITHER,
    Change,
    answering,
    course_of,
    first,
    grade,
    hand_in,
    notebook,
    points,
    several,
    total,
)

ASSIGNMENTS = ("feedforward", "lstm", "backprop")


def _metadata(part: nbformat.NotebookNode) -> dict[str, object]:
    return dict(part.metadata.get("nbgrader", {}))


def _is_given(part: nbformat.NotebookNode) -> bool:
    return bool(_metadata(part).get("locked")) and not _metadata(part).get("grade")


def _is_check(part: nbformat.NotebookNode) -> bool:
    return bool(_metadata(part).get("grade")) and not _metadata(part).get("solution")


def given_last(made: nbformat.NotebookNode) -> None:
    """The locked cells come at the end."""
    made.cells.sort(key=_is_given)


def checks_first(made: nbformat.NotebookNode) -> None:
    """The checks come before the answers."""
    made.cells.sort(key=lambda part: not _is_check(part))


def checks_backwards(made: nbformat.NotebookNode) -> None:
    """Each check is where another was."""
    places = [at for at, part in enumerate(made.cells) if _is_check(part)]
    for at, part in zip(places, [made.cells[at] for at in reversed(places)], strict=True):
        made.cells[at] = part


def backwards(made: nbformat.NotebookNode) -> None:
    """The last cell comes first."""
    made.cells.reverse()


def shuffled(seed: int) -> Change:
    """Any order."""
    return lambda made: random.Random(seed).shuffle(made.cells)


def given_twice(made: nbformat.NotebookNode) -> None:
    """A changed copy of each locked cell stands behind it."""
    for part in [part for part in made.cells if _is_given(part)]:
        twin = copy.deepcopy(part)
        twin["id"] = f"{part['id']}-copy"
        twin.source = "w = v = 0\ndef check(*_):\n    pass\ncheck_value = check"
        made.cells.insert(made.cells.index(part) + 1, twin)


def retyped(cell_type: str) -> Change:
    """Locked cells and checks are no code any more."""

    def change(made: nbformat.NotebookNode) -> None:
        for part in made.cells:
            if (_is_given(part) or _is_check(part)) and part.cell_type == "code":
                part.cell_type = cell_type
                del part["outputs"], part["execution_count"]

    return change


def without_metadata(made: nbformat.NotebookNode) -> None:
    """Locked cells have lost what marks them."""
    for part in made.cells:
        if _is_given(part):
            del part.metadata["nbgrader"]


AGREES_WITH_EVERYTHING = """\
class Anything:
    def __getattr__(self, name):
        return self
    def __call__(self, *_, **__):
        return self
np = math = Anything()
w = v = 0
def check(*_):
    pass
def check_value(*_):
    pass
def parts(call, answer, *names):
    return [0] * len(names)
class Hint(Exception):
    pass
"""
DISORDERS: dict[str, Change] = {
    "locked cells last": given_last,
    "own names for what locked cells define, and those last": several(given_last, first(AGREES_WITH_EVERYTHING)),
    "own names for what locked cells define": first(AGREES_WITH_EVERYTHING),
    "checks before answers": checks_first,
    "checks in each other's places": checks_backwards,
    "everything backwards": backwards,
    "shuffled": shuffled(1),
    "shuffled otherwise": shuffled(2),
    "shuffled behind own names": several(shuffled(3), first(AGREES_WITH_EVERYTHING)),
    "locked cells twice": given_twice,
    "locked cells and checks as text": retyped("markdown"),
    "locked cells and checks as raw text": retyped("raw"),
    "locked cells without their mark": without_metadata,
}
TABLE_OF_SIGMOID = """\
def forget_gate(h, x):
    for value in range(-300, 301):
        table[value] = sigmoid(value)
    return sigmoid(w_fh * h + w_fx * x + b_f)
"""
FROM_THE_TABLE = "table = {}\ndef sigmoid(x):\n    return table[round(x)]"


def lending_first(made: nbformat.NotebookNode) -> None:
    """Every check of the gates, which put the reference's sigmoid in place, comes before those of sigmoid."""
    lending = [part for part in made.cells if str(_metadata(part).get("grade_id", "")).startswith("forget_gate")]
    made.cells = lending + [part for part in made.cells if part not in lending]


@pytest.fixture(scope="module", params=EITHER)
def found(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, float]]:
    """What each student earned in each assignment, graded by one of the commands."""
    course = course_of(tmp_path_factory.mktemp("order") / "course", {}, *ASSIGNMENTS)
    assignments = ASSIGNMENTS if request.param == COMMANDS[0] else ASSIGNMENTS[1:]  # nbgrader takes a second for each
    for assignment in assignments:
        for name, disorder in {"in order": lambda _: None, **DISORDERS}.items():
            hand_in(course, f"empty, {name}", notebook(assignment, disorder, untouched=True), assignment)
            if request.param == COMMANDS[0]:
                hand_in(course, f"solved, {name}", notebook(assignment, disorder), assignment)
    cheat = answering(sigmoid=FROM_THE_TABLE, forget_gate=TABLE_OF_SIGMOID)
    hand_in(course, "table, in order", notebook("lstm", cheat), "lstm")
    hand_in(course, "table, lending first", notebook("lstm", several(cheat, lending_first)), "lstm")
    grade(course, request.param, assignments)
    return {
        assignment: {student: total(marks) for student, marks in points(course, assignment).items()}
        for assignment in assignments
    }


@pytest.mark.xdist_group("order")
def test_an_unanswered_notebook_earns_nothing_in_any_order(found: dict[str, dict[str, float]]) -> None:
    """Not for what a student's own cells define instead of the locked ones, either."""
    for assignment, marks in found.items():
        earned = {student: mark for student, mark in marks.items() if student.startswith("empty")}
        assert len(earned) == len(DISORDERS) + 1
        assert set(earned.values()) == {0}, (assignment, earned)


@pytest.mark.xdist_group("order")
def test_a_solved_notebook_earns_everything_in_any_order(found: dict[str, dict[str, float]]) -> None:
    """Where only the instructor's cells are out of order, or hidden behind names of the student's own."""
    for assignment, marks in found.items():
        earned = {student: mark for student, mark in marks.items() if student.startswith("solved")}
        assert set(earned.values()) <= {{"feedforward": 26, "lstm": 27, "backprop": 20}[assignment]}, earned


@pytest.mark.xdist_group("order")
def test_what_a_check_lends_answers_no_check_of_that_function(found: dict[str, dict[str, float]]) -> None:
    """A table made from the reference's sigmoid in a check of the forget gate comes too late in every order."""
    assert found["lstm"]["table, in order"] == found["lstm"]["table, lending first"]
    assert found["lstm"]["table, in order"] <= 27 - 4
