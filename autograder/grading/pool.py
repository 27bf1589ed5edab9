"""Where submissions are graded: here, in processes of this machine, or on the workers of a Dask cluster."""

from __future__ import annotations

import atexit
import contextlib
import gc
import itertools
import sys
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from queue import SimpleQueue
from typing import Any

import nbformat

from autograder.cells import as_handed_out, set_role
from autograder.grading.grader import Grader, Lost, fork_server, import_modules, preload
from autograder.grading.submission import grade, judge
from autograder.grading.workplace import workplace
from autograder.imports import draws
from autograder.judge.mistakes import install
from autograder.judge.modules import beside
from autograder.judge.run import prepare as prepare_checks
from autograder.judge.run import try_out
from autograder.models import Assignment, CourseError, Graded, HandedIn, Judged, Limits, MasterCell, Trial
from autograder.protocol.libraries import import_numpy
from autograder.sandbox import ForkServer, Level, require
from autograder.student.limits import cores
from autograder.timeouts import Ended

_SPARE_SECONDS = 12.0
"""For what begins before a notebook's time is over, and for reading and writing it."""

_ANSWER_SECONDS = 10.0
"""How long a Dask scheduler may take to answer."""

_own = threading.local()
"""The grader of each thread: a process does one thing at a time."""

_assignments: dict[tuple[str, str], Assignment] = {}
"""The notebooks of assignments that this grader knows, by the assignment's name and the digest."""


@dataclass(frozen=True)
class Workers:
    """Processes that grade submissions.

    `share` brings the notebooks of an assignment to where they are needed, `at_once` is how many submissions are worth
    handing out ahead.
    """

    executor: Executor
    at_once: int
    share: Callable[[Mapping[str, Assignment]], Any] = lambda notebooks: notebooks


@contextlib.contextmanager
def local(count: int) -> Iterator[Workers]:
    """`count` graders on this machine, each on one core with its student processes."""
    free: SimpleQueue[Grader] = SimpleQueue()
    with contextlib.ExitStack() as graders:
        for core, _ in zip(itertools.cycle(cores()), range(count), strict=False):
            free.put(graders.enter_context(Grader(core)))
        with ThreadPoolExecutor(count, initializer=lambda: vars(_own).update(grader=free.get())) as executor:
            try:
                yield Workers(executor, 4 * count)
            finally:
                executor.shutdown(cancel_futures=True)


@contextlib.contextmanager
def cluster(address: str) -> Iterator[Workers]:
    """The workers of the Dask cluster whose scheduler is at `address`; raises CourseError when it cannot be reached.

    They need nothing but this package.
    """
    try:
        from distributed import Client
    except ImportError:
        advice = "Run `pip install 'neural-networks-by-hand[cluster]'`."
        raise CourseError("--scheduler needs Dask.", advice=advice) from None
    try:
        client = Client(address, timeout=_ANSWER_SECONDS)
    except (OSError, ValueError, TypeError) as error:  # the last when it wants TLS, and there is no certificate
        reason = str(error).splitlines()[0]
        raise CourseError(
            f"no Dask scheduler answers at this address ({reason}).",
            address,
            "Check that the scheduler is running and that TLS is set up.",
        ) from None
    with client:
        threads = sum(client.nthreads().values())
        yield Workers(
            client.get_executor(pure=False, retries=2),
            max(4 * threads, 32),
            lambda notebooks: client.scatter([notebooks], broadcast=True)[0],
        )


def grade_all_here(
    notebooks: Mapping[str, Assignment], handed_in: Mapping[str, HandedIn], level: str
) -> dict[str, Graded]:
    """Grade the notebooks of one submission as `grade_here` does, by their names; what executors are given."""
    return {name: grade_here(notebooks[name], each, level) for name, each in handed_in.items()}


def grade_here(assignment: Assignment, handed_in: HandedIn, level: str) -> Graded:
    """Grade one notebook on this machine, confining student code at `level` or more."""
    try:
        graded: Graded = _asked(assignment, _grade_known, handed_in, level)
    except CourseError as error:
        return Graded(handed_in.student, problem=error)
    except Ended as error:
        return Graded(handed_in.student, problem=_ended(error))
    return graded


def judge_here(
    assignment: Assignment, notebook: nbformat.NotebookNode, files: Mapping[str, bytes], level: str
) -> Judged:
    """Judge a notebook whose instructor's cells are in order; raises CourseError when that cannot be done."""
    try:
        judged: Judged = _asked(assignment, _judge_known, nbformat.writes(notebook), files, level)
    except Ended as error:
        raise _ended(error) from None
    return judged


def tried_out(name: str, source: str, files: Mapping[str, bytes], limits: Limits, answers: Mapping[str, str]) -> Trial:
    """The trial, in this process, of the checks in the text of a source notebook that lies beside `files`.

    A misspelt name, a missing module or a value that cannot cross to the student process would otherwise cost every
    student the points of the check.

    Raises CourseError when it cannot be run at all.
    """
    install(name, answers)
    before = set(sys.modules)
    notebook = nbformat.reads(source, as_version=4)
    with workplace(notebook, files, {}, None, limits, fork_server(), in_fork=True) as shared, beside(files):
        figures = draws(notebook.cells, files)
        trial = try_out(notebook, limits, lambda: fork_server().start(files, limits, figures), shared)
    return replace(trial, modules=tuple(name for name in sys.modules if name not in before))


