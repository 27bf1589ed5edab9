"""The bundle that an instructor uploads to Gradescope: one assignment, the engine, and a lock of what grading needs.

It holds answers and hidden checks, since they are needed where grading takes place; only instructors can download it
there. The engine in it is a wheel without answers. What runs there is in `autograder.lms.gradescope_results`.
"""

from __future__ import annotations

import ast
import base64
import contextlib
import hashlib
import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib import metadata, resources
from pathlib import Path

import msgspec

import autograder
from autograder.config import course_config
from autograder.files import keep
from autograder.folders import source_folder
from autograder.grade_file import prepare_all
from autograder.lms.gradescope_results import COURSE, SETTINGS, Settings
from autograder.models import DISTRIBUTION, CourseError
from autograder.notebook import CONFIG_FILE, content_of, require_assignment
from autograder.source_notebook import read_source_notebook

LOCK = "requirements.lock"
_SCRIPTS = ("setup.sh", "run_autograder")
_WEB_PAGES = frozenset(("jupyterlab", "notebook", "jupyter-server"))
"""What nbgrader requires for its web pages alone."""

_THE_SAME_DAY = (1980, 1, 1, 0, 0, 0)
"""The time of every file, so that the same course makes the same archive."""


@dataclass(frozen=True)
class Bundle:
    """What was written: the archive, and the points that checks and people give."""

    path: Path
    points_of_checks: float
    points_by_hand: float


def write_bundle(root: Path, settings: Settings, target: Path) -> Bundle:
    """Write the bundle of one assignment.

    Args:
        root: the folder of the course.
        settings: the assignment, and how it is graded.
        target: the archive to write.

    Returns:
        What was written.

    Raises:
        CourseError: the assignment cannot be used, one of its checks is broken, or the lock lacks something.
    """
    prepared = prepare_all(root, settings.assignment)
    for each in prepared.values():
        for name, reason in each.assignment.broken_checks.items():
            name = each.outline.prefix + name
            raise CourseError(f"check '{name}' is broken: {reason}.", settings.assignment, "Correct the check first.")
    of_all = next(iter(prepared.values())).assignment  # its notebooks share answers and files
    files = {SETTINGS: msgspec.json.format(msgspec.json.encode(settings))}
    files |= {f"{COURSE}/{path}": content_of(root / path) for path in _course_files(root, settings.assignment)}
    files[LOCK] = _lock(root, settings.assignment, of_all.answers, of_all.files).encode()
    wheel_name, wheel = engine_wheel()
    files[wheel_name] = wheel
    scripts = resources.files("autograder.lms") / "gradescope_scripts"
    files |= {name: (scripts / name).read_bytes() for name in _SCRIPTS}
    keep(target, _zipped(files, executable=_SCRIPTS))
    parts = [part for each in prepared.values() for part in each.outline.parts]
    points = sum(part.points for part in parts)
    of_checks = sum(check.points for part in parts for check in part.checks)
    return Bundle(target, of_checks, points - of_checks)


def _course_files(root: Path, assignment: str) -> list[Path]:
    """The files of the course that grading one assignment reads, as paths below `root`."""
    folders = [source_folder(root).relative_to(root) / assignment, Path("answers", assignment)]
    found = [path.relative_to(root) for folder in folders for path in sorted((root / folder).rglob("*"))]
    lock = [path for path in (Path("source", "checks.lock"),) if (root / path).exists()]
    return [Path(CONFIG_FILE), *lock, *(path for path in found if _is_kept(root / path))]


def _is_kept(path: Path) -> bool:
    return path.is_file() and not any(part in ("__pycache__", ".ipynb_checkpoints") for part in path.parts)


def engine_wheel() -> tuple[str, bytes]:
    """The name and the content of a wheel of the package that runs: no course, no answers, no tests."""
    installed = metadata.distribution(DISTRIBUTION)
    stem = f"{DISTRIBUTION.replace('-', '_')}-{installed.version}"
    package = Path(autograder.__file__).parent
    files = {
        f"{package.name}/{path.relative_to(package).as_posix()}": path.read_bytes()
        for path in sorted(package.rglob("*"))
        if _is_kept(path)
    }
    described = {name: (installed.read_text(name) or "").encode() for name in ("METADATA", "entry_points.txt")}
    described["WHEEL"] = b"Wheel-Version: 1.0\nGenerator: autograder\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    files |= {f"{stem}.dist-info/{name}": content for name, content in described.items()}
    record = f"{stem}.dist-info/RECORD"
    files[record] = "".join([*(_recorded(*each) for each in files.items()), f"{record},,\n"]).encode()
    return f"{stem}-py3-none-any.whl", _zipped(files)


