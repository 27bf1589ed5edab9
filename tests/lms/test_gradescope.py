"""The bundle for Gradescope, run as its documentation says: what students, instructors and thieves find."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import jsonschema
import nbformat
import pytest
from click.testing import CliRunner
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from autograder.cli import main
from autograder.lms import gradescope_results
from autograder.lms.gradescope import engine_wheel
from autograder.lms.gradescope_results import write_results
from autograder.models import CourseError
from autograder.notebook import fill_in
from autograder.sandbox import Level
from tests.conftest import REPOSITORY, cell, copy_course, edit

pytestmark = pytest.mark.xdist_group("gradescope")

RELEASE = REPOSITORY / "release" / "backprop" / "backprop.ipynb"
_VISIBILITY = {"enum": ["hidden", "after_due_date", "after_published", "visible"]}
_FORMAT = {"enum": ["text", "html", "simple_format", "md", "ansi"]}
RESULTS = {
    "type": "object",
    "additionalProperties": False,
    "anyOf": [
        {"required": ["score"]},
        {"required": ["tests"], "properties": {"tests": {"items": {"required": ["score"]}}}},
    ],
    "properties": {
        "score": {"type": "number"},
        "execution_time": {"type": "number"},
        "output": {"type": "string"},
        "output_format": _FORMAT,
        "test_output_format": _FORMAT,
        "test_name_format": _FORMAT,
        "visibility": _VISIBILITY,
        "stdout_visibility": _VISIBILITY,
        "extra_data": {"type": "object"},
        "leaderboard": {"type": "array"},
        "tests": {
            "type": "array",
            "items": {
                "type": "object",
                "additionalProperties": False,
                "properties": {
                    "score": {"type": "number"},
                    "max_score": {"type": "number"},
                    "status": {"enum": ["passed", "failed"]},
                    "name": {"type": "string"},
                    "name_format": _FORMAT,
                    "number": {"type": "string"},
                    "output": {"type": "string"},
                    "output_format": _FORMAT,
                    "tags": {"type": "array", "items": {"type": "string"}},
                    "visibility": _VISIBILITY,
                    "extra_data": {"type": "object"},
                },
            },
        },
    },
}
"""What Gradescope's "Autograder Specifications" say of results.json."""

METADATA = {
    "id": 123456,
    "created_at": "2018-07-01T14:22:32.365935-07:00",
    "assignment": {"due_date": None, "group_size": None, "id": 25828, "title": "Backprop", "total_points": "20.0"},
    "submission_method": "upload",
    "users": [{"email": "student@example.com", "id": 1234, "name": "Student User"}],
    "previous_submissions": [],
}


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bundle of backprop, as the command writes it."""
    course = copy_course(tmp_path_factory.mktemp("gradescope") / "course", "backprop")
    shutil.copy(REPOSITORY / "requirements.lock", course)
    done = CliRunner().invoke(main, ["--root", str(course), "gradescope", "backprop"])
    assert done.exit_code == 0, done.output
    assert "It holds the answers and the hidden checks" in done.stdout
    assert "set the autograder points to 20" in done.stdout and "add 4 points" in done.stdout
    return course / "grading" / "gradescope" / "backprop.zip"


@pytest.fixture(scope="module")
def home(bundle: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder laid out as /autograder is when the image has been built."""
    folder = tmp_path_factory.mktemp("image") / "autograder"
    for name in ("source", "submission", "results"):
        (folder / name).mkdir(parents=True)
    with zipfile.ZipFile(bundle) as archive:
        archive.extractall(folder / "source")
    shutil.copy(folder / "source" / "run_autograder", folder / "run_autograder")
    (folder / "run_autograder").chmod(0o755)
    (folder / "submission_metadata.json").write_text(json.dumps(METADATA))
    return folder


@pytest.fixture
def handed_in(home: Path) -> Iterator[Path]:
    """The folder of the submission, empty."""
    (home / "results" / "results.json").write_text("{}")
    yield home / "submission"
    shutil.rmtree(home / "submission")
    (home / "submission").mkdir()


def filled(target: Path, student: str) -> None:
    """Write the backprop notebook of an example student."""
    nbformat.write(fill_in(RELEASE, REPOSITORY / "examples" / "submissions" / student / "backprop.py"), target)


