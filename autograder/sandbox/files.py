"""The files a student process finds beside it."""

from __future__ import annotations

from pathlib import Path

_BYTES = 16 * 1024 * 1024


def files_beside(folder: Path) -> dict[str, bytes]:
    """The plain files that came with a submission, up to 16 MB in all.

    Notebooks stay behind, since the one being graded holds the hidden tests; so do links, which may lead anywhere.
    """
    files, total = {}, 0
    for path in sorted(folder.iterdir()):
        if path.suffix != ".ipynb" and path.is_file() and not path.is_symlink():
            total += path.stat().st_size
            if total > _BYTES:
                break
            files[path.name] = path.read_bytes()
    return files