def _recorded(name: str, content: bytes) -> str:
    digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
    return f"{name},sha256={digest},{len(content)}\n"


def _zipped(files: Mapping[str, bytes], executable: Iterable[str] = ()) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            info = zipfile.ZipInfo(name, _THE_SAME_DAY)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = (0o755 if name in executable else 0o644) << 16
            archive.writestr(info, content)
    return packed.getvalue()


def _lock(root: Path, assignment: str, answers: Mapping[str, str], files: Mapping[str, bytes]) -> str:
    """The part of the course's lock that grading needs: the engine's requirements, and what the assignment imports."""
    try:
        text = content_of(root / LOCK).decode()
    except CourseError as error:
        advice = f"Make it with `uv pip compile pyproject.toml --universal --generate-hashes --output-file {LOCK}`."
        raise CourseError(error.reason, error.where, advice) from None
    entries: dict[str, list[str]] = {}
    for entry in re.split(r"^(?=[A-Za-z0-9])", text, flags=re.MULTILINE)[1:]:
        entries.setdefault(_parsed(entry)[0], []).append(entry)
    config = course_config(root)
    notebooks = [read_source_notebook(config, path) for path in require_assignment(root, assignment)]
    code = [cell.source for notebook in notebooks for cell in notebook.cells if cell.cell_type == "code"]
    code += [
        *answers.values(),
        *(content.decode(errors="replace") for name, content in files.items() if name.endswith(".py")),
    ]
    imported = _distributions(code) - {DISTRIBUTION}
    if missing := sorted(imported - entries.keys()):
        raise CourseError(
            f"lacks {', '.join(missing)}, which {assignment} imports.", root / LOCK, "Add it to the lock."
        )
    wanted = _required({DISTRIBUTION, *imported}) & entries.keys()
    return "".join(entry for name in sorted(wanted) for entry in entries[name])


_REQUIREMENT = re.compile(r"(?P<name>[A-Za-z0-9._-]+)\s*(?:\[(?P<extras>[^]]*)\])?")
_EXTRA = re.compile(r"""extra\s*==\s*['"]([^'"]+)['"]""")


def _parsed(requirement: str) -> tuple[str, frozenset[str]]:
    """The name of the distribution that a requirement begins with, in its normal form, and the extras it asks for."""
    found = _REQUIREMENT.match(requirement)
    assert found is not None, requirement
    extras = (_normal(extra.strip()) for extra in (found["extras"] or "").split(",") if extra.strip())
    return _normal(found["name"]), frozenset(extras)


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _required(names: Iterable[str]) -> set[str]:
    """These distributions and all that they require, whatever the system; the lock says what is for which."""
    found, left = set[tuple[str, frozenset[str]]](), {(name, frozenset[str]()) for name in names}
    while left:
        name, extras = each = left.pop()
        found.add(each)
        with contextlib.suppress(metadata.PackageNotFoundError):  # it is for another system
            for line in metadata.distribution(name).requires or []:
                for_extras = {_normal(extra) for extra in _EXTRA.findall(line)}
                needed = _parsed(line)
                if (not for_extras or for_extras & extras) and needed[0] not in _WEB_PAGES and needed not in found:
                    left.add(needed)
    return {name for name, _ in found}


def _distributions(code: Iterable[str]) -> set[str]:
    """The distributions that hold what this code imports."""
    installed = metadata.packages_distributions()
    return {_normal(each) for text in code for name in _imported(text) for each in installed.get(name, ())}


def _imported(text: str) -> Iterator[str]:
    """The packages that a piece of code imports; none when it is not Python, as a cell with a magic is not."""
    with contextlib.suppress(SyntaxError):
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Import):
                yield from (alias.name.partition(".")[0] for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module:
                yield node.module.partition(".")[0]
