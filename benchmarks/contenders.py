"""Who is compared: how each lays out a course, which commands grade it, and where its scores are then."""

from __future__ import annotations

import shlex
import shutil
import subprocess
import sys
from abc import ABC, abstractmethod
from collections.abc import Sequence
from pathlib import Path

from benchmarks.generating import REPOSITORY, Submission, write
from benchmarks.measuring import Command

_BIN = Path(sys.executable).parent
_STOCK_CONFIG = """\
c = get_config()
c.CourseDirectory.course_id = "benchmark"
"""


def environment(programs: Path) -> dict[str, str]:
    """What a command needs in its environment to find the programs in this folder first, and this repository."""
    return {"PATH": f"{programs}:/usr/local/bin:/usr/bin:/bin", "PYTHONPATH": str(REPOSITORY)}


class Contender(ABC):
    """One way to grade a class."""

    def __init__(self, name: str) -> None:
        self.name = name

    @abstractmethod
    def prepare(self, submissions: Sequence[Submission], folder: Path) -> list[list[Command]]:
        """Called before each round, with a fresh folder: lay the class out there, ungraded.

        Returns lanes of commands that grade it; lanes run side by side. Only the commands are measured.
        """

    def gradebooks(self, folder: Path) -> list[Path]:
        """Called after a round: the nbgrader gradebooks that hold the scores; none where there are no scores."""
        return []

    def autograded(self, folder: Path) -> list[Path]:
        """Called after a round: the folders of graded notebooks."""
        return []


class Ours(Contender):
    """A command of this project.

    It is run once with the names of all assignments in place of `{assignments}`, or once for each with its name in
    place of `{assignment}`.
    """

    def __init__(self, name: str, command: str) -> None:
        super().__init__(name)
        self.command = command

    def prepare(self, submissions: Sequence[Submission], folder: Path) -> list[list[Command]]:
        """A course as in this repository."""
        shutil.copy(REPOSITORY / "nbgrader_config.py", folder)
        for assignment in _assignments(submissions):
            for part in ("source", "answers"):
                shutil.copytree(REPOSITORY / part / assignment, folder / part / assignment)
        write(submissions, folder / "grading" / "submitted")
        names = _assignments(submissions)
        together = "{assignments}" in self.command
        return [[self._command(each, folder) for each in ([" ".join(names)] if together else names)]]

    def gradebooks(self, folder: Path) -> list[Path]:
        """The one gradebook of the course."""
        return [folder / "grading" / "gradebook.db"]

    def autograded(self, folder: Path) -> list[Path]:
        """Where nbgrader_config.py says."""
        return [folder / "grading" / "autograded"]

    def _command(self, names: str, folder: Path) -> Command:
        program, *arguments = shlex.split(self.command.format(assignment=names, assignments=names))
        return Command([str(_BIN / program), *arguments], folder, environment(_BIN))


class Stock(Contender):
    """`nbgrader autograde` as shipped, by one process, or by several on equal parts with a gradebook each."""

    def __init__(self, name: str, processes: int = 1) -> None:
        super().__init__(name)
        self._processes = processes

    def prepare(self, submissions: Sequence[Submission], folder: Path) -> list[list[Command]]:
        """A course of the same source notebooks for each process, entered into its gradebook."""
        return [
            self._course(part, course)
            for part, course in zip(self._parts(submissions), self._courses(folder), strict=True)
        ]

    def gradebooks(self, folder: Path) -> list[Path]:
        """One for each process."""
        return [course / "gradebook.db" for course in self._courses(folder)]

    def autograded(self, folder: Path) -> list[Path]:
        """One for each process."""
        return [course / "autograded" for course in self._courses(folder)]

    def _courses(self, folder: Path) -> list[Path]:
        return [folder / f"part-{number}" for number in range(self._processes)]

    def _parts(self, submissions: Sequence[Submission]) -> list[list[Submission]]:
        students = list(dict.fromkeys(submission.student for submission in submissions))
        shares = [set(students[number :: self._processes]) for number in range(self._processes)]
        return [[submission for submission in submissions if submission.student in share] for share in shares]

    def _course(self, submissions: Sequence[Submission], course: Path) -> list[Command]:
        course.mkdir()
        (course / "nbgrader_config.py").write_text(_STOCK_CONFIG)
        write(submissions, course / "submitted")
        for assignment in _assignments(submissions):
            shutil.copytree(REPOSITORY / "source" / assignment, course / "source" / assignment)
            enter = Command([str(_BIN / "nbgrader"), "generate_assignment", assignment], course, environment(_BIN))
            subprocess.run(enter.arguments, cwd=course, env=enter.environment, check=True, capture_output=True)
        return [
            Command([str(_BIN / "nbgrader"), "autograde", assignment], course, environment(_BIN))
            for assignment in _assignments(submissions)
        ]


class Floor(Contender):
    """A fork of a process with all libraries imported for each notebook, and nothing else."""

    def prepare(self, submissions: Sequence[Submission], folder: Path) -> list[list[Command]]:
        """The notebooks with their hidden tests, so that the same cells run as with ours."""
        write(submissions, folder / "notebooks", Submission.restored)
        single = {f"{library}_NUM_THREADS": "1" for library in ("OPENBLAS", "OMP", "MKL")}
        command = [sys.executable, "-m", "benchmarks.floor", str(folder / "notebooks")]
        return [[Command(command, folder, environment(_BIN) | single)]]


def _assignments(submissions: Sequence[Submission]) -> list[str]:
    return list(dict.fromkeys(submission.assignment for submission in submissions))
