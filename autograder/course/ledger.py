"""`source/checks.lock`: one line for each graded cell, so that no check or point changes without being seen.

Hidden tests stand in no generated notebook; without this file a dropped assertion would go unnoticed.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from autograder.notebooks.reading import assignments, nbgrader_metadata, read, require_assignment

PATH = Path("source", "checks.lock")
HEADER = "# Written by `autograder build`. A changed line is a changed check or score: commit it on purpose.\n"


def text(root: Path) -> str:
    """What the ledger of the course below `root` should say."""
    lines = []
    for assignment in assignments(root):
        for cell in read(require_assignment(root, assignment)).cells:
            metadata = nbgrader_metadata(cell)
            if metadata.get("grade"):
                digest = hashlib.sha256(cell.source.encode()).hexdigest()[:16]
                lines.append(f"{assignment} {metadata['grade_id']} {metadata['points']} {digest}\n")
    return HEADER + "".join(lines)
