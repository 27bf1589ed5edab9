"""What a cell displays is bounded, and whatever it does with its displays leaves a process that answers."""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Callable, Iterator
from typing import Any, TypeAlias

import nbformat
import pytest

from autograder.protocol import messages
from autograder.sandbox import ForkServer, StudentProcess
from autograder.student.outputs import MAX_ERROR, MAX_OUTPUT

Run: TypeAlias = Callable[[str], list[dict[str, Any]]]
SENTENCE = "... the rest of the output is left out"


@pytest.fixture
def process(fork_server: ForkServer) -> Iterator[StudentProcess]:
    """A fresh student process."""
    process = fork_server.start()
    yield process
    process.end()


@pytest.fixture
def run(process: StudentProcess) -> Run:
    """Runs a cell in it; returns what it displayed."""

    def run(source: str) -> list[dict[str, Any]]:
        deadline = time.monotonic() + 30
        process.channel.send(messages.RunCell(secrets.token_bytes(16), source), deadline)
        reply = process.channel.receive(deadline)
        assert isinstance(reply, messages.CellDone)
        return reply.outputs

    return run


FLOODS = {
    "one long line": "print('x' * 3_000_000)",
    "many lines": "for n in range(120_000): print('line', n)",
    "both streams by turns": "import sys\nfor n in range(15_000):\n    print(end='x', flush=True)\n"
    "    print(end='y', file=sys.stderr, flush=True)",
    "many displays": "for n in range(15_000): display('shown ' + str(n))",
    "one large display": "display('x' * 3_000_000)",
    "a large value": "'x' * 3_000_000",
    "a display that grows": "shown = display('x', display_id=True)\n"
    "for n in range(8): shown.update('x' * 10 ** n)\nprint('x' * 3_000_000)",
    "many errors": "for n in range(30):\n    try: raise ValueError('x' * 100_000)\n"
    "    except ValueError: get_ipython().showtraceback()",
}


@pytest.mark.parametrize("flood", FLOODS)
def test_a_flood_is_cut_off_and_a_sentence_says_so(run: Run, flood: str) -> None:
    """As JSON it stays near a million characters, its beginning is kept, and the next cell starts afresh."""
    outputs = run(FLOODS[flood])
    assert len(json.dumps(outputs)) < MAX_OUTPUT + MAX_ERROR + 100_000
    assert SENTENCE in str(outputs[-2:])
    assert run("print('next')") == [{"output_type": "stream", "name": "stdout", "text": "next\n"}]


def test_the_error_after_a_flood_is_shown(run: Run) -> None:
    """What went wrong is worth more than one line more of output."""
    *_, last = run("print('x' * 3_000_000)\n1 / 0")
    assert last["ename"] == "ZeroDivisionError"


def test_endless_recursion_is_shown_whole(run: Run) -> None:
    """The most common of long tracebacks fits."""
    (output,) = run("def f(n): return f(n)\nf(1)")
    assert output["ename"] == "RecursionError"
    assert SENTENCE not in str(output)


@pytest.mark.parametrize(
    "source",
    [
        "raise ValueError('x' * 3_000_000)",
        "raise type('E' * 3_000_000, (Exception,), {})",
        "raise ValueError('\\0' * 900_000)",
    ],
)
def test_a_huge_error_is_shortened(run: Run, source: str) -> None:
    """It keeps its type, the beginning of its text and of its traceback."""
    (output,) = run(source)
    assert output["output_type"] == "error"
    assert output["ename"][0] in "VE"
    assert len(json.dumps(output)) <= MAX_ERROR


def test_what_was_cleared_does_not_count(run: Run) -> None:
    """An animation of many frames shows its last one."""
    outputs = run(
        "from IPython.display import clear_output\nfor n in range(30): clear_output(True); display('x' * 200_000)"
    )
    assert [len(output["data"]["text/plain"]) for output in outputs] == [200_002]


def test_the_writes_of_many_threads_all_arrive(run: Run) -> None:
    """None is lost while another thread flushes."""
    (output,) = run(
        "import sys, threading\n"
        "def write():\n"
        "    for n in range(2000): print('x', flush=n % 7 == 0)\n"
        "threads = [threading.Thread(target=write) for _ in range(4)]\n"
        "for thread in threads: thread.start()\n"
        "for thread in threads: thread.join()"
    )
    assert output["text"].count("x") == 8000


