"""Whatever bytes come in, a channel gives a message of the expected types or refuses."""

from __future__ import annotations

import socket
import struct
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.protocol import messages
from autograder.protocol.channel import MAX_FRAME, MAX_SMALL_FRAME, Channel, Gone, Hung
from autograder.protocol.codec import Decoder, ExportTable, WireError

TOKEN = bytes(16)
ERROR = messages.Error(
    messages.Remote(1, "ValueError"), messages.Known("ValueError"), [], "a message", ["line 1 of f: 1 / 0"]
)
VALUE = messages.Mapping(
    [
        ("a", messages.Sequence("tuple", [1, 2.5, None, True])),
        ("b", messages.BackReference(1)),
        (messages.BigInteger("-0x1fffffffffffffffff"), messages.Array("<f8", (2, 1), bytes(16))),
        (messages.Complex(1.0, 2.0), messages.Steps(0, 5, 2)),
        (messages.Raw(b"\xed\xa0\x80", is_text=True), messages.Remote(0, "function", "f", "what f does")),
        (messages.YourObject(0), messages.Sequence("frozenset", [1])),
    ]
)
TO_EXAMINER: list[messages.ToGrader] = [
    messages.CellDone(TOKEN, [{"output_type": "stream", "name": "stdout", "text": "2\n"}], False, 1),
    messages.Assigned(TOKEN),
    messages.Returned(TOKEN, VALUE, [(0, VALUE)]),
    messages.Missing(TOKEN),
    messages.Raised(TOKEN, ERROR, [(0, VALUE)]),
    messages.Call(TOKEN, 0, [VALUE], {"t": VALUE}),
]


@contextmanager
def wire(incoming: Any = messages.ToGrader) -> Iterator[tuple[socket.socket, Channel[Any]]]:
    """A plug that anything can be written into, and the channel at the other end."""
    theirs, ours = socket.socketpair()
    with theirs, ours:
        theirs.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 20)
        yield theirs, Channel(ours, incoming)


def frame(body: bytes) -> bytes:
    """A frame around `body`."""
    return struct.pack("<I", len(body)) + body


def received(body: bytes) -> Any:
    """What the grader's end makes of a frame around `body`."""
    with wire() as (plug, channel):
        plug.sendall(frame(body))
        return channel.receive(time.monotonic() + 5)


def message_or_refusal(body: bytes) -> Any:
    """The message in `body` with its values decoded, or None when any of it is refused."""
    export_table = ExportTable()
    export_table.lend(print)
    decoder = Decoder(export_table, lambda remote: remote)
    try:
        match message := received(body):
            case messages.Returned():
                decoder.decode(message.value)
            case messages.Call():
                [decoder.decode(value) for value in (*message.args, *message.kwargs.values())]
            case messages.Raised():
                [decoder.decode(value) for _, value in message.changed]
    except WireError:
        return None
    return message


@pytest.mark.parametrize("message", TO_EXAMINER, ids=lambda message: type(message).__name__)
def test_every_message_to_the_examiner_arrives_as_it_was(message: messages.ToGrader) -> None:
    """With every kind of value in it."""
    assert message_or_refusal(msgspec.msgpack.encode(message)) == message


@pytest.mark.parametrize("message", TO_EXAMINER, ids=lambda message: type(message).__name__)
def test_a_message_cut_off_anywhere_is_refused(message: messages.ToGrader) -> None:
    """A frame whose length agrees, around a body that ends too soon."""
    body = msgspec.msgpack.encode(message)
    for length in range(len(body)):
        with pytest.raises(WireError):
            received(body[:length])


@pytest.mark.parametrize(
    "sent", [b"", b"\x01", frame(b"x" * 100)[:-1]], ids=["nothing", "half a length", "half a body"]
)
def test_who_hangs_up_in_mid_frame_is_gone(sent: bytes) -> None:
    """The channel does not wait for the rest."""
    with wire() as (plug, channel):
        plug.sendall(sent)
        plug.close()
        with pytest.raises(Gone):
            channel.receive(time.monotonic() + 5)


def test_who_promises_more_than_comes_is_waited_for_until_the_deadline_only() -> None:
    """Nothing is set side output for what was promised."""
    with wire() as (plug, channel):
        plug.sendall(struct.pack("<I", MAX_FRAME) + b"x")
        with pytest.raises(Hung):
            channel.receive(time.monotonic() + 0.05)


@pytest.mark.parametrize("size", [MAX_FRAME + 1, 2**32 - 1])
def test_a_frame_that_says_it_is_too_large_is_refused_before_it_comes(size: int) -> None:
    """Its length is enough."""
    with wire() as (plug, channel):
        plug.sendall(struct.pack("<I", size))
        with pytest.raises(WireError, match="too large"):
            channel.receive(time.monotonic() + 5)


def test_a_message_too_large_to_be_received_is_not_sent() -> None:
    """The sender learns it at once."""
    with wire() as (_, channel), pytest.raises(WireError, match="too large"):
        channel.send(messages.Returned(TOKEN, messages.Raw(bytes(MAX_FRAME))))


@pytest.mark.parametrize("source", ["\ud800", "x" * 3 + "\udfff"])
def test_text_that_is_no_unicode_is_not_sent(source: str) -> None:
    """A notebook's JSON can hold it; it is refused, not raised through the grading."""
    with wire() as (_, channel), pytest.raises(WireError, match="written"):
        channel.send(messages.RunCell(TOKEN, source))


