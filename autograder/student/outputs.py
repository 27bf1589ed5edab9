"""What a running cell has displayed, kept as a notebook keeps it: from a kernel's messages to a cell's outputs.

A kernel gathers what is written to each stream until something else is displayed, the stream is flushed or a moment has
passed; a notebook joins what a stream sends in a row. Both rules are kept here, so that prints and warnings come in the
order Jupyter shows them in.
"""

from __future__ import annotations

import dataclasses
import json
import threading
import time
from typing import Any

MAX_OUTPUT = 1_000_000
"""Characters kept of what one cell displays, as JSON, unless a request for a student process says otherwise."""

MAX_ERROR = 500_000
"""Characters kept beyond that, for the traceback that ends a flood of output; also the most of any one error.

Endless recursion takes 350,000.
"""

_CUT = "\n... the rest of the output is left out\n"
_FLUSH_SECONDS = 0.2
_STREAM = 100  # an output costs something even when it is nearly empty


@dataclasses.dataclass
class _Kept:
    """One output; the text of a stream is in pieces until the cell is done."""

    output: dict[str, Any]
    size: int
    pieces: list[str] = dataclasses.field(default_factory=list)


@dataclasses.dataclass
class _Pending:
    """What was written to a stream and is not among the outputs yet; `since` is when the first of it was written."""

    pieces: list[str] = dataclasses.field(default_factory=list)
    size: int = 0
    since: float = 0.0


class Outputs:
    """What the running cell displayed so far, cut off when it becomes too much. Threads may write to it."""

    def __init__(self) -> None:
        self.most = MAX_OUTPUT
        self._lock = threading.RLock()
        self.start()

    def start(self) -> None:
        """Begin a new cell."""
        with self._lock:
            self._kept: list[_Kept] = []
            self._displays: dict[str, list[_Kept]] = {}
            self._streams = {"stdout": _Pending(), "stderr": _Pending()}
            self._clear_next = False
            self._full = False
            self._size = 0

    @property
    def is_empty(self) -> bool:
        """Whether nothing was written or displayed."""
        return not self._kept and not any(pending.pieces for pending in self._streams.values())

    def finish(self) -> list[dict[str, Any]]:
        """The outputs of the cell in the notebook's own format, which JSON and the wire can carry."""
        self.flush()
        for kept in self._kept:
            if kept.pieces:
                kept.output["text"] = _valid("".join(kept.pieces))
        return [kept.output for kept in self._kept]

    def write(self, stream: str, text: str) -> None:
        """Write text to a stream."""
        with self._lock:
            self._move_overdue()
            if self._full or not text:
                return
            room = self.most - self._size
            self._append(stream, text[: max(room, 0)])
            if len(text) > room:
                self._cut(stream)

    def flush(self, *names: str) -> None:
        """Put what was written to these streams, or to both, before all later output."""
        with self._lock:
            self._move_overdue()
            for name in names or self._streams:
                self._move(name)

    def add(self, output: dict[str, Any], display_id: str | None = None) -> None:
        """Append an output other than a stream; `update` can change it by its `display_id`."""
        self.flush()
        self._clear_if_due()
        kept = _Kept(output, _size(output))
        is_error = output["output_type"] == "error"
        too_much = self._size + kept.size > self.most + (MAX_ERROR if is_error else 0)
        if too_much:
            self._cut("stderr")
        if too_much or (self._full and not is_error):
            return
        self._kept.append(kept)
        self._size += kept.size
        if display_id is not None:
            self._displays.setdefault(display_id, []).append(kept)

    def update(self, display_id: str | None, data: dict[str, Any], metadata: dict[str, Any]) -> None:
        """Replace what this cell displayed under an id; what is too large changes nothing."""
        self.flush()
        for kept in self._displays.get(display_id, []) if display_id is not None else []:
            changed = kept.output | {"data": data, "metadata": metadata}
            growth = _size(changed) - kept.size
            if self._size + growth <= self.most:
                kept.output, kept.size = changed, kept.size + growth
                self._size += growth

    def clear(self, wait: bool) -> None:
        """Forget what was displayed, at once or when the next output comes."""
        self.flush()
        if wait:
            self._clear_next = True
        else:
            self._forget()

    def _append(self, stream: str, text: str) -> None:
        pending = self._streams[stream]
        pending.since = pending.since if pending.pieces else time.monotonic()
        pending.pieces.append(text)
        pending.size += len(text)
        self._size += len(text)

    def _cut(self, stream: str) -> None:
        """Keep no more but a last error, and say so once."""
        if not self._full:
            self._full = True
            self._append(stream, _CUT)

    def _move_overdue(self) -> None:
        now = time.monotonic()
        for name in sorted(self._streams, key=lambda name: self._streams[name].since):
            if now - self._streams[name].since > _FLUSH_SECONDS:
                self._move(name)

    def _move(self, name: str) -> None:
        pending, self._streams[name] = self._streams[name], _Pending()
        if not pending.pieces:
            return
        self._clear_if_due()
        last = self._kept[-1] if self._kept else None
        if last is None or not last.pieces or last.output["name"] != name:
            last = _Kept({"output_type": "stream", "name": name, "text": ""}, _STREAM)
            self._kept.append(last)
            self._size += last.size
        last.pieces += pending.pieces
        last.size += pending.size

    def _clear_if_due(self) -> None:
        if self._clear_next:
            self._clear_next = False
            self._forget()

    def _forget(self) -> None:
        self._size -= sum(kept.size for kept in self._kept)
        self._kept, self._displays, self._full = [], {}, False


def error(name: str, message: str, trace: list[str]) -> dict[str, Any]:
    """The output of an exception, none of whose parts can be trusted to be short."""
    text, lines = _valid(message), [_valid(line) for line in trace]
    if len(json.dumps([text, lines])) > MAX_ERROR - 1000:
        text, lines = text[:1000] + _CUT, ["\n".join(lines)[: MAX_ERROR // 8] + _CUT]
    return {"output_type": "error", "ename": name[:100], "evalue": text, "traceback": lines}


def _size(output: dict[str, Any]) -> int:
    return len(json.dumps(output))


def _valid(text: str) -> str:
    """The text, with halves of surrogate pairs replaced, which no notebook can hold."""
    return text.encode("utf-8", "replace").decode("utf-8")
