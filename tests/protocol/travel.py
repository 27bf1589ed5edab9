"""The journey of a value from one side to the other, for tests."""

from __future__ import annotations

from typing import Any

import msgspec

from autograder.protocol import messages
from autograder.protocol.codec import Decoder, Encoder, ExportTable


def travel(thing: Any) -> Any:
    """`thing`, sent and received through the real encoding; both sides count the same objects."""
    encoder = Encoder(ExportTable(), lambda _: None)
    frame = msgspec.msgpack.encode(messages.Returned(b"token", encoder.encode(thing)))
    reply = msgspec.msgpack.decode(frame, type=messages.ToGrader)
    assert isinstance(reply, messages.Returned)
    decoder = Decoder(ExportTable(), lambda remote: remote)
    arrived = decoder.decode(reply.value)
    assert len(decoder.received) == len(encoder.sent)
    return arrived
