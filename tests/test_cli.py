"""The commands as people run them: what they print, and the exit status."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from autograder.cli import main
from autograder.commands.grading import kept_interrupts
from tests.conftest import REPOSITORY, copy_course, hand_in

RELEASE = REPOSITORY / "release" / "backprop" / "backprop.ipynb"


def run(course: Path, *words: str) -> Result:
    """Run `autograder --root course ...`."""
    return CliRunner().invoke(main, ["--root", str(course), *words])


def test_grade_prints_scores_and_exits_0_when_all_could_be_graded(course: Path) -> None:
    """One student, one row, and where to look next."""
    hand_in(course, "ada", RELEASE, "backprop")
    done = run(course, "grade", "backprop")
    assert done.exit_code == 0, done.output
    assert "ada" in done.stdout and "0 / 20" in done.stdout
    assert "autograder feedback backprop" in done.stdout
    assert re.fullmatch(r"1 of 1 graded in \d+ s\.", done.stdout.splitlines()[-1])


def test_grade_exits_1_when_one_could_not_be_graded_and_still_grades_the_others(course: Path) -> None:
    """A broken submission never stops the class, and never goes unnoticed."""
    hand_in(course, "ada", RELEASE, "backprop")
    hand_in(course, "bob", RELEASE, "backprop").write_text("{")
    done = run(course, "grade", "backprop")
    assert done.exit_code == 1
    assert "0 / 20" in done.stdout and "not graded" in done.stdout
    assert "bob, backprop: " in done.stdout and "not valid JSON" in done.stdout


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("grade", "unknown"), "there is no such assignment. The course has: backprop."),
        (("grade", "backprop"), "grading/submitted: missing. Put submissions into"),
        (("feedback", "backprop"), "grading/submitted: no submission of backprop. Put them into"),
        (("feedback", "unknown"), "there is no such assignment. The course has: backprop."),
        (("report", "backprop"), "grading/submitted: no submission of backprop. Put them into"),
        (("demo",), "examples/submissions: missing"),
    ],
)
def test_bad_input_gets_one_line_and_exit_1(course: Path, words: tuple[str, ...], message: str) -> None:
    """No traceback, no partial work."""
    done = run(course, *words)
    assert done.exit_code == 1
    assert message in done.stderr
    assert done.stderr.strip().count("\n") == 0
    assert "Traceback" not in done.output


@pytest.mark.parametrize("words", [("grade", "unknown"), ("grade", "backprop"), ("demo",)])
def test_a_command_that_refuses_early_prints_one_line_and_nothing_of_another_process(
    course: Path, words: tuple[str, ...]
) -> None:
    """The fork server that was being started ends without a word."""
    command = [sys.executable, "-m", "autograder", "--root", str(course), *words]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 1 and done.stdout == ""
    assert done.stderr.count("\n") == 1, done.stderr


def test_broken_settings_stop_every_command(course: Path) -> None:
    """Never fall back to nbgrader's defaults."""
    hand_in(course, "ada", RELEASE, "backprop")
    (course / "nbgrader_config.py").write_text("import no_such_module")
    done = run(course, "grade", "backprop")
    assert done.exit_code == 1
    assert (
        "nbgrader_config.py: cannot be imported (ModuleNotFoundError: No module named 'no_such_module')" in done.stderr
    )
    assert not (course / "grading" / "gradebook.db").exists()


def test_build_check_names_what_is_stale_and_exits_1(tmp_path: Path) -> None:
    """The line CI shows."""
    course = copy_course(tmp_path / "course", "backprop")
    shutil.rmtree(course / "release")
    done = run(course, "build", "--check")
    assert done.exit_code == 1
    assert "release/backprop/backprop.ipynb: out of date. Run `autograder build`" in done.stderr
    assert run(course, "build").exit_code == 0
    assert run(course, "build", "--check").exit_code == 0


def test_feedback_and_report_say_what_was_written_and_whom_it_could_not_be_written_for(course: Path) -> None:
    """Exit status 1 only when somebody has to be graded again."""
    for student in ("ada", "bob"):
        hand_in(course, student, RELEASE, "backprop")
    refused = run(course, "feedback", "backprop")
    assert refused.exit_code == 1 and "not graded yet. Run `autograder grade backprop` first." in refused.stderr
    assert run(course, "grade", "backprop").exit_code == 0
    done = run(course, "feedback", "backprop")
    assert done.exit_code == 0 and "backprop: 2 pages written" in done.stdout and "Next: " in done.stdout
    assert run(course, "report", "backprop").exit_code == 0
    (course / "grading" / "autograded" / "bob" / "backprop" / "backprop.ipynb").unlink()
    for words in (("feedback", "backprop"), ("report", "backprop")):
        done = run(course, *words)
        assert done.exit_code == 1
        assert "bob, backprop: " in done.stdout and "missing. Grade again" in done.stdout
    (course / "grading" / "autograded" / "ada" / "backprop" / "backprop.ipynb").unlink()
    done = run(course, "feedback", "backprop")
    assert "backprop: 0 pages written" in done.stdout and "Next: " not in done.stdout


class Finalised:
    """Something whose end is interrupted."""

    def __del__(self) -> None:
        os.kill(os.getpid(), signal.SIGINT)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_an_interrupt_while_something_is_finalised_is_not_lost() -> None:
    """Python prints it and goes on; the next look finds it."""
    before = signal.getsignal(signal.SIGINT)
    with kept_interrupts() as raise_again:
        raise_again()
        Finalised()
        with pytest.raises(KeyboardInterrupt):
            raise_again()
    assert signal.getsignal(signal.SIGINT) == before


def test_an_interrupt_is_raised_at_once_where_it_can_be() -> None:
    """As without us."""
    with pytest.raises(KeyboardInterrupt), kept_interrupts():
        os.kill(os.getpid(), signal.SIGINT)


def test_doctor_names_the_level_that_grade_uses_and_how_to_require_it() -> None:
    """One sentence for each, with the option as it is typed."""
    done = CliRunner().invoke(main, ["doctor"])
    assert done.exit_code == 0, done.output
    said = " ".join(done.stdout.split())
    level = re.match(r"Student code is confined at level '(\w+)'", said)
    assert level and f"--require-sandbox {level[1]} " in said
    assert ("To confine it more" in said) is (level[1] != "namespaces")
