"""Frames over a socket: a length, then a msgpack message, decoded against the types one side may receive."""

from __future__ import annotations

import functools
import socket
import struct
import time
from typing import Any, Generic, TypeVar, Union, get_args

import msgspec

from autograder.protocol.scalars import WireError

MAX_FRAME = 16 * 1024 * 1024
MAX_SMALL_FRAME = 4 * 1024 * 1024
_HEADER = struct.Struct("<I")
_PIECE, _SMALL_PIECE = 1 << 20, 1 << 12
_Incoming = TypeVar("_Incoming")


class Hung(Exception):  # noqa: N818 - named for what happened, as the verdicts are
    """The other side did not answer in time."""


class Gone(Exception):  # noqa: N818 - named for what happened, as the verdicts are
    """The other side is not there any more."""


@functools.cache
def decoder(incoming: Any) -> Any:
    """The decoder for these types; it takes two milliseconds to make."""
    return msgspec.msgpack.Decoder(incoming)


class Channel(Generic[_Incoming]):
    """One end of the wire, which accepts only messages of the given types, large ones only of those that are `bulky`.

    A decoded message takes up to 25 times the memory of its frame, and what is not typed up to 75 times.
    """

    def __init__(self, connection: socket.socket, incoming: Any) -> None:
        self._socket = connection
        self._received = bytearray()
        self._encoder = msgspec.msgpack.Encoder()
        self._decoder: msgspec.msgpack.Decoder[_Incoming] = decoder(incoming)
        bulky = tuple(kind for kind in get_args(incoming) if kind.bulky)
        self._bulk_decoder: msgspec.msgpack.Decoder[_Incoming] = decoder(Union[bulky])  # noqa: UP007

    def send(self, message: msgspec.Struct, deadline: float | None = None) -> None:
        """Send one message; raises Hung, Gone, or WireError when it is too large or holds text that is not Unicode."""
        try:
            body = self._encoder.encode(message)
        except (UnicodeEncodeError, OverflowError, RecursionError):
            raise WireError("the message cannot be written") from None
        if len(body) > MAX_FRAME:
            raise WireError("the message is too large")
        try:
            self._limit(deadline)
            self._socket.sendall(_HEADER.pack(len(body)) + body)
        except TimeoutError:
            raise Hung from None
        except OSError:
            raise Gone from None

    def receive(self, deadline: float | None = None) -> _Incoming:
        """The next message; raises Hung, Gone, or WireError when it is not of an expected type."""
        self._fill(_HEADER.size, deadline)
        (size,) = _HEADER.unpack_from(self._received)
        if size > MAX_FRAME:
            raise WireError("the message is too large")
        self._fill(end := _HEADER.size + size, deadline)
        body = self._received[_HEADER.size : end]
        del self._received[:end]
        chosen = self._decoder if size <= MAX_SMALL_FRAME else self._bulk_decoder
        try:
            return chosen.decode(body)
        except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError):
            raise WireError("the message is not well formed") from None

    def close(self) -> None:
        """Close the connection."""
        self._socket.close()

    def _fill(self, size: int, deadline: float | None) -> None:
        """Receive until at least `size` bytes are there; a small message comes as a whole."""
        while len(self._received) < size:
            try:
                self._limit(deadline)
                piece = self._socket.recv(max(min(size - len(self._received), _PIECE), _SMALL_PIECE))
            except TimeoutError:
                raise Hung from None
            except OSError:
                raise Gone from None
            if not piece:
                raise Gone
            self._received += piece

    def _limit(self, deadline: float | None) -> None:
        if deadline is None:
            self._socket.settimeout(None)
            return
        left = deadline - time.monotonic()
        if left <= 0:
            raise Hung
        self._socket.settimeout(left)
