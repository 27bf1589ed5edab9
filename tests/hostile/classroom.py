"""A class of eleven honest students and some culprits among them, and the commands an instructor runs on it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import nbformat

from tests.isolation.classroom import course_of, notebook, points, total

ASSIGNMENT, FULL_MARKS = "backprop", 20
CULPRIT = "mallory"
"""What a culprit is called who is alone among the others."""

OTHERS = ("ada", "bela", "chidi", "dana", "emeka", "farah", "noor", "oleg", "pia", "rené", "sam")
Spoil = Callable[[Path], object]
"""Does to the culprit's folder, in which a solved notebook lies, what the culprit did."""


@dataclass(frozen=True)
class Run:
    """One command: what it printed, its exit status and the seconds it took."""

    text: str
    status: int
    seconds: float


@dataclass(frozen=True)
class Classroom:
    """The class in its folder."""

    root: Path

    def folder(self, student: str = CULPRIT) -> Path:
        """Where the student's files lie."""
        return self.root / "grading" / "submitted" / student / ASSIGNMENT

    def graded(self, student: str = CULPRIT) -> Path:
        """The student's graded notebook."""
        return self.root / "grading" / "autograded" / student / ASSIGNMENT / f"{ASSIGNMENT}.ipynb"

    def run(self, *words: str, limit: float = 600) -> Run:
        """Run `autograder` on it; whatever a culprit did, it ends long before the limit."""
        start = time.monotonic()
        command = [str(Path(sys.executable).with_name("autograder")), "--root", str(self.root), *words]
        done = subprocess.run(command, capture_output=True, check=False, timeout=limit)
        return Run((done.stdout + done.stderr).decode(), done.returncode, time.monotonic() - start)

    def grade(self, *options: str) -> Run:
        """Grade it."""
        return self.run("grade", ASSIGNMENT, *options)

    def set_limits(self, **limits: float) -> None:
        """Change what `nbgrader_config.py` says."""
        path = self.root / "nbgrader_config.py"
        text = path.read_text()
        for name, value in limits.items():
            text, changed = re.subn(rf"(c\.Examine\.{name} =) \S+", rf"\1 {value}", text)
            assert changed == 1
        path.write_text(text)

    def require_others(self) -> None:
        """Everybody else is entered, with full marks."""
        found = points(self.root, ASSIGNMENT)
        assert {name: total(found[name]) for name in OTHERS} == dict.fromkeys(OTHERS, FULL_MARKS)

    def points(self, student: str = CULPRIT) -> float | None:
        """What the student earned; None when not entered."""
        found = points(self.root, ASSIGNMENT)
        return total(found[student]) if student in found else None


def classroom(root: Path, culprits: Mapping[str, Spoil]) -> Classroom:
    """Such a class, in a course of its own, with these culprits by name."""
    course_of(root, dict.fromkeys((*OTHERS, *culprits), notebook(ASSIGNMENT)), ASSIGNMENT)
    made = Classroom(root)
    for student, spoil in culprits.items():
        spoil(made.folder(student))
    return made


def cells(*sources: str) -> Spoil:
    """Code cells of the culprit's own, before everything else."""

    def spoil(folder: Path) -> None:
        path = folder / f"{ASSIGNMENT}.ipynb"
        made = nbformat.read(path, as_version=4)
        made.cells[0:0] = [
            nbformat.v4.new_code_cell(source, id=f"own-{number}") for number, source in enumerate(sources)
        ]
        nbformat.write(made, path)

    return spoil


def renamed(name: str | bytes) -> Spoil:
    """Another name for the culprit's folder."""

    def spoil(folder: Path) -> None:
        folder.parent.rename(folder.parent.with_name(os.fsdecode(name)))

    return spoil
