"""Functions that are missing, references that are kept, processes that want to meet, and answers that pass by luck."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import cell
from tests.isolation.classroom import (
    EITHER,
    answering,
    behind,
    course_of,
    grade,
    graded,
    hand_in,
    notebook,
    points,
    several,
    total,
)

_KEEPING_ON = """\
import gc, time
slowed = []
def forward(x, y, w_1, w_2, b):
    return 0, 0, 0, 0, 0
def backward(x, y, w_1, w_2, b):
    if not slowed:
        slowed.extend(thing for thing in gc.get_objects() if type(thing).__name__ == "Server")
        for server in slowed:
            server._undo_assign = lambda: time.sleep({seconds})
    forward(1, 2, 3, 4, 5)
    return 0, 0, 0
"""
"""A student process that is asked to put the reference back and does not, after so many seconds."""

_MEETING = """\
import os, socket, time
def meet(name):
    done = []
    for kind in (socket.SOCK_DGRAM, socket.SOCK_STREAM):
        one, other = socket.socketpair(socket.AF_UNIX, kind)
        for attempt in (
            lambda: one.bind("\\0" + name),
            lambda: one.bind(""),
            lambda: one.connect("\\0" + name),
            lambda: one.listen(),
            lambda: one.accept(),
            lambda: one.sendto(b"6", "\\0" + name),
            lambda: one.sendmsg([b"6"], [], 0, "\\0" + name),
            lambda: one.sendmsg([b"6"]),
        ):
            try:
                attempt()
                done.append("worked")
            except PermissionError:
                pass
            except OSError as error:
                done.append(str(error))
    return done
print("met:", meet("meeting point"))
"""
_STILL_WORKS = """\
import asyncio, socket, threading
async def talk():
    one, other = socket.socketpair()
    reader, writer = await asyncio.open_connection(sock=one)
    writer.writelines([b"a" * 10, b"b" * 10])
    await writer.drain()
    return other.recv(100)
print(await talk())
thread = threading.Thread(target=lambda: print("thread"))
thread.start(); thread.join()
one, other = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
one.send(b"x"); print(other.recv(1))
"""
_RNN = {
    "memory-updated-twice": "c = memory_cell(c, h, x); c, h = hidden_state(c, h, x)",
    "memory-from-the-new-h": "before = c; c, h = hidden_state(c, h, x); c = memory_cell(before, h, x)",
    "memory-clipped": "c, h = hidden_state(c, h, x); c = max(-1, min(1, c))",
}
_NAIVE_SOFTMAX = "def softmax_with_temp(x, t):\n    return np.exp(t * x) / np.sum(np.exp(t * x))"
_KEEPERS = {"keeps-in-time": 0, "keeps-late": 2.6}
MISSING = {
    "no-colon": "def relu(z)\n    return np.maximum(z, 0)",
    "renamed": "def rectify(z):\n    return np.maximum(z, 0)",
    "emptied": "",
}


def _rnn(step: str) -> str:
    lines = ["def rnn(seq):", "    c = h = 0", "    states = []", "    for x in seq:"]
    lines += [f"        {line}" for line in step.split("; ")]
    return "\n".join([*lines, "        states.append(h)", "    return states"])


@pytest.fixture(scope="module", params=EITHER)
def course(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A class of all of them, graded by one of the commands."""
    made = course_of(tmp_path_factory.mktemp("culprits") / "course", {}, "feedforward", "lstm", "backprop")
    settings = made / "nbgrader_config.py"
    settings.write_text(settings.read_text().replace("cell_seconds = 10", "cell_seconds = 2"))
    for student, source in MISSING.items():
        hand_in(made, student, notebook("feedforward", answering(relu=source)), "feedforward")
        without = source.replace("relu", "forward").replace("(z)", "(x, y, w_1, w_2, b)").replace("rectify", "fore")
        hand_in(made, student, notebook("backprop", answering(forward=without)), "backprop")
    for student, seconds in _KEEPERS.items():
        source = _KEEPING_ON.format(seconds=seconds)
        keeps = several(
            answering(forward="", backward=source), behind("backward-shown", "print(forward(3, 1, 2, 2, 2))")
        )
        hand_in(made, student, notebook("backprop", keeps), "backprop")
    hand_in(made, "naive", notebook("feedforward", answering(softmax_with_temp=_NAIVE_SOFTMAX)), "feedforward")
    hand_in(made, "meeting-one", notebook("backprop", behind("forward", _MEETING)), "backprop")
    hand_in(made, "meeting-two", notebook("backprop", behind("forward", _MEETING, _STILL_WORKS)), "backprop")
    for assignment, wrong in (
        ("feedforward", "def forward(x, w, v):\n    return 1, 2, 3, 4"),
        ("backprop", "def forward(x, y, w_1, w_2, b):\n    return 1, 2, 3, 4, 5"),
    ):
        hand_in(made, "wrong-forward", notebook(assignment, answering(forward=wrong)), assignment)
    for student, step in _RNN.items():
        hand_in(made, student, notebook("lstm", answering(rnn=_rnn(step))), "lstm")
    grade(made, request.param, ["feedforward", "lstm", "backprop"])
    return made


