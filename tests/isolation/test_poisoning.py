"""Students whose functions change everything they can reach cost nobody else a mark, and earn themselves none."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.isolation.classroom import answering, course_of, grade, honest, notebook, points

distributed = pytest.importorskip("distributed")

_FORWARD = """\
def forward(x, w, v{more}):
    z1 = w @ add_bias(x)
    a1 = relu(z1)
    z2 = relu(v @ add_bias(a1))
    answer = z1, a1, z2, softmax(z2)
{poison}
    return answer
"""
_SETTING = """\
    for lent in (relu, add_bias):
        for name in ("__defaults__", "__code__", "__dict__", "__module__", "x"):
            try:
                setattr(lent, name, (1,))
            except Exception:
                pass"""
_EVERY_ARRAY = """\
    import gc
    for thing in gc.get_objects():
        if isinstance(thing, np.ndarray) and thing.flags.writeable:
            try:
                thing[...] = 0
            except Exception:
                pass"""
_EVERY_MODULE = """\
    import sys
    for name, module in list(sys.modules.items()):
        if "reference" in name or "autograder" in name:
            try:
                vars(module).clear()
            except Exception:
                pass"""
_SETTINGS = """\
    import random, warnings
    np.seterr(all="raise"); np.set_printoptions(precision=1); warnings.simplefilter("error")
    np.random.seed(0); random.seed(0)"""
POISONS = {
    "zeroes": "    w *= 0; v *= 0",
    "fills": "    w[...] = 7; v[...] = np.nan; np.asarray(x)[...] = 1",
    "reshapes": "    w.shape = (w.size,); v.shape = (v.size,)",
    "modules": "    import math\n    np.maximum = np.minimum; np.testing.assert_allclose = print; math.isclose = max",
    "settings": _SETTINGS,
    "builtins": "    import builtins\n    builtins.zip = lambda *a, **k: []; builtins.abs = max; builtins.round = min",
    "lent": _SETTING,
    "arrays": _EVERY_ARRAY,
    "references": _EVERY_MODULE,
    "defaults": "    kept.append(w); [each.__imul__(0) for each in kept]",
}
"""What a `forward` does when it has its answer."""

PLACES = {"before": "a-{}", "behind": "z-{}", "among": "honest-{number:02d}-{}"}
"""What culprits are called, so that they are graded before, behind or among the others."""


def culprits(*places: str) -> dict[str, object]:
    """Their notebooks by name, one of each kind in each of these places."""
    found = {}
    for place in places:
        for number, (name, poison) in enumerate(POISONS.items()):
            source = _FORWARD.format(poison=poison, more=", kept=[]" if name == "defaults" else "")
            called = PLACES[place].format(name, number=4 * number)
            found[called] = notebook("feedforward", answering(forward=source))
    return found


def marks_of_the_honest(course: Path) -> dict[str, dict[str, float | None]]:
    """By name and grade id."""
    names = {f"honest-{number:02d}" for number in range(40)}
    return {student: marks for student, marks in points(course, "feedforward").items() if student in names}


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, float | None]]:
    """The marks of forty honest students who are graded without the others."""
    course = course_of(tmp_path_factory.mktemp("alone") / "course", honest("feedforward", 40), "feedforward")
    grade(course, "autograder grade", ["feedforward"])
    return marks_of_the_honest(course)


@pytest.fixture
def scheduler() -> Iterator[object]:
    """A Dask cluster of a scheduler and two worker processes, of one thread each."""
    with distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as running:
        yield running


@pytest.mark.xdist_group("poisoning")
@pytest.mark.parametrize("workers", [pytest.param("1", marks=pytest.mark.thorough), "2"])
def test_the_honest_get_the_marks_they_get_without_the_culprits(
    tmp_path: Path, alone: dict[str, dict[str, float | None]], workers: str
) -> None:
    """Forty of them, row for row, with culprits graded before, behind and among them."""
    course = course_of(tmp_path / "course", honest("feedforward", 40) | culprits(*PLACES), "feedforward")
    grade(course, "autograder grade", ["feedforward"], "--workers", workers)
    assert len(points(course, "feedforward")) == 40 + len(PLACES) * len(POISONS)
    assert marks_of_the_honest(course) == alone


@pytest.mark.xdist_group("poisoning")
def test_the_honest_get_the_same_marks_on_a_dask_cluster(
    tmp_path: Path, alone: dict[str, dict[str, float | None]], scheduler: object
) -> None:
    """Its workers grade many submissions, one after the other, too."""
    course = course_of(tmp_path / "course", honest("feedforward", 40) | culprits("among"), "feedforward")
    address = scheduler.scheduler_address  # type: ignore[attr-defined]
    grade(course, "autograder grade", ["feedforward"], "--scheduler", address)
    assert marks_of_the_honest(course) == alone


@pytest.mark.xdist_group("poisoning")
def test_the_honest_get_the_same_marks_from_nbgrader_autograde(
    tmp_path: Path, alone: dict[str, dict[str, float | None]]
) -> None:
    """One command grades all of them in one process of nbgrader's."""
    some = dict(list(honest("feedforward", 40).items())[:8])
    course = course_of(tmp_path / "course", some | culprits("before"), "feedforward")
    grade(course, "nbgrader autograde", ["feedforward"])
    assert marks_of_the_honest(course) == {student: alone[student] for student in some}


@pytest.mark.xdist_group("poisoning")
def test_writing_into_what_it_was_given_costs_a_function_its_own_checks_only(tmp_path: Path) -> None:
    """And earns nothing: a check that looks at its arguments fails, the checks of other functions do not."""
    made = {"solved": notebook("feedforward")}
    for poison in ("zeroes", "fills"):
        made[poison] = notebook("feedforward", answering(forward=_FORWARD.format(poison=POISONS[poison], more="")))
    course = course_of(tmp_path / "course", made, "feedforward")
    grade(course, "autograder grade", ["feedforward"])
    found = points(course, "feedforward")
    for poison in ("zeroes", "fills"):
        lost = {name for name, mark in found[poison].items() if (mark or 0) < (found["solved"][name] or 0)}
        assert lost and lost <= {"forward-shown", "forward-hidden"}
