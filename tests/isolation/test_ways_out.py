"""What a hidden check gave a function comes out of its process by no way that a student can read.

Each notebook is graded in two courses whose hidden checks give other numbers. Outputs, sentences and feedback pages
must be the same in both, and a sentence about a hidden check must be one of a few.
"""

from __future__ import annotations

import builtins
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import nbformat
import pytest

from tests.conftest import cell, edit
from tests.isolation.classroom import (
    EITHER,
    Change,
    answering,
    behind,
    course_of,
    grade,
    graded,
    notebook,
    readable,
    several,
)
from tests.nbgrader_command import nbgrader

ASSIGNMENT = "backprop"
_KEEP = """\
import random
random.seed(1)
np.random.seed(1)
kept = []
def forward(x, y, w_1, w_2, b):
    kept.extend((x, y, w_1, w_2, b))
    try:
        show_it()
    except Exception:
        pass
    z_1 = w_1 * x
    a_1 = np.maximum(0, z_1)
    z_2 = w_2 * a_1 + b
    a_2 = 1 / (1 + np.exp(-z_2))
    return z_1, a_1, z_2, a_2, (y - a_2) ** 2 / 2
"""
_AT_ONCE = """\
import logging, sys, warnings
from IPython.display import HTML, display
stdout, handle = sys.stdout, display("before", display_id=True)
logging.basicConfig(stream=sys.stdout, force=True)
def show_it():
    handle.update(str(kept))
    for way in (
        lambda: print(kept),
        lambda: stdout.write(str(kept)),
        lambda: sys.stderr.write(str(kept)),
        lambda: logging.warning(kept),
        lambda: warnings.warn(str(kept)),
        lambda: display(HTML(str(kept))),
        lambda: get_ipython().display_pub.publish({"text/plain": str(kept)}),
        lambda: get_ipython().run_cell("print(kept)"),
        lambda: get_ipython().set_next_input(str(kept)),
        lambda: get_ipython().showtraceback((ValueError, ValueError(kept), None)),
    ):
        way()
"""
_LATER = """\
import atexit, gc, signal, threading, weakref
class Last:
    def __del__(self): print("deleted", kept)
    def __repr__(self): return str(kept)
    def _repr_html_(self): return str(kept)
last = Last()
threads = []
get_ipython().events.register("post_run_cell", lambda *_: print("after", kept))
get_ipython().events.register("pre_run_cell", lambda *_: print("before", kept))
get_ipython().input_transformers_cleanup.append(lambda lines: [*lines, f"\\nprint({kept})"])
signal.signal(signal.SIGALRM, lambda *_: print("alarm", kept))
def show_it():
    Last()
    atexit.register(print, kept)
    weakref.finalize(last, print, kept)
    signal.setitimer(signal.ITIMER_REAL, 0.05)
    if len(threads) < 5:
        threads.append(threading.Timer(0.02, print, (kept,)))
        threads[-1].start()
"""
_ELSEWHERE = """\
import os, random, sys
def show_it():
    number = int(abs(kept[0]) * 1e6)
    np.random.seed(number % 2**32)
    random.seed(number)
    np.set_printoptions(precision=number % 16)
    sys.setrecursionlimit(1000 + number % 1000)
    np.pi = number
    os.environ["KEPT"] = sys.ps1 = str(number)
    os.makedirs(f"kept{number}", exist_ok=True)
    forward.__doc__, forward.__defaults__, type(forward) and forward.__dict__.update(kept=number)
    globals()[f"name_{number}"] = number
    get_ipython().execution_count += number % 7
    sys.modules["kept"] = np
    Kept.number = number
class Kept:
    pass
"""
_RAISES = """\
class Odd(Exception):
    def __str__(self): return str(kept)
    def _render_traceback_(self): return [str(kept)]
def forward(x, y, w_1, w_2, b):
    kept.append(x)
    error = type(f"E{len(kept)}", (Odd, ValueError), {"__doc__": str(kept)})(str(kept), *kept)
    error.add_note(str(kept))
    error.name, error.lineno, error.text, error.filename = str(kept), len(kept), str(kept), str(kept)
    if x in (2, 1):  # which the shown check asks
        return 0, 0, 0, 0, 0
    source = "\\n" * int(abs(x) * 100) + "def step(error): raise error from ValueError(str(kept))"
    exec(compile(source, str(kept), "exec"), globals())
    step(error)
"""
_RETURNS = """\
class Told(float):
    def __repr__(self): return str(kept)
    __str__ = __format__ = __repr__
def backward(x, y, w_1, w_2, b):
    try:
        forward(x, y, w_1, w_2, b)
    except Exception:
        pass
    return Told(sum(kept)), kept[:50], {"kept": kept}
"""
_SHOW = (
    "kept",
    "print(kept, len(kept), sorted(globals()))",
    "import os, random, sys\nprint(np.random.random(), random.random(), np.pi, sys.getrecursionlimit(), os.listdir())",
    "print(os.environ.get('KEPT'), getattr(sys, 'ps1', 0), 'kept' in sys.modules, np.get_printoptions()['precision'])",
    "print(forward.__doc__, vars(forward), np.ones(1) / 3)",
    "print(getattr(globals().get('Kept'), 'number', 0), globals().get('last'))",
    "import time; time.sleep(0.1)",
    "raise ValueError(kept)",
)


