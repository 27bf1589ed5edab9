"""Data survives the journey; garbage is refused and nothing else."""

from __future__ import annotations

import contextlib
import socket
import struct
from typing import Any

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays, scalar_dtypes

from autograder.wire import messages
from autograder.wire.channel import Channel
from autograder.wire.values import Decoder, Encoder, Lender, WireError

hashable = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False),
    st.text(),
    st.binary(),
    st.complex_numbers(allow_nan=False),
)
data = st.recursive(
    hashable,
    lambda inner: st.one_of(
        st.lists(inner), st.lists(inner).map(tuple), st.sets(hashable), st.dictionaries(hashable, inner)
    ),
    max_leaves=30,
)


def travel(thing: Any) -> Any:
    """`thing`, sent and received through the real encoding."""
    encoder = Encoder(Lender(), lambda _: None)
    frame = msgspec.msgpack.encode(messages.Returned(b"token", encoder.encode(thing)))
    reply = msgspec.msgpack.decode(frame, type=messages.ToExaminer)
    assert isinstance(reply, messages.Returned)
    return Decoder(Lender(), lambda remote: remote).decode(reply.value)


@given(data)
def test_plain_data_arrives_equal_and_of_the_same_types(thing: Any) -> None:
    """Nested containers of every plain type."""
    assert repr(travel(thing)) == repr(thing) or travel(thing) == thing


@given(arrays(scalar_dtypes(), array_shapes(min_dims=0, min_side=0)))
def test_arrays_arrive_with_dtype_shape_and_values(array: Any) -> None:
    """Every dtype without objects, any shape."""
    arrived = travel(array)
    assert arrived.dtype == array.dtype and arrived.shape == array.shape
    np.testing.assert_array_equal(arrived, array)


def test_an_object_sent_twice_is_one_object_on_arrival() -> None:
    """Aliases and cycles, as in one process."""
    shared = [1]
    first, second = travel([shared, shared])
    assert first is second
    endless: list[Any] = []
    endless.append(endless)
    arrived = travel(endless)
    assert arrived[0] is arrived


class LyingFloat(float):
    """A float that agrees with everything."""

    def __eq__(self, other: object) -> bool:
        return True

    __hash__ = float.__hash__


class LyingArray(np.ndarray[Any, Any]):
    """An array that agrees with everything."""

    def __array_function__(self, func: Any, types: Any, args: Any, kwargs: Any) -> Any:
        return True


@pytest.mark.parametrize("lie", [LyingFloat(2.5), np.array([2.5]).view(LyingArray)])
def test_a_subclass_arrives_as_the_plain_thing(lie: Any) -> None:
    """None of its operators cross."""
    arrived = travel(lie)
    assert type(arrived) in (float, np.ndarray)
    assert not np.array_equal(arrived, 3)


def test_a_range_too_long_to_walk_through_is_refused() -> None:
    """A few bytes must not keep the examiner busy for a year."""
    with pytest.raises(WireError, match="too many steps"):
        travel(range(10**15))


def decoded(value: messages.Value) -> Any:
    """What the other side makes of an encoded value."""
    return Decoder(Lender(), lambda remote: remote).decode(value)


def doubling(times: int) -> messages.Value:
    """A list of tuples, each of which holds the one before it twice."""
    pairs = [messages.Sequence("tuple", [messages.Again(at), messages.Again(at)]) for at in range(1, times)]
    return messages.Sequence("list", [messages.Sequence("tuple", [0]), *pairs])


CIRCLES_IN_CIRCLES = messages.Sequence("list", [messages.Again(0), messages.Again(0)])
MODULUS = 2**61 - 1
"""Python's hash of a number is its remainder after division by this."""

