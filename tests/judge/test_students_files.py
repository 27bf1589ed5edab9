"""A check may read a file that a student's code wrote; nothing in it runs in the grader."""

from __future__ import annotations

import importlib.util
import json
import os
import pickle
import runpy
import subprocess
import sys
from collections import OrderedDict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from autograder.judge.students_files import Known, RunsStudentsFile


class Harm:
    """Leaves a mark where it is unpickled."""

    def __reduce__(self) -> Any:
        return exec, ("import builtins\nbuiltins.has_run = True",)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The current folder, in which two files are a student's and one the author's."""
    (tmp_path / "theirs.py").write_text("import builtins\nbuiltins.has_run = True")
    (tmp_path / "theirs.pkl").write_bytes(pickle.dumps(Harm()))
    (tmp_path / "plain.pkl").write_bytes(pickle.dumps({"a": [1, 2.5, {3}], "b": OrderedDict(c=1)}, protocol=2))
    (tmp_path / "numbers.json").write_text("[1, 2]")
    (tmp_path / "ours.py").write_text("value = 1")
    np.save(tmp_path / "array.npy", np.arange(3))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", ["", *sys.path])
    known = Known(os.path.realpath(tmp_path))
    known.add(["theirs.py", "theirs.pkl", "plain.pkl", "numbers.json", "array.npy"])
    with known.refused_to_run():
        yield tmp_path
    assert not hasattr(__import__("builtins"), "has_run")


def in_a_cell(source: str) -> None:
    """Run a check's code."""
    exec(compile(source, "<a-test>", "exec"), {"__name__": "__main__"})


def loaded(path: str) -> None:
    """Execute a module by its path."""
    spec = importlib.util.spec_from_file_location("theirs", path)
    assert spec is not None and spec.loader is not None
    spec.loader.exec_module(importlib.util.module_from_spec(spec))


@pytest.mark.parametrize(
    "run",
    [
        lambda: in_a_cell("exec(open('theirs.py').read())"),
        lambda: in_a_cell("text = open('theirs.py').read()\neval(compile(text + ' ', 'x', 'exec'))"),
        lambda: in_a_cell("import pathlib\nfor line in pathlib.Path('theirs.py').open(): exec(line)"),
        lambda: in_a_cell("import pickle\npickle.load(open('theirs.pkl', 'rb'))"),
        lambda: in_a_cell("import pickle\npickle._loads(open('theirs.pkl', 'rb').read())"),
        lambda: in_a_cell("import numpy as np\nnp.load('theirs.pkl', allow_pickle=True)"),
        lambda: in_a_cell("import pandas as pd\npd.read_pickle('theirs.pkl')"),
        lambda: runpy.run_path("theirs.py"),
        lambda: loaded("theirs.py"),
        lambda: subprocess.run([sys.executable, "theirs.py"], check=False),
        lambda: os.system(f"{sys.executable} theirs.py"),
    ],
)
def test_what_would_run_it_is_refused(folder: Path, run: Callable[[], object]) -> None:
    """In a check, in a library, in another program."""
    with pytest.raises((RunsStudentsFile, pickle.UnpicklingError)):
        run()


def test_what_a_library_read_without_saying_so_is_not_unpickled(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Such as a table in HDF5, or what `shelve` keeps in a database."""
    content = pickle.dumps(Harm())
    monkeypatch.setitem(sys.modules, "tables", sys)
    with pytest.raises(RunsStudentsFile):
        pickle.loads(content)


def test_no_module_comes_from_the_folder(folder: Path) -> None:
    """Whatever a check did to the path."""
    for place in ("", ".", str(folder), f"{folder}/../{folder.name}"):
        sys.path.insert(0, place)
        with pytest.raises(ModuleNotFoundError):
            __import__("theirs")


def test_it_is_read_as_data(folder: Path) -> None:
    """Text, JSON, arrays, syntax trees, pickles of plain data."""
    in_a_cell(
        "import ast, collections, json, pickle\nimport numpy as np\n"
        "assert json.load(open('numbers.json')) == [1, 2]\n"
        "assert ast.parse(open('theirs.py').read()).body\n"
        "assert pickle.load(open('plain.pkl', 'rb'))['b']['c'] == 1\n"
        "assert np.load('array.npy').tolist() == [0, 1, 2]\n"
        "assert collections.namedtuple('P', 'x')(1).x == 1\n"
        "import colorsys\n"
    )


def test_the_authors_own_files_run(folder: Path) -> None:
    """As long as no file of the student's was opened."""
    in_a_cell("exec(open('ours.py').read())\nassert value == 1")


def test_afterwards_everything_runs_again(tmp_path: Path) -> None:
    """In the process that graded, also."""
    known = Known(os.path.realpath(tmp_path))
    path = tmp_path / "x.py"
    path.write_text("1")
    known.add(["x.py"])
    with known.refused_to_run():
        json.dumps(path.read_text())
    in_a_cell("eval('1')")
    assert runpy.run_path(str(path))