def test_outputs_may_not_fill_the_memory() -> None:
    """An empty dict takes one byte in a frame and seventy in memory, so a frame that may hold many is a small one."""
    empty = b"\x80" * MAX_SMALL_FRAME
    outputs = b"\x91\x81\xa1a\xdd" + struct.pack(">I", len(empty)) + empty
    body = b"\x95\xa8CellDone\xc4\x01t" + outputs + b"\xc2\x01"
    with wire() as (plug, channel):
        writer = threading.Thread(target=plug.sendall, args=[frame(body)])  # more than a socket holds
        writer.start()
        with pytest.raises(WireError):
            channel.receive(time.monotonic() + 20)
        writer.join()


def test_a_large_array_arrives() -> None:
    """What is large for a good reason is small in memory."""
    message = messages.Returned(TOKEN, messages.Array("<f8", (10**6,), bytes(8 * 10**6)))
    with wire() as (plug, channel):
        writer = threading.Thread(target=plug.sendall, args=[frame(msgspec.msgpack.encode(message))])
        writer.start()
        assert channel.receive(time.monotonic() + 20) == message
        writer.join()


@pytest.mark.parametrize("header", [b"\xdd", b"\xdf", b"\xc6", b"\xdb"], ids=["list", "dict", "bytes", "text"])
@pytest.mark.parametrize("before", [b"", b"\x94\xa8Returned", b"\x94\xa8Returned\xc4\x01t\x93\xa8Sequence\xa4list"])
def test_a_count_that_nothing_follows_is_refused(before: bytes, header: bytes) -> None:
    """Four thousand million items, in ten bytes."""
    with pytest.raises(WireError):
        received(before + header + b"\xff\xff\xff\xff")


@pytest.mark.parametrize("opening", [b"\x91", b"\x92\xa7Mapping\x91\x92\x00", b"\x93\xa8Sequence\xa4list\x91"])
def test_a_value_nested_without_end_is_refused(opening: bytes) -> None:
    """Deeper than any stack."""
    with pytest.raises(WireError):
        received(b"\x94\xa8Returned\xc4\x01t" + opening * 100_000)


@pytest.mark.parametrize("kind", [messages.RunCell(TOKEN, "1"), messages.Lookup(TOKEN, "x"), messages.PutBack(TOKEN)])
def test_a_request_does_not_pass_for_an_answer(kind: messages.Request) -> None:
    """Each side accepts what it may be sent, and nothing else."""
    with pytest.raises(WireError):
        received(msgspec.msgpack.encode(kind))
    with wire(messages.ToStudent) as (plug, channel):
        plug.sendall(frame(msgspec.msgpack.encode(kind)))
        assert channel.receive(time.monotonic() + 5) == kind


@pytest.mark.parametrize(
    "fields",
    [
        [],
        ["Returned"],
        ["Returned", "a token that is text", 1],
        ["Returned", b"t", ["Nothing", 1]],
        ["Returned", b"t", ["Sequence", "list", 1]],
        ["Returned", b"t", ["Sequence", 1, []]],
        ["Returned", b"t", {"a": 1}],
        ["Returned", b"t", 2**64 - 1, [["0", 1]]],
        ["Eval", b"t", "1"],
        [1, b"t", None],
        ["CellDone", b"t", [[]], False, 1],
        ["CellDone", b"t", [], 0, 1],
        ["CellDone", b"t", [{}] * 20_001, False, 1],
        ["Raised", b"t", ["E", [], "m", [1]]],
        {"type": "Returned", "token": b"t", "value": 1},
        "Returned",
        None,
    ],
    ids=lambda fields: repr(fields)[:50],
)
def test_wrong_tags_and_types_are_refused(fields: Any) -> None:
    """What is well formed and yet no message."""
    assert message_or_refusal(msgspec.msgpack.encode(fields)) is None


def test_a_message_after_a_good_one_is_read_from_where_that_ended() -> None:
    """Two frames at once, and one in many pieces."""
    first, second = (msgspec.msgpack.encode(message) for message in TO_EXAMINER[1:3])
    with wire() as (plug, channel):
        plug.sendall(frame(first) + frame(second)[:7])
        assert channel.receive(time.monotonic() + 5) == TO_EXAMINER[1]
        for at in range(7, len(frame(second))):
            plug.sendall(frame(second)[at : at + 1])
        assert channel.receive(time.monotonic() + 5) == TO_EXAMINER[2]


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    """A valid message with some bytes exchanged, taken out, put in or doubled."""
    body = bytearray(msgspec.msgpack.encode(draw(st.sampled_from(TO_EXAMINER))))
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(body)))
        end = min(len(body), start + draw(st.integers(0, 6)))
        body[start:end] = draw(st.binary(max_size=6) | st.just(bytes(body[start:end] * 2)))
    return bytes(body)


@settings(max_examples=500, deadline=2000)
@given(damaged())
def test_a_damaged_message_is_a_message_or_refused(body: bytes) -> None:
    """No other exception, and no message of another direction."""
    message = message_or_refusal(body)
    assert message is None or isinstance(message, messages.ToGrader)


trees = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**64 - 1)
    | st.floats()
    | st.text(max_size=5)
    | st.binary(max_size=5)
    | st.sampled_from(["Sequence", "Mapping", "Array", "Again", "Home", "list", "set", "<f8"]),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=20,
)


@settings(max_examples=200, deadline=2000)
@given(st.sampled_from(["CellDone", "Assigned", "Returned", "Missing", "Raised", "Call"]), st.lists(trees, max_size=5))
def test_a_known_tag_before_anything_is_a_message_or_refused(tag: str, fields: list[Any]) -> None:
    """Well-formed trees of everything msgpack knows."""
    message = message_or_refusal(msgspec.msgpack.encode([tag, TOKEN, *fields]))
    assert message is None or type(message).__name__ == tag
