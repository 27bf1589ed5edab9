"""Downloads as learning platforms make them, written from the description of their formats."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable
from pathlib import Path

from tests.conftest import REPOSITORY

SOLVED, UNTOUCHED, OTHER = (
    (REPOSITORY / folder / name / f"{name}.ipynb").read_bytes()
    for folder, name in (("solutions", "backprop"), ("release", "backprop"), ("solutions", "lstm"))
)
Files = Iterable[tuple[str, bytes]]


def zipped(path: Path, files: Files) -> Path:
    """A zip at `path` of these files, names that stand twice included."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, each in files:
            archive.writestr(zipfile.ZipInfo(name, (2026, 1, 2, 10, 0, 0)), each)
    path.write_bytes(content.getvalue())
    return path


def canvas(sortable_name: str, user: int | str, attachment: int, file: str, late: bool = False) -> str:
    """The name that Canvas gives a file: of an anonymous student when `sortable_name` is empty."""
    name = re.sub(r"\W", "", sortable_name).lower()
    whose = f"anon_{user}" if not name else str(user)
    start = "_".join(filter(None, (name, "LATE" if late else "", whose)))
    cleaned = re.sub(r'[\x00/\\:*?"<>|]+', "_", file)
    return f"{start}_{attachment}_{cleaned}"


def moodle(full_name: str, participant: int, file: str, ending: str = "") -> str:
    """The path that Moodle gives a file; before version 4.1 the folder's name has the ending `_`."""
    return f"{full_name.replace('_', ' ')}_{participant}_assignsubmission_file{ending}/{file}"
