"""Arrays: numpy's with their bytes, scipy's sparse ones with their entries."""

from __future__ import annotations

import functools
import math
import re
import sys
from collections.abc import Sequence
from typing import Any, TypeGuard

import numpy as np

from autograder.protocol import messages
from autograder.protocol.scalars import WireError

_DTYPE_KINDS = frozenset("biufcSUmM")
_ANY_BYTES = frozenset("iufcSmM")  # whatever bytes these kinds have, numpy knows what they mean
_DTYPE = re.compile(r"[<>=|][biufcSUmM][0-9]{1,9}(\[([1-9][0-9]{0,8})?[a-zA-Z]{1,2}\])?")
_MAX_FIELDS = 100
_NONE, _NOT_A_NUMBER = -1, -2
_MOST_ROWS = 10**7
_BYTES_A_ROW = 8
_ONLY_ENTRIES = ("coo", "csr", "csc")


def has_bytes(thing: Any) -> bool:
    """Whether `thing` is a numpy array or scalar whose bytes say it all."""
    return isinstance(thing, (np.ndarray, np.generic)) and _described(thing.dtype) is not None


def encode(thing: Any) -> messages.Array:
    """An array or scalar that `has_bytes`; subclasses travel as plain arrays."""
    plain = thing if type(thing) is np.ndarray else np.array(thing, copy=True, subok=False)
    dtype = _described(plain.dtype)
    assert dtype is not None
    return messages.Array(dtype, plain.shape, plain.tobytes(), isinstance(thing, np.generic))


def decode(value: messages.Array) -> Any:
    """An array of its own memory; raises WireError when dtype, shape and bytes do not fit."""
    dtype = _plain(value.dtype) if isinstance(value.dtype, str) else _structured(value.dtype)
    size = size_of(value.shape)
    if size * dtype.itemsize != len(value.data) or (size and not dtype.itemsize):
        raise WireError("an array whose bytes do not fill its shape")
    try:
        array = np.frombuffer(value.data, dtype).reshape(value.shape).copy() if size else np.empty(value.shape, dtype)
    except (ValueError, TypeError, OverflowError):
        raise WireError("no such array") from None
    if dtype.kind not in _ANY_BYTES:
        _require_known_items(array)
    if not value.scalar:
        return array
    if array.shape != ():
        raise WireError("a scalar with a shape")
    return array[()]


def encode_texts(items: list[Any]) -> messages.TextArray | None:
    """Texts, among which may be what stands for a missing one; None when there is anything else."""
    if not set(map(type, items)) <= {str, float, type(None)}:
        return None
    if not all(math.isnan(item) for item in items if type(item) is float):
        return None
    lengths = np.array([_length(item) for item in items], "<i4")
    text = "".join([item for item in items if type(item) is str])
    try:
        text.encode()
    except UnicodeEncodeError:
        return None
    return messages.TextArray(lengths.tobytes(), text)


def decode_texts(value: messages.TextArray) -> np.ndarray[Any, Any]:
    """An array of objects; raises WireError when lengths and text do not fit."""
    if len(value.lengths) % 4:
        raise WireError("texts without lengths")
    lengths = np.frombuffer(value.lengths, "<i4").astype(np.int64)
    ends = np.maximum(lengths, 0).cumsum()
    if lengths.min(initial=0) < _NOT_A_NUMBER or ends[-1:].sum() != len(value.text):
        raise WireError("texts whose lengths do not fit")
    array = np.empty(len(lengths), object)
    begins = (ends - np.maximum(lengths, 0)).tolist()
    array[:] = [value.text[begin:end] for begin, end in zip(begins, ends.tolist(), strict=True)]
    array[lengths == _NONE] = None
    array[lengths == _NOT_A_NUMBER] = math.nan
    return array


def _length(item: str | float | None) -> int:
    if item is None:
        return _NONE
    return len(item) if isinstance(item, str) else _NOT_A_NUMBER


@functools.lru_cache(maxsize=1000)
def _plain(described: str) -> np.dtype[Any]:
    """The dtype of this name; raises WireError when it does not exist or may not travel."""
    return _travelling(described if _DTYPE.fullmatch(described) else "")


def _structured(described: list[tuple[str, str, list[int]]]) -> np.dtype[Any]:
    """The dtype of these fields; raises WireError when it does not exist or may not travel."""
    fields = _fields(described)
    return _travelling(fields if all(_DTYPE.fullmatch(dtype) for _, dtype, _ in fields) else "")


