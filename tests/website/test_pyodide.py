"""Pyodide's files are taken from anywhere, and kept only when their sums are those that Pyodide itself names."""

from __future__ import annotations

import hashlib
import io
import json
import subprocess
import tarfile
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from autograder.models import CourseError
from website import pyodide

PACKAGES = {"numpy.whl": b"many numbers", "six.whl": b"two Pythons"}
LOCK = json.dumps(
    {
        "packages": {
            name: {
                "file_name": f"{name}.whl",
                "sha256": hashlib.sha256(PACKAGES.get(f"{name}.whl", b"never asked for")).hexdigest(),
                "depends": depends,
            }
            for name, depends in {"numpy": ["SIX"], "six": [], "pandas": ["numpy"]}.items()
        }
    }
).encode()
CORE = {"pyodide.js": b"let python;", "pyodide-lock.json": LOCK}
FILES = CORE | PACKAGES


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """A Pyodide of four files, and a course that needs numpy."""
    monkeypatch.setattr(pyodide, "CORE", {name: hashlib.sha256(each).hexdigest() for name, each in CORE.items()})
    monkeypatch.setattr(pyodide, "PRELOADED", ())
    monkeypatch.setattr(pyodide, "LATER", ("numpy",))


def as_folder(path: Path, files: Mapping[str, bytes]) -> None:
    """The files in folders."""
    for name, content in files.items():
        (path / "deep" / name).parent.mkdir(parents=True, exist_ok=True)
        (path / "deep" / name).write_bytes(content)


def as_zip(path: Path, files: Mapping[str, bytes]) -> None:
    """The files in a wheel, under paths that lead out of the folder they might be unpacked in."""
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in files.items():
            archive.writestr(f"../../{name}", content)


def as_tar(path: Path, files: Mapping[str, bytes]) -> None:
    """The files in a compressed tar file, beside a link of a wanted name, and under absolute paths."""
    with tarfile.open(path, "w:bz2") as archive:
        link = tarfile.TarInfo("six.whl")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/hostname"
        archive.addfile(link)
        for name, content in files.items():
            entry = tarfile.TarInfo(f"/{name}")
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))


@pytest.mark.parametrize("write", [as_folder, as_zip, as_tar])
def test_a_folder_or_an_archive_gives_the_files_that_the_course_needs(
    tmp_path: Path, write: Callable[[Path, Mapping[str, bytes]], None]
) -> None:
    """Wherever they lie in it; each under its own name, and nothing else."""
    write(tmp_path / "source", FILES | {"pandas.whl": b"never asked for"})
    folder = pyodide.collect(tmp_path / "in" / "cache", tmp_path / "source")
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == FILES
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in", "source"]


def test_what_was_collected_once_needs_no_source_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """But is compared again: a file that was changed since is fetched again."""
    as_folder(tmp_path / "source", FILES)
    folder = pyodide.collect(tmp_path / "cache", tmp_path / "source")
    monkeypatch.setattr(subprocess, "run", None)
    pyodide.collect(tmp_path / "cache")
    (folder / "six.whl").write_bytes(b"changed")
    pyodide.collect(tmp_path / "cache", tmp_path / "source")
    assert (folder / "six.whl").read_bytes() == PACKAGES["six.whl"]


@pytest.mark.parametrize("changed", [*FILES])
def test_a_file_with_another_sum_is_refused(tmp_path: Path, changed: str) -> None:
    """A package or a part of the core: one line names it, and it is not kept."""
    as_zip(tmp_path / "source.zip", FILES | {changed: b"import os"})
    with pytest.raises(CourseError, match=rf"source\.zip: Its {changed} is not that of Pyodide .*sha256") as refused:
        pyodide.collect(tmp_path / "cache", tmp_path / "source.zip")
    assert "\n" not in str(refused.value)
    assert not [*tmp_path.rglob(f"cache/*/{changed}")]


def test_a_source_that_lacks_a_file_or_is_no_archive_is_reported(tmp_path: Path) -> None:
    """With the names of what is missing, and another way."""
    as_folder(tmp_path / "source", CORE)
    with pytest.raises(CourseError, match=r"source: It lacks numpy\.whl, six\.whl of Pyodide .* PYODIDE="):
        pyodide.collect(tmp_path / "cache", tmp_path / "source")
    (tmp_path / "text").write_text("not an archive")
    with pytest.raises(CourseError, match=r"text: It is not a folder, a tar or a zip file"):
        pyodide.collect(tmp_path / "empty", tmp_path / "text")


@pytest.mark.parametrize(
    ("failure", "said"),
    [
        (FileNotFoundError(), "`npm pack .*` cannot run: npm is not installed. Or name a copy of Pyodide"),
        (subprocess.CalledProcessError(1, "npm", stderr="npm error\nno network\n"), r"failed \(no network\)"),
        (subprocess.TimeoutExpired("npm", 900), r"failed \(no answer\)"),
    ],
    ids=["not installed", "no network", "no end"],
)
def test_a_registry_that_cannot_be_asked_is_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, failure: Exception, said: str
) -> None:
    """It names the command that failed, and how to do without."""

    def fail(*_: Any, **__: Any) -> None:
        raise failure

    monkeypatch.setattr(subprocess, "run", fail)
    with pytest.raises(CourseError, match=said) as reported:
        pyodide.collect(tmp_path / "cache")
    assert "\n" not in str(reported.value)
