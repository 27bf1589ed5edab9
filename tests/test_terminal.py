"""What the grading of a class prints: in any encoding, short for a large class, with all that needs a person in it."""

from __future__ import annotations

import io
import sys

import pytest

from autograder.models import Result, Score
from autograder.terminal import print_lines, print_scores, print_summary, replace_what_cannot_be_shown
from autograder.text import encodable


def scored(student: str, points: float = 1.0, to_read: int = 0, *notes: str, is_new: bool = True) -> Result:
    """A graded submission of lstm."""
    return Result(student, "lstm", Score(points, 5.0, 0.0, to_read), notes=notes, is_new=is_new)


def refused(student: str) -> Result:
    """A submission of lstm that could not be graded."""
    return Result(student, "lstm", None, "missing.")


def summary(capsys: pytest.CaptureFixture[str], *results: Result, broken: tuple[str, ...] = ()) -> str:
    """The last line."""
    print_summary(results, broken, 8.8)
    return capsys.readouterr().out


def test_the_last_line_counts_names_and_asks(capsys: pytest.CaptureFixture[str]) -> None:
    """What was done, who needs the instructor, what is left to do."""
    results = [*(scored(f"s{number}", to_read=8) for number in range(3)), refused("dan"), refused("cyd")]
    assert (
        summary(capsys, *results)
        == "3 of 5 graded in 9 s; 2 need attention: cyd (lstm), dan (lstm); 24 answers to mark.\n"
    )
    assert summary(capsys, scored("a"), scored("b", is_new=False)) == "2 of 2 graded in 9 s (1 had not changed).\n"
    line = summary(capsys, *(refused(f"s{number}") for number in range(9)), broken=("relu-shown",))
    assert line == (
        "0 of 9 graded in 9 s; 9 need attention: s0 (lstm), s1 (lstm), s2 (lstm), s3 (lstm), s4 (lstm) and 4 more; "
        "1 broken check: relu-shown.\n"
    )


def test_the_table_of_a_large_class_is_short_unless_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    """Lowest, median and highest score instead of 300 rows."""
    results = [scored(f"s{number:03}", points=number % 5) for number in range(299)] + [refused("zoe")]
    print_scores(results, full=False)
    short = capsys.readouterr().out
    assert short.count("\n") < 10 and "s000" not in short
    assert [each.strip() for each in short.splitlines()[4].split("│")[1:-1]] == (
        ["lstm", "299 of 300", "0", "2", "4", "5", "0"]
    )
    print_scores(results, full=True)
    assert capsys.readouterr().out.count("\n") > 300


def test_notes_stand_together_by_student_and_after_what_was_not_graded(capsys: pytest.CaptureFixture[str]) -> None:
    """A class with many notes gets those of some students, and says how to see all."""
    print_lines([scored("bob", 1, 0, "one", "two"), scored("ada", 1, 0, "three"), refused("cyd")], full=False)
    assert capsys.readouterr().out == "cyd, lstm: missing.\nada, lstm: three\nbob, lstm:\n  one\n  two\n"
    many = [scored(f"s{number:02}", 1, 0, "note") for number in range(25)]
    print_lines(many, full=False)
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 21 and lines[-1] == "There are notes on 5 more students: use --full to see them."
    print_lines(many, full=True)
    assert len(capsys.readouterr().out.splitlines()) == 25


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp1252", "cp437", "koi8-r", "utf-8"])
def test_every_line_reaches_a_terminal_of_any_encoding(monkeypatch: pytest.MonkeyPatch, encoding: str) -> None:
    """Signs are replaced by plainer ones, letters by their numbers: two students never look the same."""
    file = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(file, encoding=encoding, write_through=True))
    replace_what_cannot_be_shown()
    students = ["Müller", "Mu\u0308ller", "王", "李", "🙂", "[bold]", "\\", "\udcfc"]
    results = [scored(student, 1, 2, f"cell '{student}' − ✎ …") for student in students]
    print_scores(results, full=False)
    print_lines(results, full=False)
    print_summary(results, (), 1)
    print("✎ printed by a library")
    text = file.getvalue().decode(encoding)
    assert text.count("\n") >= len(students) * 2 + 4
    assert "8 of 8 graded in 1 s; 16 answers to mark." in text
    assert ("✎ 2" in text) == (encoding == "utf-8") and ("* 2" in text) == (encoding != "utf-8")
    shown = {line for line in text.splitlines() if ", lstm: cell" in line}
    assert len(shown) == len(students)


def test_what_an_encoding_has_stays() -> None:
    """Only the rest is replaced."""
    assert encodable("Müller ✎ 王", "latin-1") == "Müller * \\u738b"
    assert encodable("Müller ✎ 王", "utf-8") == "Müller ✎ 王"
