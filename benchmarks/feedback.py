"""Feedback pages, ours against nbgrader's own: `python -m benchmarks.feedback --students 200`.

Both get the same class, graded once by ours; nbgrader then has its own exporter, preprocessors and templates.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import click

from benchmarks.contenders import Contender, Ours, environment
from benchmarks.generating import Submission, generate
from benchmarks.measuring import Command
from benchmarks.rounds import Spread, alternate, ratios

OURS, STOCK = "ours", "nbgrader as shipped"
_STOCK_CONFIG = """\
c = get_config()
c.CourseDirectory.course_id = "neural-networks-by-hand"
c.CourseDirectory.autograded_directory = "grading/autograded"
c.CourseDirectory.feedback_directory = "grading/feedback"
c.CourseDirectory.db_url = "sqlite:///grading/gradebook.db"
"""


class Feedback(Contender):
    """A command that writes feedback for a class that is graded already."""

    def __init__(self, name: str, words: Sequence[str], graded: Path, settings: str | None = None) -> None:
        super().__init__(name)
        self._words, self._graded, self._settings = words, graded, settings

    def prepare(self, submissions: Sequence[Submission], folder: Path) -> list[list[Command]]:
        """The graded class, without any feedback."""
        shutil.copytree(self._graded, folder, dirs_exist_ok=True)
        if self._settings is not None:
            (folder / "nbgrader_config.py").write_text(self._settings)
        programs = Path(sys.executable).parent
        return [[Command([str(programs / self._words[0]), *self._words[1:]], folder, environment(programs))]]


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--students", default=200, show_default=True)
@click.option("--rounds", default=3, show_default=True)
@click.option("--assignment", default="feedforward", show_default=True)
def main(students: int, rounds: int, assignment: str) -> None:
    """Write feedback for the same class with both, round by round, and print the seconds and their ratio."""
    submissions = generate(students, [assignment])
    with tempfile.TemporaryDirectory() as scratch:
        graded = Path(scratch, "graded")
        _grade(submissions, graded)
        contenders = [
            Feedback(STOCK, ("nbgrader", "generate_feedback", assignment), graded, _STOCK_CONFIG),
            Feedback(OURS, ("autograder", "feedback", assignment), graded),
        ]
        tracks = alternate(contenders, submissions, rounds, Path(scratch, "class"), click.echo)
        for name, track in tracks.items():
            pages = sum(1 for _ in track.folder.glob("grading/feedback/*/*/*.html"))
            seconds = Spread.of(track.seconds)
            click.echo(f"{name}: {pages} pages, {seconds.median:.2f} s ({seconds.least:.2f}-{seconds.most:.2f})")
    times = ratios(tracks[STOCK].seconds, tracks[OURS].seconds)
    click.echo(f"ours is {times.median:.1f} times as fast ({times.least:.1f}-{times.most:.1f})")


def _grade(submissions: Sequence[Submission], folder: Path) -> None:
    folder.mkdir()
    for (command,) in Ours(OURS, "autograder grade {assignments}").prepare(submissions, folder):
        subprocess.run(command.arguments, cwd=command.folder, env=command.environment, check=True, capture_output=True)


if __name__ == "__main__":
    main()
