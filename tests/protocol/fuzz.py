"""A coverage-guided fuzzer of the wire, on both sides: `python -m tests.protocol.fuzz --seconds 360`.

Needs the `fuzz` dependency group. The corpus starts from one valid frame of every message and every kind of value.
Mutations alternate between bytes and the tree the bytes stand for, since msgspec's own parser is compiled and gives
the fuzzer no coverage to follow. Anything but a message or a refusal is a finding, and so is an input that takes more
than ten seconds or that brings the process above the memory limit.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import random
import socket
import struct
import sys
import tempfile
import typing
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import atheris
import msgspec
import numpy as np
import pandas as pd
import sympy

with atheris.instrument_imports(include=["autograder.protocol"]):
    from autograder.protocol import messages
    from autograder.protocol.channel import Channel
    from autograder.protocol.codec import Decoder, Encoder, ExportTable, WireError

MAX_LENGTH = 64 * 1024
SECONDS_AN_INPUT = 10
VALUES: tuple[Any, ...] = (
    None, True, -1, 2**63, 0.5, float("nan"), "text", "\ud800", b"bytes", 1j, -(2**70), [1, [2]], (1, "a"), {1, 2},
    frozenset({3}), {"a": {1: (2,)}}, range(3), range(9, 0, -2), slice(1, None, 2), np.float32(1), np.bool_(True),
    np.arange(6.0).reshape(2, 3), np.array("unicode"), np.array([b"s"]), np.zeros((0, 3), complex), print,
    np.array(["2020-01-01"], "M8[25s]"), np.array([True, False]), np.array([1.5], np.longdouble), np.array(7, ">i2"),
    np.dtype("f4"), np.ma.array([1, 2], mask=[True, False]), Path("x"), pd.Timestamp("2020-01-01", tz="UTC"),
    pd.DataFrame({"a": [1], "b": ["x"]}), pd.Series([1, 2], pd.CategoricalIndex(["x", "y"])), sympy.Symbol("x") ** 2,
)  # fmt: skip
SPICE: tuple[Any, ...] = (
    *(None, True, False, 0, -1, 1, 2**31, 2**63 - 1, 2**64 - 1, -(2**63), 0.0, float("inf"), "", b"", [], {}),
    *("list", "tuple", "set", "frozenset", "<f8", "|O", "<U4", "|V8", "|b1", "<M8[ns]", "<M8[s/0]", "<g16", "0x"),
    *([tag, 0] for tag in ("Again", "Home")),
    ["Sequence", "list", [["Again", 0], ["Again", 0]]],
    ["Mapping", [[["Again", 0], 1]]],
    ["Array", "<f8", [0, 2**62, 2**62], b"", False],
    ["Steps", -(2**63), 2**63 - 1, 1, False],
)


def values() -> Iterator[tuple[messages.Value, list[messages.Value]]]:
    """Every kind of value as it travels, and twice in one message; and one that came back home."""
    shared = [1.0]
    for thing in (*VALUES, [shared, shared]):
        encoder = Encoder(ExportTable(), lambda _: None)
        yield encoder.encode(thing), [encoder.encode(thing)]
    yield messages.YourObject(0), []


def seeds() -> Iterator[bytes]:
    """Valid frames: each message of both directions, around each value where it holds one."""
    token = bytes(16)
    error = messages.Error(
        messages.Remote(1, "ValueError"), messages.Known("ValueError"), [], "a message", ["line 1 of f: 1 / 0"]
    )
    outputs = [{"output_type": "stream", "name": "stdout", "text": "2\n"}]
    plain: list[Any] = [
        messages.RunCell(token, "1 + 1"),
        messages.CellDone(token, outputs, False, 1),
        messages.Lookup(token, "relu"),
        messages.Assigned(token),
        messages.PutBack(token),
        messages.Attribute(token, 0, "shape"),
        messages.Missing(token),
        messages.PutFiles(token, "/tmp", [messages.File("a/b", "file", b"x"), messages.File("c", "gone")], "a"),
        messages.TakeFiles(token, "/tmp"),
        messages.Import(token, "tools", True),
        messages.ChangedFiles(token, [messages.File("a", "folder"), messages.File("d", "large", b"", 9)], "."),
    ]
    for value, again in values():
        changed = [(0, value)]
        plain += [
            messages.Assign(token, [("relu", value)]),
            messages.Call(token, 0, [value, *again], {"t": value}, "__next__"),
            messages.Returned(token, value, changed),
            messages.Raised(token, error, changed),
        ]
    yield from (msgspec.msgpack.encode(message) for message in plain)


def write_corpus(folder: Path) -> None:
    """One file a seed; raises an assertion when a message of the wire has no seed."""
    tags = {msgspec.msgpack.decode(frame)[0] for frame in seeds()}
    known = {kind.__name__ for kind in typing.get_args(messages.ToGrader | messages.ToStudent)}
    assert tags == known, known - tags
    for frame in seeds():
        (folder / hashlib.sha256(frame).hexdigest()[:16]).write_bytes(frame)


def mutate(data: bytes, max_size: int, seed: int) -> bytes:
    """Bytes changed by the fuzzer, or the tree they stand for changed in one place."""
    chance = random.Random(seed)
    if chance.random() < 0.5:
        return bytes(atheris.Mutate(data, max_size))
    try:
        tree = msgspec.msgpack.decode(data)
        return msgspec.msgpack.encode(_mutate_tree(tree, chance))[:max_size]
    except (msgspec.MsgspecError, RecursionError, UnicodeError, TypeError):
        return bytes(atheris.Mutate(data, max_size))


def _mutate_tree(tree: Any, chance: random.Random) -> Any:
    """Walk to a random node; there replace, double, drop, wrap or exchange something."""
    if not isinstance(tree, list) or not tree or chance.random() < 0.15:
        return chance.choice([chance.choice(SPICE), [tree, tree], [tree], tree])
    at = chance.randrange(len(tree))
    match chance.randrange(8):
        case 0:
            tree.insert(at, tree[chance.randrange(len(tree))])
        case 1:
            del tree[at]
        case 2:
            tree[at] = tree[chance.randrange(len(tree))]
        case _:
            tree[at] = _mutate_tree(tree[at], chance)
    return tree


def receive(frame: bytes, incoming: Any) -> Any:
    """What one side makes of a frame; raises WireError when it is refused."""
    theirs, ours = socket.socketpair()
    with theirs, ours:
        theirs.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4 * MAX_LENGTH)
        theirs.sendall(struct.pack("<I", len(frame)) + frame)
        return Channel[Any](ours, incoming).receive()


def values_of(message: Any) -> Iterator[messages.Value]:
    """The values a message brings."""
    match message:
        case messages.Returned():
            yield message.value
            yield from (value for _, value in message.changed)
        case messages.Raised():
            yield from (value for _, value in message.changed)
        case messages.Call():
            yield from (*message.args, *message.kwargs.values())
        case messages.Assign():
            yield from (value for _, value in message.values)


def try_one(frame: bytes) -> None:
    """Decode a frame as either side would, then use what came as a test would at least."""
    for incoming in (messages.ToGrader, messages.ToStudent):
        export_table = ExportTable()
        export_table.lend(print)
        decoder = Decoder(export_table, lambda remote: remote)
        with contextlib.suppress(WireError):
            for value in values_of(receive(frame, incoming)):
                _use(decoder.decode(value))


def _use(thing: Any) -> None:
    with contextlib.suppress(ValueError, TypeError, OverflowError, RecursionError):
        repr(thing)
        np.asarray(thing)


def main() -> None:
    """Fuzz for as long as asked; libFuzzer prints its statistics and ends with a status of its own on a finding."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=int, default=360)
    parser.add_argument("--megabytes", type=int, default=700, help="the memory limit")
    parser.add_argument("--corpus", type=Path, help="where to keep the corpus  [default: nowhere]")
    parser.add_argument("inputs", nargs="*", type=Path, help="try only these files")
    options = parser.parse_args()
    if options.inputs:
        for path in options.inputs:
            try_one(path.read_bytes())
        return
    with tempfile.TemporaryDirectory() as scratch:
        folder = options.corpus or Path(scratch)
        folder.mkdir(exist_ok=True)
        write_corpus(folder)
        flags = {
            "max_total_time": options.seconds,
            "timeout": SECONDS_AN_INPUT,
            "rss_limit_mb": options.megabytes,
            "max_len": MAX_LENGTH,
            "len_control": 0,
            "print_final_stats": 1,
        }
        arguments = [sys.argv[0], *(f"-{flag}={value}" for flag, value in flags.items()), str(folder)]
        atheris.Setup(arguments, try_one, custom_mutator=mutate)
        atheris.Fuzz()


if __name__ == "__main__":
    main()