def _travelling(described: Any) -> np.dtype[Any]:
    try:
        dtype: np.dtype[Any] = np.dtype(described)
    except (TypeError, ValueError, SyntaxError, OverflowError):
        raise WireError("no such dtype") from None
    if _described(dtype) is None:
        raise WireError("this dtype may not travel")
    return dtype


def _require_known_items(array: Any) -> None:
    """Numpy crashes on text beyond Unicode, and counts truth values that are neither; also within fields."""
    if array.dtype.names is not None:
        for name in array.dtype.names:
            _require_known_items(array[name])
    elif array.size == 0:
        return
    elif array.dtype.kind == "U":
        points = np.frombuffer(array.tobytes(), f"{array.dtype.str[0]}u4")
        if points.size and points.max() > sys.maxunicode:
            raise WireError("an array of what is no text")
    elif array.dtype.kind == "b" and np.frombuffer(array.tobytes(), np.uint8).max() > 1:
        raise WireError("a truth value that is neither")


def size_of(shape: Sequence[int]) -> int:
    """How many items an array of this shape has; raises WireError when no array has it."""
    if len(shape) > 32 or any(not 0 <= length < 2**40 for length in shape):
        raise WireError("no such shape")
    if (size := math.prod(shape)) >= 2**40 or math.prod(length or 1 for length in shape) >= 2**40:
        raise WireError("no such shape")
    return size


@functools.lru_cache(maxsize=1000)
def _described(dtype: np.dtype[Any]) -> str | list[tuple[str, str, list[int]]] | None:
    """The dtype as it travels, or None when it may not."""
    if dtype.kind in _DTYPE_KINDS and not dtype.hasobject:
        return dtype.str
    if dtype.names is None or dtype.hasobject or len(dtype.names) > _MAX_FIELDS:
        return None
    fields = []
    for name in dtype.names:
        base, shape = dtype[name].base, dtype[name].shape
        if base.kind not in _DTYPE_KINDS:
            return None
        fields.append((name, base.str, list(shape)))
    return fields if np.dtype(_fields(fields)) == dtype else None


def _fields(described: list[tuple[str, str, list[int]]]) -> list[tuple[str, str, tuple[int, ...]]]:
    if len(described) > _MAX_FIELDS or any(size_of(shape) > 10_000 for _, _, shape in described):
        raise WireError("too many fields")
    return [(name, dtype, tuple(shape)) for name, dtype, shape in described]


def is_sparse(thing: object) -> TypeGuard[Any]:
    """Whether `thing` is one of scipy's sparse arrays or matrices, with numbers in it."""
    sparse = sys.modules.get("scipy.sparse")  # a process that has such a thing has imported it, which takes a while
    return bool(sparse and sparse.issparse(thing)) and has_bytes(thing.data if hasattr(thing, "data") else None)


def encode_sparse(thing: Any) -> messages.Sparse:
    """Its entries, in whatever format it is."""
    entries = thing.tocoo()
    is_matrix = not isinstance(thing, sys.modules["scipy.sparse"].sparray)
    coordinates = np.array(entries.coords, np.int64)
    return messages.Sparse(thing.format, list(thing.shape), is_matrix, encode(coordinates), encode(entries.data))


def most_bytes(value: messages.Sparse) -> int:
    """What a sparse array may take, however few entries it has: some formats keep a number for each row or place."""
    places = 0 if value.format in _ONLY_ENTRIES else size_of(value.shape)
    rows = sum(value.shape) if size_of(value.shape) else 0
    return _BYTES_A_ROW * (rows + places) + len(value.coordinates.data) + len(value.entries.data)


def decode_sparse(value: messages.Sparse) -> Any:
    """The same again; raises WireError when entries and shape do not fit."""
    if size_of(value.shape) and sum(value.shape) > _MOST_ROWS:
        raise WireError("a sparse array of too many rows")
    import scipy.sparse

    kind = scipy.sparse.coo_matrix if value.is_matrix else scipy.sparse.coo_array
    try:
        entries = kind((decode(value.entries), tuple(decode(value.coordinates))), shape=tuple(value.shape))
        if value.format in _ONLY_ENTRIES or math.prod(value.shape) < 10**7:  # the others store empty places
            return entries.asformat(value.format)
    except (ValueError, TypeError, IndexError, OverflowError):
        pass
    raise WireError("no such sparse array")
