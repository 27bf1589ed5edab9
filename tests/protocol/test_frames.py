"""Frames and what belongs to them arrive as they were; parts that no frame has are refused."""

from __future__ import annotations

import contextlib
import datetime
import time
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.protocol import messages, mutations
from autograder.protocol.codec import Decoder, Encoder, ExportTable, WireError
from tests.protocol.travel import travel


def a_frame() -> Any:
    """A frame with a column of each usual type."""
    when = pd.date_range("2020", periods=3, tz="Europe/Rome", name="when")
    columns = {
        "int": [1, 2, 3],
        "float": [1.0, 2.0, np.nan],
        "small": np.array([1, 2, 3], "f4"),
        "complex": [1j, 2, 3],
        "bool": [True, False, True],
        "text": ["a", None, "cé"],
        "mixed": [1, "a", None],
        "lists": [[1], [2], [3]],
        "moments": when.tz_localize(None),
        "zoned": when,
        "durations": pd.to_timedelta([1, 2, None], unit="h"),
        "periods": pd.period_range("2020-01", periods=3, freq="M"),
        "intervals": pd.interval_range(0, 3),
        "categories": pd.Categorical(["x", "y", "x"], ["y", "x"], ordered=True),
        "nullable": pd.array([1, None, 3], dtype="Int64"),
        "nullable float": pd.array([1.5, None, 3], dtype="Float32"),
        "nullable bool": pd.array([True, None, False], dtype="boolean"),
        "string": pd.array(["u", None, "v"], dtype="string"),
        "times": [pd.Timestamp("2020"), pd.NaT, pd.Timedelta("1h")],
    }
    frame = pd.DataFrame(columns, index=when)
    frame["object"] = pd.Series(["a", "b", "c"], dtype=object, index=when)
    frame.attrs["source"] = "made up"
    return frame


def test_a_frame_crosses_as_a_frame() -> None:
    """With dtypes, names, frequencies and attributes."""
    frame = a_frame()
    arrived = travel(frame)
    assert type(arrived) is pd.DataFrame and arrived.attrs == frame.attrs
    pd.testing.assert_frame_equal(frame, arrived)
    assert arrived.dtypes.equals(frame.dtypes) and arrived.index.freq == frame.index.freq
    assert arrived.equals(frame)


FRAMES: dict[str, Any] = {
    "nothing": lambda: pd.DataFrame(),
    "rows only": lambda: pd.DataFrame(index=[1, 2]),
    "columns only": lambda: pd.DataFrame(columns=["a", "b"]),
    "the same labels": lambda: pd.DataFrame([[1, 2], [3, 4]], columns=["a", "a"], index=[0, 0]),
    "the same labels of mixed columns": lambda: pd.DataFrame([[1, "x"], [3, "y"]], columns=["a", "a"], index=[0, 0]),
    "no rows": lambda: a_frame().iloc[:0],
    "transposed": lambda: pd.DataFrame({"a": [1, 2], "b": [1.5, 2]}).T,
    "grouped": lambda: a_frame().groupby("bool").agg({"float": ["mean", "sum"], "int": ["max"]}),
    "described": lambda: a_frame()[["int", "float", "text", "moments"]].describe(include="all"),
    "dtypes": lambda: a_frame().dtypes.to_frame(),
    "truth": lambda: a_frame().isna(),
    "pivoted": lambda: pd.pivot_table(pd.DataFrame({"a": [1, 2], "b": ["x", "y"], "c": [1, 2]}), "a", "b", "c"),
    "indicators": lambda: pd.get_dummies(pd.Series(["x", "y"])),
    "strict labels": lambda: pd.DataFrame({"a": [1]}).set_flags(allows_duplicate_labels=False),
}


@pytest.mark.parametrize("name", FRAMES)
def test_frames_of_other_shapes_cross(name: str) -> None:
    """Those that notebooks make of a frame."""
    frame = FRAMES[name]()
    arrived = travel(frame)
    pd.testing.assert_frame_equal(frame, arrived)
    assert arrived.columns.names == frame.columns.names