def _showing(keep: str) -> Change:
    """Keep what comes, and bring it out in the cells behind each hidden check."""
    return several(answering(forward=_KEEP + keep), *(behind(check, *_SHOW) for check in _HIDDEN))


_HIDDEN = ("forward-hidden", "backward-hidden", "backward-inactive-hidden")
WAYS: dict[str, Change] = {
    "at-once": _showing(_AT_ONCE),
    "later": _showing(_LATER),
    "elsewhere": _showing(_ELSEWHERE),
    "by-raising": _showing(_RAISES),
    "by-returning": several(_showing(""), answering(backward=_RETURNS)),
}
_SENTENCES = re.compile(
    r"`\w+` gives a wrong result for some other inputs\."
    r"|`\w+` did not pass this check when it was graded\."
    r"|`\w+` raised an? (?P<kind>\w+)\."
    r"|Your notebook does not define `\w+`(: its cell stopped with an? \w+)?\."
    r"|This was stopped because it took too long\. Is there a loop that never ends\?"
    r"|The process that ran your notebook ended while it was running your code\."
    r"|The grader lost contact with your notebook while running your code\."
)


@dataclass(frozen=True)
class Read:
    """What one student can read: of the notebook, and the page."""

    outputs: list[object]
    page: str


@pytest.fixture(scope="module", params=EITHER)
def both(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """The two courses, graded, with pages for everybody."""
    courses = []
    for name in ("one", "other"):
        made = {student: notebook(ASSIGNMENT, change) for student, change in WAYS.items()}
        course = course_of(tmp_path_factory.mktemp(name) / "course", made, ASSIGNMENT)
        if name == "other":
            edit(course / "source" / ASSIGNMENT / f"{ASSIGNMENT}.ipynb", _ask_other_things)
        grade(course, request.param, [ASSIGNMENT])
        _make_pages(course, request.param)
        courses.append(course)
    return courses


def _ask_other_things(made: nbformat.NotebookNode) -> None:
    for check in _HIDDEN:
        source = cell(made, check).source
        changed = re.sub(r"default_rng\((\d)\)", r"default_rng(10\1)", source).replace(
            "[1, 0, 0, 2, 0]", "[1, 0, 0, 3, 0]"
        )
        assert changed != source
        cell(made, check).source = changed


def _make_pages(course: Path, command: str) -> None:
    """By the command that belongs to the one which graded."""
    if command == "nbgrader autograde":
        assert nbgrader(course, "generate_feedback", ASSIGNMENT).returncode == 0
    else:
        words = [str(Path(sys.executable).with_name("autograder")), "feedback", ASSIGNMENT]
        subprocess.run(words, cwd=course, check=True, capture_output=True)


def _read(course: Path, student: str) -> Read:
    page = course / "grading" / "feedback" / student / ASSIGNMENT / f"{ASSIGNMENT}.html"
    return Read(readable(graded(course, student, ASSIGNMENT)), page.read_text())


@pytest.mark.xdist_group("ways out")
@pytest.mark.parametrize("student", WAYS)
def test_what_a_student_reads_is_the_same_whatever_hidden_checks_gave_the_function(
    both: list[Path], student: str
) -> None:
    """Outputs of all cells, sentences, and the feedback page."""
    one, other = (_read(course, student) for course in both)
    if student == "later":  # when it prints is chance, what it can print is not
        one, other = (Read(_numbers(each.outputs), str(_numbers(each.page))) for each in (one, other))
    assert one.outputs == other.outputs
    assert one.page == other.page


def _numbers(shown: object) -> list[object]:
    return sorted(set(re.findall(r"-?\d+(?:\.\d+)?", str(shown))))


@pytest.mark.xdist_group("ways out")
@pytest.mark.parametrize("student", WAYS)
def test_a_sentence_about_a_hidden_check_is_one_of_a_few(both: list[Path], student: str) -> None:
    """The only name in it that is not of the assignment is that of one of Python's own exceptions."""
    for course in both:
        made = graded(course, student, ASSIGNMENT)
        for sentence in (cell(made, check).metadata["autograder"]["student_message"] for check in _HIDDEN):
            match = _SENTENCES.fullmatch(sentence)
            assert match or not sentence
            assert not match or not match["kind"] or hasattr(builtins, match["kind"])
