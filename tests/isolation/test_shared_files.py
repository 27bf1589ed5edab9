"""Students who try to get at the grader through the files that checks share with their code."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path

import nbformat
import pytest

from autograder.cells import as_handed_out, role
from autograder.grading.pool import grade_here
from autograder.models import Assignment, HandedIn, Outcome, WrittenFiles
from autograder.sandbox import shared
from tests.foreign.notebooks import source
from tests.foreign.ours import assignment_at

NOTEBOOK = """\
# %% answer double
### BEGIN SOLUTION
def double(x):
    with open('out.txt', 'w') as file:
        file.write(str(2 * x))
    return 2 * x
### END SOLUTION

# %% test double-shown
with open('expected.txt') as file:
    wanted = file.read()
double(3)
with open('out.txt') as file:
    assert file.read() == wanted

# %% test double-module
from marking import check
check(double)

# %% test double-hidden 3
### BEGIN HIDDEN TESTS
import os, tempfile
with tempfile.TemporaryDirectory() as kept, tempfile.TemporaryDirectory() as lent:
    with open(os.path.join(kept, 'CANARY'), 'w') as file:
        file.write('CANARY')
    with open(os.path.join(lent, 'given'), 'w') as file:
        file.write('given')
    double(lent)
    with open('out.txt') as file:
        assert file.read() == 2 * lent
### END HIDDEN TESTS
"""
MARKING = b"""\
import os
HERE = os.path.dirname(os.path.abspath(__file__))
def check(function):
    with open(os.path.join(HERE, 'expected.txt')) as file:
        assert function(3) == int(file.read())
"""
FILES = {"expected.txt": b"6", "marking.py": MARKING, "data/table.csv": b"1"}
WRONG = "def double(x):\n    return x\n"
SERVER = """\
import gc, os
from autograder.protocol import messages
File = messages.File
server = next(thing for thing in gc.get_objects() if type(thing).__name__ == 'Server')
def send(files, current=None):
    def answer(self, request):
        self._channel.send(messages.ChangedFiles(request.token, files, current))
    type(server)._send_files = answer
