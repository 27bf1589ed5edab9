"""What a fork server imports is there in each student process, and nothing of it is shared between two of them."""

from __future__ import annotations

import secrets
import subprocess
import sys
import time
from pathlib import Path

from autograder.protocol import messages
from autograder.sandbox import ForkServer, shared

_UNKNOWN = "tinycss2"
"""A small package that a fork server has no reason to import by itself."""


def _outputs(fork_server: ForkServer, *cells: str, figures: bool = False) -> list[str]:
    """What each of these cells displays in a fresh process."""
    process, shown = fork_server.start(figures=figures), []
    try:
        for cell in cells:
            deadline = time.monotonic() + 60
            process.channel.send(messages.RunCell(secrets.token_bytes(16), cell), deadline)
            reply = process.channel.receive(deadline)
            assert isinstance(reply, messages.CellDone)
            shown.append(str(reply.outputs))
    finally:
        process.end()
    return shown


def test_a_module_is_imported_once_for_all_processes_after_that() -> None:
    """Names that mean nothing are passed over, and the server goes on."""
    ask = f"import sys\nprint('{_UNKNOWN}' in sys.modules)"
    with ForkServer(shared().level) as fork_server:
        assert "False" in _outputs(fork_server, ask)[0]
        fork_server.preload([_UNKNOWN, "no_such_module", f"{_UNKNOWN}.no_such_part"])
        assert [*_outputs(fork_server, ask), *_outputs(fork_server, ask)] == _outputs(fork_server, ask) * 2
        assert "True" in _outputs(fork_server, ask)[0]
        assert fork_server.is_alive


_SCRIPT = """\
import contextlib, os, socket, sys
from autograder.student.preloading import preload
sys.path.insert(0, sys.argv[1])
before, (ours, theirs) = os.getpid(), socket.socketpair()
preload(["quiet_module", "module_with_a_thread"], ours, contextlib.nullcontext)
print(os.getpid() != before, "quiet_module" in sys.modules, "module_with_a_thread" in sys.modules, flush=True)
"""


def test_a_module_that_starts_a_thread_is_left_out(tmp_path: Path) -> None:
    """A fork of a process with threads may hang; the others are imported all the same."""
    tmp_path.joinpath("quiet_module.py").write_text("value = 1\n")
    tmp_path.joinpath("module_with_a_thread.py").write_text(
        "import threading, time\nthreading.Thread(target=time.sleep, args=(60,), daemon=True).start()\n"
    )
    done = subprocess.run([sys.executable, "-c", _SCRIPT, tmp_path], capture_output=True, text=True, timeout=60)
    assert done.stdout.split() == ["True", "True", "False"], done.stderr


def test_formulas_are_drawn_with_fonts_that_the_process_opened_itself(fork_server: ForkServer) -> None:
    """In any font; the fork server has opened some of them before."""
    draw = (
        "import matplotlib.pyplot as plt\nplt.title(r'$\\epsilon_0 \\vec{E}$ and $\\int_0^1 x_1$')\n"
        "plt.text(0, 0, 'text', family='serif')\nplt.show()"
    )
    for shown in (*_outputs(fork_server, draw, figures=True), *_outputs(fork_server, draw, figures=True)):
        assert "image/png" in shown and "stderr" not in shown and "Traceback" not in shown
