"""What a check changes in modules holds for the student's code while the check runs, and no longer."""

from __future__ import annotations

import builtins
import random

import numpy as np
import pytest

from autograder.judge.patches import Patches, modules_named
from tests.judge.conftest import FAILED, PASSED, Run, answer, code

TAKE_AWAY = """\
import numpy as np
np.linalg.solve = None
try:
    solve(np.eye(2), np.ones(2))
except TypeError:
    pass
else:
    raise AssertionError
"""
LOAD = """\
import random
from unittest import mock
with mock.patch('random.randint', side_effect=[3, 5]) as asked:
    assert (roll(), roll()) == (3, 5)
assert asked.call_count == 2
"""
PATCH = """\
from unittest.mock import patch
with patch('builtins.input', return_value='4'):
    assert ask() == 5
"""
BY_HAND = """\
import builtins
kept = builtins.input
builtins.input = lambda _: '4'
assert ask() == 5
builtins.input = kept
"""
PATCH_OBJECT = """\
from unittest import mock
import builtins
with mock.patch.object(builtins, 'input', lambda _: '4'):
    assert ask() == 5
"""
ASK = "def ask():\n    return int(input('a number? ')) + 1"


@pytest.mark.parametrize(
    "check",
    [
        PATCH,
        PATCH_OBJECT,
        BY_HAND,
    ],
)
def test_input_can_be_replaced(run: Run, check: str) -> None:
    """By a mock, and by hand; after it there is nobody to ask again."""
    verdicts = run(answer(ASK, "ask"), code(check, "ask-shown"), code("assert ask() == 5", "ask-again"))
    assert [verdict.outcome for verdict in verdicts] == [PASSED, FAILED]


def test_a_function_that_a_check_takes_away_is_away_for_the_student_and_back_for_the_next_check(run: Run) -> None:
    """On both sides, whatever the check itself undoes."""
    solve, before = "import numpy as np\ndef solve(a, b):\n    return np.linalg.solve(a, b)", np.linalg.solve
    use = "import numpy as np\nassert (solve(np.eye(2), [1, 1]) == np.linalg.solve(np.eye(2), [1, 1])).all()"
    verdicts = run(answer(solve, "solve"), code(TAKE_AWAY, "solve-own"), code(use, "solve-shown"))
    assert [verdict.outcome for verdict in verdicts] == [PASSED, PASSED]
    assert np.linalg.solve is before


def test_a_dice_can_be_loaded(run: Run) -> None:
    """`random.randint` is the test's for both sides."""
    roll = "import random\ndef roll():\n    return random.randint(1, 6)"
    (verdict,) = run(answer(roll, "roll"), code(LOAD, "roll-shown"))
    assert verdict.outcome is PASSED


def test_only_a_check_that_looks_as_if_it_changed_a_module_is_watched() -> None:
    """Most checks cost nothing."""
    assert modules_named("import numpy as np\nassert np.allclose(f(1), 2)") == ()
    assert ("numpy", "linalg") in modules_named("import numpy as np\nnp.linalg.solve = None")


def test_what_was_changed_is_undone_and_said_once() -> None:
    """A name that was not there before is gone again."""
    patches, source = Patches(), "import random\nrandom.seed = None\nrandom.more = 1"
    seed = random.seed
    with patches.watched(source, {}):
        random.seed = None  # type: ignore[assignment]
        random.more = 1  # type: ignore[attr-defined]
        assert sorted(patches.new()) == [("random", "more", [1]), ("random", "seed", [None])]
        assert patches.new() == []
        random.seed = seed
        assert patches.new() == [("random", "seed", [seed])]
    assert random.seed is seed and not hasattr(random, "more") and not patches.are_watched
    assert callable(builtins.input)
