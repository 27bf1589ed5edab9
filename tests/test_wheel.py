"""The package can be installed alone: no course, no answers, no JupyterLab beside it, and not in the repository."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

import pytest

from tests.conftest import REPOSITORY
from tests.test_init import hand_in_solution, make_course

_NOT_NEEDED = ("jupyterlab", "notebook", "jupyter_server", "matplotlib", "answers", "tests", "source")
"""What grading imports nothing of, though nbgrader's requirements bring some of it along."""


@pytest.fixture(scope="module")
def programs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The programs of an environment with the wheel in it, and what the wheel requires."""
    folder = tmp_path_factory.mktemp("alone")
    package = shutil.copytree(REPOSITORY / "autograder", folder / "package" / "autograder")
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(REPOSITORY / name, package.parent)
    build: list[str | Path] = [
        sys.executable,
        "-m",
        "pip",
        "wheel",
        "--no-deps",
        "--no-build-isolation",
        "--wheel-dir",
        folder,
        ".",
    ]
    subprocess.run(build, cwd=package.parent, check=True, capture_output=True)
    (wheel,) = folder.glob("*.whl")
    venv.create(folder / "environment", with_pip=True)
    python = folder / "environment" / "bin" / "python"
    install: list[str | Path] = [python, "-m", "pip", "install", "--quiet", "--constraint", _constraints(folder), wheel]
    subprocess.run(install, cwd=folder, check=True)
    for name in _NOT_NEEDED:
        found = next((folder / "environment" / "lib").glob(f"python3*/site-packages/{name}"), None)
        if found is not None:
            shutil.rmtree(found)
    return python.parent


def _constraints(folder: Path) -> Path:
    """The versions of the lock that graders use, without their hashes."""
    lines = (REPOSITORY / "requirements-grading.lock").read_text().splitlines()
    kept = [line.removesuffix(" \\") for line in lines if line[:1].isalpha()]
    (folder / "constraints.txt").write_text("\n".join(kept))
    return folder / "constraints.txt"


def run(programs: Path, course: Path, *arguments: str) -> str:
    """What a command prints in the course; it has to end with 0."""
    environment = {"HOME": str(course.parent), "PATH": os.defpath, "PYTHONSAFEPATH": "1"}
    done = subprocess.run(
        [programs / "autograder", *arguments], cwd=course, env=environment, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.thorough
def test_a_course_of_somebody_is_graded_by_the_wheel_alone(programs: Path, tmp_path: Path) -> None:
    """From `init` to a score; nbgrader's own settings and an assignment of the template included."""
    course = make_course(tmp_path / "course")
    assert "Every check can be judged" in run(programs, course, "init")
    hand_in_solution(course, "ada")
    assert "1 of 1 graded" in run(programs, course, "grade", "ps1", "--require-sandbox", "process")
    assert (course / "gradebook.db").exists() and (course / "autograded" / "ada" / "ps1" / "ps1.ipynb").exists()
    run(programs, course, "new", "first")
    assert "release/first/first.ipynb" in run(programs, course, "build")
    run(programs, course, "build", "--check")
    assert "Student code is confined" in run(programs, course, "doctor")
