"""Which of the outputs that a student process sends a notebook may hold."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
import nbformat

_LEFT_OUT = {
    "output_type": "stream",
    "name": "stderr",
    "text": "More was displayed here. It is left out, since a notebook may display only so much while it is graded.\n",
}


class _Output(msgspec.Struct, tag_field="output_type", forbid_unknown_fields=True):
    """An output as notebooks store it; these are the usual ones, all others nbformat has to look at."""


class _Stream(_Output, tag="stream"):
    name: str
    text: str


class _Error(_Output, tag="error"):
    ename: str
    evalue: str
    traceback: list[str]


class _Display(_Output, tag="display_data"):
    data: dict[str, str]
    metadata: dict[str, Any]


class _Result(_Output, tag="execute_result"):
    data: dict[str, str]
    metadata: dict[str, Any]
    execution_count: Annotated[int, msgspec.Meta(ge=0)] | None


class OutputBudget:
    """The room that one notebook has for outputs; what a cell displays beyond it is left out, and that is said there.

    A student process can send anything, as often as it likes.
    """

    def __init__(self, characters: int = 10_000_000, outputs: int = 5_000, odd: int = 200) -> None:
        self._characters = characters
        self._outputs = outputs
        self._odd = odd

    def take(self, outputs: list[dict[str, Any]]) -> list[nbformat.NotebookNode]:
        """Those that a notebook may hold, in their order."""
        taken: list[nbformat.NotebookNode] = []
        for output in outputs:
            is_usual, size = _is_usual(output), _size(output)
            self._outputs -= 1
            self._odd -= not is_usual
            self._characters -= size
            if min(self._outputs, self._odd, self._characters) < 0:
                return [*taken, nbformat.from_dict(_LEFT_OUT)]
            node = nbformat.from_dict(output)
            if is_usual or _is_valid(node):
                taken.append(node)
        return taken


def _size(output: dict[str, Any]) -> int:
    try:
        return len(msgspec.json.encode(output))
    except (TypeError, ValueError, RecursionError):  # no output then
        return 0


def _is_usual(output: dict[str, Any]) -> bool:
    """Whether `output` is surely valid, which takes a hundredth of the time that a look at the schema does."""
    try:
        msgspec.convert(output, _Stream | _Error | _Display | _Result)
    except (msgspec.ValidationError, RecursionError):
        return False
    return True


def _is_valid(node: nbformat.NotebookNode) -> bool:
    try:
        nbformat.validate(node, ref=str(node.get("output_type")), version=4)
    except Exception:  # whatever the odd structure provokes in the validator, it is no output
        return False
    return True
