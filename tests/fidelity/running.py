"""Running the cells of a notebook in a student process and in Jupyter, and what may differ between any two runs."""

from __future__ import annotations

import contextlib
import itertools
import os
import re
import secrets
import time
from pathlib import Path
from typing import Any, TypeAlias

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import DeadKernelError

from autograder.files import plain_files
from autograder.protocol import messages
from autograder.sandbox import ForkServer, Level

Outputs: TypeAlias = list[dict[str, Any]]
_SEPARATOR = re.compile(r"^# %%$", re.MULTILINE)
_SECONDS = 30
_WORK = Path("/tmp/work")
_AFRESH = """\
import gc, os, sys
gc.collect()
if pyplot := sys.modules.get("matplotlib.pyplot"):
    pyplot.close("all")
    pyplot.draw_if_interactive.called = False
for name in ("type", "value", "traceback"):
    vars(sys).pop("last_" + name, None)
os.chdir({folder!r})
names = vars(type(sys)("__main__", "Automatically created module for IPython interactive environment"))
(lambda shell, names: shell.reset() or shell.user_ns.update(names))(get_ipython(), names)
"""
_VARIES = [
    (re.compile(r"0x[0-9a-f]{6,}"), "0x…"),
    (re.compile(r"/[^\s:]*/ipykernel_\d+/\d+\.py"), "CELL"),
    (re.compile(r"\d+(\.\d+)?(e[+-]\d+)? (ns|[µμu]s|ms|s)\b"), "TIME"),
    (re.compile(r"The slowest run took .*\n"), ""),
    (re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+"), "DATE"),
]


def cells(path: Path) -> list[str]:
    """The cells of a file, each of which follows a line `# %%`."""
    return [source.strip("\n") for source in _SEPARATOR.split(path.read_text())[1:]]


def in_student_process(fork_server: ForkServer, sources: list[str], folder: Path) -> list[Outputs]:
    """The outputs of each cell, run one after the other in one student process."""
    places = (_WORK, _WORK) if fork_server.level is Level.NAMESPACES else (folder, Path.home())
    process = fork_server.start(plain_files(folder), figures=any("matplotlib" in source for source in sources))
    shown = []
    try:
        for source in sources:
            deadline = time.monotonic() + _SECONDS
            process.channel.send(messages.RunCell(secrets.token_bytes(16), source), deadline)
            reply = process.channel.receive(deadline)
            assert isinstance(reply, messages.CellDone)
            shown.append(comparable(reply.outputs, *places))
    finally:
        process.end()
    return shown


class Jupyter:
    """nbclient and a kernel, which stands as new before every notebook; a context manager."""

    def __enter__(self) -> Jupyter:
        self._start()
        return self

    def __exit__(self, *_: object) -> None:
        self._running.close()

    def run(self, sources: list[str], folder: Path) -> list[Outputs]:
        """The outputs of each cell, run one after the other; of none when the kernel ends before the last."""
        self._execute(_AFRESH.format(folder=str(folder)), store_history=False)
        try:
            run = [self._execute(source) for source in sources]
        except DeadKernelError:
            self._running.close()
            self._start()
            return []
        return [comparable(cell.outputs, folder, Path.home()) for cell in run]

    def _start(self) -> None:
        notebook = nbformat.v4.new_notebook()
        self._client = NotebookClient(notebook, kernel_name="python3", allow_errors=True, timeout=_SECONDS)
        self._running = contextlib.ExitStack()
        # under pytest a kernel would not show what is written to its descriptors
        environment = {name: value for name, value in os.environ.items() if name != "PYTEST_CURRENT_TEST"}
        self._running.enter_context(self._client.setup_kernel(env=environment))

    def _execute(self, source: str, store_history: bool = True) -> nbformat.NotebookNode:
        cells = self._client.nb.cells
        cells.append(nbformat.v4.new_code_cell(source))
        return self._client.execute_cell(cells[-1], len(cells) - 1, store_history=store_history)


def comparable(outputs: Outputs, folder: Path, home: Path) -> Outputs:
    """The outputs without what varies from run to run: addresses, times, folders, names of files that hold cells.

    What a stream sends in a row is joined, for nbclient cuts it wherever a fifth of a second has passed. Equal frames
    in a row are one, for how deep a recursion goes depends on how deep the shell was.
    """
    joined: Outputs = []
    for output in outputs:
        if output["output_type"] == "stream" and joined and joined[-1].get("name") == output["name"]:
            joined[-1]["text"] += output["text"]
        else:
            joined.append(dict(output))
        if output["output_type"] == "error":
            joined[-1]["traceback"] = [line for line, _ in itertools.groupby(output["traceback"])]
    constant: Outputs = _constant(joined, folder, home)
    return constant


def _constant(part: Any, folder: Path, home: Path) -> Any:
    if isinstance(part, dict):
        return {name: _constant(value, folder, home) for name, value in part.items()}
    if isinstance(part, list):
        return [_constant(value, folder, home) for value in part]
    if isinstance(part, str):
        for pattern, constant in _VARIES:
            part = pattern.sub(constant, part)
        return part.replace("~/", f"{home}/").replace(str(folder), "FOLDER")
    return part
