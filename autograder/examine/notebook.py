"""Running one submitted notebook from top to bottom in a kernel of its own.

Names that a grade cell reassigns are put back after it, so that a stand-in for a student's function lasts for one
cell. Student code and hidden tests still share this kernel.
"""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import nbformat
from jupyter_client.kernelspec import NoSuchKernel
from nbclient import NotebookClient
from nbclient.exceptions import DeadKernelError

from autograder.examine import verdicts
from autograder.records import CourseError, Limits, Verdict

_KEEP = "get_ipython()._kept_names = dict(get_ipython().user_ns)"
_PUT_BACK = """\
def _put_back(now, kept):
    now.update({name: value for name, value in kept.items() if now.get(name) is not value})
_put_back(get_ipython().user_ns, getattr(get_ipython(), "_kept_names", {}))
del _put_back
"""
_ANSWER_SECONDS = 3.0
_TIMED_OUT = "TimedOut"


class _Client(NotebookClient):  # type: ignore[misc]  # nbclient has no type information
    """A client that can tell whether the last cell had to be interrupted."""

    timed_out = False

    def __init__(self, notebook: nbformat.NotebookNode, **settings: Any) -> None:
        super().__init__(notebook, on_cell_executed=self._look, **settings)

    def _look(self, cell: nbformat.NotebookNode, cell_index: int, execute_reply: dict[str, Any]) -> None:
        self.timed_out = execute_reply["content"].get("ename") == _TIMED_OUT


class _StoppedError(Exception):
    """The kernel cannot run any further cell; the text is the sentence for the cells that are left."""


def examine(notebook: nbformat.NotebookNode, limits: Limits, folder: Path) -> list[Verdict]:
    """Run every code cell of `notebook` in `folder` and write a verdict into each grade cell, in place.

    A cell that exceeds `limits.cell_seconds` is interrupted and fails; when the notebook exceeds
    `limits.notebook_seconds`, or its kernel dies or no longer answers, the remaining grade cells fail with a sentence.
    Raises CourseError when no kernel can be started: that is no student's fault.
    """
    client = _Client(
        notebook,
        kernel_name="python3",
        allow_errors=True,
        record_timing=False,
        resources={"metadata": {"path": str(folder)}},
        startup_timeout=60,
        shutdown_kernel="immediate",
        interrupt_on_timeout=True,
        error_on_timeout={"ename": _TIMED_OUT, "evalue": "", "traceback": []},
        extra_arguments=["--log-level=ERROR"],
    )
    try:
        with client.setup_kernel():
            _run_cells(client, limits)
    except (NoSuchKernel, RuntimeError, OSError) as error:
        reason = str(error) or type(error).__name__
        raise CourseError(
            f"the Python kernel could not be started ({reason}). Run `make venv` to install it again."
        ) from error
    return [_verdict(cell) for cell in notebook.cells if _is_check(cell)]


def _is_check(cell: nbformat.NotebookNode) -> bool:
    metadata = cell.metadata.get("nbgrader", {})
    return bool(cell.cell_type == "code" and metadata.get("grade") and not metadata.get("solution"))


def _verdict(cell: nbformat.NotebookNode) -> Verdict:
    verdict = verdicts.judge(cell)
    verdicts.write(cell, verdict)
    return verdict


def _run_cells(client: _Client, limits: Limits) -> None:
    deadline = time.monotonic() + limits.notebook_seconds
    stopped = ""
    for at, cell in enumerate(client.nb.cells):
        if cell.cell_type != "code":
            continue
        if not stopped:
            try:
                left = deadline - time.monotonic()
                if left <= 0:
                    raise _StoppedError(f"The notebook took longer than {limits.notebook_seconds:g} s in all.")
                _run_cell(client, cell, at, min(limits.cell_seconds, left))
            except _StoppedError as reason:
                stopped = str(reason)
                if cell.outputs:
                    continue
        if stopped and _is_check(cell):
            verdicts.refuse(cell, stopped)


def _run_cell(client: _Client, cell: nbformat.NotebookNode, at: int, seconds: float) -> None:
    try:
        if _is_check(cell):
            _execute_aside(client, _KEEP, at)
        _execute(client, cell, at, seconds)
        if client.timed_out:
            verdicts.refuse(cell, f"This cell was stopped after {seconds:.3g} s. Is there a loop that never ends?")
        if client.timed_out or _is_check(cell):
            _execute_aside(client, _PUT_BACK, at)
    except DeadKernelError:
        raise _StoppedError(
            "The Python kernel stopped while running this notebook; nothing after that could run."
        ) from None


def _execute(client: _Client, cell: nbformat.NotebookNode, at: int, seconds: float, **how: bool) -> None:
    client.timed_out = False
    client.timeout = max(1, round(seconds))
    client.execute_cell(cell, at, **how)


def _execute_aside(client: _Client, code: str, at: int) -> None:
    """Run `code` between two cells; nbclient would leave it in the notebook in place of cell `at`.

    A kernel that does not get to it is busy with something that swallows interrupts.
    """
    cell, timed_out = client.nb.cells[at], client.timed_out
    try:
        _execute(client, nbformat.v4.new_code_cell(code), at, _ANSWER_SECONDS, store_history=False)
    finally:
        client.nb.cells[at] = cell
    if client.timed_out:
        raise _StoppedError("An earlier cell could not be stopped, so nothing after it could run.")
    client.timed_out = timed_out
