"""What a warm interpreter is told when a student process is to be born."""

from __future__ import annotations

import msgspec


class Birth(msgspec.Struct):
    """The bounds of one student process."""

    memory_megabytes: int
    disk_megabytes: int
    output_characters: int


TWIN = b"twin"
"""Asks for a second warm interpreter instead."""

Files = dict[str, bytes]
"""The files that lay beside a submission, by name."""
