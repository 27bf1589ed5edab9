"""What harm a class of cheats did, read off the course they were graded in and the machine it ran on."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from nbgrader.api import Gradebook, MissingEntry

from tests.attacks import target
from tests.attacks.attack import Attack

LEFT = "left_behind"
"""Whatever an attack writes or starts carries this word."""

_CONFESSED = re.compile(r"harm: ([^\n\\\"]+)")
_OUTSIDE = (Path("/tmp"), Path("/var/tmp"), Path("/dev/shm"), Path("/dev/mqueue"))


def score(course: Path, student: str) -> float | None:
    """The points `student` has in the gradebook, None when there are none."""
    with Gradebook(f"sqlite:///{course}/grading/gradebook.db") as gradebook:
        try:
            submission = gradebook.find_submission(target.ASSIGNMENT, student)
        except MissingEntry:
            return None
        grades = [grade for notebook in submission.notebooks for grade in notebook.grades]
        return float(submission.score) if grades and all(grade.auto_score is not None for grade in grades) else None


def seen(course: Path, attack: Attack) -> list[str]:
    """The harm one attack did that shows in its own graded notebook and folder, in words.

    A trick that works says so by printing a line that begins with `harm: `.
    """
    folder = course / "grading" / "autograded" / attack.name / target.ASSIGNMENT
    notebook = folder / f"{target.ASSIGNMENT}.ipynb"
    shown = list(outputs(notebook)) if notebook.exists() else []
    texts = [json.dumps(output) for output in shown]
    found = [f"read {what}" for word, what in target.CANARIES.items() if any(word in text for text in texts)]
    found += [line.strip() for output in shown for line in _CONFESSED.findall(str(output.get("text", "")))]
    own = {path.name for path in (course / "grading" / "submitted" / attack.name / target.ASSIGNMENT).iterdir()}
    for path in folder.rglob("*") if folder.exists() else []:
        if LEFT in path.name and path.name not in own:
            found.append("left a file behind")
        elif path != notebook:
            found += [f"took {what}" for word, what in target.CANARIES.items() if _holds(path, word)]
    return list(dict.fromkeys(found))


def outputs(notebook: Path) -> Iterator[dict[str, Any]]:
    """What student code displayed: all outputs of cells that are not graded, and what graded ones printed.

    The error of a failed check may quote the check: that is nbgrader's doing, and not for students' eyes.
    """
    for cell in json.loads(notebook.read_text(encoding="utf-8"))["cells"]:
        metadata = cell["metadata"].get("nbgrader")
        graded = isinstance(metadata, dict) and metadata.get("grade", False)
        for output in cell.get("outputs", []):
            if not graded or output["output_type"] == "stream":
                yield output


def _holds(path: Path, word: str) -> bool:
    return path.is_file() and word.encode() in path.read_bytes()


def to_the_class(course: Path) -> list[str]:
    """Harm done to others: the bystander's score, comment and work."""
    found = []
    if score(course, target.BYSTANDER) != 6:
        found.append("changed another student's score")
    with Gradebook(f"sqlite:///{course}/grading/gradebook.db") as gradebook:
        try:
            submission = gradebook.find_submission_notebook(target.ASSIGNMENT, target.ASSIGNMENT, target.BYSTANDER)
            comments = [comment.manual_comment for comment in submission.comments]
        except MissingEntry:
            comments = []
    if target.GRADEBOOK not in comments:
        found.append("changed the gradebook")
    work = course / "grading" / "submitted" / target.BYSTANDER / target.ASSIGNMENT / f"{target.ASSIGNMENT}.ipynb"
    if not work.exists() or target.NEIGHBOUR not in work.read_text(encoding="utf-8"):
        found.append("changed another student's work")
    return found


def left_behind(course: Path) -> list[str]:
    """Everything outside the students' own folders that carries the word, the grader's home included."""
    found = [path for folder in _OUTSIDE if folder.is_dir() for path in folder.iterdir()]
    found += [path for folder in (course, course.parent / "scratch") for path in folder.rglob("*")]
    theirs = {course / "grading" / "submitted", course / "grading" / "autograded"}
    return sorted(str(path) for path in found if LEFT in path.name and not theirs & set(path.parents))


def processes(users: tuple[int, ...]) -> dict[int, str]:
    """The running processes of `users`, or descended from this one when none are named, and their command lines."""
    found: dict[int, str] = {}
    parents = _parents()
    for number in parents:
        try:
            mine = Path(f"/proc/{number}").stat().st_uid in users if users else _descends(number, parents)
            command = Path(f"/proc/{number}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            continue
        if mine:
            found[number] = command.strip()
    return found


def _parents() -> dict[int, int]:
    found = {}
    for entry in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, parent = entry.read_text(errors="replace").rsplit(")", 1)[1].split()[:2]
        except OSError:
            continue
        if state != "Z":
            found[int(entry.parent.name)] = int(parent)
    return found


def _descends(number: int, parents: dict[int, int]) -> bool:
    while number in parents:
        number = parents[number]
        if number == os.getpid():
            return True
    return False


def fingerprint(course: Path) -> dict[str, Any]:
    """What must not change while a class is graded: every file outside `grading/`, byte for byte."""
    own = (path for path in course.rglob("*") if "grading" not in path.relative_to(course).parts)
    return {str(path): path.read_bytes() for path in own if path.is_file() and "__pycache__" not in path.parts}