REFUSED: dict[str, messages.Value] = {
    "no such kind": messages.Sequence("eval", []),
    "a list in a set": messages.Sequence("set", [messages.Sequence("list", [])]),
    "a dict as a key": messages.Mapping([(messages.Mapping([]), 1)]),
    "an array as a key": messages.Mapping([(messages.Array("<f8", [1], bytes(8)), 1)]),
    "a set in itself": messages.Sequence("set", [messages.Again(0)]),
    "a dict as its own key": messages.Mapping([(messages.Again(0), 1)]),
    "a reference ahead": messages.Sequence("list", [messages.Again(1)]),
    "a reference below": messages.Again(-1),
    "lent by nobody": messages.Home(0),
    "a large integer of no digits": messages.BigInteger(""),
    "a large integer of letters": messages.BigInteger("0xfg"),
    "a large integer of too many digits": messages.BigInteger("f" * 100_001),
    "text of half a character": messages.Raw(b"\xe2\x82", is_text=True),
    "a range without an end": messages.Steps(0, None, 1),
    "a range that stands still": messages.Steps(0, 9, 0),
    "a list of long ranges": messages.Sequence("list", [messages.Steps(0, 10**6, 1)] * 3),
    "objects": messages.Array("|O", [1], bytes(8)),
    "records": messages.Array("|V8", [1], bytes(8)),
    "records with names": messages.Array("f4,f4", [1], bytes(8)),
    "a dtype of its own byte order": messages.Array("f8", [1], bytes(8)),
    "a unit divided by zero": messages.Array("<M8[s/0]", [1], bytes(8)),
    "a unit of zero seconds": messages.Array("<m8[0s]", [1], bytes(8)),
    "a dtype of no end": messages.Array("f8," * 100_000, [1], bytes(8)),
    "a shape that lies": messages.Array("<f8", [3], bytes(16)),
    "a shape below zero": messages.Array("<f8", [-1, -2], bytes(16)),
    "a shape no machine has": messages.Array("<f8", [0, 2**62, 2**62], b""),
    "a shape of no end": messages.Array("<f8", [2**62] * 100_000, b""),
    "many of nothing": messages.Array("|S0", [2**40], b""),
    "a scalar with a shape": messages.Array("<f8", [1], bytes(8), scalar=True),
    "text beyond Unicode": messages.Array("<U1", [], b"\xff" * 4, scalar=True),
    "a truth value that is neither": messages.Array("|b1", [2], b"\x01\x02"),
    "what doubles sixty times": doubling(60),
    "circles in circles": CIRCLES_IN_CIRCLES,
    "keys that all collide": messages.Sequence(
        "set", [messages.BigInteger(hex(MODULUS * k)) for k in range(8, 20_000)]
    ),
}


@pytest.mark.parametrize("value", REFUSED.values(), ids=REFUSED)
def test_a_value_made_to_do_harm_is_refused(value: messages.Value) -> None:
    """Crash numpy, lie about a size, fill the memory, or keep the examiner busy: each was seen to."""
    with pytest.raises(WireError):
        decoded(value)


def test_a_value_nested_beyond_the_limit_is_refused() -> None:
    """On the way out and on the way in; at the limit it passes."""
    nested: Any = []
    value: messages.Value = messages.Sequence("list", [])
    for _ in range(60):
        nested = [nested]
        value = messages.Sequence("list", [value])
    assert travel(nested) == nested == decoded(value)
    with pytest.raises(WireError, match="deep"):
        travel([nested])
    with pytest.raises(WireError, match="deep"):
        decoded(messages.Sequence("list", [value]))


def test_honest_sharing_and_honest_keys_pass() -> None:
    """A row a thousand times, a grid of points as keys, a hundred thousand numbers and words in a set."""
    row = [0.0] * 1000
    assert travel([row] * 1000) == [row] * 1000
    grid = {(x, y): x * y for x in range(90) for y in range(90)}
    assert travel(grid) == grid
    many = {*range(50_000), *map(str, range(50_000))}
    assert travel(many) == many


def test_a_slice_beyond_64_bits_cannot_be_sent() -> None:
    """It is refused by name, and the next message goes out."""
    with pytest.raises(WireError, match="64 bits"):
        travel(slice(2**70))


garbage_values: st.SearchStrategy[Any] = st.recursive(
    st.one_of(
        hashable,
        st.builds(
            messages.Array,
            st.text(max_size=5),
            st.lists(st.integers(-2, 5), max_size=3),
            st.binary(max_size=40),
            st.booleans(),
        ),
        st.builds(
            messages.Array,
            st.sampled_from(["<f8", "|O", "<U4", "V8", "<i4"]),
            st.lists(st.integers(-1, 3), max_size=3),
            st.binary(max_size=64),
            st.booleans(),
        ),
        st.builds(messages.BigInteger, st.text(max_size=8)),
        st.builds(
            messages.Steps,
            st.none() | st.integers(-3, 3),
            st.none() | st.integers(-3, 3),
            st.none() | st.integers(-3, 3),
            st.booleans(),
        ),
        st.builds(messages.Again, st.integers(-3, 5)),
        st.builds(messages.Home, st.integers(-3, 5)),
    ),
    lambda inner: st.one_of(
        st.builds(messages.Sequence, st.sampled_from(["list", "tuple", "set", "eval"]), st.lists(inner)),
        st.builds(messages.Mapping, st.lists(st.tuples(inner, inner))),
    ),
    max_leaves=20,
)


@settings(max_examples=400)
@given(garbage_values)
def test_a_malformed_value_raises_wire_error_only(value: Any) -> None:
    """Whatever a student process makes up, the examiner gets data or a refusal."""
    with contextlib.suppress(WireError):
        Decoder(Lender(), lambda remote: remote).decode(value)


@settings(max_examples=400)
@given(st.binary(max_size=300))
def test_random_bytes_are_no_message(frame: bytes) -> None:
    """A frame of anything ends in a WireError, or by chance in a message of the expected types."""
    theirs, ours = socket.socketpair()
    with theirs, ours, contextlib.suppress(WireError):
        theirs.sendall(struct.pack("<I", len(frame)) + frame)
        assert isinstance(Channel(ours, messages.ToExaminer).receive(), messages._Message)
