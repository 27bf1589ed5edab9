"""A class of 60 that has answered one question in words, graded once, and the command that marks it, as a process."""

from __future__ import annotations

import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import nbformat
import pytest
from nbformat import NotebookNode

from tests.conftest import REPOSITORY, cell, grade_class
from tests.report.tricks import ATTACHMENTS, HALF_OPEN, HTML, MARKDOWN, live

ESSAY, QUESTION, CODE, TASK = "essay", "question-why", "draw", "task-map"
STUDENTS = [f"student{number:02}" for number in range(60)]
BLANK, EMPTIED, BESIDE, HOSTILE = STUDENTS[3], STUDENTS[7], STUDENTS[11], STUDENTS[13]
SAME = STUDENTS[20:24]
SECRET, MODEL = "one point for the lines", "Because a unit switches there."
BIDI = "\u202egnorw\u202c"
_SECONDS = 60.0


def _cell(kind: str, name: str, source: str, **flags: bool) -> NotebookNode:
    made = nbformat.v4.new_code_cell(source) if kind == "code" else nbformat.v4.new_markdown_cell(source)
    known = {"grade": False, "solution": False, "locked": False, "task": False, **flags}
    made.metadata["nbgrader"] = {"grade_id": name, "schema_version": 3, "points": 4, **known}
    return made


def _essay() -> NotebookNode:
    words = f"### BEGIN SOLUTION\n{MODEL}\n\n### BEGIN MARK SCHEME\n- {SECRET}\n### END MARK SCHEME\n### END SOLUTION"
    task = "Draw a map in a cell below.\n### BEGIN MARK SCHEME\n- two streets\n### END MARK SCHEME"
    made = nbformat.v4.new_notebook()
    made.cells = [
        nbformat.v4.new_markdown_cell("# An essay"),
        nbformat.v4.new_markdown_cell("## Why? (4 points)\n\nWhy has it a corner at $x_1 = 1$?"),
        _cell("markdown", QUESTION, words, grade=True, solution=True),
        nbformat.v4.new_markdown_cell("## Draw it (4 points)"),
        _cell("code", CODE, "### BEGIN SOLUTION\nprint('a line')\n### END SOLUTION", grade=True, solution=True),
        nbformat.v4.new_markdown_cell("## A map (4 points)"),
        _cell("markdown", TASK, task, task=True, locked=True),
    ]
    return made


def _handed_in(student: str) -> NotebookNode:
    made = _essay()
    answer = cell(made, QUESTION)
    answer.source = f"Because unit **{STUDENTS.index(student)}** switches at $x_1 = 1$."
    cell(made, CODE).source = f"print('line {student}')"
    cell(made, TASK).source = "Draw a map in a cell below.\n"
    if student in SAME:
        answer.source = f"I do not know.{' ' * STUDENTS.index(student)}"
    elif student == BLANK:
        answer.source = "YOUR ANSWER HERE"
    elif student == EMPTIED:
        answer.source = " \n"
    elif student == BESIDE:
        answer.source = "YOUR ANSWER HERE"
        made.cells.insert(3, nbformat.v4.new_markdown_cell("My answer stands beside it."))
    elif student == HOSTILE:
        answer.source = f"An honest sentence {BIDI}.\n\n" + "\n\n".join(live([*MARKDOWN, *HTML, *HALF_OPEN]))
        answer.attachments = live(ATTACHMENTS)
        made.cells.insert(3, nbformat.v4.new_markdown_cell(live("<img src=x onerror=alert(1)>") + "huge " * 100_000))
    return made


@pytest.fixture(scope="session")
def essay_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The class, graded by `autograder grade`'s own parts."""
    course = tmp_path_factory.mktemp("essay") / "course"
    source = course / "source" / ESSAY / f"{ESSAY}.ipynb"
    source.parent.mkdir(parents=True)
    nbformat.write(_essay(), source)
    shutil.copy(REPOSITORY / "nbgrader_config.py", course)
    for student in STUDENTS:
        path = course / "grading" / "submitted" / student / ESSAY / f"{ESSAY}.ipynb"
        path.parent.mkdir(parents=True)
        nbformat.write(_handed_in(student), path)
    results = grade_class(course, ESSAY)
    assert all(result.score for result in results.values())
    return course


@pytest.fixture
def essay(essay_once: Path, tmp_path: Path) -> Path:
    """A copy of that class, to mark."""
    return Path(shutil.copytree(essay_once, tmp_path / "course"))


@dataclass
class Server:
    """A running `autograder read`."""

    process: subprocess.Popen[str]
    address: str
    port: int
    said: Path

    def stop(self) -> str:
        """Press Ctrl-C; returns all that it printed."""
        self.process.send_signal(signal.SIGINT)
        assert self.process.wait(_SECONDS) == 0
        return self.said.read_text()


def free_port() -> int:
    """A port that nobody uses."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@contextmanager
def serving(course: Path, port: int) -> Iterator[Server]:
    """`autograder read` of the class, until the end of the body."""
    command = ["-m", "autograder", "--root", str(course), "read", ESSAY, "--port", str(port), "--no-browser"]
    said = course / "said.txt"
    with said.open("w") as out:
        process = subprocess.Popen([sys.executable, *command], stdout=out, stderr=out, text=True)
    try:
        until = time.monotonic() + _SECONDS
        while (found := re.search(r"http://\S+", said.read_text())) is None:
            assert process.poll() is None and time.monotonic() < until, said.read_text()
            time.sleep(0.05)
        yield Server(process, found[0], port, said)
    finally:
        process.kill()
        process.wait()
