"""Gradings in processes of their own, to be disturbed."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path


def start(course: Path, db_url: str, *options: str) -> subprocess.Popen[bytes]:
    """`autograder grade` in a process group of its own, writing to the database at `db_url`."""
    settings = course / "nbgrader_config.py"
    kept = [line for line in settings.read_text().splitlines() if "db_url" not in line]
    settings.write_text("\n".join([*kept, f"c.CourseDirectory.db_url = {db_url!r}", ""]))
    command = [sys.executable, "-m", "autograder", "--root", str(course), "grade", "backprop", *options]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True)


def wait_for_the_first(course: Path, grading: subprocess.Popen[bytes]) -> None:
    """Until a graded notebook is there; its scores follow later, with those of others."""
    autograded = course / "grading" / "autograded"
    while not autograded.exists() or not any(autograded.iterdir()):
        assert grading.poll() is None
        time.sleep(0.005)
