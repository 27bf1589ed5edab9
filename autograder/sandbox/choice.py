"""Choosing how far student code is confined: the strictest level at which a canary could do nothing it should not.

The level is not read off the kernel's version or flags, which say what should work, but tried out.
"""

from __future__ import annotations

import atexit
import contextlib
import functools
import os
import secrets
import socket
import tempfile
import time
from pathlib import Path

from autograder.records import CourseError
from autograder.sandbox.levels import Level
from autograder.sandbox.nursery import Nursery
from autograder.wire import messages
from autograder.wire.atoms import WireError
from autograder.wire.channel import Gone, Hung

_CANARY_SECONDS = 10
_CANARY = """\
import os, socket
def worked(attempt):
    try:
        attempt()
    except OSError:
        return False
    return True
def connect():
    with socket.socket() as plug:
        plug.connect(({host!r}, {port}))
def start():
    if os.fork() == 0:
        os._exit(0)
attempts = {{
    "read a file": lambda: open({secret!r}).read(),
    "write a file": lambda: open({target!r}, "w").write("x"),
    "change a file's mode": lambda: os.chmod({secret!r}, 0o644),
    "connect": connect,
    "start a process": start,
    "signal a process": lambda: os.kill({process}, 0),
}}
print(*[name for name, attempt in attempts.items() if worked(attempt)], sep=", ")
"""


_open_until_exit = contextlib.ExitStack()
atexit.register(_open_until_exit.close)


@functools.cache
def warm_up() -> Nursery:
    """Start the interpreter that `shared` will try first, so that it warms up while the caller does something else."""
    return _open_until_exit.enter_context(Nursery(Level.NAMESPACES))


@functools.cache
def shared() -> Nursery:
    """One warm interpreter, as strict as this machine allows, for as long as this program runs."""
    if not escapes(warm_up()):
        return warm_up()
    with contextlib.ExitStack() as trial:
        nursery = trial.enter_context(Nursery(Level.LANDLOCK))
        if not escapes(nursery):
            _open_until_exit.push(trial.pop_all())
            return nursery
    return _open_until_exit.enter_context(Nursery(Level.PROCESS))


def require(nursery: Nursery, level: Level) -> None:
    """Raise CourseError when `nursery` confines student code less than `level`."""
    if nursery.level.is_less_than(level):
        raise CourseError(
            f"student code can only be confined at level '{nursery.level.value}' here, and '{level.value}' is "
            "required. `autograder doctor` says what would raise it."
        )


def escapes(nursery: Nursery) -> str:
    """What a canary, run as a student's cell, can do that it should not, in words; empty when it is held."""
    with tempfile.TemporaryDirectory() as scratch, socket.create_server(("127.0.0.1", 0)) as server:
        secret = Path(scratch, "secret")
        secret.write_text("canary")
        host, port = server.getsockname()
        canary = _CANARY.format(
            host=host, port=port, secret=str(secret), target=str(Path(scratch, "new")), process=os.getpid()
        )
        try:
            process = nursery.start()
        except CourseError as error:
            return str(error).partition(". Run")[0]
        deadline = time.monotonic() + _CANARY_SECONDS
        try:
            process.channel.send(messages.RunCell(secrets.token_bytes(16), canary), deadline)
            reply = process.channel.receive(deadline)
        except (Gone, Hung, WireError):
            return "the kernel refused to confine a process"
        finally:
            process.end()
        if not isinstance(reply, messages.CellDone) or reply.raised or not reply.outputs:
            return "the canary did not answer"
        text = str(reply.outputs[0].get("text", "")).strip()
        return f"could {text}" if text else ""
