"""A test's object of a library goes over as a copy, and none ever comes back."""

from __future__ import annotations

import pickle
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from dateutil.relativedelta import relativedelta

from autograder.protocol import copies, libraries, messages, mutations
from autograder.protocol.codec import Decoder, Encoder, ExportTable, WireError


@pytest.fixture(autouse=True)
def allowed() -> Iterator[None]:
    """What a check imported."""
    before = set(libraries._allowed)
    libraries.allow(["numpy", "dateutil"])
    yield
    libraries._allowed.clear()
    libraries._allowed.update(before)
    libraries._stand_in.cache_clear()


class Trap:
    """To load it is to run what it says."""

    sprung = False

    def __reduce__(self) -> Any:
        return setattr, (Trap, "sprung", True)


def _refuse(remote: messages.Remote) -> Any:
    raise AssertionError(remote)


def sent(thing: Any) -> tuple[Encoder, messages.Value]:
    """How it goes over."""
    encoder = Encoder(ExportTable(), lambda _: None)
    return encoder, encoder.encode(thing)


def test_an_object_arrives_as_one_and_its_changes_come_back() -> None:
    """The attributes of the copy become those of the original."""
    original: Any = relativedelta(days=1)
    encoder, value = sent([original])
    received = Decoder(ExportTable(), _refuse, trusts_sender=True)
    copy = received.decode(value)[0]
    assert copy == original and copy is not original
    watch = mutations.Watch(received.received)
    copy.days, copy.note = 5, [1]
    answer = Encoder(ExportTable(), lambda _: None, received.received)
    changed = watch.changes(answer)
    mutations.make(changed, encoder.sent, Decoder(ExportTable(), _refuse, encoder.sent))
    assert (original.days, original.note) == (5, [1]) and original.weeks == 0


def test_nothing_that_did_not_change_comes_back() -> None:
    """And the copy that is returned is the original."""
    original: Any = relativedelta(days=1)
    encoder, value = sent(original)
    received = Decoder(ExportTable(), _refuse, trusts_sender=True)
    copy = received.decode(value)
    assert mutations.Watch(received.received).changes(Encoder(ExportTable(), lambda _: None, received.received)) == []
    back = Encoder(ExportTable(), lambda _: None, received.received).encode(copy)
    assert Decoder(ExportTable(), _refuse, encoder.sent).decode(back) is original


def test_the_grader_loads_no_copy() -> None:
    """Whatever a student process sends."""
    forged = messages.Copy(pickle.dumps(Trap()), messages.Remote(0, "Thing"))
    with pytest.raises(WireError):
        Decoder(ExportTable(), lambda _: None).decode(messages.Sequence("list", [forged]))
    assert not Trap.sprung


@pytest.mark.parametrize("thing", [Trap(), np.random.RandomState(0), np.vectorize(lambda x: x), np.negative, object()])
def test_only_objects_that_are_all_in_their_attributes_are_copied(thing: Any) -> None:
    """A change in any other could not be made in the original."""
    assert copies.pickled(thing) is None


def test_a_forged_change_takes_the_name_of_no_method() -> None:
    """Neither of a property; other names are those of attributes."""
    original: Any = relativedelta(days=1)
    sent(original)
    copies.change(original, {"normalized": 1, "weeks": 2, "__class__": int, "days": 3, 4: 5, "new": 6})
    assert vars(original) == {"days": 3, "new": 6} and callable(original.normalized)
    assert type(original) is relativedelta
