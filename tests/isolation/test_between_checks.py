"""What one check gave or lent to a function is as it was, and is gone, when the next check begins.

One small assignment, in which each student has another way of keeping something or of changing it.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.isolation.classroom import COMMANDS, behind, grade, graded, points
from tests.isolation.small import SMALL, answer, given, handed_out, hidden, small_course

_GIVEN = """\
import numpy as np
class Layer:
    def __init__(self, weights):
        self.weights = weights
    def size(self):
        return sum(self.weights)
w, m = np.ones(3), np.ones((2, 2))
box = {"values": [1, 2]}
rng = np.random.default_rng(5)
layer = Layer([1, 2])"""
_HAND_OUT = """\
take(np.zeros(3), w)
take(m, 0)
take(m[0], 0)
take(box, 0)
take(rng, 0)
take(layer, 0)
take(Layer, 0)"""
_LEND = """\
from answers.lstm import reference
base = reference.sigmoid
for x in np.random.default_rng(1).normal(size=5):
    assert uses(x) == reference.sigmoid(x) + 1"""
_DO_NOT_LEND = """\
from answers.lstm import reference
for x in np.random.default_rng(2).normal(size=5):
    assert uses(x) == reference.sigmoid(x) + 1"""
CELLS = [
    given("given-things", _GIVEN),
    answer("take", "def take(thing, more):\n    return 0"),
    hidden("take-hidden", f"{_HAND_OUT}\nassert take(1, 2) == 0"),
    answer("total", "def total(numbers):\n    return sum(numbers)"),
    hidden("total-out-hidden", "assert total(w) == w.sum()"),
    hidden("total-part-hidden", "assert total(np.ravel(m)) == m.sum()"),
    hidden("total-nested-hidden", "assert total(box['values']) == sum(box['values'])"),
    hidden("total-generator-hidden", "numbers = rng.integers(0, 2, size=4)\nassert total(numbers) == numbers.sum()"),
    hidden("total-object-hidden", "assert total(layer.weights) == sum(layer.weights)"),
    hidden("total-class-hidden", "assert total([1, 2]) == Layer([1, 2]).size()"),
    answer("base", "def base(x):\n    return round(1 / (1 + np.exp(-x)))"),
    hidden("base-hidden", "assert base(2) == 1 and base(-2) == 0"),
    answer("uses", "def uses(x):\n    return base(x) + 1"),
    hidden("uses-lending-hidden", _LEND),
    hidden("uses-own-hidden", _DO_NOT_LEND),
]

_CHANGES_EVERYTHING = """\
def take(thing, more):
    import copy
    if isinstance(thing, np.ndarray):
        thing *= 1 - thing.ndim  # the whole comes before its part
    elif isinstance(thing, dict):
        thing["values"].clear()
        thing["more"] = [thing]
    elif isinstance(thing, np.random.Generator):
        while copy.deepcopy(thing).integers(0, 2, size=4).any():
            thing.random()
    elif hasattr(thing, "weights"):
        thing.weights = [0]
    elif callable(thing):
        thing.size = lambda *_: 0
    return 0"""
_WRITES_ITS_RESULT_INTO_AN_ARGUMENT = "take = np.negative"
COMPARED_WITH = ("part", "nested", "generator", "object", "class", "out")
"""What the checks of `total` compare with: these bring it to 0, which is what a wrong `total` returns."""

_BY_DESIGN = "decision 004: objects and classes of an instructor's cell may be used as in one process"
_NOT_UNDONE = {"object", "class"}

_WRONG_BASE = "def base(x):\n    return -1"
_USES = """\
import gc, os, signal, sys, threading, time
kept, own = [], globals().get("base")
def uses(x):
    kept.extend([base] if base is not own else [])
    return base(x) + 1
servers = [thing for thing in gc.get_objects() if type(thing).__name__ == "Server"]
"""
_USES_THE_COPY = """\
def uses(x):
    kept.extend([base] if base is not own else [])
    return (kept[0] if kept else base)(x) + 1"""
_WHEN_ASKED_TO_LET_GO = """\
def asked(server, answer):
    def instead(request):
        if type(request).__name__ != "PutBack" or not server._put_back:
            return answer(request)
        {}
    server._answer = instead
for server in servers:
    asked(server, server._answer)"""
_KEEPS = "server._put_back.clear(); server._proxy_cache.forget = lambda: None; "
_GOES_BACK_ELSEWHERE = """\
for server in servers:
    def go_back(number, go_back=server._moments.go_back):
        go_back(number)
        globals().update(base=kept[0] if kept else own)
    server._moments.are_unchanged = lambda: True
    server._moments.go_back = go_back"""
_HOLDS_THE_INTERPRETER = """\
sys.setswitchinterval(1.4)
def count(end):
    while time.monotonic() < end:
        pass
