"""Magics and IPython's own names in cells that the grader runs."""

from __future__ import annotations

import pytest

from autograder.magics import python_of
from autograder.models import Outcome
from tests.judge.conftest import PASSED, Run, answer, code


@pytest.mark.parametrize(
    "magic",
    [
        "%matplotlib inline",
        "%precision 3",
        "%load_ext autoreload\n%autoreload 2",
        "%config InlineBackend.rc = {}",
        "!ls",
        "%pip install x",
    ],
)
def test_a_magic_that_changes_only_the_page_does_nothing(run: Run, magic: str) -> None:
    """In a locked cell and in a check; the names beside it are there."""
    cells = [code(f"{magic}\nimport math", "given-x", graded=False), answer("def inc(x):\n    return x + 1", "inc")]
    (verdict,) = run(*cells, code(f"{magic}\nassert inc(math.floor(1.5)) == 2", "inc-shown"))
    assert verdict.outcome is PASSED


@pytest.mark.parametrize("magic", ["%%bash\nls", "%%javascript2\nx", "%notebook x", "%reset -f"])
def test_a_magic_that_means_nothing_here_is_named(run: Run, magic: str) -> None:
    """The check judges nobody."""
    (verdict,) = run(code(magic, "check"))
    assert verdict.outcome is Outcome.UNJUDGED and "Write it in Python" in verdict.message


@pytest.mark.parametrize(
    "check",
    [
        "%%time\nassert inc(1) == 2",
        "%time found = inc(1)\nassert found == 2",
        "%timeit -n 1 -r 1 inc(1)",
        "%%capture said\nprint(inc(1))",
        "assert get_ipython().user_ns['inc'](1) == 2",
        "assert 'inc' in get_ipython().run_line_magic('who_ls', '')",
        "display(inc(1))",
    ],
)
def test_what_runs_python_runs_it(run: Run, check: str) -> None:
    """With the names of the check and of the student."""
    (verdict,) = run(answer("def inc(x):\n    return x + 1", "inc"), code(check, "inc-shown"))
    assert verdict.outcome is PASSED, verdict.message


def test_a_check_that_is_timed_still_fails(run: Run) -> None:
    """The magic takes no assertion away."""
    (verdict,) = run(answer("def inc(x):\n    return x", "inc"), code("%%time\nassert inc(1) == 2", "inc-shown"))
    assert verdict.outcome is Outcome.FAILED


def test_lines_keep_their_numbers_and_plain_python_is_left_as_it_is() -> None:
    """Tracebacks lead to the line that the author wrote."""
    assert python_of("x = 1\nassert x") == "x = 1\nassert x"
    assert python_of("%%time\nx = 1").splitlines() == ["", "x = 1"]
    assert python_of("%time x = 1\ny = 2").splitlines() == ["x = 1", "y = 2"]
    with pytest.raises(SyntaxError):
        compile(python_of("assert ("), "x", "exec")