INDEXES = [
    pd.RangeIndex(5, name="r"),
    pd.RangeIndex(9, 0, -2),
    pd.Index([]),
    pd.Index(["a", "b"], name=("u", 1)),
    pd.Index([1, "a", None], dtype=object),
    pd.Index(["a", None], dtype=object),
    pd.Index([True, False]),
    pd.Index([0.5, 1], dtype="f4"),
    pd.Index([1, 2], dtype="Int64"),
    pd.MultiIndex.from_product([["a", "b"], [1, 2]], names=["l", None]),
    pd.CategoricalIndex(["a", "b", "a"], name="c"),
    pd.interval_range(0, 3, closed="left", name="i"),
    pd.period_range("2020", periods=2, freq="Q", name="p"),
    pd.timedelta_range("1h", periods=3, name="t"),
    pd.date_range("2020-01-31", periods=5, freq="ME"),
    pd.bdate_range("2020", periods=9, name="b"),
    pd.date_range("2020", periods=3, freq="W-SUN"),
    pd.date_range("2020", periods=3, freq="90min", unit="ns"),
    pd.date_range("2020", periods=3, tz="UTC"),
    pd.DatetimeIndex(["2020-01-01", None]),
]


@pytest.mark.parametrize("index", INDEXES, ids=lambda index: f"{type(index).__name__}-{index.dtype}")
def test_an_index_crosses_as_it_is_in_every_place(index: Any) -> None:
    """Alone, as rows, as columns and as values."""
    arrived = travel(index)
    pd.testing.assert_index_equal(index, arrived, exact=True)
    assert type(arrived) is type(index) and arrived.names == index.names
    assert getattr(arrived, "freq", None) == getattr(index, "freq", None)
    series = pd.Series(range(len(index)), index=index, name="k")
    pd.testing.assert_series_equal(series, travel(series))
    frame = pd.DataFrame([range(len(index))], columns=index)
    pd.testing.assert_frame_equal(frame, travel(frame))
    if not isinstance(index, pd.MultiIndex):
        array = travel(index.array)
        assert type(array) is type(index.array) and repr(array) == repr(index.array)


SCALARS = [
    pd.Timestamp("2020-01-01 10:00:00.123456789"),
    pd.Timestamp("2020-10-25 01:30", tz="UTC").tz_convert("Europe/Rome"),
    pd.Timestamp(2020, 1, 1, tz=datetime.UTC),
    pd.Timedelta("1D 3h"),
    pd.Timedelta(5, "ns"),
    pd.NaT,
    pd.NA,
    pd.Period("2020-03"),
    pd.Interval(0, 1.5),
    pd.offsets.MonthEnd(2),
    pd.CategoricalDtype(["a"], ordered=True),
    pd.CategoricalDtype(),
    pd.StringDtype(),
    pd.Int8Dtype(),
    pd.PeriodDtype("M"),
    pd.IntervalDtype("int64", "right"),
    pd.DatetimeTZDtype("ns", "UTC"),
]


@pytest.mark.parametrize("thing", SCALARS, ids=repr)
def test_a_single_value_of_pandas_arrives_equal(thing: Any) -> None:
    """Moments, durations, what stands for a missing value, and dtypes."""
    arrived = travel(thing)
    assert type(arrived) is type(thing) and repr(arrived) == repr(thing)
    assert arrived is thing or arrived == thing


class OwnFrame(pd.DataFrame):  # type: ignore[misc]
    """A frame that agrees with everything."""

    def equals(self, other: object) -> bool:
        """Yes."""
        return True


def test_a_frame_of_ones_own_class_and_a_view_of_a_frame_stay_where_they_are() -> None:
    """Methods of a subclass may be anybody's; a grouping is no data."""
    frame = pd.DataFrame({"a": [1, 2]})
    for thing in (OwnFrame(frame), frame.groupby("a"), frame.rolling(2), frame.iloc):
        assert isinstance(travel(thing), messages.Remote)