"""
"""The part of its process that says which files it has, to be replaced."""

CULPRITS = {
    "overwrites what is beside the source": "open('expected.txt', 'w').write('3')\n"
    "open('marking.py', 'w').write('def check(function): pass')\n" + WRONG,
    "removes what is beside the source": "import os\nos.remove('expected.txt')\nos.remove('marking.py')\n" + WRONG,
    "moves the folder away": "import os\nos.chdir('/tmp')\nos.rename('work', 'gone')\nos.mkdir('work')\n"
    "open('work/expected.txt', 'w').write('3')\nos.chdir('work')\n" + WRONG,
    "makes links": "import os\nos.symlink('/etc/passwd', 'out.txt')\nos.symlink('/', 'data/root')\n" + WRONG,
    "makes pipes": "import os\nos.mkfifo('out.txt')\nos.mkfifo('pipe')\n" + WRONG,
    "floods": "for i in range(3000):\n    open(f'{i}.txt', 'w').close()\n" + WRONG,
    "claims ten gigabytes": "with open('out.txt', 'w') as file:\n    file.truncate(60_000_000)\n" + WRONG,
    "says ten gigabytes": SERVER + "send([File('out.txt', 'large', b'', 10**10)])\n" + WRONG,
    "says paths that lead out": SERVER + "send([File('../../etc/forged', 'file', b'x')])\n" + WRONG,
    "says absolute paths": SERVER + "send([File('/etc/forged', 'file', b'x')])\n" + WRONG,
    "says that the folder is gone": SERVER + "send([File('work', 'gone')])\n" + WRONG,
    "says the expected file": SERVER
    + "send([File('work/expected.txt', 'file', b'3'), File('work/out.txt', 'file', b'3')])\n"
    + WRONG,
    "says a folder that leads out": SERVER + "send([], '../..')\n" + WRONG,
    "says a module of the grader's": SERVER
    + "send([File('work/numpy.py', 'file', b'raise SystemExit'), File('work/os.py', 'file', b'raise SystemExit')])\n"
    + WRONG,
    "says too many": SERVER + "send([File(f'work/{i}', 'file', b'') for i in range(9_000)])\n" + WRONG,
    "says nonsense": SERVER + "type(server)._send_files = lambda self, request: self._channel.send(\n"
    "    messages.Assigned(request.token))\n" + WRONG,
    "looks for what was kept": "import os\ndef double(x):\n"
    "    found = [name for _, _, names in os.walk('/tmp') for name in names]\n"
    "    assert 'CANARY' not in found or not isinstance(x, str), found\n"
    "    open('out.txt', 'w').write('seen' if 'CANARY' in found else str(2 * x))\n    return 2 * x\n",
}


@pytest.fixture(scope="module")
def assignment() -> Assignment:
    """The assignment, its checks tried out."""
    with tempfile.TemporaryDirectory() as root:
        text = Path(root, "files.ipy")
        text.write_text(NOTEBOOK)
        for name, content in FILES.items():
            beside = text.with_suffix(".files") / name
            beside.parent.mkdir(parents=True, exist_ok=True)
            beside.write_bytes(content)
        made = assignment_at(text)
    assert not made.broken_checks and made.trial.written == WrittenFiles()
    return made


def handed_in(answer: str) -> HandedIn:
    """What a student hands in who answers so."""
    with tempfile.TemporaryDirectory() as root:
        text = Path(root, "files.ipy")
        text.write_text(NOTEBOOK)
        notebook = source(text)
    for cell in notebook.cells:
        if role(cell).is_answer:
            cell.source = answer
        if role(cell).is_locked:
            cell.source = as_handed_out(cell.source)
    return HandedIn("student", nbformat.writes(notebook).encode(), {})


def points(assignment: Assignment, answer: str) -> dict[str, float]:
    """What each check gives for this answer."""
    result = grade_here(assignment, handed_in(answer), shared().level.value)
    assert result.problem is None, result.problem
    assert not any(verdict.outcome is Outcome.UNJUDGED for verdict in result.verdicts)
    return {verdict.grade_id: verdict.points for verdict in result.verdicts}


RIGHT = "def double(x):\n    with open('out.txt', 'w') as file:\n        file.write(str(2 * x))\n    return 2 * x\n"


def test_a_right_answer_gets_its_points(assignment: Assignment) -> None:
    """The file that it writes is found by the checks, and it finds theirs."""
    assert sum(points(assignment, RIGHT).values()) == 5


@pytest.mark.parametrize("culprit", [name for name in CULPRITS if name != "looks for what was kept"])
def test_a_culprit_gets_nothing_and_changes_nothing(assignment: Assignment, culprit: str) -> None:
    """And who is graded next gets what is right."""
    before = Path.cwd()
    assert sum(points(assignment, CULPRITS[culprit]).values()) == 0
    assert Path.cwd() == before
    assert not any(Path(name).exists() for name in ("/etc/forged", "/forged"))
    assert not Path("/tmp", "work", "expected.txt").exists()
    assert sum(points(assignment, RIGHT).values()) == 5


def test_a_temporary_file_that_a_check_keeps_is_not_seen(assignment: Assignment) -> None:
    """Only the one whose name was given to the student's code."""
    assert sum(points(assignment, CULPRITS["looks for what was kept"]).values()) == 5


def test_a_file_that_was_handed_in_takes_the_place_of_none(assignment: Assignment) -> None:
    """What the author laid beside the source goes before what a student hands in."""
    forged = {"expected.txt": b"3", "marking.py": b"def check(function): pass", "out.txt": b"6"}
    result = grade_here(assignment, replace(handed_in(WRONG), files=forged), shared().level.value)
    earned = {verdict.grade_id: verdict.points for verdict in result.verdicts}
    assert earned["double-module"] == earned["double-hidden"] == 0


def test_a_class_without_files_leaves_the_grader_where_it_is(assignment: Assignment) -> None:
    """Its folder, and its temporary files."""
    before = Path.cwd(), tempfile.gettempdir()
    points(assignment, RIGHT)
    assert (Path.cwd(), tempfile.gettempdir()) == before
