"""Wherever submissions are graded, the gradebook comes out the same, row for row."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import nbformat
import pytest

from autograder.config import course_config
from autograder.grading.classroom import begin, grade, prepare
from autograder.grading.pool import Workers, cluster, local
from autograder.models import CourseError
from autograder.sandbox import shared
from tests.conftest import REPOSITORY, cell, copy_course, edit, hand_in
from tests.gradebook.rows import rows

distributed = pytest.importorskip("distributed")

OneProcess = tuple[Path, dict[str, list[tuple[object, ...]]]]
SOLUTION = REPOSITORY / "solutions" / "backprop" / "backprop.ipynb"
ANSWERS = sorted((REPOSITORY / "tests" / "wrong").glob("backprop-*.py"))[::2]


@pytest.fixture(scope="module")
def one_process(tmp_path_factory: pytest.TempPathFactory) -> OneProcess:
    """A class graded in one process, and its gradebook."""
    course = copy_course(tmp_path_factory.mktemp("one process") / "course", "backprop")
    for answer in ANSWERS:
        path = hand_in(course, answer.stem, SOLUTION, "backprop")
        name = answer.name.split("-")[1]
        edit(path, partial(_answer, name, answer.read_text()))
    with local(1) as workers:
        results = list(grade(begin([prepare(course, "backprop")], workers), workers))
    assert all(result.score is not None for result in results)
    return course, rows(course_config(course).CourseDirectory.db_url)


def _answer(name: str, text: str, notebook: nbformat.NotebookNode) -> None:
    cell(notebook, name).source = text


@pytest.fixture
def scheduler() -> Iterator[object]:
    """A Dask cluster of a scheduler and two worker processes, of one thread each."""
    with distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as running:
        yield running


def require_the_same(one_process: OneProcess, target: Path, workers: Workers) -> None:
    """The same class, graded from the beginning by `workers`: a result for each student, and the same gradebook."""
    course, expected = one_process
    other = copy_course(target, "backprop")
    shutil.copytree(course / "grading" / "submitted", other / "grading" / "submitted")
    results = list(grade(begin([prepare(other, "backprop")], workers), workers))
    assert len(results) == len({result.student for result in results}) == len(ANSWERS)
    assert rows(course_config(other).CourseDirectory.db_url) == expected


@pytest.mark.xdist_group("one process")
def test_two_processes_give_what_one_gives(tmp_path: Path, one_process: OneProcess) -> None:
    """Each with a fork server of its own."""
    with local(2) as workers:
        require_the_same(one_process, tmp_path / "other", workers)


@pytest.mark.xdist_group("one process")
def test_a_dask_cluster_gives_what_one_process_gives(
    tmp_path: Path, one_process: OneProcess, scheduler: object
) -> None:
    """Its workers are handed bytes and hand back verdicts; they know no folder and no gradebook of ours."""
    with cluster(scheduler.scheduler_address) as workers:  # type: ignore[attr-defined]
        require_the_same(one_process, tmp_path / "other", workers)


@pytest.mark.xdist_group("one process")
def test_a_killed_worker_loses_nothing_and_doubles_nothing(
    tmp_path: Path, one_process: OneProcess, scheduler: object
) -> None:
    """What it was grading is graded again by the other."""
    address = scheduler.scheduler_address  # type: ignore[attr-defined]
    with distributed.Client(address) as client:
        numbers = list(client.run(os.getpid).values())
    killer = threading.Timer(1.5, os.kill, [numbers[0], signal.SIGKILL])
    killer.start()
    with cluster(address) as workers:
        require_the_same(one_process, tmp_path / "other", workers)
    killer.join()


def test_a_scheduler_that_is_not_there_is_one_clear_line(monkeypatch: pytest.MonkeyPatch) -> None:
    """It names the address and asks the question to ask."""
    monkeypatch.setattr("autograder.grading.pool._ANSWER_SECONDS", 0.5)
    with (
        pytest.raises(CourseError, match=r"tcp://127\.0\.0\.1:1: no Dask scheduler answers"),
        cluster("tcp://127.0.0.1:1"),
    ):
        pass


def test_what_has_not_changed_is_not_graded_again(course: Path) -> None:
    """The second time nothing runs; a changed submission, or everything when asked, does."""
    handed_in = [hand_in(course, student, SOLUTION, "backprop") for student in ("ada", "grace")]
    news = []
    with local(1) as workers:
        for again in (False, False, False, True):
            results = list(grade(begin([prepare(course, "backprop")], workers), workers, again=again))
            news.append(sorted(result.student for result in results if result.is_new))
            assert all(result.score and result.score.points == 20 for result in results)
            if len(news) == 2:
                time.sleep(0.01)
                edit(handed_in[1], lambda notebook: notebook.cells[0].update(source="changed"))
    assert news == [["ada", "grace"], [], ["grace"], ["ada", "grace"]]


def test_classes_of_two_assignments_are_graded_without_a_pause_between(course: Path, tmp_path: Path) -> None:
    """Each result names its assignment, and each gradebook comes out as if that had been graded alone."""
    both = copy_course(tmp_path / "both", "backprop", "lstm")
    for assignment in ("backprop", "lstm"):
        for student in ("ada", "grace", "noor"):
            hand_in(both, student, REPOSITORY / "solutions" / assignment / f"{assignment}.ipynb", assignment)
    with local(2) as workers:
        grading_runs = begin([prepare(both, "backprop"), prepare(both, "lstm")], workers)
        results = list(grade(grading_runs, workers))
    assert {(result.student, result.assignment) for result in results} == {
        (student, assignment) for student in ("ada", "grace", "noor") for assignment in ("backprop", "lstm")
    }
    assert all(result.score is not None and result.score.points == result.score.max_points for result in results)


@pytest.fixture
def tls(tmp_path: Path) -> dict[str, str]:
    """A key and its certificate, made for this test, by what Dask calls them."""
    if (openssl := shutil.which("openssl")) is None:
        pytest.skip("there is no openssl on this machine")
    key, certificate = str(tmp_path / "key.pem"), str(tmp_path / "certificate.pem")
    words = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 1 -subj /CN=dask"
    subprocess.run([openssl, *words.split(), "-keyout", key, "-out", certificate], check=True, capture_output=True)
    roles = ("scheduler", "worker", "client")
    return {"ca_file": certificate} | {
        f"{role}_{what}": path for role in roles for what, path in (("key", key), ("cert", certificate))
    }


def test_a_cluster_with_tls_grades_for_those_who_have_its_certificate_only(course: Path, tls: dict[str, str]) -> None:
    """Each result names the sandbox level of its worker; who has no certificate reads one line."""
    hand_in(course, "ada", SOLUTION, "backprop")
    security = distributed.Security(require_encryption=True, **{f"tls_{name}": path for name, path in tls.items()})
    variables = {
        f"DASK_DISTRIBUTED__COMM__TLS__{name.upper().replace('_', '__', 1)}": path for name, path in tls.items()
    }
    variables["DASK_DISTRIBUTED__COMM__TLS__CA_FILE"] = variables.pop("DASK_DISTRIBUTED__COMM__TLS__CA__FILE")
    with distributed.LocalCluster(
        n_workers=1, threads_per_worker=1, dashboard_address=None, security=security, protocol="tls"
    ) as running:
        address = running.scheduler_address
        assert address.startswith("tls://")
        words = [str(Path(sys.executable).with_name("autograder")), "--root", str(course), "grade", "backprop"]
        words += ["--json", "--scheduler", address]
        done = subprocess.run(words, env=os.environ | variables, capture_output=True, text=True, check=True)
        result = json.loads(done.stdout)
        assert (result["score"]["points"], result["level"]) == (20, shared().level.value)
        refused = subprocess.run([*words, "--again"], capture_output=True, text=True, check=False)
    assert refused.returncode == 1
    assert len(refused.stderr.splitlines()) == 1
    assert "no Dask scheduler answers" in refused.stderr
