"""nbgrader comes without its web pages, which are not lost by that."""

from __future__ import annotations

import subprocess
import sys

PROGRAM = """
from autograder.lean import import_nbgrader
import_nbgrader()
import sys
import nbgrader.api
assert "tornado.web" not in sys.modules
from nbgrader.server_extensions.formgrader import load_jupyter_server_extension
assert callable(load_jupyter_server_extension)
"""


def test_web_pages_are_loaded_only_by_who_needs_them() -> None:
    """In a fresh interpreter, as for a command."""
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