@pytest.mark.parametrize(
    "source",
    [
        "print('\\ud800')",
        "display({'application/json': {'n': 10 ** 40}}, raw=True)",
        "display({'application/json': {'n': float('nan')}}, raw=True)",
        "raise ValueError('\\ud800')",
        "class Odd:\n    def __repr__(self): return '\\ud800'\nOdd()",
        "display({'text/plain': object()}, raw=True)",
        "display('x', display_id=True, transient={'display_id': []})",
        "get_ipython().display_pub.session.outputs.add(None)",
        "%reset -f",
        "exit()",
    ],
)
def test_no_display_ends_the_process(run: Run, source: str) -> None:
    """What no notebook can hold is shown somehow or raises in the cell, and the next cell is run."""
    for output in run(source):
        nbformat.validate(nbformat.from_dict(output), ref=output["output_type"], version=4)
    assert run("raise KeyError('run')")[-1]["evalue"] == "'run'"


def test_a_shell_that_a_cell_broke_says_so(run: Run) -> None:
    """Without streams nothing can be displayed, but every cell is answered."""
    run("import sys\nsys.stdout = sys.stderr = None")
    (output,) = run("6 * 7")
    assert output["output_type"] == "error"
    assert "NoneType" in output["evalue"]


@pytest.mark.parametrize(
    "source",
    [
        "import time\ntime.sleep(60)",
        "import asyncio\nawait asyncio.sleep(60)",
        "import asyncio\nawait asyncio.sleep(0)\nwhile True: pass",
    ],
)
def test_an_interrupt_stops_a_cell_that_waits(process: StudentProcess, run: Run, source: str) -> None:
    """It ends as an error of the cell, awaited or not; what was defined before stays."""
    run("kept = 'kept'")
    deadline = time.monotonic() + 10
    process.channel.send(messages.RunCell(secrets.token_bytes(16), f"print('started')\n{source}"), deadline)
    time.sleep(0.5)
    process.interrupt()
    reply = process.channel.receive(deadline)
    assert isinstance(reply, messages.CellDone)
    assert reply.raised
    assert reply.outputs[-1]["ename"] in ("KeyboardInterrupt", "CancelledError")
    assert run("kept")[-1]["data"] == {"text/plain": "'kept'"}


def test_a_cell_can_change_the_folder_and_go_back(run: Run) -> None:
    """Where it began is its own folder, and nothing says where the grader runs."""
    run("import os\nos.mkdir('below')\nbegin = os.getcwd()\n%cd -q below")
    assert run("[*map(str, _dh)] == [begin, begin + '/below']")[-1]["data"] == {"text/plain": "True"}
    run("%cd -q -")
    assert run("os.getcwd() == begin == os.path.expanduser('~')")[-1]["data"] == {"text/plain": "True"}


def test_what_a_cell_stores_is_there_as_it_was(run: Run) -> None:
    """A later change to the value changes nothing of what was kept; there is no later session to keep it for."""
    run("kept = [1]\n%store kept\nkept.append(2)\n%store -r kept")
    assert run("kept")[-1]["data"] == {"text/plain": "[1]"}
    run("%store -d kept")
    assert "kept" not in run("%store")[-1]["text"]


def test_a_command_is_not_run_and_the_cell_goes_on(run: Run) -> None:
    """A sentence names it; it counts as one that succeeded and printed nothing."""
    (output,) = run("listing = !ls -l\nassert listing == [] and listing.n == ''")
    assert output["name"] == "stderr"
    assert output["text"].endswith("this was not run: ls -l\n")
    assert run("!exit 3\n_exit_code")[-1]["data"] == {"text/plain": "0"}
    assert run("%%bash --out printed\nls") != []
    assert run("printed")[-1]["data"] == {"text/plain": "''"}


@pytest.mark.parametrize("backend", ["notebook", "widget", "qt", "tk", "webagg"])
def test_a_figure_appears_in_the_notebook_whatever_the_backend(fork_server: ForkServer, backend: str) -> None:
    """At the end of the cell, as with `inline`."""
    process = fork_server.start(figures=True)
    try:
        deadline = time.monotonic() + 30
        source = f"%matplotlib {backend}\nimport matplotlib.pyplot as plt\nplt.plot([1, 2]);"
        process.channel.send(messages.RunCell(secrets.token_bytes(16), source), deadline)
        reply = process.channel.receive(deadline)
    finally:
        process.end()
    assert isinstance(reply, messages.CellDone)
    assert "image/png" in reply.outputs[-1]["data"]