@pytest.mark.xdist_group("culprits")
@pytest.mark.parametrize("student", MISSING)
def test_a_missing_function_costs_its_own_checks_only_and_the_sentence_says_so(course: Path, student: str) -> None:
    """What builds on it is judged with the reference in its place."""
    assert total(points(course, "feedforward")[student]) == 26 - 4
    assert total(points(course, "backprop")[student]) == 20 - 6
    sentence = cell(graded(course, student, "feedforward"), "relu-hidden").metadata["autograder"]["student_message"]
    why = ": its cell stopped with a SyntaxError" if student == "no-colon" else ""
    assert sentence == f"Your notebook does not define `relu`{why}."


@pytest.mark.xdist_group("culprits")
@pytest.mark.parametrize("student", _KEEPERS)
def test_a_reference_that_is_not_let_go_serves_no_other_check(course: Path, student: str) -> None:
    """Nor a cell of the student's, which prints what the student's own function gives."""
    earned = points(course, "backprop")[student]
    own = [grade_id for grade_id in earned if grade_id.split("-")[0] in ("forward", "backward")]
    assert len(own) == 5 and not any(earned[grade_id] for grade_id in own)
    (shows,) = [part for part in graded(course, student, "backprop").cells if "print(forward" in part.source]
    assert [output.text for output in shows.outputs] == ["(0, 0, 0, 0, 0)\n"]


@pytest.mark.xdist_group("culprits")
def test_student_processes_cannot_meet(course: Path) -> None:
    """An end of a socketpair gets no address and sends to none; asyncio, threads and the pair itself still work."""
    for student in ("meeting-one", "meeting-two"):
        printed = [part.outputs for part in graded(course, student, "backprop").cells if "def meet" in part.source]
        assert [output.text for outputs in printed for output in outputs] == ["met: []\n"]
    (works,) = [part for part in graded(course, "meeting-two", "backprop").cells if "async def talk" in part.source]
    assert "".join(output.text for output in works.outputs) == "b'aaaaaaaaaabbbbbbbbbb'\nthread\nb'x'\n"


@pytest.mark.xdist_group("culprits")
@pytest.mark.parametrize("student", _RNN)
def test_a_wrong_update_of_the_memory_loses_marks(course: Path, student: str) -> None:
    """With the document's weights nobody can tell them from a right one."""
    assert total(points(course, "lstm")[student]) < 27


@pytest.mark.xdist_group("culprits")
def test_naive_softmax_is_not_told_of_a_mistake_that_it_does_not_make(course: Path) -> None:
    """It subtracts no maximum at all; that its exponentials overflow is true."""
    checks = [
        part.metadata["autograder"]
        for part in graded(course, "naive", "feedforward").cells
        if "autograder" in part.metadata
    ]
    named = {name for check in checks for name in check["mistakes"]}
    assert total(points(course, "feedforward")["naive"]) < 26
    assert named <= {"softmax_with_temp-overflow"}


@pytest.mark.xdist_group("culprits")
@pytest.mark.parametrize("assignment", ["feedforward", "backprop"])
def test_a_traceback_quotes_the_check_of_its_own_assignment(course: Path, assignment: str) -> None:
    """Both have a check of the same name."""
    check = cell(graded(course, "wrong-forward", assignment), "forward-hidden")
    quoted = [line.partition(": ")[2] for line in check.outputs[-1].traceback if line.startswith("line ")]
    assert quoted and all(line in check.source for line in quoted)
