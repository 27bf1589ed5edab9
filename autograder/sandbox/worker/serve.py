"""Answering the examiner: running cells, looking names up, calling what was asked for."""

from __future__ import annotations

import builtins
import os
import signal
import sys
import traceback
import types
from collections.abc import Callable
from typing import Any

import numpy as np

from autograder.sandbox.worker.limits import explanation
from autograder.sandbox.worker.shell import Shell
from autograder.wire import messages
from autograder.wire.channel import Channel
from autograder.wire.values import Decoder, Encoder, Lender, WireError

_MAX_TEXT = 20_000


class Borrowed:
    """A function that stays with the examiner; calling it asks the examiner."""

    def __init__(self, server: Server, remote: messages.Remote) -> None:
        self._server = server
        self._ref = remote.ref
        self.__name__ = remote.name
        self.__doc__ = remote.doc

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Call it where it is."""
        return self._server.call_back(self._ref, args, kwargs)


class ForeignError(Exception):
    """An exception raised by a function of the examiner's."""


class Server:
    """Serves one student process until the examiner hangs up."""

    def __init__(self, channel: Channel[messages.ToStudent], shell: Shell) -> None:
        self._channel = channel
        self._shell = shell
        self._lender = Lender()
        self._own_names = frozenset(shell.user_ns)
        self._put_back: dict[str, Any] = {}

    def serve(self) -> None:
        """Answer one request after the other."""
        while True:
            self._answer(self._channel.receive())

    def call_back(self, ref: int, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """Call a function of the examiner's, answering what it asks meanwhile."""
        token = os.urandom(16)
        encoder = self._encoder()
        sent = [encoder.encode(item) for item in args]
        self._channel.send(messages.Call(token, ref, sent, {key: encoder.encode(item) for key, item in kwargs.items()}))
        while True:
            reply = self._channel.receive()
            if isinstance(reply, messages.Returned):
                return self._decoder().decode(reply.value)
            if isinstance(reply, messages.Raised):
                kind = getattr(builtins, reply.error.name, ForeignError)
                is_exception = isinstance(kind, type) and issubclass(kind, Exception)
                raise (kind if is_exception else ForeignError)(reply.error.message)
            self._answer(reply)

    def _answer(self, request: messages.ToStudent) -> None:
        match request:
            case messages.RunCell():
                with _interruptible():
                    outputs, raised = self._shell.run(request.source)
                count = self._shell.execution_count - 1
                self._channel.send(messages.CellDone(request.token, outputs, raised, count))
            case messages.Lookup():
                self._look_up(request)
            case messages.Assign():
                self._assign(request)
            case messages.PutBack():
                self._shell.user_ns.update(self._put_back)
                self._put_back.clear()
                self._channel.send(messages.Assigned(request.token, []))
            case messages.Call():
                self._call(request)
            case messages.Attribute():
                self._attribute(request)

    def _look_up(self, request: messages.Lookup) -> None:
        namespace = self._shell.user_ns
        if request.name in self._own_names or request.name not in namespace:
            self._channel.send(messages.Missing(request.token))
            return
        self._try(request.token, lambda: namespace[request.name], [])

    def _attribute(self, request: messages.Attribute) -> None:
        thing = self._lender.find(request.ref)
        self._try(request.token, lambda: getattr(thing, request.name), [])

    def _assign(self, request: messages.Assign) -> None:
        namespace, decoder, names = self._shell.user_ns, self._decoder(), []
        for name, value in request.values:
            thing = decoder.decode(value)
            if name in namespace and name not in self._own_names:
                self._put_back.setdefault(name, namespace[name])
                namespace[name] = thing
                names.append(name)
        self._channel.send(messages.Assigned(request.token, names))

    def _call(self, request: messages.Call) -> None:
        target: Any = self._lender.find(request.ref)
        decoder = self._decoder()
        args = [decoder.decode(value) for value in request.args]
        kwargs = {name: decoder.decode(value) for name, value in request.kwargs.items()}

        def call() -> Any:
            called = getattr(target, request.method) if request.method else target
            return called(*args, **kwargs)

        self._try(request.token, call, decoder.received)

    def _try(self, token: bytes, action: Callable[[], Any], arguments: list[Any]) -> None:
        """Do what was asked, and reply with the value or with what it raised.

        What the student's code prints meanwhile is dropped: it could show the input of a hidden test.
        """
        before = [_shallow(argument) for argument in arguments]
        self._shell.outputs.start()
        try:
            with _interruptible():
                value = action()
            encoder = self._encoder()
            encoded = encoder.encode(value)
        except BaseException as error:
            described = describe(error)
            self._channel.send(messages.Raised(token, described, self._changes(arguments, before)))
            return
        self._channel.send(messages.Returned(token, encoded, self._changes(arguments, before)))

    def _changes(self, arguments: list[Any], before: list[Any]) -> list[tuple[int, messages.Value]]:
        changed = []
        for index, (argument, kept) in enumerate(zip(list(arguments), before, strict=True)):
            if kept is not None and _shallow(argument) != kept:
                try:
                    changed.append((index, self._encoder().encode(argument)))
                except WireError:
                    continue
        return changed

    def _encoder(self) -> Encoder:
        return Encoder(self._lender, lambda thing: thing._ref if type(thing) is Borrowed else None)

    def _decoder(self) -> Decoder:
        return Decoder(self._lender, lambda remote: Borrowed(self, remote))


class _interruptible:  # noqa: N801 - reads as a statement
    """Only the student's own code can be interrupted; an interrupt that comes late must not stop the server."""

    def __enter__(self) -> None:
        signal.signal(signal.SIGINT, signal.default_int_handler)

    def __exit__(self, *_: object) -> None:
        signal.signal(signal.SIGINT, signal.SIG_IGN)


def _shallow(argument: Any) -> Any:
    """What can be compared to see whether an argument was changed in place; None for what cannot change."""
    if type(argument) is np.ndarray:
        return (argument.shape, argument.dtype, argument.tobytes())
    if type(argument) in (list, set):
        return [id(item) for item in argument]
    if type(argument) is dict:
        return [(id(key), id(item)) for key, item in argument.items()]
    return None


def describe(error: BaseException) -> messages.Error:
    """An exception as it travels: names, text and the student's own lines, none of which can be trusted to be short."""
    try:
        text = str(error)
    except BaseException:  # a __str__ may raise anything
        text = "an exception without a text"
    text = " ".join(filter(None, (text[:_MAX_TEXT], explanation(error))))
    bases = [base.__name__ for base in type(error).__mro__ if base.__module__ == "builtins"]
    return messages.Error(type(error).__name__[:200], bases, text, _student_lines(error.__traceback__))


def _student_lines(trace: types.TracebackType | None) -> list[str]:
    frames = [frame for frame in traceback.extract_tb(trace, limit=50) if "/ipykernel_" in frame.filename]
    return [f"line {frame.lineno} of {frame.name}: {frame.line}"[:300] for frame in frames[-5:]]


def detach_standard_streams() -> None:
    """Whatever writes to the descriptors themselves writes to nowhere."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(nowhere, descriptor)
    sys.stdin = open(os.devnull)  # noqa: SIM115, PTH123 - for the life of the process
