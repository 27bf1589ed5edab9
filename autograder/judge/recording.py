"""The calls of the student's functions while checks ran, kept as bytes."""

from __future__ import annotations

import contextlib
import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from autograder.protocol import messages, mutations
from autograder.protocol.channel import decoder
from autograder.protocol.codec import Decoder, ExportTable, WireError
from autograder.protocol.proxies import Proxy

_MAX_CALLS = 400
_MAX_BYTES = 4 * 1024 * 1024


class _Frame(msgspec.Struct, array_like=True):
    """A call and its reply; none when it never came."""

    args: list[messages.Value]
    kwargs: dict[str, messages.Value]
    reply: messages.Returned | messages.Raised | None


_DECODER: msgspec.msgpack.Decoder[_Frame] = decoder(_Frame)
"""It is made once, before any fork."""


@dataclass(frozen=True)
class Effect:
    """What a call returned or the type of what it raised, and the lists and arrays it was given, as it left them."""

    value: Any
    arguments: list[Any]
    error: str = ""


@dataclass(frozen=True)
class Call:
    """One call of a function of the student's, and what a test had put in place of other names at the time.

    It is kept as bytes, since most checks pass and nothing is ever asked of it.
    """

    frame: bytes
    in_force: Mapping[str, Any]

    def effect(self) -> Effect:
        """What the student's function did; raises WireError when that is not plain data."""
        frame, _, _, sent = self._decoded()
        if frame.reply is None:
            raise WireError("no reply")
        decode = Decoder(ExportTable(), _refuse, sent)
        if isinstance(frame.reply, messages.Raised):
            value, error = None, _kind(frame.reply.error)
        else:
            value, error = decode.decode(frame.reply.value), ""
        mutations.make(frame.reply.changed, sent, decode)
        return Effect(value, sent, error)

    def replay(self, function: Callable[..., Any]) -> Effect:
        """What `function` does with the same arguments; raises WireError when these are not plain data."""
        _, args, kwargs, sent = self._decoded()
        value, error = None, ""
        try:
            value = function(*args, **kwargs)
        except Exception as raised:
            error = type(raised).__name__
        return Effect(value, sent, error)

    def describe(self, circumstance: Callable[..., str] | None, step: int) -> str:
        """What `circumstance` says of the arguments; an empty text without one."""
        if circumstance is None:
            return ""
        _, args, kwargs, _ = self._decoded()
        return circumstance(step, *args, **kwargs)

    def _decoded(self) -> tuple[_Frame, list[Any], dict[str, Any], list[Any]]:
        frame = _opened(self.frame)
        decode = Decoder(ExportTable(), _refuse)
        args = [decode.decode(value) for value in frame.args]
        kwargs = {name: decode.decode(value) for name, value in frame.kwargs.items()}
        return frame, args, kwargs, decode.received


class Recording:
    """The calls of the functions that checks looked up by name.

    Their number and size are limited. `in_force` is what the running check put in place of names, `is_on`
    whether its calls are kept.
    """

    def __init__(self) -> None:
        self._names: dict[int, tuple[Proxy, str]] = {}  # by identity: a proxy's hash may be the student's word
        self._calls: dict[str, list[Call]] = {}
        self._left = _MAX_BYTES
        self.in_force: Mapping[str, Any] = {}
        self.is_on = True

    def take_over(self, other: Recording) -> None:
        """Take the calls of `other`, which must not note any more."""
        self._calls, self._left = other._calls, other._left

    def name(self, thing: Any, name: str) -> None:
        """A check looked `thing` up as `name`."""
        if isinstance(thing, Proxy):
            self._names[id(thing)] = thing, name

    def note(
        self,
        thing: Proxy,
        args: list[messages.Value],
        kwargs: dict[str, messages.Value],
        reply: messages.Reply | None,
    ) -> None:
        """`thing` was called; without a reply when there was trouble instead."""
        if not self.is_on:
            return
        _, name = self._names.get(id(thing), (None, ""))
        calls = self._calls.setdefault(name, [])
        if len(calls) >= _MAX_CALLS or not isinstance(reply, messages.Returned | messages.Raised | None):
            return
        with contextlib.suppress(UnicodeEncodeError, OverflowError, RecursionError):  # what could not be asked either
            frame = msgspec.msgpack.encode(_Frame(args, kwargs, reply))
            if len(frame) <= self._left:
                self._left -= len(frame)
                calls.append(Call(frame, self.in_force))

    def calls(self, function: str) -> list[Call]:
        """The calls of one function, in all checks so far."""
        return self._calls.get(function, [])


@functools.lru_cache(maxsize=1)
def _opened(frame: bytes) -> _Frame:
    """The same call is looked at many times in a row."""
    return _DECODER.decode(frame)


def _refuse(_: messages.Remote) -> Any:
    raise WireError("an object of the student's own")


def _kind(error: messages.Error | messages.YourObject) -> str:
    """The name of an exception's type; empty for one that came from this side."""
    match error:
        case messages.Error(kind=messages.Known(name=name)):
            return name.rpartition(".")[2]
        case messages.Error(kind=messages.Remote(name=str(name))):
            return name
    return ""