def run(home: Path) -> subprocess.CompletedProcess[str]:
    """Run `run_autograder` as Gradescope does."""
    return subprocess.run(
        ["./run_autograder"],
        cwd=home, env={**os.environ, "AUTOGRADER_VENV": sys.prefix}, capture_output=True, text=True, check=False,
    )  # fmt: skip


def results(home: Path) -> dict[str, Any]:
    """The results that were written, which follow the documentation."""
    found: dict[str, Any] = json.loads((home / "results" / "results.json").read_text())
    jsonschema.Draft202012Validator(RESULTS).validate(found)
    return found


def test_a_right_notebook_gets_all_points_and_hidden_checks_wait_for_the_scores_to_be_published(
    home: Path, handed_in: Path
) -> None:
    """One test for each check; an answer in words is marked by hand and has no test."""
    filled(handed_in / "backprop.ipynb", "grace")
    done = run(home)
    assert done.returncode == 0, done.stderr
    found = results(home)
    assert sum(test["score"] for test in found["tests"]) == sum(test["max_score"] for test in found["tests"]) == 20
    assert {test["status"] for test in found["tests"]} == {"passed"} and "score" not in found
    visible = {test["name"]: test["visibility"] for test in found["tests"]}
    assert visible["forward: Shown checks"] == "visible" and visible["forward: Further checks"] == "after_published"
    assert found["stdout_visibility"] == "hidden" and found["extra_data"]["sandbox"] in ("landlock", "namespaces")
    assert "(4 points): your answer is to be marked by hand." in found["output"]
    assert "The assignment has 20 points on Gradescope, but the notebook has 24: 20 for checks and 4" in done.stdout


def test_a_wrong_notebook_under_another_name_gets_its_points_and_a_sentence_for_each_failed_check(
    home: Path, handed_in: Path
) -> None:
    """The sentence and the mistake; nothing that comes from hidden checks, and no sum that would say how they went."""
    (handed_in / "week 3").mkdir()
    filled(handed_in / "week 3" / "Kopie von backprop (2).ipynb", "document")
    assert run(home).returncode == 0
    found = results(home)
    assert sum(test["score"] for test in found["tests"]) == 15
    (failed,) = [test for test in found["tests"] if test["name"] == "back_to_z1: Shown checks"]
    assert failed["status"] == "failed" and "but it should be 0" in failed["output"]
    (hidden,) = [test for test in found["tests"] if test["name"] == "back_to_z1: Further checks"]
    early = "wrong where z_1 is exactly 0"
    assert early in hidden["output"] and hidden["visibility"] == "after_published" and early not in failed["output"]
    assert "\nThis looks like: " in failed["output"] and "\nRead again: " in failed["output"]
    assert "week 3/Kopie von backprop (2).ipynb" in found["output"] and "15" not in found["output"]
    text = json.dumps(found)
    assert not any(secret in text for secret in ("BEGIN HIDDEN", "reference.", "assert_allclose"))


@pytest.mark.parametrize(
    ("files", "sentence"),
    [
        ({}, r"^There is no notebook among your files\. Hand in the file that ends in \.ipynb\.$"),
        ({"backprop.py": "x = 1"}, r"^There is no notebook among your files \(only backprop\.py\)\."),
        ({"backprop.ipynb": "{"}, r"^backprop\.ipynb is not a notebook: not valid JSON .* Open it in Jupyter, save it"),
        ({"a.ipynb": "grace", "b.ipynb": "document"}, r"^You handed in 2 notebooks of backprop: a\.ipynb, b\.ipynb\."),
        ({"other.ipynb": "empty"}, r"^other\.ipynb: this is not a notebook of backprop\."),
        ({"x.ipynb": "empty", "y.ipynb": "{"}, r"^x\.ipynb, y\.ipynb: "),
    ],
)
def test_what_a_student_can_correct_is_said_in_results_that_give_no_points(
    home: Path, handed_in: Path, files: dict[str, str], sentence: str
) -> None:
    """In a sentence that says what to hand in instead."""
    for name, content in files.items():
        if content == "empty":
            nbformat.write(nbformat.v4.new_notebook(), handed_in / name)
        elif content in ("grace", "document"):
            filled(handed_in / name, content)
        else:
            (handed_in / name).write_text(content)
    write_results(home)
    found = results(home)
    assert found["score"] == 0 and re.search(sentence, found["output"]), found["output"]
    (test,) = found["tests"]
    assert test["output"] == found["output"] and test["visibility"] == "visible" and "score" not in test


