"""Serves calls from the student process to objects that a test passed to it, with a deadline."""

from __future__ import annotations

import functools
import io
import operator
import tempfile
import types
from collections.abc import Callable, Iterator
from typing import Any
from unittest import mock

import numpy as np

from autograder.protocol import libraries, messages, mutations
from autograder.protocol.channel import Hung
from autograder.protocol.codec import Decoder, Encoder, ExportTable
from autograder.protocol.operators import COMPARISONS
from autograder.protocol.proxies import ProxyCache, is_class, special_methods
from autograder.protocol.scalars import WireError
from autograder.timeouts import Alarm, Overdue

_FUNCTIONS = (
    *(types.FunctionType, types.MethodType, types.BuiltinFunctionType, functools.partial, np.ufunc, np.vectorize),
    *(operator.itemgetter, operator.attrgetter, operator.methodcaller, mock.NonCallableMock),
)
_FILES = (io.IOBase, tempfile._TemporaryFileWrapper, tempfile.SpooledTemporaryFile)
_OF_FILES = frozenset(
    (
        *("read", "read1", "readline", "readlines", "readinto", "write", "writelines", "getvalue"),
        *("seek", "tell", "truncate", "flush", "close", "closed", "readable", "writable", "seekable", "isatty"),
        *("name", "mode", "encoding", "errors", "newlines", "line_buffering", "buffer", "delete", "rollover"),
    )
)
"""What can be asked of an open file, but for its descriptor."""

_WITH_FILES = ("__enter__", "__exit__", "__iter__", "__next__")
_STEPS = ("__iter__", "__next__")
_MAX_BYTES = 8 * 1024 * 1024
_MAX_PARTS = 200_000


def serve(
    request: messages.Call | messages.Attribute, export_table: ExportTable, proxy_cache: ProxyCache, alarm: Alarm
) -> messages.Returned | messages.Raised | messages.Missing:
    """The reply to what the student process asks of a thing that was lent to it.

    A function may be called, and nothing else; of an iterator the next item may be asked, a file may be read and
    written; what a grade or locked cell or a module beside them defined (a class, an object of one) may be used as in
    one process, but for names with an underscore. Raises WireError for anything else, and Hung when the alarm goes off.

    The alarm does not cut one long call into C short. Arguments are therefore limited to 8 MB and 200,000 parts.
    """
    thing = export_table.find(request.ref)
    if isinstance(request, messages.Attribute):
        if not _may_be_asked(thing, request.name):
            return messages.Missing(request.token)
        args, action = [], functools.partial(getattr, thing, request.name)
    else:
        decoder = Decoder(export_table, proxy_cache.borrow)
        args = [decoder.decode(value) for value in request.args]
        kwargs = {name: decoder.decode(value) for name, value in request.kwargs.items()}
        action = functools.partial(_permitted(thing, request.method, args), *args, **kwargs)
        args = decoder.received
        _bound(decoder)
    watch = mutations.Watch(args)
    encoder = Encoder(export_table, proxy_cache.export_number, args)
    try:
        with alarm.exposed():
            value = encoder.encode(action())
    except Overdue:
        raise Hung from None
    except Exception as error:
        if isinstance(request, messages.Attribute) and isinstance(error, AttributeError):
            return messages.Missing(request.token)
        encoder = Encoder(export_table, proxy_cache.export_number, args)
        return messages.Raised(request.token, encoder.error(error), watch.changes(encoder))
    return messages.Returned(request.token, value, watch.changes(encoder))


def _may_be_asked(thing: Any, name: str) -> bool:
    """Whether an attribute of that name was lent with `thing`."""
    return name in _OF_FILES if isinstance(thing, _FILES) else _is_open(thing) and not name.startswith("_")


def _permitted(thing: Any, method: str, args: list[Any]) -> Callable[..., Any]:
    """What calling `thing`, or the special method of it, means; raises WireError when that was not lent."""
    if not method:
        if isinstance(thing, _FUNCTIONS) or type(thing) is type(np.sum) or (_is_open(thing) and callable(thing)):
            return thing  # type: ignore[no-any-return]
    elif method in _STEPS and isinstance(thing, Iterator):
        return functools.partial(getattr(type(thing), method), thing)
    elif isinstance(thing, _FILES):
        if method in _WITH_FILES and hasattr(type(thing), method):
            return functools.partial(getattr(type(thing), method), thing)
    elif _is_open(thing) and method in ("__setattr__", "__delattr__"):
        if args and type(args[0]) is str and not args[0].startswith("_"):
            return functools.partial(setattr if method == "__setattr__" else delattr, thing)
    elif _is_open(thing) and method in special_methods(thing):
        return functools.partial(getattr(type(thing), method), thing)
    elif method in COMPARISONS:
        return lambda _: NotImplemented
    elif method == "__hash__":
        return functools.partial(object.__hash__, thing)
    raise WireError("it is used in a way that is not allowed")


def _is_open(thing: Any) -> bool:
    """Whether it is a class that a cell of the notebook or a module beside it defined, an object of one, or a mock.

    A mock that wraps another thing would give that thing's attributes.
    """
    if issubclass(type(thing), mock.NonCallableMock):
        return thing._mock_wraps is None
    kind = thing if is_class(thing) else type(thing)
    return kind.__module__ == "__main__" or libraries.is_beside(kind)


def _bound(decoder: Decoder) -> None:
    arrays = [thing.nbytes for thing in decoder.received if isinstance(thing, np.ndarray)]
    if sum(arrays) > _MAX_BYTES or decoder.count > _MAX_PARTS:
        raise WireError("arguments too large for a function of a test's")
