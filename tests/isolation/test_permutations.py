"""However the cells of a submission are moved, copied, merged or retyped, it earns no more than in the author's order.

The disorders are made by chance, several at once, from fixed seeds.
"""

from __future__ import annotations

import copy
import random
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import nbformat
import pytest

from tests.isolation.classroom import COMMANDS, EITHER, answering, course_of, grade, hand_in, notebook, points, total

ASSIGNMENT = "lstm"
_SEEDS = {COMMANDS[0]: range(14), COMMANDS[1]: range(3)}  # nbgrader takes most of a second for each notebook
_MOST_AT_ONCE = 3

Cells = list[nbformat.NotebookNode]


def _role(part: nbformat.NotebookNode) -> str:
    metadata = part.metadata.get("nbgrader", {})
    if metadata.get("solution"):
        return "answer"
    if metadata.get("grade"):
        return "check"
    return "given" if metadata.get("locked") else "own"


def _reordered(cells: Cells, key: Callable[[nbformat.NotebookNode], object]) -> Cells:
    return sorted(cells, key=lambda part: str(key(part)))


def _some(cells: Cells, dice: random.Random, *roles: str) -> Cells:
    """About half of the cells in these roles, one at least."""
    found = [part for part in cells if _role(part) in roles and part.cell_type == "code"]
    return [part for part in found if dice.random() < 0.5] or found[:1]


def given_last(cells: Cells, _: random.Random) -> Cells:
    """Locked cells come behind everything else."""
    return _reordered(cells, lambda part: _role(part) == "given")


def given_behind_own(cells: Cells, _: random.Random) -> Cells:
    """A cell of the student's, and then the locked cells, come first."""
    own = nbformat.v4.new_code_cell("w_fh = b_f = np = check = check_value = parts = Hint = lambda *_, **__: 1")
    return [own, *_reordered(cells, lambda part: _role(part) != "given")]


def checks_first(cells: Cells, _: random.Random) -> Cells:
    """Checks come before everything else."""
    return _reordered(cells, lambda part: _role(part) != "check")


def some_checks_first(cells: Cells, dice: random.Random) -> Cells:
    """Some checks come before everything else."""
    moved = _some(cells, dice, "check")
    return moved + [part for part in cells if part not in moved]


def answers_backwards(cells: Cells, _: random.Random) -> Cells:
    """Each answer is where another was."""
    return _exchanged(cells, [part for part in cells if _role(part) == "answer"][::-1])


def checks_shuffled(cells: Cells, dice: random.Random) -> Cells:
    """Each check is where another was."""
    checks = [part for part in cells if _role(part) == "check"]
    dice.shuffle(checks)
    return _exchanged(cells, checks)


def _exchanged(cells: Cells, moved: Cells) -> Cells:
    left = iter(moved)
    return [next(left) if part in moved else part for part in cells]


def backwards(cells: Cells, _: random.Random) -> Cells:
    """The last cell comes first."""
    return cells[::-1]


def shuffled(cells: Cells, dice: random.Random) -> Cells:
    """Any order."""
    dice.shuffle(cells)
    return cells


def turned(cells: Cells, dice: random.Random) -> Cells:
    """What was in the middle comes first."""
    at = dice.randrange(len(cells))
    return cells[at:] + cells[:at]


MOVES = (
    *(given_last, given_behind_own, checks_first, some_checks_first, answers_backwards, checks_shuffled, backwards),
    *(shuffled, turned),
)


def copied(cells: Cells, dice: random.Random) -> Cells:
    """Some locked cells and checks have a copy somewhere, of which another one is left."""
    for part in _some(cells, dice, "given", "check"):
        twin = copy.deepcopy(part)
        twin.source, twin["id"] = "w_fh = b_f = 1\ndef check(*_): pass\ncheck_value = check", f"{part['id']}-twin"
        cells.insert(dice.randrange(len(cells) + 1), twin)
    return cells


def retyped(cells: Cells, dice: random.Random) -> Cells:
    """Some locked cells and checks are no code any more."""
    for part in _some(cells, dice, "given", "check"):
        part.cell_type = dice.choice(["raw", "markdown"])
        del part["outputs"], part["execution_count"]
    return cells


def merged(cells: Cells, dice: random.Random) -> Cells:
    """Some locked cells and checks are now the end of the cell before them."""
    for part in _some(cells, dice, "given", "check"):
        at = cells.index(part)
        before = cells[at - 1] if at and cells[at - 1].cell_type == "code" else None
        if before is not None:
            before.source += f"\n{part.source}"
            del cells[at]
    return cells


def unmarked(cells: Cells, dice: random.Random) -> Cells:
    """Some locked cells and checks have lost what marks them."""
    for part in _some(cells, dice, "given", "check"):
        del part.metadata["nbgrader"]
    return cells


def emptied(cells: Cells, dice: random.Random) -> Cells:
    """Nothing stands in some locked cells and checks."""
    for part in _some(cells, dice, "given", "check"):
        part.source = ""
    return cells


