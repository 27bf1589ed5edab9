"""The shell in which a student's cells run: IPython, with what it displays kept as a notebook keeps it."""

from __future__ import annotations

import json
import sys
from typing import Any

from IPython.core.compilerop import code_name
from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.error import StdinNotImplementedError
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

MAX_OUTPUT = 1_000_000


class _Outputs:
    """What the running cell displayed so far, cut off when it becomes too much."""

    def __init__(self) -> None:
        self.items: list[dict[str, Any]] = []
        self._size = 0
        self._clear_next = False

    def start(self) -> None:
        """Begin a new cell."""
        self.items, self._size, self._clear_next = [], 0, False

    def add(self, item: dict[str, Any]) -> None:
        """Append an output."""
        if self._clear_next:
            self.items, self._clear_next = [], False
        self._size += len(str(item))
        if self._size <= MAX_OUTPUT:
            self.items.append(item)

    def write(self, name: str, text: str) -> None:
        """Append text to a stream, joining what was written to it before."""
        if self._size > MAX_OUTPUT:
            return
        if self._size + len(text) > MAX_OUTPUT:
            text = text[: MAX_OUTPUT - self._size] + "\n... more output than is kept\n"
        for item in [] if self._clear_next else self.items:
            if item["output_type"] == "stream" and item["name"] == name:
                item["text"] += text
                self._size += len(text)
                return
        self.add({"output_type": "stream", "name": name, "text": text})

    def clear(self, wait: bool) -> None:
        """Forget what was displayed, at once or when the next output comes."""
        if wait:
            self._clear_next = True
        else:
            self.items = []


class _Stream:
    """Stands in for sys.stdout or sys.stderr."""

    encoding = "utf-8"
    errors = "strict"

    def __init__(self, name: str, outputs: _Outputs) -> None:
        self.name = f"<{name}>"
        self._stream = name
        self._outputs = outputs

    def write(self, text: str) -> int:
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        self._outputs.write(self._stream, text)
        return len(text)

    def writelines(self, lines: list[str]) -> None:
        for line in lines:
            self.write(line)

    def flush(self) -> None:
        """Nothing is buffered."""

    def isatty(self) -> bool:
        return False

    def writable(self) -> bool:
        return True

    def fileno(self) -> int:
        return {"stdout": 1, "stderr": 2}[self._stream]


class _Hook(DisplayHook):
    """Keeps the value of a cell's last expression."""

    outputs: _Outputs

    def write_output_prompt(self) -> None:
        """The prompt is the notebook's business."""

    def start_displayhook(self) -> None:
        """Nothing to prepare."""

    def write_format_data(self, format_dict: dict[str, Any], md_dict: dict[str, Any] | None = None) -> None:
        """Keep every representation of the value."""
        self.outputs.add(
            {
                "output_type": "execute_result",
                "execution_count": self.prompt_count,
                "data": _plain(format_dict),
                "metadata": _plain(md_dict or {}),
            }
        )

    def finish_displayhook(self) -> None:
        """Nothing to flush."""


class _Publisher(DisplayPublisher):
    """Keeps what `display` shows."""

    outputs: _Outputs

    def publish(self, data: Any, metadata: Any = None, source: Any = None, **_: Any) -> None:
        """Keep one display."""
        self.outputs.add({"output_type": "display_data", "data": _plain(data), "metadata": _plain(metadata or {})})

    def clear_output(self, wait: bool = False) -> None:
        """Forget what was displayed."""
        self.outputs.clear(wait)


class Shell(InteractiveShell):
    """An IPython shell without terminal, history or kernel."""

    outputs: _Outputs

    def _showtraceback(self, etype: type[BaseException], evalue: BaseException, stb: list[str]) -> None:
        try:
            message = str(evalue)
        except Exception:  # the student's exception decides what its text raises
            message = "an exception without a text"
        self.outputs.add(
            {"output_type": "error", "ename": etype.__name__, "evalue": message[:20_000], "traceback": list(stb)}
        )

    def run(self, source: str) -> tuple[list[dict[str, Any]], bool]:
        """Run one cell; returns its outputs and whether it raised."""
        self.outputs.start()
        sys.stdout, sys.stderr = _Stream("stdout", self.outputs), _Stream("stderr", self.outputs)
        result: Any = self.run_cell(source, store_history=True, silent=False)  # type: ignore[no-untyped-call]
        return self.outputs.items, not result.success

    def code_name(self, source: str, number: int) -> str:
        """The name under which tracebacks know the code of a cell that was the `number`-th to run."""
        try:
            return str(code_name(self.transform_cell(source), number))  # type: ignore[no-untyped-call]
        except Exception:  # what cannot be transformed did not run
            return ""


def make_shell() -> Shell:
    """The one shell of this process, its names empty."""
    config = Config()
    config.HistoryManager.enabled = False
    config.InteractiveShell.cache_size = 0
    config.InteractiveShell.displayhook_class = _Hook
    config.InteractiveShell.display_pub_class = _Publisher
    shell: Shell = Shell.instance(config=config)
    shell.outputs = shell.displayhook.outputs = shell.display_pub.outputs = _Outputs()
    shell.user_ns["input"] = _refuse_input
    return shell


def _refuse_input(prompt: str = "") -> str:
    raise StdinNotImplementedError("input() is not available while a notebook is graded.")


def _plain(bundle: dict[str, Any]) -> dict[str, Any]:
    """The bundle as JSON data; what is not is shown by its repr."""
    return dict(json.loads(json.dumps(bundle, default=repr)))
