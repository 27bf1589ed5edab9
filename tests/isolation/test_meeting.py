"""Two students who are graded at the same time cannot hand each other a word, and one who is alone finds no door.

Locks on files that both can read, counters of the kernel and the load of the machine are not tried: decision 004 says
why.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.isolation.classroom import EITHER, behind, course_of, first, grade, graded, notebook, several

ASSIGNMENT = "backprop"
_TOOLS = """\
import array, ctypes, fcntl, os, signal, socket, time
import numpy
library = ctypes.CDLL(None, use_errno=True)
end = time.monotonic() + 2
NAME, KEY = "\\0the meeting point", 0x6d656574
PLACES = ["/tmp", "/var/tmp", "/dev/shm", "/dev/mqueue", "/run", "/", os.path.expanduser("~"), "/proc/1/cwd"]
FOLDER = os.path.join(os.path.dirname(numpy.__file__), "f2py", "src")
def ends(kind):
    one, other = socket.socketpair(socket.AF_UNIX, kind)
    one.setblocking(False)
    return one, other
def queue():
    return library.msgget(KEY, 0o1666)
"""
"""What both of them know: a name, a number, a folder that nobody else looks into, and when to give up."""

_SPEAK = """\
def to_a_name(): ends(socket.SOCK_DGRAM)[0].sendto(b"yes", NAME)
def by_message(): ends(socket.SOCK_DGRAM)[0].sendmsg([b"yes"], [], 0, NAME)
def to_a_connected_end():
    mine, _ = ends(socket.SOCK_DGRAM)
    mine.connect(NAME)
    mine.send(b"yes")
def by_call(): ends(socket.SOCK_STREAM)[0].connect(NAME + " for calls")
def by_queue(): library.msgsnd(queue(), ctypes.create_string_buffer(b"\\1\\0\\0\\0\\0\\0\\0\\0yes"), 3, 0o4000)
def by_memory(): ctypes.memmove(library.shmat(library.shmget(KEY, 4096, 0o1666), None, 0), b"yes", 3)
def by_file():
    for place in PLACES:
        try:
            open(os.path.join(place, "meeting"), "w").close()
        except OSError:
            pass
def by_opening_a_file(): os.listdir(FOLDER); open(os.path.join(FOLDER, os.listdir(FOLDER)[0]), "rb").read(1)
while time.monotonic() < end:
    for way in (to_a_name, by_message, to_a_connected_end, by_call, by_queue, by_file, by_opening_a_file):
        try:
            way()
        except OSError:
            pass
print("spoke")
"""
_LISTEN = """\
heard = set()  # the other ends are closed, so that somebody else may send
mine, _ = ends(socket.SOCK_DGRAM)
calls, _ = ends(socket.SOCK_STREAM)
for attempt in (
    lambda: mine.bind(NAME),
    lambda: mine.send(b"nobody"),
    lambda: calls.bind(NAME + " for calls"),
    lambda: calls.listen(),
):
    try:
        attempt()
    except OSError:
        pass
def on_change(*_): heard.add("a file that was opened")
signal.signal(signal.SIGIO, on_change)
try:
    descriptor = os.open(FOLDER, os.O_RDONLY)
    fcntl.fcntl(descriptor, fcntl.F_NOTIFY, -fcntl.DN_MULTISHOT | fcntl.DN_ACCESS)
except OSError:
    pass
received = ctypes.create_string_buffer(100)
while time.monotonic() < end:
    for what, attempt in {
        "a datagram": lambda: mine.recv(3) == b"yes",
        "a call": lambda: calls.accept(),
        "a queue": lambda: library.msgrcv(queue(), received, 50, 0, 0o4000) == 3,
        "a file": lambda: any(os.path.exists(os.path.join(place, "meeting")) for place in PLACES),
    }.items():
        try:
            if attempt():
                heard.add(what)
        except OSError:
            pass
    time.sleep(0.005)
print("heard:", sorted(heard))
"""
WAYS = ("a datagram", "a call", "a queue", "a file", "a file that was opened")

_UPPER_HALVES = """\
import ctypes, os, platform, socket
library = ctypes.CDLL(None, use_errno=True)
one, other = socket.socketpair()
number, room = ctypes.c_int(1), (ctypes.c_int * 2)()
IOCTL, SOCKETPAIR = {"x86_64": (16, 53), "aarch64": (29, 199)}[platform.machine()]
def attempt(*arguments):
    done = library.syscall(*(ctypes.c_long(each) if isinstance(each, int) else each for each in arguments))
    return "worked" if done != -1 else ctypes.get_errno()