def _grade_ids(cells: Cells) -> list[str]:
    return [part.metadata["nbgrader"]["grade_id"] for part in cells if "nbgrader" in part.metadata]


DISORDERS = (*MOVES, copied, retyped, merged, unmarked, emptied)
_WRONG = answering(
    sigmoid="def sigmoid(x):\n    return round(1 / (1 + np.exp(x)))",
    memory_cell="def memory_cell(c_prev, h, x):\n    return forget_gate(h, x) * c_prev",
    rnn="def rnn(seq):\n    return [0 for x in seq]",
)
_ANSWERS: Mapping[str, Callable[[], nbformat.NotebookNode]] = {
    "unanswered": lambda: notebook(ASSIGNMENT, untouched=True),
    "half": lambda: notebook(ASSIGNMENT, _WRONG),
    "solved": lambda: notebook(ASSIGNMENT),
}
_IN_ORDER = "in-order"


@dataclass(frozen=True)
class Graded:
    """The points of each student by grade id, what the command printed, and whose instructor cells were moved.

    Students are called `answers.disorder`.
    """

    points: dict[str, dict[str, float | None]]
    lines: list[str]
    out_of_order: set[str]

    def of(self, answers: str, disorder: str = _IN_ORDER) -> dict[str, float]:
        """What these answers earned in this disorder, by grade id."""
        return {name: mark or 0 for name, mark in self.points[f"{answers}.{disorder}"].items()}

    def disorders(self, *prefixes: str) -> list[str]:
        """The disorders, or those that begin so."""
        found = {student.partition(".")[2] for student in self.points} - {_IN_ORDER}
        return sorted(each for each in found if each.startswith(prefixes or ("",)))


@pytest.fixture(scope="module", params=EITHER)
def found(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Graded:
    """All of them in one class, graded by one of the commands."""
    course = course_of(tmp_path_factory.mktemp("permutations") / "course", {}, ASSIGNMENT)
    out_of_order = set()
    for name, make in _ANSWERS.items():
        hand_in(course, f"{name}.{_IN_ORDER}", make(), ASSIGNMENT)
        for seed in _SEEDS[request.param]:
            for kind, choice in (("moved", MOVES), ("any", DISORDERS)):
                dice, made = random.Random(f"{kind} {seed}"), make()
                for disorder in dice.sample(choice, dice.randint(1, _MOST_AT_ONCE)):
                    made.cells = disorder(made.cells, dice)
                hand_in(course, f"{name}.{kind}-{seed}", made, ASSIGNMENT)
                if _grade_ids(made.cells) != _grade_ids(make().cells):
                    out_of_order.add(f"{name}.{kind}-{seed}")
    done = grade(course, request.param, [ASSIGNMENT], *(["--full"] if request.param.startswith("autograder") else []))
    lines = re.sub(r"\n  ", " ", done.stdout + done.stderr).splitlines()  # several notes stand below the student's name
    return Graded(points(course, ASSIGNMENT), lines, out_of_order)


@pytest.mark.xdist_group("permutations")
def test_an_unanswered_notebook_earns_nothing_in_any_disorder(found: Graded) -> None:
    """No check passes on what another cell of the notebook gave it."""
    earned = {disorder: total(found.of("unanswered", disorder)) for disorder in found.disorders()}
    assert earned == dict.fromkeys(earned, 0)


@pytest.mark.xdist_group("permutations")
@pytest.mark.parametrize("answers", _ANSWERS)
def test_no_disorder_earns_a_point_that_the_same_cells_do_not_earn_in_order(found: Graded, answers: str) -> None:
    """Check for check."""
    in_order = found.of(answers)
    for disorder in found.disorders():
        earned = found.of(answers, disorder)
        gained = {name for name, mark in earned.items() if mark > in_order[name]}
        assert not gained, disorder


@pytest.mark.xdist_group("permutations")
@pytest.mark.parametrize("answers", _ANSWERS)
def test_cells_that_were_moved_cost_no_point(found: Graded, answers: str) -> None:
    """They are put back, so that each check judges what it would have judged."""
    moved = {disorder: found.of(answers, disorder) for disorder in found.disorders("moved")}
    assert moved == dict.fromkeys(moved, found.of(answers))


@pytest.mark.xdist_group("permutations")
def test_the_instructor_reads_one_line_about_cells_that_were_moved(found: Graded) -> None:
    """Not one for each of them, and none about a notebook in order."""
    disorders = [_IN_ORDER, *found.disorders("moved")]
    said = {each: sum(_is_about(line, f"half.{each}") for line in found.lines) for each in disorders}
    assert said == {each: int(f"half.{each}" in found.out_of_order) for each in disorders}


def _is_about(line: str, student: str) -> bool:
    return re.search(rf"{re.escape(student)}\b[,:]", line) is not None and "order of the assignment" in line
