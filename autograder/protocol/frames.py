"""Types of pandas' whose things are data: frames, series, indexes, their arrays and dtypes, and moments of time.

This module imports pandas, so it is imported only by what meets one of these.
"""

from __future__ import annotations

import datetime
import re
import zoneinfo
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pandas as pd
from pandas.tseries.frequencies import to_offset

from autograder.protocol.composites import Kind, Stays
from autograder.protocol.scalars import MAX_STEPS

_MOST_COLUMNS = 10_000
_BYTES_A_NUMBER = 8
_MOST_BYTES = 12 * 1024 * 1024
"""A larger frame would not fit into one message."""

_MOST_STEPS_OF_A_CALENDAR = 20_000
"""pandas walks through an index to see whether it has a frequency, slowly unless all steps are equally long."""

_FREQUENCY = re.compile(r"-?[0-9]{0,6}[A-Za-z]{1,6}(-[A-Za-z0-9]{1,5})?")
_MASKED = (pd.arrays.IntegerArray, pd.arrays.FloatingArray, pd.arrays.BooleanArray)
_MASKED_DTYPES: dict[str, Any] = {
    kind.__name__: kind
    for kind in (
        *(pd.Int8Dtype, pd.Int16Dtype, pd.Int32Dtype, pd.Int64Dtype, pd.Float32Dtype, pd.Float64Dtype),
        *(pd.UInt8Dtype, pd.UInt16Dtype, pd.UInt32Dtype, pd.UInt64Dtype, pd.BooleanDtype),
    )
}
_TEXTS = tuple(kind for kind in (pd.arrays.StringArray, getattr(pd.arrays, "ArrowStringArray", None)) if kind)
_ZONES = (datetime.timezone, zoneinfo.ZoneInfo)
_OFFSETS = tuple(
    kind
    for kind in (getattr(pd.offsets, name) for name in pd.offsets.__all__)
    if isinstance(kind, type) and issubclass(kind, pd.offsets.BaseOffset)
)


def _all(things: Sequence[Any], *kinds: type) -> None:
    """Raise TypeError unless each thing is of one of these types."""
    if not all(isinstance(thing, kinds) for thing in things):
        raise TypeError("a part of another type")


def _values(column: Any) -> Any:
    """What is in a series or an index, as an array that travels."""
    if isinstance(column.dtype, np.dtype):
        return _travelling(column.to_numpy())
    array = column.array
    if type(array) not in _ARRAYS:
        raise Stays
    return array


