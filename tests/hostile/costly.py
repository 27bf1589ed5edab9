"""Submissions that cost as much as they can, and what watches the memory that this takes."""

from __future__ import annotations

import threading
from pathlib import Path

import nbformat
import psutil

from tests.hostile.classroom import ASSIGNMENT, Spoil, cells

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
