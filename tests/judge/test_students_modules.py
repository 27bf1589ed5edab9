"""A module that the answer wrote is imported by checks where the solution showed it; it runs in the student process."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from nbformat import v4

from autograder.judge.run import examine
from autograder.judge.shared_files import shared_files, touch_files
from autograder.models import Limits, Outcome, WrittenFiles
from autograder.sandbox import ForkServer
from tests.judge.conftest import answer, code

WRITES = "with open('tools.py', 'w') as file:\n    file.write('def where():\\n    return __name__\\n')"


def outcomes(fork_server: ForkServer, check: str, written: WrittenFiles | None) -> list[Outcome]:
    """What comes of a check of an answer that writes a module."""
    notebook = v4.new_notebook(cells=[answer(WRITES, "write"), code(check, "check")])
    with shared_files({}, written=written) as files:
        return [verdict.outcome for verdict in examine(notebook, Limits(), fork_server.start, files=files)]


def test_a_module_that_the_solution_writes_is_imported(fork_server: ForkServer) -> None:
    """By its name, and by its names."""
    check = "import tools\nfrom tools import where\nassert tools.where() == where() == 'tools'"
    assert outcomes(fork_server, check, None) == [Outcome.PASSED]
    assert outcomes(fork_server, check, WrittenFiles(modules=("tools",))) == [Outcome.PASSED]
    assert "tools" not in sys.modules


def test_a_module_that_only_a_student_writes_is_not_imported(fork_server: ForkServer) -> None:
    """A check that can do without it does without it."""
    check = "try:\n    import tools\nexcept ImportError:\n    tools = None\nassert tools is None"
    assert outcomes(fork_server, check, WrittenFiles()) == [Outcome.PASSED]
    assert outcomes(fork_server, check, WrittenFiles(modules=("others",))) == [Outcome.PASSED]


def test_no_code_of_it_runs_here(fork_server: ForkServer) -> None:
    """It is executed where it was written."""
    check = "import os, tools\nassert tools.os.getpid() != os.getpid() if hasattr(tools, 'os') else tools.where()"
    assert outcomes(fork_server, check, None) == [Outcome.PASSED]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("assert double(2) == 4", False),
        ("import numpy as np\nnp.testing.assert_allclose(f(1), 2)", False),
        ("# open the door\nassert greet('open') == 'os.path'", False),
        ("import io\nout = io.StringIO()", False),
        ("with open('x') as file:\n    pass", True),
        ("from os import path", True),
        ("import pandas as pd\npd.read_csv('x.csv')", True),
        ("import tempfile", True),
        ("Path('x')", True),
        ("np.load('x.npy')", True),
        ("import a_module_of_nobody", True),
        ("import marking", False),
        ("%%bash\nls\nsystem", True),
    ],
)
def test_whether_a_check_can_touch_files_is_read_from_its_names(source: str, expected: bool) -> None:
    """Comments and texts do not count, nor modules beside the notebook."""
    assert touch_files([source], ["marking.py"]) is expected


def test_the_current_folder_is_what_it_was_afterwards() -> None:
    """And no file is left."""
    before = Path.cwd()
    with shared_files({"data/x.txt": b"x"}, {"own.txt": b"own"}):
        assert Path("data/x.txt").read_text() + Path("own.txt").read_text() == "xown"
        folder = Path.cwd()
    assert Path.cwd() == before and not folder.exists()