found = {}
for upper in (0, 1, 0x7fffffff):
    for name, arguments in {
        "FIOSETOWN": (IOCTL, one.fileno(), upper << 32 | 0x8901, ctypes.byref(number)),
        "SIOCSPGRP": (IOCTL, one.fileno(), upper << 32 | 0x8902, ctypes.byref(number)),
        "AF_INET": (SOCKETPAIR, upper << 32 | socket.AF_INET, socket.SOCK_STREAM, 0, room),
    }.items():
        found.setdefault(name, []).append(attempt(*arguments))
print(found)
"""
_EVERYDAY = """\
import asyncio, concurrent.futures, selectors, socket, threading
async def together():
    async with asyncio.timeout(5):
        slow, fast = await asyncio.gather(asyncio.to_thread(sum, range(10)), asyncio.sleep(0, "slept"))
    one, other = socket.socketpair()
    reader, writer = await asyncio.open_connection(sock=one)
    server, _ = await asyncio.open_connection(sock=other)
    writer.write(b"a line\\n")
    await writer.drain()
    return slow, fast, await server.readline()
print(await together())
with concurrent.futures.ThreadPoolExecutor(2) as pool:
    print(list(pool.map(abs, [-1, -2])))
one, other = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
chosen = selectors.DefaultSelector()
chosen.register(one, selectors.EVENT_READ)
threading.Timer(0.01, other.send, [b"later"]).start()
chosen.select(5)
print(one.recv(10), one.getsockname(), other.getpeername())
with one.makefile("wb") as file, other.makefile("rb") as theirs:
    file.write(b"buffered")
    file.flush()
    print(theirs.read1())
"""


def _printed(course: Path, student: str, word: str) -> str:
    """What the cell with this word in it displayed."""
    (found,) = [part for part in graded(course, student, ASSIGNMENT).cells if word in part.source]
    return "".join(output.get("text", output.get("evalue", "")) for output in found.outputs)


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A class of one who speaks and one who listens, graded at the same time."""
    made = {
        "speaks": notebook(ASSIGNMENT, first(_TOOLS + _SPEAK)),
        "listens": notebook(ASSIGNMENT, first(_TOOLS + _LISTEN)),
    }
    course = course_of(tmp_path_factory.mktemp("two") / "course", made, ASSIGNMENT)
    grade(course, "autograder grade", [ASSIGNMENT], "--workers", "2")
    return course


@pytest.mark.xdist_group("meeting")
@pytest.mark.parametrize("way", WAYS)
def test_nothing_that_one_student_does_is_heard_by_another(two: Path, way: str) -> None:
    """Both are at it for two seconds, on a core each."""
    assert _printed(two, "speaks", "def by_queue") == "spoke\n"
    heard = _printed(two, "listens", "def on_change")
    assert heard.startswith("heard: ")
    assert repr(way) not in heard


@pytest.fixture(scope="module", params=EITHER)
def alone(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One who tries what is refused, and what is not, graded by one of the commands."""
    made = notebook(ASSIGNMENT, several(first(_UPPER_HALVES), behind("forward", _EVERYDAY)))
    course = course_of(tmp_path_factory.mktemp("alone") / "course", {"ada": made}, ASSIGNMENT)
    grade(course, request.param, [ASSIGNMENT])
    return course


@pytest.mark.xdist_group("meeting")
@pytest.mark.parametrize("call", ["FIOSETOWN", "SIOCSPGRP", "AF_INET"])
def test_a_system_call_is_refused_whatever_stands_in_bits_that_the_kernel_ignores(alone: Path, call: str) -> None:
    """The kernel looks at the lower half of such a number only, so the filter must as well."""
    assert f"'{call}': [1, 1, 1]" in _printed(alone, "ada", "IOCTL, SOCKETPAIR")


@pytest.mark.xdist_group("meeting")
def test_asyncio_threads_and_pairs_of_sockets_work_within_one_process(alone: Path) -> None:
    """What notebooks do with them is not refused."""
    assert _printed(alone, "ada", "async def together").splitlines() == [
        "(45, 'slept', b'a line\\n')",
        "[1, 2]",
        "b'later'  ",
        "b'buffered'",
    ]
