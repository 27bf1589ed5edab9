"""What a warm interpreter is told when a student process is to be born."""

from __future__ import annotations

import msgspec


class StartRequest(msgspec.Struct, tag=True):
    """A student process is wanted, within these bounds, and with what it takes to draw `figures` at hand."""

    memory_megabytes: int
    disk_megabytes: int
    output_characters: int
    figures: bool = False


class CloneRequest(msgspec.Struct, tag=True):
    """A second warm interpreter is wanted, which stays on one core with all it forks."""

    core: int


Files = dict[str, bytes]
"""The files that lay beside a submission, by name."""
