"""JupyterLite with the notebooks of `release/`, in the folder `lite/` of the site: it runs them in the browser."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from importlib.metadata import distribution
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import nbformat

from autograder.models import CourseError
from website import pyodide
from website.addresses import LITE

_ROOT = Path(__file__).parent.parent
_SETTINGS = Path(__file__).parent / "lite"
_CACHE = _ROOT / "build" / "pyodide"
_EXTENSION = "@jupyterlite/pyodide-kernel-extension"
_APPS = ("notebooks", "tree")
"""One notebook a page, and a list of the files; neither panels nor tabs, which a beginner does not need."""


def build(site: Path, offline: bool, source: Path | None = None) -> None:
    """Put JupyterLite into `site / LITE`.

    Args:
        site: the folder of the built website.
        offline: whether all that a browser needs lies in the site; otherwise Pyodide comes from its own CDN.
        source: an archive or a folder with Pyodide's files, for a site that is `offline`; without it, npm and pip get
            them.

    Raises:
        CourseError: Pyodide's files cannot be had, or JupyterLite cannot be built.
    """
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch).resolve() / "settings"
        shutil.copytree(_SETTINGS, folder)
        (folder / "pypi").mkdir()
        _pack("comm", folder / "pypi")  # the kernel needs it, and would ask a package index
        _configure(folder, offline, source)
        _write_notebooks(folder / "contents")
        shutil.rmtree(site / LITE, ignore_errors=True)
        _run_jupyterlite(folder, folder / "contents", site / LITE)


def notebook(assignment: str) -> nbformat.NotebookNode:
    """The released notebook, after a first cell that says where the work is kept and how it is handed in."""
    found = nbformat.read(_ROOT / "release" / assignment / f"{assignment}.ipynb", as_version=4)
    note = (_SETTINGS / "note.md").read_text(encoding="utf-8").strip()
    locked = {"deletable": False, "editable": False}
    found.cells.insert(0, nbformat.v4.new_markdown_cell(note, id="in-the-browser", metadata=locked))
    return found


def _write_notebooks(folder: Path) -> None:
    """Copy the released assignments with their files, the notebooks with the note."""
    shutil.copytree(_ROOT / "release", folder, ignore=shutil.ignore_patterns(".*"))
    for path in folder.glob("*/*.ipynb"):
        nbformat.write(notebook(path.stem), path)


def _configure(folder: Path, offline: bool, source: Path | None) -> None:
    """Say in JupyterLite's settings where Pyodide is, and what of it is loaded at once."""
    path = folder / "jupyter-lite.json"
    settings = json.loads(path.read_text())
    kernel: dict[str, object] = {}
    settings["jupyter-config-data"]["litePluginSettings"] = {f"{_EXTENSION}:kernel": kernel}
    kernel["loadPyodideOptions"] = {"packages": list(pyodide.PRELOADED)}
    if offline:
        kernel["disablePyPIFallback"] = True
        (folder / "static").mkdir()
        (folder / "static" / "pyodide").symlink_to(pyodide.collect(_CACHE, source).resolve())  # found by its name
    else:
        kernel["pyodideUrl"] = f"https://cdn.jsdelivr.net/pyodide/v{pyodide.VERSION}/full/pyodide.js"
    path.write_text(json.dumps(settings, indent=2))


def _pack(name: str, folder: Path) -> None:
    """Make a wheel of a package that is installed here and is plain Python."""
    package = distribution(name)
    with ZipFile(folder / f"{name}-{package.version}-py3-none-any.whl", "w") as wheel:
        for file in sorted(package.files or []):
            if "__pycache__" not in file.parts:
                wheel.writestr(ZipInfo(str(file)), Path(str(file.locate())).read_bytes(), ZIP_DEFLATED)


def _run_jupyterlite(folder: Path, contents: Path, target: Path) -> None:
    """Build JupyterLite with the settings in `folder`, and with the kernel as its only extension."""
    extension = Path(sys.prefix) / "share" / "jupyter" / "labextensions" / _EXTENSION
    command = [sys.executable, "-m", "jupyterlite_core", "build", "--lite-dir", folder, "--output-dir", target]
    command += ["--contents", contents, *(word for app in _APPS for word in ("--apps", app))]
    command += ["--no-sourcemaps", "--no-unused-shared-packages", "--no-libarchive"]
    command += ["--ignore-sys-prefix", f"--LiteBuildConfig.federated_extensions={extension}"]
    ran = subprocess.run([str(word) for word in command], cwd=folder, capture_output=True, text=True)
    if ran.returncode != 0:
        said = (ran.stderr or ran.stdout).strip().splitlines() or ["it did not say why"]
        raise CourseError(f"JupyterLite could not be built ({said[-1]}).", target)
