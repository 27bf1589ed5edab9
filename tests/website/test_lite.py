"""What JupyterLite is built from: the notebooks, what a student must know first, and where Python comes from."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import nbformat
import pytest

from autograder.models import CourseError
from autograder.notebook import fill_in
from tests.conftest import ASSIGNMENTS, REPOSITORY, copy_course, grade_class, hand_in
from website import addresses, lite, pyodide

KERNEL = "@jupyterlite/pyodide-kernel-extension:kernel"


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the online site is built from, kept instead of built."""
    folder = tmp_path_factory.mktemp("lite") / "settings"

    def keep(command: list[str], **_: Any) -> SimpleNamespace:
        shutil.copytree(command[command.index("--lite-dir") + 1], folder)
        return SimpleNamespace(returncode=0)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(subprocess, "run", keep)
        lite.build(folder.parent / "site", offline=False)
    return folder


@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_a_notebook_in_the_browser_is_the_released_one_after_a_cell_about_the_browser(
    settings: Path, assignment: str
) -> None:
    """Under the path that the links of the website have."""
    found = nbformat.read(settings / "contents" / addresses.path_of(assignment), as_version=4)
    released = nbformat.read(REPOSITORY / "release" / addresses.path_of(assignment), as_version=4)
    assert found.cells[1:] == released.cells
    assert "saved in this browser" in found.cells[0].source
    assert "nbgrader" not in found.cells[0].metadata


def test_the_online_site_takes_python_from_pyodides_own_servers(settings: Path) -> None:
    """In the same version, and holds the one package that the kernel would ask an index for."""
    config = json.loads((settings / "jupyter-lite.json").read_text())["jupyter-config-data"]
    kernel = config["litePluginSettings"][KERNEL]
    assert f"/pyodide/v{pyodide.VERSION}/" in kernel["pyodideUrl"]
    assert not (settings / "static").exists()
    assert [path.name.partition("-")[0] for path in (settings / "pypi").iterdir()] == ["comm"]


def test_scipy_is_no_part_of_the_first_load(settings: Path) -> None:
    """It is 20 MB, and a single cell further down imports it."""
    config = json.loads((settings / "jupyter-lite.json").read_text())["jupyter-config-data"]
    packages = config["litePluginSettings"][KERNEL]["loadPyodideOptions"]["packages"]
    assert "numpy" in packages
    assert "scipy" not in packages
    for assignment in ASSIGNMENTS:
        cells = nbformat.read(settings / "contents" / addresses.path_of(assignment), as_version=4).cells
        sources = [each.source for each in cells if each.cell_type == "code"]
        early = sources[: next(n for n, each in enumerate(sources) if "checks_of(" in each and "def " not in each)]
        assert not any("scipy" in each for each in early)


def test_a_file_as_the_browser_saves_it_is_graded_as_it_is(tmp_path: Path) -> None:
    """It has the cell about the browser, another kernel, and a mark of trust on every cell of code."""
    answers = REPOSITORY / "examples" / "submissions" / "grace" / "backprop.py"
    notebook = fill_in(REPOSITORY / "release" / addresses.path_of("backprop"), answers)
    notebook.cells.insert(0, lite.notebook("backprop").cells[0])
    notebook.metadata = {
        "kernelspec": {"name": "python", "display_name": "Python (Pyodide)", "language": "python"},
        "language_info": {"name": "python", "version": "3.8", "codemirror_mode": {"name": "python", "version": 3}},
    }
    for number, each in enumerate(each for each in notebook.cells if each.cell_type == "code"):
        each.metadata["trusted"], each.execution_count = True, number + 1
    nbformat.write(notebook, tmp_path / "saved.ipynb")
    course = copy_course(tmp_path / "course", "backprop")
    hand_in(course, "grace", tmp_path / "saved.ipynb", "backprop")
    graded = grade_class(course, "backprop")["grace"]
    assert graded.score is not None
    assert (graded.score.points, graded.score.to_read, graded.notes) == (20, 1, ())


def test_a_build_that_fails_is_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The last line that JupyterLite printed."""
    failed = SimpleNamespace(returncode=1, stdout="", stderr="Traceback:\nFileNotFoundError: settings")
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: failed)
    with pytest.raises(CourseError, match=r"JupyterLite could not be built \(FileNotFoundError: settings\)"):
        lite.build(tmp_path, offline=False)
