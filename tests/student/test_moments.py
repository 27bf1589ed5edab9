"""Going back to a moment of a notebook gives the names it had, and is refused where more than names has changed."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Iterator

import pytest

from autograder.protocol import messages
from autograder.sandbox import ForkServer, StudentProcess

CHANGES = {
    "an item is added to a list": ("seen = []\ndef f(x):\n    return seen", "seen.append(1)"),
    "a list inside a dictionary changes": ("d = {'a': [1]}", "d['a'][0] = 2"),
    "an array is written to": ("import numpy as np\nw = np.ones(3)", "w *= 2"),
    "a matrix is written to": ("import numpy as np\nw = np.matrix([[1, 2]])", "w[0, 0] = 5"),
    "a default value changes": ("def f(x, kept={}):\n    kept[x] = 1\n    return x", "f(1)"),
    "a closure changes": (
        "def make():\n    n = 0\n    def f():\n        nonlocal n\n        n += 1\n    return f\nf = make()",
        "f()",
    ),
    "an attribute of a function changes": ("def f(x):\n    return x", "f.count = 1"),
    "an attribute of an object changes": ("class A:\n    pass\na = A()", "a.x = 1"),
    "an attribute of a class changes": ("class A:\n    n = 0", "A.n = 1"),
    "an object in a container changes": ("class A:\n    pass\nall_of_them = [A()]", "all_of_them[0].x = 1"),
    "a generator is drawn from": ("import numpy as np\nrng = np.random.default_rng(1)", "rng.normal()"),
    "numpy's own generator is seeded": ("x = 1", "import numpy as np\nnp.random.seed(1)"),
    "Python's own generator is drawn from": ("x = 1", "import random\nrandom.random()"),
    "numpy is told to raise": ("x = 1", "import numpy as np\nnp.seterr(all='raise')"),
    "warnings become errors": ("x = 1", "import warnings\nwarnings.simplefilter('error')"),
    "a file is written": ("x = 1", "open('notes.txt', 'w').write('x')"),
    "the folder changes": ("import os\nos.mkdir('d')", "os.chdir('d')"),
    "the environment changes": ("x = 1", "import os\nos.environ['X'] = '1'"),
    "a function of a library is replaced": ("x = 1", "import math\nmath.sqrt = abs"),
    "a built-in function is replaced": ("x = 1", "import builtins\nbuiltins.max = min"),
    "something is there that is not known": ("f = open('/dev/null')", "x = 1"),
    "a library with a state of its own is there": ("import matplotlib.pyplot as plt", "x = 1"),
    "a function of such a library is there": ("from matplotlib.pyplot import figure", "x = 1"),
    "a generator function has begun": ("def g():\n    yield 1\n    yield 2\nsteps = g()", "next(steps)"),
}
"""What a cell before the moment defines, and what a cell after it does."""

HARMLESS = {
    "a name is bound again": ("x = 1\ndef f():\n    return x", "x = 2"),
    "a name is deleted": ("x = 1", "del x"),
    "a function is defined again": ("def f():\n    return 1", "def f():\n    return 2"),
    "a function is called": ("import numpy as np\ndef f(w):\n    return w * 2\nw = np.ones(3)", "print(f(w))\nf(w)"),
    "a library of Python's is imported": ("x = 1", "import textwrap, statistics"),
    "a table is displayed": ("x = 1", "from IPython.display import HTML\nHTML('<b>x</b>')"),
    "a cell raises": ("x = 1", "1 / 0"),
    "a named tuple is made": ("from collections import namedtuple\nP = namedtuple('P', 'x y')", "p = P(1, 2)"),
}
"""The same, where only names change."""


@pytest.fixture
def process(fork_server: ForkServer) -> Iterator[StudentProcess]:
    """A student process, ended afterwards."""
    started = fork_server.start()
    yield started
    started.end()


def ask(process: StudentProcess, kind: Callable[..., messages.Request], *args: object) -> messages.ToGrader:
    """The reply to one message."""
    deadline = time.monotonic() + 20
    process.channel.send(kind(secrets.token_bytes(16), *args), deadline)
    return process.channel.receive(deadline)


def unchanged(process: StudentProcess, before: str, after: str) -> bool:
    """Whether it can go back to the moment between these two cells."""
    ask(process, messages.RunCell, before)
    ask(process, messages.Keep)
    ask(process, messages.RunCell, after)
    reply = ask(process, messages.AreUnchanged)
    assert isinstance(reply, messages.Returned)
    return reply.value is True


@pytest.mark.parametrize("change", CHANGES)
def test_more_than_names_has_changed_when(process: StudentProcess, change: str) -> None:
    """A later cell did something that ambient state names back does not undo."""
    assert not unchanged(process, *CHANGES[change])


@pytest.mark.parametrize("change", HARMLESS)
def test_only_names_have_changed_when(process: StudentProcess, change: str) -> None:
    """Setting them back is all there is to do."""
    assert unchanged(process, *HARMLESS[change])


def test_names_are_what_they_were_and_no_others_are_there(process: StudentProcess) -> None:
    """Those that were bound again, deleted, or not there yet."""
    ask(process, messages.RunCell, "x, y = 1, 2\ndef f():\n    return x")
    ask(process, messages.Keep)
    ask(process, messages.RunCell, "x, z = 10, 3\ndel y")
    ask(process, messages.GoBack, 0)
    reply = ask(process, messages.RunCell, "print(x, y, f(), 'z' in globals())")
    assert isinstance(reply, messages.CellDone)
    assert reply.outputs[0]["text"] == "1 2 1 False\n"


def test_a_change_that_was_there_at_one_moment_only_is_found(process: StudentProcess) -> None:
    """Also when the end is like the beginning."""
    ask(process, messages.RunCell, "import numpy as np\nseen = [1]")
    for source in ("seen.append(2)", "seen.pop()", "pass"):
        ask(process, messages.Keep)
        ask(process, messages.RunCell, source)
    reply = ask(process, messages.AreUnchanged)
    assert isinstance(reply, messages.Returned) and reply.value is False
