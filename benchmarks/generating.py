"""A class made from the corpora: the same students with the same answers every time, none of which runs for ever."""

from __future__ import annotations

import random
import re
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import nbformat

from autograder.cells import is_run, role
from autograder.notebook import fill_in, read

REPOSITORY = Path(__file__).resolve().parent.parent
ASSIGNMENTS = ("feedforward", "lstm", "backprop")
_PART = re.compile(r"^# %% (\S+)\n(.*?)(?=^# %% |\Z)", re.MULTILINE | re.DOTALL)
_SHARE_FAIR, _SHARE_WRONG = 0.3, 0.15


@dataclass(frozen=True)
class Submission:
    """What one student answered in one assignment; notebooks are made when asked for, as ten thousand fill a memory."""

    student: str
    assignment: str
    answers: str

    def handed_in(self) -> nbformat.NotebookNode:
        """The notebook as the student hands it in."""
        return self._poured("release")

    def restored(self) -> nbformat.NotebookNode:
        """The notebook as it stands when it is graded: hidden tests included, and no cell that only draws."""
        notebook = self._poured("source")
        notebook.cells = [cell for cell in notebook.cells if is_run(cell)]
        return notebook

    def _poured(self, kind: str) -> nbformat.NotebookNode:
        with tempfile.NamedTemporaryFile("w", suffix=".py", encoding="utf-8") as file:
            file.write(self.answers)
            file.flush()
            return fill_in(REPOSITORY / kind / self.assignment / f"{self.assignment}.ipynb", Path(file.name))


def students(count: int) -> list[str]:
    """The names of `count` students, in the order in which graders find them."""
    return [f"student-{number:05d}" for number in range(count)]


def generate(count: int, assignments: Sequence[str] = ASSIGNMENTS, seed: int = 1) -> list[Submission]:
    """The submissions of `count` students.

    Each answers every function: most as the document does, some in another right way, some wrong.
    """
    found = []
    for assignment in assignments:
        answers, choices = _answers(assignment), random.Random(f"{seed} {assignment}")
        found += [Submission(student, assignment, _choose(answers, choices)) for student in students(count)]
    return found


def write(
    submissions: Sequence[Submission],
    folder: Path,
    form: Callable[[Submission], nbformat.NotebookNode] = Submission.handed_in,
) -> None:
    """Write every notebook, in this form: `folder/<student>/<assignment>/<assignment>.ipynb`."""
    for submission in submissions:
        target = folder / submission.student / submission.assignment
        target.mkdir(parents=True)
        nbformat.write(form(submission), target / f"{submission.assignment}.ipynb")


@dataclass(frozen=True)
class _Answers:
    """The ways to answer one function."""

    document: str
    fair: list[str]
    wrong: list[str]


def _answers(assignment: str) -> dict[str, _Answers]:
    document = (REPOSITORY / "examples" / "submissions" / "document" / f"{assignment}.py").read_text(encoding="utf-8")
    return {
        name: _Answers(text, _corpus("right", assignment, name), _corpus("wrong", assignment, name))
        for name, text in _PART.findall(document)
    }


def _corpus(corpus: str, assignment: str, function: str) -> list[str]:
    paths = sorted((REPOSITORY / "tests" / corpus).glob(f"{assignment}-{function}-*.py"))
    return [path.read_text(encoding="utf-8") for path in paths]


def _choose(answers: dict[str, _Answers], choices: random.Random) -> str:
    """An answers file."""
    parts = []
    for name, ways in answers.items():
        share, text = choices.random(), ways.document
        if share < _SHARE_WRONG and ways.wrong:
            text = choices.choice(ways.wrong)
        elif share < _SHARE_WRONG + _SHARE_FAIR and ways.fair:
            text = choices.choice(ways.fair)
        parts.append(f"# %% {name}\n{text.strip()}\n")
    return "".join(parts)


def check_cells(assignment: str) -> list[str]:
    """The grade ids of the cells that are judged automatically."""
    roles = map(role, read(REPOSITORY / "source" / assignment / f"{assignment}.ipynb").cells)
    return [each.grade_id for each in roles if each.is_check]