def test_a_broken_check_leaves_no_results_so_that_nobody_gets_0_points(
    home: Path, handed_in: Path, tmp_path: Path
) -> None:
    """Gradescope then says that the autograder failed, and its output tells the instructor why."""
    broken = tmp_path / "autograder"
    filled(handed_in / "backprop.ipynb", "grace")
    shutil.copytree(home, broken)
    source = broken / "source" / "course" / "source" / "backprop" / "backprop.ipynb"
    edit(source, lambda notebook: cell(notebook, "forward-shown").update(source="import no_such_module"))
    done = run(broken)
    assert done.returncode == 1 and not (broken / "results" / "results.json").exists()
    assert "a check is broken ('forward-shown'" in done.stderr and "make the bundle again" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_machine_that_hides_no_answers_from_students_grades_nobody(
    home: Path, handed_in: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Unless the bundle was made with --require-sandbox process."""
    filled(handed_in / "backprop.ipynb", "grace")
    weak = SimpleNamespace(level=Level.PROCESS)
    monkeypatch.setattr(gradescope_results, "shared", lambda: weak)
    with pytest.raises(CourseError, match=r"Student code could read the answers .* --require-sandbox process\."):
        write_results(home)
    assert not (home / "results" / "results.json").exists()


def test_a_submission_reads_neither_the_answers_nor_the_results(home: Path, handed_in: Path) -> None:
    """What lies in /autograder is not there for student code, and nothing that it writes becomes a result."""
    filled(handed_in / "backprop.ipynb", "grace")
    spy = (
        f"answers = {str(home / 'source' / 'course' / 'answers' / 'backprop' / 'reference.py')!r}\n"
        "def forward(x, y, w_1, w_2, b):\n"
        "    open(answers).read()\n"
        "def back_to_z1(dloss_a_1, w_2, z_1):\n"
        f"    open({str(home / 'results' / 'results.json')!r}, 'w').write('{{}}')\n"
    )
    edit(handed_in / "backprop.ipynb", lambda notebook: notebook.cells.append(nbformat.v4.new_code_cell(spy)))
    edit(handed_in / "backprop.ipynb", lambda notebook: cell(notebook, "forward").update(source=spy))
    assert run(home).returncode == 0
    tests = {test["name"]: test for test in results(home)["tests"]}
    assert tests["forward: Shown checks"]["score"] == 0
    assert (
        "FileNotFoundError" in tests["forward: Shown checks"]["output"]
        or "PermissionError" in (tests["forward: Shown checks"]["output"])
    )


def test_hidden_checks_are_shown_when_the_instructor_says_so(home: Path, handed_in: Path, tmp_path: Path) -> None:
    """The word is Gradescope's own."""
    filled(handed_in / "backprop.ipynb", "grace")
    other = tmp_path / "autograder"
    shutil.copytree(home, other)
    settings = other / "source" / "gradescope.json"
    settings.write_text(settings.read_text().replace("after_published", "after_due_date"))
    write_results(other)
    assert {test["visibility"] for test in results(other)["tests"]} == {"visible", "after_due_date"}


def test_the_bundle_holds_what_grading_needs_at_its_root_and_nothing_of_other_assignments(bundle: Path) -> None:
    """Scripts that can be run, the wheel, the lock, and one assignment; the same bytes each time."""
    with zipfile.ZipFile(bundle) as archive:
        names = set(archive.namelist())
        modes = {info.filename: info.external_attr >> 16 for info in archive.infolist()}
        scripts = [archive.read(name) for name in ("setup.sh", "run_autograder")]
    assert {"setup.sh", "run_autograder", "requirements.lock", "gradescope.json"} <= names
    assert modes["run_autograder"] == 0o755 and all(script.startswith(b"#!/usr/bin/env bash\n") for script in scripts)
    course = {name.removeprefix("course/") for name in names if name.startswith("course/")}
    assert course == {
        "nbgrader_config.py",
        "source/backprop/backprop.ipynb",
        "answers/backprop/reference.py",
        "answers/backprop/mistakes.py",
    }
    assert len([name for name in names if name.endswith(".whl")]) == 1
    for script in scripts:
        assert subprocess.run(["bash", "-n"], input=script, check=False).returncode == 0


def needed(requirement: Requirement, found: set[tuple[str, frozenset[str]]]) -> None:
    """Add what a requirement needs on this machine to `found`, as the packaging library reads it."""
    from importlib import metadata

    key = (canonicalize_name(requirement.name), frozenset(requirement.extras))
    if key in found:
        return
    found.add(key)
    for line in metadata.distribution(requirement.name).requires or []:
        each = Requirement(line)
        wanted = [each.marker.evaluate({"extra": extra}) for extra in ("", *requirement.extras)] if each.marker else [1]
        if any(wanted) and canonicalize_name(each.name) not in ("jupyterlab", "notebook", "jupyter-server"):
            needed(each, found)


def test_the_lock_of_the_bundle_is_all_that_grading_needs_hashed_and_no_more(bundle: Path) -> None:
    """Matplotlib, which the notebook imports, is in it; JupyterLab and the tools of developers are not."""
    with zipfile.ZipFile(bundle) as archive:
        lock = archive.read("requirements.lock").decode()
    entries = re.split(r"^(?=[A-Za-z0-9])", lock, flags=re.MULTILINE)[1:]
    assert all("--hash=sha256:" in entry for entry in entries) and "://" not in lock
    locked = {canonicalize_name(re.split(r"[= ]", entry)[0]) for entry in entries}
    found: set[tuple[str, frozenset[str]]] = set()
    needed(Requirement("neural-networks-by-hand"), found)
    needed(Requirement("matplotlib"), found)
    assert {name for name, _ in found} - locked == {"neural-networks-by-hand"}
    assert not locked & {"jupyterlab", "notebook", "jupyter-server", "pytest", "mypy", "ruff", "distributed", "sphinx"}


def test_the_wheel_of_the_engine_installs_and_brings_no_answers(tmp_path: Path) -> None:
    """`pip install` of it alone: the engine and its command, nothing of the course."""
    name, content = engine_wheel()
    with zipfile.ZipFile(BytesIO(content)) as archive:
        names = archive.namelist()
        text = b"".join(archive.read(each) for each in names).decode(errors="replace")
    assert {each.split("/")[0] for each in names} == {"autograder", f"{name.split('-py3')[0]}.dist-info"}
    for secret in ("def backward(", "### BEGIN SOLUTION\nz_1", "back_to_z1"):
        assert secret not in text
    (tmp_path / name).write_bytes(content)
    options = ["--quiet", "--no-deps", "--no-index", "--target", str(tmp_path / "lib")]
    subprocess.run([sys.executable, "-m", "pip", "install", *options, str(tmp_path / name)], check=True)
    assert (tmp_path / "lib" / "autograder" / "report" / "templates" / "feedback.html").is_file()
    brought = {path.read_bytes() for path in (tmp_path / "lib").rglob("*") if path.is_file()}
    of_the_course = [path for folder in ("answers", "source") for path in (REPOSITORY / folder).rglob("*.*")]
    assert of_the_course and not [path for path in of_the_course if path.is_file() and path.read_bytes() in brought]
    assert {path.name.split("-")[0] for path in (tmp_path / "lib").iterdir()} <= {
        "autograder",
        "neural_networks_by_hand",
        "bin",
    }


def test_a_bundle_is_not_written_with_a_broken_check_or_without_a_lock(course: Path) -> None:
    """One line each, and no file."""
    command = ["--root", str(course), "gradescope", "backprop"]
    without = CliRunner().invoke(main, command)
    assert without.exit_code == 1 and "requirements.lock: missing. Make it with" in without.stderr
    shutil.copy(REPOSITORY / "requirements.lock", course)
    source = course / "source" / "backprop" / "backprop.ipynb"
    edit(source, lambda notebook: cell(notebook, "forward-shown").update(source="import no_such_module"))
    broken = CliRunner().invoke(main, command)
    assert broken.exit_code == 1 and "check 'forward-shown' is broken" in broken.stderr
    assert not (course / "grading" / "gradescope").exists()
