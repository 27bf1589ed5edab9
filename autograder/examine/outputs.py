"""Which of the outputs that a student process sends a notebook may hold."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
import nbformat


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


def valid_outputs(outputs: list[dict[str, Any]]) -> list[nbformat.NotebookNode]:
    """Those that a notebook may hold, in their order; a student process can send anything."""
    nodes = [(nbformat.from_dict(output), _is_usual(output)) for output in outputs]
    return [node for node, is_usual in nodes if is_usual or _is_valid(node)]


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
