"""source -> release and solutions, through nbgrader's own converters, the same bytes every time."""

from __future__ import annotations

import ast
import hashlib
import json
import re
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from nbgrader.converters import GenerateAssignment, GenerateSolution
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config

from autograder.cells import answers, role
from autograder.config import course_config, house_style, run_converter
from autograder.folders import source_folder
from autograder.hints import with_hints
from autograder.judge.mistakes import Catalogue, catalogue_at
from autograder.models import CourseError
from autograder.notebook import assignments, prefixed, read, require_assignment, require_course
from autograder.scratch import copy_source, move

TOOLS = "given-checks"
"""The grade id of the cell that holds the tools of the shown checks."""

PATH = Path("source", "checks.lock")
HEADER = "# Written by `autograder build`. A changed line is a changed check or score: commit it on purpose.\n"


def text(root: Path) -> str:
    """The text that `source/checks.lock` of the course below `root` should have."""
    lines = []
    for assignment in assignments(root):
        for prefix, path in prefixed(require_assignment(root, assignment)):
            for cell in read(path).cells:
                if (found := role(cell)).is_graded:
                    digest = hashlib.sha256(cell.source.encode()).hexdigest()[:16]
                    lines.append(f"{assignment} {prefix}{found.grade_id} {found.metadata['points']} {digest}\n")
    return HEADER + "".join(lines)


def build(root: Path) -> list[Path]:
    """Write every generated file of the course below `root`; returns those that changed."""
    fresh = generated(root)
    changed = list(stale(root, fresh))
    for path in changed:
        target = root / path
        if path in fresh:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(fresh[path])
        else:
            target.unlink()
    return changed


def stale(root: Path, fresh: Mapping[Path, bytes]) -> Iterator[Path]:
    """The generated files below `root` that are not as in `fresh`.

    In a course of this house, files that nothing generates any more are among them; elsewhere they may be anybody's.
    """
    config = course_config(root)
    present = set(_files_below(root, _folders(config).values())) if house_style(config) else set()
    for name in sorted(present | set(fresh)):
        stored = (root / name).read_bytes() if (root / name).is_file() else None
        if name not in fresh or stored is None or _without_pictures(stored) != _without_pictures(fresh[name]):
            yield name


def check(root: Path) -> list[Path]:
    """The generated files below `root` that no longer follow from `source/`."""
    return list(stale(root, generated(root)))


def generated(root: Path) -> dict[Path, bytes]:
    """The content that each generated file of the course below `root` should have, by its path relative to `root`.

    In a course of this house these are what is handed out, solutions, and what `build` writes into `source/`; in any
    other only what is handed out. Raises CourseError when one cannot be made.
    """
    require_course(root)
    with tempfile.TemporaryDirectory() as folder:
        return _generated(root, Path(folder))


def _generated(root: Path, scratch: Path) -> dict[Path, bytes]:
    config, source = course_config(root), source_folder(root)
    folders = _folders(config)
    copy_source(root, scratch)
    has_style = house_style(config)
    sources = _put_tools_in(scratch, root) if has_style else {}
    names = assignments(root)
    move(config, root, scratch, names)
    for name in names:
        paths = require_assignment(root, name)
        place = paths[0] if len(paths) == 1 else source / name
        for converter in (GenerateAssignment, GenerateSolution)[: len(folders)]:
            try:
                run_converter(converter(coursedir=CourseDirectory(config=config, assignment_id=name), config=config))
            except CourseError as error:
                raise error.within(_shown(root, place)) from error
    made = {
        Path(folders[path.parts[0]], *path.parts[1:]): (scratch / path).read_bytes()
        for path in _files_below(scratch, folders)
    }
    return sources | made | ({PATH: text(scratch).encode()} if has_style else {})


def _folders(config: Config) -> dict[str, str]:
    """The folders of generated files in a scratch course, and what they are called in the course itself."""
    course = config.CourseDirectory
    return {"release": course.release_directory} | (
        {"solutions": course.solution_directory} if house_style(config) else {}
    )


def _shown(root: Path, path: Path) -> Path:
    return path.relative_to(root) if path.is_relative_to(root) else path


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
    for assignment, path in ((name, path) for name in assignments(root) for path in require_assignment(root, name)):
        read(course / path.relative_to(root))  # which says in one line what is wrong with it
        notebook = json.loads(path.read_text(encoding="utf-8"))
        known = catalogue_at(course, assignment)
        given = [
            "".join(cell["source"])
            for cell in notebook["cells"]
            if role(cell).grade_id.startswith("given-") and role(cell).grade_id != TOOLS
        ]
        for cell in notebook["cells"]:
            if role(cell).grade_id == TOOLS:
                text = with_hints("".join(lines), _about(known, answers(notebook["cells"])), given)
                cell["source"] = text.strip("\n").splitlines(keepends=True)
                path.write_text(json.dumps(notebook, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
                found[path.relative_to(root)] = path.read_bytes()
    return found


def _about(known: Catalogue | None, functions: frozenset[str]) -> Catalogue | None:
    """What is known of the answers that one notebook asks for."""
    if known is None:
        return None
    return replace(known, solutions={name: each for name, each in known.solutions.items() if name in functions})


def _files_below(root: Path, folders: Iterable[str]) -> Iterator[Path]:
    """The files in these folders of `root`, by their paths from there."""
    for folder in folders:
        for path in sorted((root / folder).rglob("*")):
            if path.is_file() and ".ipynb_checkpoints" not in path.parts:
                yield Path(folder, path.relative_to(root / folder))


def _without_pictures(content: bytes) -> bytes:
    """`content` without drawn pixels, which may differ between processors and fonts; nothing else may."""
    return re.sub(rb"data:image/(?:png|svg\+xml);base64,[A-Za-z0-9+/=]+", b"picture", content)