def try_out_here(assignment: Assignment, source: str) -> Trial:
    """Try the checks in the text of a source notebook on its own solution; raises CourseError when it cannot be run."""
    known = (assignment.name, source, assignment.files, assignment.limits, assignment.answers)
    try:
        _grader().prepare(_get_ready_to_try, assignment)  # before the clock starts
        trial = _grader().call(_seconds(assignment.limits), tried_out, *known)
        return replace(trial, modules=(*assignment.check_libraries, *trial.modules))
    except Ended as error:
        raise CourseError(
            f"its checks could not be tested on your solution: the process {error}.", advice="Grade again."
        ) from None


def _get_ready_to_try(assignment: Assignment) -> None:
    """Do in a grader what both the trial and the grading begin with.

    Nothing is parsed in the threads that ask graders: Python 3.11 cannot do so in two threads at the same time.
    """
    _import(assignment.libraries, assignment.check_libraries)
    with contextlib.suppress(CourseError):  # answers that cannot be used: said where a submission is graded
        prepare_checks(assignment)


def import_ahead(notebooks: Iterable[Assignment]) -> None:
    """Import what the code of these notebooks imports once, before `local` starts a grader for each core."""
    known = list(notebooks)
    _import(
        {name for each in known for name in each.libraries}, {name for each in known for name in each.check_libraries}
    )
    gc.freeze()  # what is there now stays, and is not looked through for garbage any more


def _import(libraries: Iterable[str], modules: Iterable[str]) -> None:
    """Import what student processes and what checks will import."""
    preload(libraries, partial(import_modules, modules))


def tried(assignment: Assignment, source: nbformat.NotebookNode) -> Assignment:
    """The assignment with what trying the checks of its source notebook showed; raises what `try_out_here` raises."""
    return replace(assignment, trial=try_out_here(assignment, nbformat.writes(source)))


def _grader() -> Grader:
    if not hasattr(_own, "grader"):
        _own.grader = Grader(cores()[0])
        atexit.register(_own.grader.close)  # before the fork server, which it would keep alive
    grader: Grader = _own.grader
    return grader


def _asked(assignment: Assignment, function: Callable[..., Any], /, *args: object) -> Any:
    try:
        return _asked_once(assignment, function, *args)
    except Lost:  # it is started again; a submission that ends it again is refused
        return _asked_once(assignment, function, *args)


def _asked_once(assignment: Assignment, function: Callable[..., Any], /, *args: object) -> Any:
    grader, key = _grader(), (assignment.name, assignment.digest)
    if key not in grader.known:
        grader.prepare(_learn, key, assignment)
        grader.known.add(key)
    return grader.call(_seconds(assignment.limits), function, key, *args)


def _learn(key: tuple[str, str], assignment: Assignment) -> None:
    if not _assignments:
        warm_up(fork_server())
    _assignments[key] = assignment
    _import(assignment.libraries, assignment.trial.modules)
    prepare_checks(assignment)
    given = (cell for cell in assignment.master.values() if cell.cell_type == "code" and cell.role.is_given)
    fork_server().remember(cell.source for cell in given)


def _grade_known(key: tuple[str, str], handed_in: HandedIn, level: str) -> Graded:
    require(fork_server(), Level(level))
    return grade(_assignments[key], handed_in, fork_server(), in_fork=True)


def _judge_known(key: tuple[str, str], text: str, files: Mapping[str, bytes], level: str) -> Judged:
    require(fork_server(), Level(level))
    return judge(_assignments[key], nbformat.reads(text, as_version=4), files, fork_server(), in_fork=True)


def _seconds(limits: Limits) -> float:
    """The seconds that a grader may take."""
    return limits.notebook_seconds + _SPARE_SECONDS


def _ended(error: Ended) -> CourseError:
    return CourseError(f"the process that graded it {error}.", advice="Grade again.")


_GIVEN = "import numpy as np"
_ANSWER = """\
def answer(values, more):
    more.append(next(iter(values)))
    print(values, more)
    return np.array(values) / 0, more, 1.5
"""
_CHECK = """\
values, more = np.ones(3), []
with np.testing.assert_raises(AssertionError):
    np.testing.assert_allclose(answer(values, more)[0], [1, 2, 3])
with np.errstate(all="ignore"):
    assert math.isclose(answer([1, 2], more)[2], 2), "this fails"
"""


def warm_up(fork_server: ForkServer) -> None:
    """Grade a made-up submission, so that all that libraries do on their first use is done before any fork."""
    import_numpy()
    cells = {
        "given": _cell("given", _GIVEN, locked=True),
        "answer": _cell("answer", "", solution=True),
        "answer-shown": _cell("answer-shown", f"import math\n{_CHECK}", locked=True, grade=True),
        "answer-hidden": _cell(
            "answer-hidden", f"### BEGIN HIDDEN TESTS\nimport math\n{_CHECK}### END HIDDEN TESTS", True, grade=True
        ),
    }
    sources = {"given": _GIVEN, "answer": _ANSWER}
    handed_in = nbformat.v4.new_notebook()
    for name, cell in cells.items():
        handed_in.cells.append(nbformat.v4.new_code_cell(sources.get(name, cell.source)))
        set_role(handed_in.cells[-1], cell.metadata)
    assignment = Assignment("warming up", cells, {}, {}, Limits(), "")
    grade(assignment, HandedIn("nobody", nbformat.writes(handed_in).encode(), {}), fork_server)


def _cell(
    grade_id: str, source: str, locked: bool = False, *, solution: bool = False, grade: bool = False
) -> MasterCell:
    metadata = {
        "grade_id": grade_id,
        "schema_version": 3,
        "cell_type": "code",
        "task": False,
        "points": 1,
        "grade": grade,
        "solution": solution,
        "locked": locked,
    }
    return MasterCell(grade_id, "code", source, locked, dict[str, object](metadata), as_handed_out(source))
