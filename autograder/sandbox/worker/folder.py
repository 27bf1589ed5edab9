"""A folder for a student process that shares the file system with others."""

from __future__ import annotations

import os
from pathlib import Path

from autograder.sandbox.worker.birth import Files


def make_folder(files: Files) -> str:
    """A new folder, named for this process, that holds `files`; it becomes the current one."""
    folder = Path(os.environ["HOME"], str(os.getpid()))
    folder.mkdir(mode=0o700)
    for name, content in files.items():
        (folder / name).write_bytes(content)
    os.chdir(folder)
    return str(folder)