def test_a_class_of_pandas_is_the_same_class_on_the_other_side() -> None:
    """So that `isinstance(frame, DataFrame)` works with what the notebook imported."""
    assert travel(pd.DataFrame) is pd.DataFrame and travel(pd) is pd


def test_a_large_frame_crosses_in_a_moment() -> None:
    """A hundred thousand rows."""
    rows = 100_000
    frame = pd.DataFrame(
        {
            "number": np.arange(rows),
            "float": np.linspace(0, 1, rows),
            "text": [f"name {place}" for place in range(rows)],
            "category": pd.Categorical(np.arange(rows) % 3),
            "when": pd.date_range("2000", periods=rows, freq="h"),
        }
    )
    begun = time.perf_counter()
    arrived = travel(frame)
    assert time.perf_counter() - begun < 10  # 0.3 s on a quiet machine
    pd.testing.assert_frame_equal(frame, arrived)


def after_a_call(change: Any, given_away: Any) -> Any:
    """What the caller has after a function on the other side changed it in place."""
    asking = Encoder(ExportTable(), lambda _: None)
    value = asking.encode(given_away)
    called = Decoder(ExportTable(), lambda remote: remote)
    argument = called.decode(value)
    watch = mutations.Watch(called.received)
    change(argument)
    changed = watch.changes(Encoder(ExportTable(), lambda _: None, called.received))
    mutations.make(changed, asking.sent, Decoder(ExportTable(), lambda remote: remote, asking.sent))
    return changed


CHANGES: dict[str, Any] = {
    "a new column": lambda frame: frame.insert(0, "new", ["x", "y", "z"]),
    "a value": lambda frame: frame.iloc.__setitem__((0, 1), 100),
    "fewer rows": lambda frame: frame.drop(index=[0], inplace=True),
    "sorted": lambda frame: frame.sort_values("size", inplace=True),
    "renamed": lambda frame: frame.rename(columns={"size": "s"}, inplace=True),
    "another index": lambda frame: frame.set_index("city", inplace=True),
    "a name": lambda frame: setattr(frame.index, "name", "number"),
    "attributes": lambda frame: frame.attrs.update(seen=True),
    "another dtype": lambda frame: frame.__setitem__("size", frame["size"].astype(float)),
}


@pytest.mark.filterwarnings("ignore:The inplace keyword")
@pytest.mark.parametrize("name", CHANGES)
def test_what_a_function_changes_in_a_frame_is_changed_for_its_caller(name: str) -> None:
    """As for lists and arrays."""
    mine = pd.DataFrame({"city": ["Rome", "Oslo", "Bern"], "size": [3, 1, 2]})
    expected = mine.copy()
    CHANGES[name](expected)
    assert after_a_call(CHANGES[name], mine)
    pd.testing.assert_frame_equal(mine, expected)
    assert mine.attrs == expected.attrs


def test_a_series_that_is_changed_in_place_is_changed_for_its_caller() -> None:
    """And one that is only read does not travel back."""
    series = pd.Series([1, 2], name="s")
    assert after_a_call(lambda given: given.sum(), series) == []
    after_a_call(lambda given: given.__setitem__(0, 7), series)
    assert series.tolist() == [7, 2] and series.name == "s"


def test_what_a_check_lent_is_as_it_was_when_the_check_is_over() -> None:
    """A frame too is put back."""
    mine = pd.DataFrame({"size": [3, 1, 2]})
    undo = mutations.Undo()
    undo.note(mine)
    after_a_call(lambda frame: frame.insert(0, "new", 0), mine)
    undo.undo()
    pd.testing.assert_frame_equal(mine, pd.DataFrame({"size": [3, 1, 2]}))


def column(*numbers: int) -> messages.Array:
    """A column of whole numbers."""
    return messages.Array("<i8", (len(numbers),), np.array(numbers, "<i8").tobytes())


def rows(length: int) -> messages.Composite:
    """The index of that many rows."""
    return messages.Composite("pandas.RangeIndex", [0, length, 1, None])


def listed(*parts: Any) -> messages.Sequence:
    """A list of parts."""
    return messages.Sequence("list", list(parts))


