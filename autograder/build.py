"""source -> release and solutions, through nbgrader's own converters, the same bytes every time."""

from __future__ import annotations

import ast
import hashlib
import json
import re
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from nbgrader.converters import GenerateAssignment, GenerateSolution
from nbgrader.coursedir import CourseDirectory

from autograder.cells import role
from autograder.config import course_config, run_converter
from autograder.hints import with_hints
from autograder.judge.mistakes import catalogue_at
from autograder.models import CourseError
from autograder.notebook import CONFIG_FILE, assignments, read, require_assignment, require_course, require_sound

TOOLS = "given-checks"
"""The grade id of the cell that holds the tools of the shown checks."""

PATH = Path("source", "checks.lock")
HEADER = "# Written by `autograder build`. A changed line is a changed check or score: commit it on purpose.\n"


def text(root: Path) -> str:
    """The text that `source/checks.lock` of the course below `root` should have."""
    lines = []
    for assignment in assignments(root):
        for cell in read(require_assignment(root, assignment)).cells:
            if (found := role(cell)).is_graded:
                digest = hashlib.sha256(cell.source.encode()).hexdigest()[:16]
                lines.append(f"{assignment} {found.grade_id} {found.metadata['points']} {digest}\n")
    return HEADER + "".join(lines)


GENERATED = ("release", "solutions")


def build(root: Path) -> list[Path]:
    """Write every generated file of the course below `root`; returns those that changed."""
    with tempfile.TemporaryDirectory() as scratch:
        fresh = _generate(root, Path(scratch))
        changed = list(_stale(root, fresh))
        for path in changed:
            target = root / path
            if path in fresh:
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(fresh[path])
            else:
                target.unlink()
    return changed


def check(root: Path) -> list[Path]:
    """The generated files below `root` that no longer follow from `source/`."""
    with tempfile.TemporaryDirectory() as scratch:
        return list(_stale(root, _generate(root, Path(scratch))))


def _generate(root: Path, scratch: Path) -> dict[Path, bytes]:
    """The content that each generated file should have, by its path relative to `root`."""
    require_course(root)
    shutil.copytree(root / "source", scratch / "source")
    (scratch / "grading").mkdir()
    shutil.copy(root / CONFIG_FILE, scratch)
    sources = _put_tools_in(scratch, root)
    config = course_config(scratch)
    for assignment in assignments(scratch):
        place = Path("source", assignment, f"{assignment}.ipynb")
        require_sound(place, read(scratch / place))
        for converter in (GenerateAssignment, GenerateSolution):
            coursedir = CourseDirectory(config=config, assignment_id=assignment)
            try:
                run_converter(converter(coursedir=coursedir, config=config))
            except CourseError as error:
                raise error.within(place) from error
    notebooks = {path.relative_to(scratch): path.read_bytes() for path in _generated_files(scratch)}
    return sources | notebooks | {PATH: text(scratch).encode()}


def _put_tools_in(root: Path, course: Path) -> dict[Path, bytes]:
    """Copy `source/checks.py`, with hints, into the cell `given-checks` of each source notebook below `root`, in place.

    The hints are made from the answers of the course below `course`, of which `root` is a copy without them.
    Returns the notebooks that have such a cell, by their paths from there.
    """
    if not (tools := root / "source" / "checks.py").exists():
        return {}
    try:
        module = ast.parse(content := tools.read_text(encoding="utf-8"))
    except (SyntaxError, ValueError) as error:  # not UTF-8 is a ValueError
        raise CourseError(f"not valid Python ({error}).", "source/checks.py", "Correct this and try again.") from None
    lines = content.splitlines(keepends=True)[module.body[0].end_lineno if ast.get_docstring(module) else 0 :]
    found = {}
    for assignment in assignments(root):
        path = require_assignment(root, assignment)
        read(require_assignment(course, assignment))  # which says in one line what is wrong with it
        notebook = json.loads(path.read_text(encoding="utf-8"))
        known = catalogue_at(course, assignment)
        given = [
            "".join(cell["source"])
            for cell in notebook["cells"]
            if role(cell).grade_id.startswith("given-") and role(cell).grade_id != TOOLS
        ]
        for cell in notebook["cells"]:
            if role(cell).grade_id == TOOLS:
                text = with_hints("".join(lines), known, given)
                cell["source"] = text.strip("\n").splitlines(keepends=True)
                path.write_text(json.dumps(notebook, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
                found[path.relative_to(root)] = path.read_bytes()
    return found


def _generated_files(root: Path) -> Iterator[Path]:
    for folder in GENERATED:
        for path in sorted((root / folder).rglob("*")):
            if path.is_file() and ".ipynb_checkpoints" not in path.parts:
                yield path


def _stale(root: Path, fresh: dict[Path, bytes]) -> Iterator[Path]:
    present = {path.relative_to(root) for path in _generated_files(root)}
    for name in sorted(present | set(fresh)):
        stored = (root / name).read_bytes() if (root / name).is_file() else None
        if name not in fresh or stored is None or _without_pictures(stored) != _without_pictures(fresh[name]):
            yield name


def _without_pictures(content: bytes) -> bytes:
    """`content` without drawn pixels, which may differ between processors and fonts; nothing else may."""
    return re.sub(rb"data:image/(?:png|svg\+xml);base64,[A-Za-z0-9+/=]+", b"picture", content)
