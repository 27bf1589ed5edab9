"""What confining a student process costs: milliseconds from asking for one to seeing it gone, a cell run in between.

Compares, alternating in one run, a process confined at each level (`process` is the fork unconfined), and a new
interpreter that imports the same libraries. Run with `python benchmarks/student_process.py`.
"""

from __future__ import annotations

import contextlib
import functools
import statistics
import subprocess
import sys
import time
from collections.abc import Callable

from rich.console import Console
from rich.table import Table

from autograder.protocol import messages
from autograder.sandbox import ForkServer, Level

ROUNDS = 30
NEW_INTERPRETER = "import matplotlib.pyplot, numpy, scipy.special, IPython; print(1 + 1)"


def milliseconds(action: Callable[[], object]) -> float:
    """How long `action` takes."""
    start = time.perf_counter()
    action()
    return 1000 * (time.perf_counter() - start)


def run_a_cell(fork_server: ForkServer) -> None:
    """One student process, from birth to death."""
    process = fork_server.start()
    process.channel.send(messages.RunCell(bytes(16), "print(1 + 1)"))
    process.channel.receive()
    process.end()


def main() -> None:
    """Measure and print the table."""
    with contextlib.ExitStack() as stack:
        nurseries = {level: stack.enter_context(ForkServer(level)) for level in Level}
        actions: dict[str, Callable[[], object]] = {
            f"fork, level '{level.value}'": functools.partial(run_a_cell, fork_server)
            for level, fork_server in nurseries.items()
        }
        actions["new interpreter"] = lambda: subprocess.run(
            [sys.executable, "-c", NEW_INTERPRETER], check=True, capture_output=True
        )
        taken: dict[str, list[float]] = {name: [] for name in actions}
        for _ in range(ROUNDS):
            for name, action in actions.items():
                taken[name].append(milliseconds(action))
    base = statistics.median(taken["fork, level 'process'"])
    table = Table("", "median ms", "range", "times an unconfined fork", title=f"A student process, {ROUNDS} rounds")
    for name, times in taken.items():
        median = statistics.median(times)
        table.add_row(name, f"{median:.1f}", f"{min(times):.1f} - {max(times):.1f}", f"{median / base:.1f}")
    Console().print(table)


if __name__ == "__main__":
    main()
