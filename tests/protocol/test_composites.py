"""Data of the standard library's and numpy's own types arrives as it was."""

from __future__ import annotations

import collections
import datetime
import pathlib
import re
import types
import uuid
import zoneinfo
from typing import Any

import numpy as np
import pytest

from autograder.protocol import messages
from autograder.protocol.codec import Decoder, ExportTable, WireError
from tests.protocol.travel import travel

STANDARD = [
    pathlib.Path("a/b"),
    pathlib.PurePosixPath("/x"),
    pathlib.PureWindowsPath("c:\\x"),
    uuid.UUID(int=7),
    re.compile("a+", re.IGNORECASE),
    re.compile(b"x"),
    datetime.UTC,
    datetime.timezone(datetime.timedelta(hours=2)),
    datetime.timezone(datetime.timedelta(hours=2), "X"),
    zoneinfo.ZoneInfo("Europe/Rome"),
    bytearray(b"ab"),
    types.SimpleNamespace(a=1, b=[2]),
]
NUMPY = [
    np.ma.array([1, 2, 3], mask=[False, True, False]),
    np.ma.array([[1, 2], [3, 4]], mask=[[True, False], [False, False]], fill_value=9),
    np.ma.array([1.0, 2.0]),
    np.ma.masked,
    np.rec.array([(1, "a")], dtype=[("x", "i4"), ("y", "U2")]),
    np.poly1d([1, 2, 3]),
    np.poly1d([1, 2], variable="t"),
    np.polynomial.Polynomial([1, 2]),
    np.polynomial.Chebyshev([1, 2, 3], domain=[0, 1]),
    np.datetime64("2020-01-01"),
    np.timedelta64(3, "D"),
]
DTYPES = ["i4", ">i4", "?", "U3", "S2", object, "M8[ns]", "m8[D]", "c16", [("a", "f8"), ("b", "U3", (2,))]]


@pytest.mark.parametrize("thing", STANDARD, ids=lambda thing: type(thing).__name__)
def test_a_value_of_the_standard_library_arrives_equal(thing: Any) -> None:
    """Of the same type, so that each of its own comparisons works as in one process."""
    arrived = travel(thing)
    assert type(arrived) is type(thing) and arrived == thing and repr(arrived) == repr(thing)


@pytest.mark.parametrize("thing", NUMPY, ids=lambda thing: type(thing).__name__)
def test_a_value_of_numpys_arrives_as_it_was(thing: Any) -> None:
    """Masks, polynomials and matrices keep what they are."""
    arrived = travel(thing)
    assert type(arrived) is type(thing) and repr(arrived) == repr(thing)


@pytest.mark.parametrize("dtype", DTYPES, ids=str)
def test_a_dtype_arrives_as_a_dtype(dtype: Any) -> None:
    """Also a structured one."""
    arrived = travel(np.dtype(dtype))
    assert arrived == np.dtype(dtype) and type(arrived) is type(np.dtype(dtype))


def test_a_class_of_a_listed_type_is_the_same_class_on_the_other_side() -> None:
    """So that `isinstance` works with a class that the notebook imported."""
    assert travel(uuid.UUID) is uuid.UUID


class OwnPath(pathlib.PurePosixPath):
    """A path with a comparison of its own."""

    def __eq__(self, other: object) -> bool:
        return True

    __hash__ = pathlib.PurePosixPath.__hash__


def test_a_subclass_stays_where_it_is() -> None:
    """No operator of its own may answer."""
    assert isinstance(travel(OwnPath("x")), messages.Remote)


NONSENSE = [
    ("pathlib.PosixPath", [1]),
    ("pathlib.PosixPath", ["x" * 5000]),
    ("pathlib.PosixPath", []),
    ("re.Pattern", ["(", 0]),
    ("re.Pattern", ["a", re.DEBUG]),
    ("re.Pattern", ["a", None]),
    ("zoneinfo.ZoneInfo", ["../../../etc/passwd"]),
    ("zoneinfo.ZoneInfo", ["/etc/passwd"]),
    ("datetime.timezone", [1e300, None]),
    ("builtins.bytearray", [10**12]),
    ("types.SimpleNamespace", [messages.Sequence("list", [1]), 1]),
    ("types.SimpleNamespace", [messages.Sequence("list", ["a", "b"]), 1]),
    ("numpy.dtype", ["f8"]),
    ("numpy.matrix", [messages.Sequence("list", [1])]),
    ("numpy.poly1d", [messages.Array("<f8", (1,), bytes(8)), 3]),
    ("numpy.poly1d", [messages.ObjectArray([1], ["x"]), "x"]),
    ("numpy.polynomial.Polynomial", [1, 2, 3, "x"]),
    ("os.system", ["true"]),
    ("", []),
]


@pytest.mark.parametrize(("kind", "parts"), NONSENSE)
def test_parts_that_make_no_sense_are_refused(kind: str, parts: list[Any]) -> None:
    """Whatever a student process makes up."""
    with pytest.raises(WireError):
        Decoder(ExportTable(), lambda remote: remote).decode(messages.Composite(kind, parts))


@pytest.mark.parametrize("lengths", [[1, 2**31 - 1], [-3], [-(2**31)], [4], [], [1, 1, 1]])
def test_texts_whose_lengths_do_not_fit_are_refused(lengths: list[int]) -> None:
    """They come joined, with the length of each."""
    with pytest.raises(WireError):
        Decoder(ExportTable(), lambda remote: remote).decode(
            messages.TextArray(np.array(lengths, "<i4").tobytes(), "ab")
        )


def test_a_deque_keeps_how_many_items_it_may_hold() -> None:
    """So that what is appended pushes out what is too much."""
    arrived = travel(collections.deque([1, 2], maxlen=2))
    assert arrived == collections.deque([1, 2]) and arrived.maxlen == 2
    assert travel(collections.deque([1])).maxlen is None