NO_ATTRIBUTES = listed(listed(), listed())
NONSENSE: dict[str, tuple[str, list[Any]]] = {
    "a range without end": ("pandas.RangeIndex", [0, 10**15, 1, None]),
    "a range without steps": ("pandas.RangeIndex", [0, 10, 0, None]),
    "another length": ("pandas.Series", [column(1), rows(2), None, NO_ATTRIBUTES, True]),
    "no index": ("pandas.Series", [column(1), listed(1), None, NO_ATTRIBUTES, True]),
    "a name that has no hash": ("pandas.Series", [column(1), rows(1), listed(1), NO_ATTRIBUTES, True]),
    "columns of other lengths": (
        "pandas.DataFrame",
        [listed(column(1), column(1, 2)), rows(2), rows(2), NO_ATTRIBUTES, True],
    ),
    "columns without names": ("pandas.DataFrame", [listed(column(1)), rows(1), rows(2), NO_ATTRIBUTES, True]),
    "one number for many rows": ("pandas.DataFrame", [listed(1), rows(10**6), rows(1), NO_ATTRIBUTES, True]),
    "codes beyond the levels": (
        "pandas.MultiIndex",
        [listed(rows(2)), listed(column(5)), listed(None)],
    ),
    "codes beyond the categories": ("pandas.Categorical", [column(5), rows(2), False]),
    "a frequency that is code": ("pandas.DateOffset", ["__import__('os')"]),
    "a frequency that is long": ("pandas.DateOffset", ["1" * 1000 + "D"]),
    "a zone that is a file": ("pandas.Timestamp", [messages.Array("<M8[s]", (), bytes(8), True), "/etc/passwd"]),
    "a moment of text": ("pandas.Timestamp", ["2020-01-01", None]),
    "a masked array of lists": ("pandas.arrays.IntegerArray", [listed(1), listed(False)]),
    "texts that are none": (
        "pandas.arrays.StringArray",
        [messages.ObjectArray([1], [1]), messages.Composite("pandas.StringDtype", ["python", False])],
    ),
    "a storage that does not exist": ("pandas.StringDtype", ["disk", False]),
    "a function": ("pandas.read_pickle", ["x"]),
}


@pytest.mark.parametrize("name", NONSENSE)
def test_parts_that_no_frame_has_are_refused(name: str) -> None:
    """Whatever a student process makes up."""
    with pytest.raises(WireError):
        Decoder(ExportTable(), lambda remote: remote).decode(messages.Composite(*NONSENSE[name]))


def _kinds() -> list[str]:
    from autograder.protocol import frames

    return [kind.name for kind in frames.KINDS]


atoms = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-3, 5),
    st.sampled_from(["D", "M", "UTC", "left", "x", "ns", "python"]),
    st.integers(0, 3).map(lambda length: column(*range(length))),
    st.builds(messages.Array, st.sampled_from(["<M8[ns]", "<m8[s]", "|b1", "<f8"]), st.just((1,)), st.just(bytes(8))),
    st.builds(messages.TextArray, st.just(np.array([1, -1], "<i4").tobytes()), st.just("a")),
    st.integers(0, 3).map(rows),
    st.just(messages.Sequence("list", [messages.Sequence("list", []), messages.Sequence("list", [])])),
    st.just(messages.Composite("pandas.NaT", [])),
)
composites = st.recursive(
    atoms,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda parts: messages.Sequence("list", parts)),
        st.lists(inner, max_size=3).map(lambda items: messages.ObjectArray([len(items)], items)),
        st.builds(messages.Composite, st.sampled_from(_kinds()), st.lists(inner, max_size=5)),
    ),
    max_leaves=12,
)


@settings(max_examples=400, deadline=None)
@given(st.builds(messages.Composite, st.sampled_from(_kinds()), st.lists(composites, max_size=5)))
def test_made_up_parts_give_a_value_or_a_refusal(value: messages.Composite) -> None:
    """And what came can be shown and compared."""
    with contextlib.suppress(WireError):
        repr(Decoder(ExportTable(), lambda remote: remote).decode(value))
