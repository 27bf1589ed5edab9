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

from autograder.protocol import messages
from autograder.protocol.channel import Channel
from autograder.protocol.codec import Decoder, Encoder, ExportTable, WireError
from autograder.protocol.proxies import Proxy, ProxyCache

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
    encoder = Encoder(ExportTable(), lambda _: None)
    frame = msgspec.msgpack.encode(messages.Returned(b"token", encoder.encode(thing)))
    reply = msgspec.msgpack.decode(frame, type=messages.ToGrader)
    assert isinstance(reply, messages.Returned)
    return Decoder(ExportTable(), lambda remote: remote).decode(reply.value)


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
    """A few bytes must not keep the grader busy for a year."""
    with pytest.raises(WireError, match="too many steps"):
        travel(range(10**15))


KINDS = ["dict", "Counter", "defaultdict", "OrderedDict", "list"]
shapes = st.lists(st.integers(-1, 2**41), max_size=3)
dtypes = st.builds(
    messages.Array,
    st.one_of(
        st.sampled_from(["<f8", "<i8", "|O", "<U4", "V8", "<U2000000000"]),
        st.lists(st.tuples(st.text(max_size=2), st.sampled_from(["<f8", "|O", "V2"]), shapes), max_size=3),
    ),
    st.one_of(shapes, st.lists(st.integers(0, 2), max_size=2)),
    st.binary(max_size=64),
)


def remotes(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Things that are lent, among them classes of exceptions with odd bases."""
    odd = st.sampled_from(["int", "function", "ValueError", "\0", ""])
    methods = st.lists(st.sampled_from(["__len__", "__eq__", "__class__", "__init__"]))
    return st.builds(
        messages.Remote, st.integers(0, 3), odd, odd, odd, methods, st.booleans(), st.booleans(), st.lists(inner)
    )


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
        st.builds(messages.BackReference, st.integers(-3, 5)),
        st.builds(messages.YourObject, st.integers(-3, 5)),
        st.builds(messages.Text, st.sampled_from(["Decimal", "Fraction", "date", "timedelta", "eval"]), st.text()),
        st.builds(messages.Text, st.just("Decimal"), st.sampled_from(["1e999999999", "nan", "-0", "1e5"])),
        st.builds(messages.Known, st.sampled_from(["builtins.int", "builtins.eval", "module os", "module math", ""])),
        st.builds(messages.Generator, st.sampled_from(["", "ff", "xyz"]), st.sampled_from(["1", "2"]), st.booleans()),
        dtypes,
    ),
    lambda inner: st.one_of(
        st.builds(messages.Mapping, st.lists(st.tuples(inner, inner)), st.sampled_from(KINDS), inner),
        st.builds(messages.Record, remotes(inner), st.lists(st.text(max_size=3), max_size=3), st.lists(inner)),
        st.builds(messages.ObjectArray, st.lists(st.integers(-1, 3), max_size=3), st.lists(inner)),
        st.builds(messages.Sparse, st.sampled_from(["csr", "dia", ""]), shapes, st.booleans(), dtypes, dtypes),
        st.builds(messages.Error, remotes(inner), inner, st.lists(inner, max_size=3), st.text(), st.just([]), inner),
        remotes(inner),
        st.builds(messages.Sequence, st.sampled_from(["list", "tuple", "set", "eval"]), st.lists(inner)),
        st.builds(messages.Mapping, st.lists(st.tuples(inner, inner))),
    ),
    max_leaves=20,
)


class Silent:
    """The other side, which is not to be asked while a message is read."""

    def call(self, thing: Proxy, args: tuple[Any, ...], kwargs: dict[str, Any], method: str = "") -> Any:
        """Fail."""
        raise AssertionError(f"asked {method}")

    def passes_on(self, method: str, thing: Proxy, other: object = None) -> bool:
        """Nothing, as in a check whose solution gives no objects."""
        return False

    def attribute(self, thing: Proxy, name: str) -> Any:
        """Fail."""
        raise AssertionError(f"asked {name}")


@settings(max_examples=400)
@given(garbage_values)
def test_a_malformed_value_raises_wire_error_only(value: Any) -> None:
    """Whatever a student process makes up, the grader gets data or a refusal."""
    with contextlib.suppress(WireError):
        Decoder(ExportTable(), ProxyCache(Silent()).borrow).decode(value)


@settings(max_examples=400)
@given(st.binary(max_size=300))
def test_random_bytes_are_no_message(frame: bytes) -> None:
    """A frame of anything ends in a WireError, or by chance in a message of the expected types."""
    theirs, ours = socket.socketpair()
    with theirs, ours, contextlib.suppress(WireError):
        theirs.sendall(struct.pack("<I", len(frame)) + frame)
        assert isinstance(Channel(ours, messages.ToGrader).receive(), messages._Message)
