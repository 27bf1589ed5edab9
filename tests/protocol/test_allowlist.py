"""What both sides have is a fixed list of harmless things."""

from __future__ import annotations

import builtins
import math
import os
import subprocess
from typing import Any

import numpy as np
import pytest

from autograder.protocol import allowlist


@pytest.mark.parametrize("thing", [int, len, ValueError, np.sqrt, np.mean, np.float32, math.floor, math, np])
def test_what_is_known_travels_by_name(thing: Any) -> None:
    """Types, pure functions and modules."""
    name = allowlist.name_of(thing)
    assert name is not None and allowlist.find(name) is thing


@pytest.mark.parametrize("thing", [eval, exec, open, type, getattr, os, os.system, subprocess.run, np.load, np.memmap])
def test_what_runs_code_or_opens_files_is_not_known(thing: Any) -> None:
    """Nor is a thing that merely has the name of a known one."""
    assert allowlist.name_of(thing) is None
    assert allowlist.name_of(lambda: None) is None


@pytest.mark.parametrize(
    "name",
    [
        "builtins.eval",
        "builtins.exec",
        "builtins.open",
        "os.system",
        "module os",
        "module subprocess",
        "numpy.load",
        "",
    ],
)
def test_a_name_that_is_not_on_the_list_means_nothing(name: str) -> None:
    """Whatever module has a thing of that name."""
    with pytest.raises(KeyError):
        allowlist.find(name)


def test_the_list_holds_nothing_that_calls_by_name_or_reaches_files() -> None:
    """Of what Python calls built in, only what computes."""
    reach = {"eval", "exec", "compile", "open", "input", "__import__", "getattr", "setattr", "globals", "vars", "type"}
    assert not any(allowlist.name_of(vars(builtins)[name]) for name in reach)
