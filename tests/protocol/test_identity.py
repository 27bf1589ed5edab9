"""An object that is sent again within a check is the same object there, as in one process."""

from __future__ import annotations

from typing import Any

import msgspec
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.protocol import messages
from autograder.protocol.codec import Decoder, Encoder, ExportTable, WireError
from autograder.protocol.identity import ReceivedObjects, SentObjects


class Check:
    """One check: what the student process sends arrives with numbers."""

    def __init__(self) -> None:
        self.sent, self.received = SentObjects(), ReceivedObjects()

    def look_up(self, thing: Any) -> Any:
        """What the check has when it asks for `thing`."""
        encoder = Encoder(ExportTable(), lambda _: None)
        value = encoder.encode(thing)
        reply = messages.Returned(b"token", value, numbers=self.sent.note(encoder.sent, 0))
        return self.arrive(msgspec.msgpack.decode(msgspec.msgpack.encode(reply), type=messages.Returned))

    def arrive(self, reply: messages.Returned) -> Any:
        """What the check has of this reply."""
        decoder = Decoder(ExportTable(), lambda remote: remote, (), self.received.expected(reply.numbers))
        value = decoder.decode(reply.value)
        self.received.note(reply.numbers, decoder, 0)
        return value


THINGS: dict[str, Any] = {
    "an array": lambda: np.arange(3),
    "an array of objects": lambda: np.array([1, "a", None], object),
    "a list": lambda: [1, [2]],
    "a tuple": lambda: (1, [2]),
    "a dict": lambda: {"a": [1]},
    "a set": lambda: {1, 2},
    "a frame": lambda: pd.DataFrame({"a": [1, 2]}),
    "a series": lambda: pd.Series([1, 2]),
    "bytes that can change": lambda: bytearray(b"ab"),
}


@pytest.mark.parametrize("name", THINGS)
def test_a_thing_that_is_looked_up_twice_is_one_thing(name: str) -> None:
    """Alone, and in a list that holds it."""
    check, thing = Check(), THINGS[name]()
    first = check.look_up(thing)
    assert check.look_up(thing) is first
    assert check.look_up([1, thing])[1] is first


def test_a_list_that_holds_an_array_equals_one_that_holds_the_same() -> None:
    """Two arrays that are not the same have no truth value."""
    check, xs = Check(), np.arange(3)
    assert check.look_up([1, xs, "a"]) == [1, check.look_up(xs), "a"]


def test_another_thing_of_the_same_contents_is_another_thing() -> None:
    """And so is the same thing in the next check."""
    check = Check()
    assert check.look_up([1]) is not check.look_up([1])
    thing = [1]
    first = check.look_up(thing)
    check.sent.forget()
    check.received.forget()
    assert check.look_up(thing) is not first


@pytest.mark.parametrize("name", THINGS)
def test_what_the_student_changed_since_is_changed_in_the_check(name: str) -> None:
    """As for code that holds an object which other code changes."""
    check, thing = Check(), THINGS[name]()
    first = check.look_up(thing)
    if isinstance(thing, tuple):
        thing[1].append(3)
    elif isinstance(thing, (set, dict)):
        thing.clear()
    else:
        thing[0] = 7
    again = check.look_up(thing)
    assert again is first or isinstance(thing, tuple)
    assert repr(again) == repr(thing)


def test_what_the_check_changed_stays_while_the_student_changes_nothing() -> None:
    """The check has one object, from wherever it was asked for."""
    check, thing = Check(), [1]
    mine = check.look_up(thing)
    mine.append(2)
    assert check.look_up(thing) == [1, 2]
    thing.append(9)
    assert check.look_up(thing) == [1, 9] and mine == [1, 9]


def test_a_list_that_holds_itself_is_still_one_that_holds_itself() -> None:
    """Also when it comes again, longer."""
    check, endless = Check(), list[Any]()
    endless.append(endless)
    first = check.look_up(endless)
    endless.append(1)
    again = check.look_up(endless)
    assert again is first and again[0] is again and again[1] == 1


def test_objects_beyond_the_limits_arrive_as_ever() -> None:
    """Only their identity is lost."""
    check, many = Check(), [[number] for number in range(5000)]
    first = check.look_up(many)
    again = check.look_up(many)
    assert again == first == many and again is first and again[1] is first[1]
    check, large = Check(), [np.zeros(1_500_000) for _ in range(6)]
    assert [check.look_up(each)[0] for each in large] == [0] * 6
    assert check.look_up(large[5]) is not check.look_up(large[5])


values = st.recursive(
    st.one_of(st.integers(0, 3), st.text(max_size=2), st.builds(messages.BackReference, st.integers(-1, 4))),
    lambda inner: st.one_of(
        st.builds(messages.Sequence, st.sampled_from(["list", "tuple", "set"]), st.lists(inner, max_size=3)),
        st.builds(messages.Mapping, st.lists(st.tuples(st.integers(0, 3), inner), max_size=3)),
        st.just(messages.Array("<f8", (1,), bytes(8))),
    ),
    max_leaves=6,
)
numbers = st.builds(
    messages.Numbers,
    st.integers(-2, 5000),
    st.integers(-2, 10),
    st.lists(st.tuples(st.integers(-2, 5), st.integers(-2, 5)), max_size=4),
)


@given(st.lists(st.tuples(values, numbers), max_size=5))
def test_made_up_numbers_give_a_value_or_a_refusal(replies: list[tuple[Any, messages.Numbers]]) -> None:
    """A student process may say of anything that it is anything that it sent before, and of nothing else."""
    check, mine = Check(), [1, 2]
    for value, made_up in replies:
        try:
            check.arrive(messages.Returned(b"token", value, numbers=made_up))
        except WireError:
            break
    assert mine == [1, 2]
