"""Whatever one student's code does, it costs at most its limits, and everybody else is entered."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import nbformat
import psutil
import pytest

from tests.hostile.classroom import ASSIGNMENT, FULL_MARKS, Classroom, Spoil, cells, classroom

_SECONDS, _SPARE = 6, 15
"""The notebook's time in these tests, and what may be added to it: for beginning, ending, reading and writing."""

_HANGS = "import signal, time\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\nwhile True: pass"
_HANGS_LATER = """\
def forward(x, y, w_1, w_2, b):
    import signal
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    while True: pass
"""
_SPARSE = """\
import scipy.sparse
def forward(x, y, w_1, w_2, b):
    return [scipy.sparse.{kind}({shape}) for _ in range(30)]
"""
_LARGE = "def forward(x, y, w_1, w_2, b):\n    return [{value}] * 5"
_FORGED = """\
import gc, time
def forward(x, y, w_1, w_2, b):
    for thing in gc.get_objects():
        if type(thing).__name__ == "Channel":
            end = time.monotonic() + 60
            while time.monotonic() < end:
                thing._socket.sendall(({count}).to_bytes(4, "little") + {body} * {count})
"""
_THREADS = """\
import threading, time
started = 0
try:
    while True:
        threading.Thread(target=time.sleep, args=(5,), daemon=True).start()
        started += 1
except RuntimeError:
    print(started)
"""
_DISPLAYS = """\
from IPython.display import display
for number in range(9000):
    display({"application/json": {"a": [1]}, "x/y": number}, raw=True)
"""


def answer(source: str) -> Spoil:
    """The culprit's `forward` is this; what builds on it is judged with the reference in its place."""

    def spoil(folder: Path) -> None:
        path = folder / f"{ASSIGNMENT}.ipynb"
        made = nbformat.read(path, as_version=4)
        (found,) = [cell for cell in made.cells if cell.metadata.get("nbgrader", {}).get("grade_id") == "forward"]
        found.source = source
        nbformat.write(made, path)

    return spoil


COSTLY: dict[str, Spoil] = {
    "twenty cells that cannot be interrupted": cells(*[_HANGS] * 20),
    "an answer that cannot be interrupted": answer(_HANGS_LATER),
    "30 sparse arrays of ten million rows": answer(_SPARSE.format(kind="csr_array", shape="(9_900_000, 1)")),
    "30 sparse arrays in diagonals": answer(_SPARSE.format(kind="dia_array", shape="(3_000, 3_000)")),
    "nested lists": answer(_LARGE.format(value="[[[0]] * 100_000]")),
    "long texts": answer(_LARGE.format(value="'x' * 3_000_000")),
    "frames of empty structs": answer(_FORGED.format(count=4_000_000, body=repr(b"\xc0"))),
    "150 cells that print 1 MB each": cells(*["print('x' * 990_000)"] * 150),
    "9,000 odd outputs in each of ten cells": cells(*[_DISPLAYS] * 10),
    "threads without end": cells(_THREADS),
    "100 errors of 400 kB each": cells(*["raise ValueError('x' * 400_000)"] * 100),
}


class Watched:
    """The most memory that the trusted processes of a command took together, as long as it runs."""

    def __init__(self) -> None:
        self.megabytes = 0.0
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch)

    def __enter__(self) -> Watched:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def _watch(self) -> None:
        own = psutil.Process()
        while not self._stop.wait(0.05):
            self.megabytes = max(self.megabytes, sum(map(_share, own.children(recursive=True))) / 1e6)


def _share(process: psutil.Process) -> float:
    """What a process takes, what is shared counted in part; nothing for student processes and their interpreters."""
    try:
        if "autograder.student" in process.cmdline():
            return 0
        return float(process.memory_full_info().pss)
    except psutil.Error:
        return 0


def graded(tmp_path: Path, spoil: Spoil) -> tuple[Classroom, float]:
    """The class when it is graded, and the memory that this took."""
    room = classroom(tmp_path / "course", spoil)
    room.set_limits(notebook_seconds=_SECONDS, cell_seconds=2)
    with Watched() as watched:
        done = room.grade()
    assert "Traceback" not in done.text
    assert done.seconds < _SECONDS + _SPARE
    room.require_others()
    return room, watched.megabytes


@pytest.mark.parametrize("spoil", COSTLY.values(), ids=COSTLY)
def test_it_costs_at_most_its_limits(tmp_path: Path, spoil: Spoil) -> None:
    """Time, memory, room on the disk; and its page is written."""
    room, megabytes = graded(tmp_path, spoil)
    assert megabytes < 1000
    if room.graded.exists():
        assert room.graded.stat().st_size < 15_000_000
    start = time.monotonic()
    written = room.run("feedback", ASSIGNMENT)
    assert "Traceback" not in written.text
    assert time.monotonic() - start < 12


PAGES: dict[str, Spoil] = {
    "a path of many folders on stderr": cells("import sys; sys.stderr.write('/a' * 450_000)"),
    "match and 20,000 blanks": cells("x = 1\nmatch" + " " * 19_000),
    "20,000 brackets": cells("x = '''" + "(" * 19_000 + "'''"),
    "backslashes in Markdown": cells(
        "from IPython.display import Markdown, display\n"
        "for sign in '\\\\', '&', '[', '`', '*_', '<', '![](', '> ', '$', '\\n- ': "
        "display(Markdown(sign * (19_000 // len(sign))))"
    ),
    "HTML that takes long to clean": cells(
        "from IPython.display import HTML, display\n"
        "for sign in '&', '<', '<b>', '<a><table>', '<svg><math>', '&amp', '<!--', '<p x=': "
        "display(HTML(sign * (900_000 // len(sign))))"
    ),
    "half a million lines": cells("print('\\n' * 500_000)"),
}


@pytest.mark.parametrize("spoil", PAGES.values(), ids=PAGES)
def test_its_page_is_written_in_ten_seconds(tmp_path: Path, spoil: Spoil) -> None:
    """And so are all others."""
    room, _ = graded(tmp_path, spoil)
    assert room.points() == FULL_MARKS
    written = room.run("feedback", ASSIGNMENT)
    assert "12 pages written" in written.text
    assert written.seconds < 12  # two of which are for beginning
    assert written.status == 0
