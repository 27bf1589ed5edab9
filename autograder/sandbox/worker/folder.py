"""The folder a student process starts in."""

from __future__ import annotations

import os
from pathlib import Path

from autograder.sandbox.worker.birth import Files


def make_folder(files: Files) -> str:
    """A new folder, named for this process, that holds `files`; it becomes the current one."""
    folder = Path(os.environ["HOME"], str(os.getpid()))
    folder.mkdir(mode=0o700)
    os.chdir(folder)
    place(files)
    return str(folder)


def place(files: Files) -> None:
    """Put `files` into the current folder."""
    for name, content in files.items():
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_bytes(content)
