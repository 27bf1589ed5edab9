"""What the worst submissions cost within the usual limits, as a table: `python -m tests.hostile.measure`."""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

from tests.hostile.classroom import ASSIGNMENT, CULPRIT, Classroom, Spoil
from tests.hostile.costly import COSTLY, PAGES, Watched
from tests.isolation.classroom import course_of, notebook

_STUDENTS, _HOSTILE = 200, 10


def alone(folder: Path, spoil: Spoil) -> str:
    """One submission in a class of its own: seconds to grade it and to write its page, and the most memory."""
    room = Classroom(course_of(folder, {CULPRIT: notebook(ASSIGNMENT)}, ASSIGNMENT))
    spoil(room.folder())
    with Watched() as watched:
        graded, page = room.grade(), room.run("feedback", ASSIGNMENT)
    return f"{graded.seconds:.1f} | {page.seconds:.1f} | {watched.megabytes:.0f}"


def together(folder: Path, spoil: Spoil, hostile: int) -> float:
    """The seconds that a class takes in which so many hand in the same, spread over the alphabet."""
    step = _STUDENTS // hostile if hostile else 0
    names = [f"{'mallory' if step and number % step == 0 else 'honest'}-{number}" for number in range(_STUDENTS)]
    room = Classroom(course_of(folder, dict.fromkeys(names, notebook(ASSIGNMENT)), ASSIGNMENT))
    for name in names:
        if name.startswith("mallory"):
            spoil(room.folder(name))
    return room.run("grade", ASSIGNMENT, limit=3600).seconds


def main() -> None:
    """Print the rows, the worst ones for a class."""
    print("| submission | graded in s | page in s | trusted processes, MB |\n|---|---|---|---|")
    with tempfile.TemporaryDirectory() as scratch:
        for number, (name, spoil) in enumerate((COSTLY | PAGES).items()):
            print(f"| {name} | {alone(Path(scratch, str(number)), spoil)} |", flush=True)
            shutil.rmtree(Path(scratch, str(number)))
        if "--class" in sys.argv:
            worst = COSTLY["an answer that cannot be interrupted"]
            without, with_them = together(Path(scratch, "a"), worst, 0), together(Path(scratch, "b"), worst, _HOSTILE)
            print(f"\nA class of {_STUDENTS}: {without:.1f} s; with {_HOSTILE} of the worst: {with_them:.1f} s.")


if __name__ == "__main__":
    main()