def _travelling(array: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    if type(array) is not np.ndarray or array.dtype.kind not in "biufcOMm":
        raise Stays
    return array


def _column(values: Any, length: int | None = None) -> Any:
    """What came as the values of a series or an index, if it can be that; raises TypeError or ValueError."""
    if type(values) is np.ndarray and (values.ndim != 1 or values.dtype.kind not in "biufcOMm"):
        raise ValueError("no column")
    if type(values) is not np.ndarray and type(values) not in _ARRAYS:
        raise TypeError("no column")
    if length is not None and len(values) != length:
        raise ValueError("a column of another length than the index")
    return values


def _parts_of_series(series: Any) -> list[Any]:
    _require_room(series)
    return [_values(series), series.index, series.name, _attributes(series), series.flags.allows_duplicate_labels]


def _series(values: Any, index: Any, name: Any, attributes: Any, may_repeat: Any) -> Any:
    _all([index], pd.Index)
    values = _column(values, len(index))
    made = pd.Series(values, index=index, name=name, dtype=values.dtype, copy=False)
    return _described(made, attributes, may_repeat)


def _parts_of_frame(frame: Any) -> list[Any]:
    if frame.shape[1] > _MOST_COLUMNS:
        raise Stays
    _require_room(frame)
    return [_columns(frame), frame.index, frame.columns, _attributes(frame), frame.flags.allows_duplicate_labels]


def _columns(frame: Any) -> Any:
    """The values of each column; those of numbers of one type as a single array."""
    kinds = set(frame.dtypes)
    if len(kinds) == 1 and frame.shape[1] > 1 and isinstance(kind := kinds.pop(), np.dtype) and kind.kind in "biufc":
        return _travelling(frame.to_numpy())
    return [_values(frame.iloc[:, place]) for place in range(frame.shape[1])]


def _frame(columns: Any, index: Any, names: Any, attributes: Any, may_repeat: Any) -> Any:
    _all([index, names], pd.Index)
    if type(columns) is np.ndarray:
        if columns.ndim != 2 or columns.dtype.kind not in "biufc" or columns.shape[1] > _MOST_COLUMNS:
            raise ValueError("no columns")
        return _described(pd.DataFrame(columns, index, names), attributes, may_repeat)
    if len(columns) != len(names) or len(columns) > _MOST_COLUMNS:
        raise ValueError("columns without names")
    arrays = {place: _column(values, len(index)) for place, values in enumerate(columns)}
    for place, values in arrays.items():
        if values.dtype == object:  # of texts alone, pandas would make a column of texts
            arrays[place] = pd.Series(values, index=index, dtype=object, copy=False)
    made = pd.DataFrame(arrays, index=index)
    made.columns = names
    return _described(made, attributes, may_repeat)


def _attributes(thing: Any) -> list[Any]:
    return [list(thing.attrs), list(thing.attrs.values())]


def _described(made: Any, attributes: Any, may_repeat: Any) -> Any:
    names, values = attributes
    if type(may_repeat) is not bool:
        raise TypeError("no such flag")
    if names:
        made.attrs = dict(zip(names, values, strict=True))
    if not may_repeat:
        made.flags.allows_duplicate_labels = False
    return made


def _require_room(thing: Any) -> None:
    """Raise Stays when it would not fit into a message."""
    if thing.size * _BYTES_A_NUMBER > _MOST_BYTES:
        raise Stays


def _become(mine: Any, theirs: Any) -> None:
    """Let a frame or series be like another one, as its methods with `inplace=True` do."""
    if type(mine) is not type(theirs):
        raise TypeError("a change of type")
    type(mine).__init__(mine, theirs)
    mine.attrs = theirs.attrs


def _parts_of_index(index: Any) -> list[Any]:
    return [_values(index), index.name]


def _index(values: Any, name: Any) -> Any:
    values = _column(values)
    return pd.Index(values, dtype=values.dtype, name=name)


def _parts_of_range(index: Any) -> list[Any]:
    return [index.start, index.stop, index.step, index.name]


def _range(start: Any, stop: Any, step: Any, name: Any) -> Any:
    _all([start, stop, step], int)
    if not step or abs(stop - start) // abs(step) > MAX_STEPS:
        raise ValueError("a range of too many steps")
    return pd.RangeIndex(start, stop, step, name=name)


def _parts_of_levels(index: Any) -> list[Any]:
    return [list(index.levels), [np.asarray(codes, np.int64) for codes in index.codes], list(index.names)]


def _levels(levels: Any, codes: Any, names: Any) -> Any:
    _all(levels, pd.Index)
    _all(codes, np.ndarray)
    if any(each.dtype != np.int64 or each.ndim != 1 for each in codes):
        raise TypeError("no codes")
    return pd.MultiIndex(levels=levels, codes=codes, names=names)


def _parts_of_times(index: Any) -> list[Any]:
    return [_steps(index), getattr(index, "tz", None), index.freqstr, index.name]


def _times(values: Any, zone: Any, frequency: Any, name: Any) -> Any:
    return _with_frequency(pd.DatetimeIndex(_in_zone(values, zone), name=name), frequency)


def _durations(values: Any, _: Any, frequency: Any, name: Any) -> Any:
    return _with_frequency(pd.TimedeltaIndex(_of_kind(values, "m"), name=name), frequency)


def _steps(thing: Any) -> np.ndarray[Any, Any]:
    """Moments or durations as numpy has them, without a time zone."""
    return np.asarray(thing.asi8).view(f"{thing.dtype.kind}8[{thing.unit}]")


def _in_zone(values: Any, zone: Any) -> Any:
    moments = pd.DatetimeIndex(_of_kind(values, "M"))
    if zone is None:
        return moments
    _all([zone], *_ZONES)
    return moments.tz_localize("UTC").tz_convert(zone)


def _of_kind(values: Any, letter: str) -> np.ndarray[Any, Any]:
    if type(values) is not np.ndarray or values.dtype.kind != letter or values.ndim != 1:
        raise TypeError("no moments")
    return values


def _with_frequency(index: Any, frequency: Any) -> Any:
    if frequency is None:
        return index
    offset = _offset(frequency)
    if len(index) > _MOST_STEPS_OF_A_CALENDAR and not isinstance(offset, (pd.offsets.Tick, pd.offsets.Day)):
        return index
    index.freq = offset
    return index


def _frequency(text: Any) -> str:
    if type(text) is not str or not _FREQUENCY.fullmatch(text):
        raise ValueError("no such frequency")
    return text


def _offset(frequency: Any) -> Any:
    return to_offset(_frequency(frequency))


def _parts_of_offset(offset: Any) -> list[Any]:
    try:
        if _offset(offset.freqstr) == offset and not getattr(offset, "normalize", False):
            return [offset.freqstr]
    except ValueError:
        pass
    raise Stays


def _parts_of_periods(periods: Any) -> list[Any]:
    return [np.asarray(periods.asi8), periods.freqstr]


def _periods(ordinals: Any, frequency: Any) -> Any:
    if type(ordinals) is not np.ndarray or ordinals.dtype != np.int64:
        raise TypeError("no periods")
    return pd.PeriodIndex.from_ordinals(ordinals, freq=_frequency(frequency))


def _intervals(left: Any, right: Any, closed: Any) -> Any:
    _all([left, right], pd.Index)
    return pd.arrays.IntervalArray.from_arrays(left, right, closed=closed)


def _categorical(codes: Any, categories: Any, is_ordered: Any) -> Any:
    _all([categories], pd.Index)
    _all([codes], np.ndarray)
    return pd.Categorical.from_codes(codes, categories=categories, ordered=bool(is_ordered))


def _parts_of_masked(array: Any) -> list[Any]:
    kind = array.dtype.numpy_dtype
    return [array.to_numpy(dtype=kind, na_value=kind.type(0)), np.asarray(array.isna())]


def _masked(kind: Any) -> Callable[[Any, Any], Any]:
    def make(values: Any, mask: Any) -> Any:
        _all([values, mask], np.ndarray)
        return kind(values, mask)

    return make


def _parts_of_texts(texts: Any) -> list[Any]:
    objects = np.array(texts.to_numpy(dtype=object), dtype=object)
    objects[np.asarray(texts.isna())] = None
    return [objects, texts.dtype]


def _texts(objects: Any, dtype: Any) -> Any:
    _all([objects], np.ndarray)
    _all([dtype], pd.StringDtype)
    if objects.ndim != 1 or not all(item is None or type(item) is str for item in objects.tolist()):
        raise TypeError("no texts")
    return pd.array(objects, dtype=dtype)


def _text_dtype(storage: Any, is_missing_a_number: Any) -> Any:
    if is_missing_a_number:
        return pd.StringDtype(storage, np.nan)
    return pd.StringDtype(storage)


def _timestamp(moment: Any, zone: Any) -> Any:
    _all([moment], np.datetime64)
    made = pd.Timestamp(moment)
    if zone is None:
        return made
    _all([zone], *_ZONES)
    return made.tz_localize("UTC").tz_convert(zone)


def _timedelta(duration: Any) -> Any:
    _all([duration], np.timedelta64)
    return pd.Timedelta(duration)


def _interval(left: Any, right: Any, closed: Any) -> Any:
    _all([left, right], int, float, pd.Timestamp, pd.Timedelta, np.number)
    return pd.Interval(left, right, closed)


def _period(ordinal: Any, frequency: Any) -> Any:
    if type(ordinal) is not int or not -(2**62) < ordinal < 2**62:
        raise TypeError("no period")
    return pd.Period(ordinal=ordinal, freq=_frequency(frequency))


def _zoned_dtype(unit: Any, zone: Any) -> Any:
    _all([zone], *_ZONES)
    return pd.DatetimeTZDtype(unit, zone)


def _categories_dtype(categories: Any, is_ordered: Any) -> Any:
    if categories is not None:
        _all([categories], pd.Index)
    return pd.CategoricalDtype(categories, is_ordered)


def _interval_dtype(kind: Any, closed: Any) -> Any:
    if kind is not None:
        _all([kind], np.dtype, pd.DatetimeTZDtype)
    return pd.IntervalDtype(kind, closed)


def _masked_dtype(kind: Any) -> Callable[[], Any]:
    return lambda: kind()


def _named(kind: str, thing: Any, parts: Any, build: Any, change: Any = None, size: Any = None) -> Kind:
    types = thing if isinstance(thing, tuple) else (thing,)
    return Kind(f"pandas.{kind}", types, parts, build, change, size)


_ARRAYS = frozenset(
    (*_MASKED, *_TEXTS, pd.Categorical, pd.arrays.DatetimeArray, pd.arrays.PeriodArray, pd.arrays.IntervalArray)
)
_SCALARS = (
    _named("Timestamp", pd.Timestamp, lambda moment: [moment.to_datetime64(), moment.tz], _timestamp),
    _named("Timedelta", pd.Timedelta, lambda duration: [duration.to_timedelta64()], _timedelta),
    _named("NaT", type(pd.NaT), lambda _: [], lambda: pd.NaT),
    _named("NA", type(pd.NA), lambda _: [], lambda: pd.NA),
    _named("Period", pd.Period, lambda period: [period.ordinal, period.freqstr], _period),
    _named("Interval", pd.Interval, lambda thing: [thing.left, thing.right, thing.closed], _interval),
    _named("DateOffset", _OFFSETS, _parts_of_offset, _offset),
)
_DTYPES = (
    _named(
        "CategoricalDtype",
        pd.CategoricalDtype,
        lambda dtype: [dtype.categories, dtype.ordered],
        _categories_dtype,
    ),
    _named("DatetimeTZDtype", pd.DatetimeTZDtype, lambda dtype: [dtype.unit, dtype.tz], _zoned_dtype),
    _named(
        "PeriodDtype",
        pd.PeriodDtype,
        lambda dtype: [dtype.name.removeprefix("period[").removesuffix("]")],
        lambda frequency: pd.PeriodDtype(_frequency(frequency)),
    ),
    _named("IntervalDtype", pd.IntervalDtype, lambda dtype: [dtype.subtype, dtype.closed], _interval_dtype),
    _named(
        "StringDtype",
        pd.StringDtype,
        lambda dtype: [dtype.storage, dtype.na_value is not pd.NA],
        _text_dtype,
    ),
    *(_named(name, kind, lambda _: [], _masked_dtype(kind)) for name, kind in _MASKED_DTYPES.items()),
)
_INDEXES = (
    _named("Index", pd.Index, _parts_of_index, _index),
    _named("RangeIndex", pd.RangeIndex, _parts_of_range, _range, size=len),
    _named("MultiIndex", pd.MultiIndex, _parts_of_levels, _levels),
    _named("DatetimeIndex", pd.DatetimeIndex, _parts_of_times, _times),
    _named("TimedeltaIndex", pd.TimedeltaIndex, _parts_of_times, _durations),
    _named(
        "PeriodIndex",
        pd.PeriodIndex,
        lambda index: [*_parts_of_periods(index), index.name],
        lambda ordinals, frequency, name: _periods(ordinals, frequency).rename(name),
    ),
    _named(
        "IntervalIndex",
        pd.IntervalIndex,
        lambda index: [index.left, index.right, index.closed, index.name],
        lambda left, right, closed, name: pd.IntervalIndex(_intervals(left, right, closed), name=name),
    ),
    _named("CategoricalIndex", pd.CategoricalIndex, _parts_of_index, lambda values, name: _categories(values, name)),
)


def _categories(values: Any, name: Any) -> Any:
    _all([values], pd.Categorical)
    return pd.CategoricalIndex(values, name=name)


_COLUMNS = (
    _named(
        "Categorical",
        pd.Categorical,
        lambda array: [np.asarray(array.codes), array.categories, array.ordered],
        _categorical,
    ),
    _named(
        "arrays.DatetimeArray",
        pd.arrays.DatetimeArray,
        lambda array: [_steps(array), array.tz],
        lambda values, zone: _in_zone(values, zone).array,
    ),
    _named(
        "arrays.TimedeltaArray",
        pd.arrays.TimedeltaArray,
        lambda array: [_steps(array)],
        lambda values: pd.TimedeltaIndex(_of_kind(values, "m")).array,
    ),
    _named("arrays.PeriodArray", pd.arrays.PeriodArray, _parts_of_periods, lambda *parts: _periods(*parts).array),
    _named(
        "arrays.IntervalArray",
        pd.arrays.IntervalArray,
        lambda array: [array.left, array.right, array.closed],
        _intervals,
    ),
    *(_named(f"arrays.{kind.__name__}", kind, _parts_of_masked, _masked(kind)) for kind in _MASKED),
    _named("arrays.StringArray", _TEXTS, _parts_of_texts, _texts),
    _named(
        "arrays.NumpyExtensionArray",
        pd.arrays.NumpyExtensionArray,
        lambda array: [_travelling(array.to_numpy())],
        lambda values: pd.arrays.NumpyExtensionArray(values),
    ),
)
KINDS = (
    _named("DataFrame", pd.DataFrame, _parts_of_frame, _frame, _become),
    _named("Series", pd.Series, _parts_of_series, _series, _become),
    *(*_INDEXES, *_COLUMNS, *_SCALARS, *_DTYPES),
)
NAMED: tuple[type, ...] = ()
"""Types that have a name on both sides, beside those whose things travel."""