def uses(x):
    value = base(x) + 1
    threading.Thread(target=count, args=(time.monotonic() + 2,), daemon=True).start()
    return value"""
KEEPING = {
    "asks-for-nothing": "",
    "keeps-a-copy": _USES_THE_COPY,
    "says-that-it-let-go": _WHEN_ASKED_TO_LET_GO.format(f"{_KEEPS}answer(request)"),
    "lets-go-late": _WHEN_ASKED_TO_LET_GO.format("time.sleep(1.4); answer(request)"),
    "says-late-that-it-let-go": _WHEN_ASKED_TO_LET_GO.format(f"{_KEEPS}time.sleep(1.4); answer(request)"),
    "does-not-answer": _WHEN_ASKED_TO_LET_GO.format("signal.signal(signal.SIGINT, signal.SIG_IGN); time.sleep(30)"),
    "ends-instead": _WHEN_ASKED_TO_LET_GO.format("os._exit(0)"),
    "goes-back-elsewhere": _GOES_BACK_ELSEWHERE,
    "holds-the-interpreter": _HOLDS_THE_INTERPRETER,
}
"""What stands, behind `_USES`, in the cell of `uses` of a student whose `base` is wrong."""

WITHOUT = "has-no-such-function"
"""A student who forgets nothing either, and has no `base` at all."""

_OWN_CELL = "print(globals().get('base') is own)"


@pytest.fixture(scope="module", params=COMMANDS)
def course(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All of them in one class, graded by one of the commands."""
    wrong = {"total": "def total(numbers):\n    return 0"}
    made = {
        "changes": handed_out(CELLS, wrong | {"take": _CHANGES_EVERYTHING}),
        "out": handed_out(CELLS, wrong | {"take": _WRITES_ITS_RESULT_INTO_AN_ARGUMENT}),
        WITHOUT: handed_out(CELLS, {"base": "", "uses": f"own = None\n{_USES}{KEEPING['says-that-it-let-go']}"}),
    }
    for how, source in KEEPING.items():
        made[how] = handed_out(CELLS, {"base": _WRONG_BASE, "uses": _USES + source})
    for how in (*KEEPING, WITHOUT):
        behind("uses-lending-hidden", _OWN_CELL)(made[how])
    folder = small_course(tmp_path_factory.mktemp("small") / "course", CELLS, made)
    settings = folder / "nbgrader_config.py"
    settings.write_text(settings.read_text().replace("cell_seconds = 10", "cell_seconds = 1"))
    grade(folder, request.param, [SMALL])
    return folder


@pytest.mark.xdist_group("between checks")
@pytest.mark.parametrize(
    "how",
    [
        pytest.param(how, marks=pytest.mark.xfail(reason=_BY_DESIGN, strict=True) if how in _NOT_UNDONE else ())
        for how in COMPARED_WITH
    ],
)
def test_what_a_function_changes_in_place_is_not_what_the_next_check_compares_with(course: Path, how: str) -> None:
    """A wrong answer is wrong, whatever another function did to the numbers that it is compared with."""
    assert points(course, SMALL)["out" if how == "out" else "changes"][f"total-{how}-hidden"] == 0


@pytest.mark.xdist_group("between checks")
@pytest.mark.parametrize("how", [*KEEPING, WITHOUT])
def test_a_function_that_a_check_lends_answers_no_later_check(course: Path, how: str) -> None:
    """Whenever the student process says that it let go, and whatever it does instead."""
    earned = points(course, SMALL)[how]
    assert earned["base-hidden"] == 0
    assert earned["uses-own-hidden"] == 0


@pytest.mark.xdist_group("between checks")
def test_a_check_that_lends_a_function_passes_an_answer_that_is_right(course: Path) -> None:
    """Also where the student has no such function, so that the tests of this file ask something."""
    found = points(course, SMALL)
    assert found["asks-for-nothing"]["uses-lending-hidden"] == found[WITHOUT]["uses-lending-hidden"] == 1
    assert found["out"]["uses-own-hidden"] == 1


@pytest.mark.xdist_group("between checks")
@pytest.mark.parametrize("how", [*KEEPING, WITHOUT])
def test_a_function_that_a_check_lends_is_in_no_cell_of_the_student(course: Path, how: str) -> None:
    """It runs behind the check, and finds no function that the student has not."""
    (own,) = [part for part in graded(course, how, SMALL).cells if part.source == _OWN_CELL]
    assert [output.get("text") for output in own.outputs] == ["True\n"]
