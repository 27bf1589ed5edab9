"""The command `nbgrader`, run whole, in a process of its own that need not import nbgrader first.

The imports take four seconds. `tests/test_nbgrader_plugins.py` runs the installed program, imports included.
"""

from __future__ import annotations

import atexit
import multiprocessing
import os
import subprocess
import sys
import tempfile
from pathlib import Path

_FORKS = multiprocessing.get_context("forkserver")
_FORKS.set_forkserver_preload(["nbgrader.apps.nbgraderapp", "autograder.nbgrader_plugins"])


def nbgrader(course: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """What `nbgrader` with these words says in `course`, in an environment that is not activated."""
    command = [str(Path(sys.executable).with_name("nbgrader")), *words]
    with tempfile.TemporaryDirectory() as scratch:
        said = [Path(scratch, name) for name in ("stdout", "stderr")]
        process = _FORKS.Process(target=_run, args=(course, command, said, dict(os.environ, PATH="/usr/bin:/bin")))
        process.start()
        process.join()
        status = process.exitcode
        assert status is not None
        return subprocess.CompletedProcess(command, status, *(path.read_text(errors="replace") for path in said))


def _run(course: Path, command: list[str], said: list[Path], environment: dict[str, str]) -> None:
    from nbgrader.apps.nbgraderapp import main  # the fork server has it already

    for number, path in enumerate(said, start=1):
        os.dup2(os.open(path, os.O_WRONLY | os.O_CREAT), number)
    os.chdir(course)
    os.environ.clear()
    os.environ.update(environment)
    sys.argv = command
    try:
        main()
    finally:
        atexit._run_exitfuncs()  # a forked process leaves them out
