"""Answering the grader: running cells, looking names up, calling what was asked for."""

from __future__ import annotations

import asyncio
import contextlib
import copy
import functools
import importlib
import inspect
import os
import random
import signal
import sys
import traceback
import types
import warnings
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np

from autograder.protocol import libraries, messages, mutations, subclasses
from autograder.protocol.channel import Channel
from autograder.protocol.codec import Decoder, Encoder, ExportTable, WireError
from autograder.protocol.files import Tree
from autograder.protocol.identity import SentObjects
from autograder.protocol.operators import OPERATORS
from autograder.protocol.proxies import Proxy, ProxyCache, remote_of
from autograder.student.figures import Pyplot, end_cell
from autograder.student.limits import explanation
from autograder.student.moments import Moments
from autograder.student.shell import Shell


def act(thing: Any, method: str) -> Callable[..., Any]:
    """The special method of that name, bound to `thing`, as Python itself would find it; `thing` when it is empty.

    Raises TypeError when its type has none.
    """
    if not method:
        return thing  # type: ignore[no-any-return]
    if method in _ACTS:
        return functools.partial(_ACTS[method], thing)
    if method in OPERATORS:
        return functools.partial(_operate, thing, method)
    found = getattr(type(thing), method, None)
    if found is None:
        raise TypeError(f"'{type(thing).__name__}' object has no {method}")
    return functools.partial(found, thing)


def attribute(thing: Any, name: str) -> Any:
    """An attribute of `thing`; a signature as the name, kind and default of each parameter."""
    if name != "__signature__":
        return getattr(thing, name)
    try:
        parameters = inspect.signature(thing).parameters.values()
    except (TypeError, ValueError):
        raise AttributeError(name) from None
    return [(one.name, one.kind.name, [] if one.default is one.empty else [one.default]) for one in parameters]


def _operate(thing: Any, method: str, other: Any, *more: Any) -> Any:
    """What Python makes of an operator between two things of this side; what `thing` says of one of the grader's.

    There the grader's Python goes on: what is no answer here may be one there.
    """
    if not isinstance(other, Proxy) and not more:
        return OPERATORS[method](thing, other)
    return getattr(type(thing), method)(thing, other, *more)


def _wait(thing: Any) -> Any:
    async def wait() -> Any:
        return await thing

    return asyncio.run(wait())


def _extend(_: Any, *described: Any) -> Any:
    return subclasses.extended(*described)


def _set(thing: Any, name: str, value: Any) -> None:
    """A function that a test puts into a class becomes a method."""
    is_function = isinstance(thing, type) and isinstance(value, Proxy) and remote_of(value).kind == "function"
    setattr(thing, name, subclasses.function(name, value) if is_function else value)


_ACTS: dict[str, Callable[..., Any]] = {
    "__extend__": _extend,
    "__super__": super,
    "__setattr__": _set,
    "__delattr__": delattr,
    "__dir__": dir,
    "__copy__": copy.copy,
    "__deepcopy__": copy.deepcopy,
    "__await__": _wait,
    "__class__": type,
    "__array__": np.asarray,
}


_PLAIN = frozenset((int, float, bool, str, type(None), np.float64, np.int64))


class Memory(dict[tuple[int, str] | None, Any]):
    """Answers by question. Only values that cannot change are kept, and only as long as the function stays lent."""

    def question(
        self, thing: Proxy, ref: int, args: tuple[Any, ...], kwargs: Mapping[str, Any]
    ) -> tuple[int, str] | None:
        """What a call asks of the pure function `thing`, lent under `ref`; None when its answer is not kept."""
        if kwargs or not remote_of(thing).is_pure or not all(type(argument) in _PLAIN for argument in args):
            return None
        return ref, repr(args)

    def note(self, question: tuple[int, str] | None, answer: Any) -> None:
        """Keep an answer."""
        parts = answer if type(answer) is tuple else (answer,)
        if question is not None and all(type(part) in _PLAIN for part in parts):
            self[question] = answer


_MAX_WARNINGS = 20
_ABSENT = object()


class Server:
    """Serves one student process until the grader closes the channel; proxies of the grader's things ask it, too."""

    def __init__(self, channel: Channel[messages.ToStudent], shell: Shell) -> None:
        self._channel = channel
        self._shell = shell
        self._export_table = ExportTable()
        self._proxy_cache = ProxyCache(self)
        self._memory = Memory()
        self._sent_objects = SentObjects()
        self._undo = mutations.Undo()
        self._own_names = frozenset(shell.user_ns)
        libraries.set_own(shell.user_ns.get)
        self._put_back: dict[tuple[int, str], tuple[dict[str, Any], Any]] = {}
        self._moments = Moments(shell.user_ns, self._own_names)
        self._interruptible = _Interruptible()
        self._pyplot: Pyplot | None = None
        self._tree: Tree | None = None

    def serve(self) -> None:
        """Answer one request after the other."""
        while True:
            self._answer(self._channel.receive())

    def call(self, thing: Proxy, args: tuple[Any, ...], kwargs: dict[str, Any], method: str = "") -> Any:
        """Call something of the grader's; changes made to the arguments there are made here too."""
        ref = self._ref(thing)
        question = self._memory.question(thing, ref, args, kwargs)
        if question in self._memory:
            return self._memory[question]
        encoder = self._encoder()
        values = [encoder.encode(item) for item in args]
        named = {name: encoder.encode(item) for name, item in kwargs.items()}
        value = self._ask(messages.Call(os.urandom(16), ref, values, named, method), encoder.sent)
        self._memory.note(question, value)
        return value

    def attribute(self, thing: Proxy, name: str) -> Any:
        """An attribute of something of the grader's; raises AttributeError."""
        return self._ask(messages.Attribute(os.urandom(16), self._ref(thing), name), [])

    def passes_on(self, method: str, thing: Proxy, other: object = None) -> bool:
        """Whatever the grader lent answers for itself."""
        return True

    def _ref(self, thing: Proxy) -> int:
        if (number := self._proxy_cache.export_number(thing)) is None:
            raise RuntimeError("this was lent by a test that is over")
        return number

    def _ask(self, request: messages.Call | messages.Attribute, sent: list[Any]) -> Any:
        """Ask the grader, and answer what it asks before its reply."""
        self._channel.send(request)
        while True:
            reply = self._channel.receive()
            if isinstance(reply, messages.Missing):
                raise AttributeError(getattr(request, "name", "it is gone"))
            if not isinstance(reply, messages.Returned | messages.Raised):
                self._answer(reply)
                continue
            decoder = Decoder(self._export_table, self._proxy_cache.borrow, sent, trusts_sender=True)
            value = decoder.decode(reply.value if isinstance(reply, messages.Returned) else reply.error)
            mutations.make(reply.changed, sent, decoder)
            if isinstance(reply, messages.Raised):
                raise value
            return value

    def _answer(self, request: messages.ToStudent) -> None:
        match request:
            case messages.RunCell():
                with self._interruptible.cell():
                    outputs, raised = self._shell.run(request.source, request.quiet)
                count = self._shell.execution_count - 1
                name = self._shell.code_name(request.source, count)
                self._channel.send(messages.CellDone(request.token, outputs, raised, count, name))
            case messages.Lookup():
                self._look_up(request)
            case messages.Assign():
                self._assign(request)
            case messages.PutBack():
                self._undo_assign()
                self._put_figures_back()
                self._proxy_cache.forget()
                self._memory.clear()
                self._undo.undo()
                self._sent_objects.forget()
                self._channel.send(messages.Assigned(request.token))
            case messages.ChangeObjects():
                self._change_objects(request)
            case messages.Names():
                self._try(request.token, lambda: [name for name in self._shell.user_ns if self._is_students(name)], [])
            case messages.Execute():
                self._execute(request)
            case messages.Keep():
                self._moments.keep()
                self._channel.send(messages.Assigned(request.token))
            case messages.AreUnchanged():
                self._try(request.token, self._moments.are_unchanged, [])
            case messages.GoBack():
                self._moments.go_back(request.number)
                self._channel.send(messages.Assigned(request.token))
            case messages.PutFiles():
                self._put_files(request)
            case messages.TakeFiles():
                self._send_files(request)
            case messages.Import():
                self._try(request.token, functools.partial(_imported, request.name, request.again), [])
            case messages.Call():
                self._call(request)
            case messages.Attribute():
                thing = self._export_table.find(request.ref)
                self._try(request.token, lambda: attribute(thing, request.name), [], missing=AttributeError)

    def _put_figures_back(self) -> None:
        with contextlib.suppress(Exception):  # what the student's code made of matplotlib may raise anything
            if self._pyplot is not None:
                self._pyplot.put_back()
            end_cell()

    def _ask_pyplot(self) -> Pyplot:
        self._pyplot = self._pyplot or Pyplot()
        return self._pyplot

    def _look_up(self, request: messages.Lookup) -> None:
        if request.name == messages.PYPLOT:
            self._try(request.token, self._ask_pyplot, [])
            return
        namespace = self._shell.user_ns
        if request.name not in namespace or request.name in self._own_names:
            self._channel.send(messages.Missing(request.token))
            return
        self._try(request.token, lambda: namespace[request.name], [])

    def _change_objects(self, request: messages.ChangeObjects) -> None:
        objects = self._sent_objects.objects
        for index, _ in request.changed:
            self._undo.note(objects[index])
        decoder = Decoder(self._export_table, self._proxy_cache.borrow, objects, trusts_sender=True)
        with contextlib.suppress(ValueError):  # an array that the student made read-only
            mutations.make(request.changed, objects, decoder)
        self._channel.send(messages.Assigned(request.token))

    def _is_students(self, name: object) -> bool:
        return type(name) is str and name not in self._own_names and not name.startswith("_")

    def _execute(self, request: messages.Execute) -> None:
        decoder = self._decoder()
        names = None if request.names is None else {name: decoder.decode(value) for name, value in request.names}

        def execute() -> Any:
            code = compile(request.text, "<text>", request.mode)
            before = dict(names or {})
            with _displayed_as_text():
                value = eval(code, self._shell.user_ns if names is None else names)
            if names is None or request.mode == "eval":
                return value
            return {
                name: each
                for name, each in names.items()
                if name != "__builtins__" and (name not in before or before[name] is not each)
            }

        self._try(request.token, execute, decoder.received)

    def _assign(self, request: messages.Assign) -> None:
        names, decoder = self._shell.user_ns, self._decoder()
        for name, value in request.values:
            thing = decoder.decode(value)
            if name not in self._own_names:
                self._set(names, name, thing)
        for name in request.deleted:
            if name not in self._own_names:
                self._set(names, name, _ABSENT)
        for module, name, values in request.of_modules:
            with contextlib.suppress(ImportError):
                self._set(vars(importlib.import_module(module)), name, decoder.decode(values[0]) if values else _ABSENT)
        self._channel.send(messages.Assigned(request.token))

    def _set(self, names: dict[str, Any], name: str, thing: Any) -> None:
        """Set a name, or delete it, until `_undo_assign`."""
        self._put_back.setdefault((id(names), name), (names, names.get(name, _ABSENT)))
        _put(names, name, thing)

    def _undo_assign(self) -> None:
        for (_, name), (names, value) in self._put_back.items():
            _put(names, name, value)
        self._put_back.clear()

    def _put_files(self, request: messages.PutFiles) -> None:
        """Make here the changes to files that a check made; what cannot be made is as on a full disk."""
        with contextlib.suppress(WireError, OSError):
            self._tree = self._tree or Tree(request.root)
            self._tree.make(request.files)
            self._tree.enter(request.current)
        self._channel.send(messages.Assigned(request.token))

    def _send_files(self, request: messages.TakeFiles) -> None:
        """Say which files changed."""
        changes, current, is_first = list[messages.File](), None, self._tree is None
        with contextlib.suppress(OSError):
            self._tree = self._tree or Tree(request.root)
            changes, current = self._tree.changes(), self._tree.current_folder()
        reply = messages.ChangedFiles(request.token, [], None) if is_first else None
        self._channel.send(reply or messages.ChangedFiles(request.token, changes, current))

    def _call(self, request: messages.Call) -> None:
        target: Any = self._export_table.find(request.ref)
        decoder = self._decoder()
        args = [decoder.decode(value) for value in request.args]
        kwargs = {name: decoder.decode(value) for name, value in request.kwargs.items()}

        def call() -> Any:
            return act(target, request.method)(*args, **kwargs)

        ambient_state = request.ambient_state
        action = call if ambient_state is None else lambda: self._with_ambient_state(ambient_state, call)
        self._try(request.token, action, decoder.received)

    def _try(
        self, token: bytes, action: Callable[[], Any], arguments: list[Any], missing: type[Exception] | None = None
    ) -> None:
        """Do what was asked, and reply with the value or with what it raised.

        What the student's code prints at this time is not an output of the notebook, since it could show the input of
        a hidden test. It goes along with the reply instead.
        """
        watch = mutations.Watch(arguments)
        self._shell.outputs.start()
        encoder = Encoder(self._export_table, self._proxy_cache.export_number, arguments)
        with warnings.catch_warnings(record=True) as caught:
            try:
                with self._interruptible:
                    value = action()
                encoded = encoder.encode(value)
            except BaseException as raised:
                error = raised
            else:
                numbers = self._sent_objects.note(encoder.sent, len(arguments))
                side_output = self._aside(caught, encoder)
                changed = watch.changes(encoder)
                self._channel.send(messages.Returned(token, encoded, changed, side_output, numbers))
                return
        if missing is not None and isinstance(error, missing):
            self._channel.send(messages.Missing(token))
            return
        encoder = Encoder(self._export_table, self._proxy_cache.export_number, arguments)
        described = _described(error, encoder)
        side_output = self._aside(caught, encoder)
        self._channel.send(messages.Raised(token, described, watch.changes(encoder), side_output))

    def _aside(self, caught: list[warnings.WarningMessage], encoder: Encoder) -> messages.SideOutput:
        if not caught and self._shell.outputs.is_empty:
            return messages.SideOutput()
        streams = [item for item in self._shell.outputs.finish() if item["output_type"] == "stream"]
        printed = "".join(item["text"] for item in streams if item["name"] == "stdout")
        warned: list[tuple[messages.Value, str]] = []
        with contextlib.suppress(Exception):  # a warning's text may be code of the student's
            warned += [(encoder.encode(one.category), str(one.message)[:2000]) for one in caught[:_MAX_WARNINGS]]
        return messages.SideOutput(printed, warned)

    def _with_ambient_state(self, ambient_state: messages.AmbientState, action: Callable[[], Any]) -> Any:
        """Do something under what the test set in its own process."""
        if ambient_state.numpy_random is not None:
            np.random.set_state(self._decoder().decode(ambient_state.numpy_random))
        if ambient_state.python_random is not None:
            random.setstate(self._decoder().decode(ambient_state.python_random))
        with np.errstate(**ambient_state.float_errors):  # type: ignore[arg-type]
            return action()

    def _encoder(self) -> Encoder:
        return Encoder(self._export_table, self._proxy_cache.export_number)

    def _decoder(self) -> Decoder:
        return Decoder(self._export_table, self._proxy_cache.borrow, trusts_sender=True)


@contextlib.contextmanager
def _displayed_as_text() -> Iterator[None]:
    """In the body, a value that Python displays is printed as in a terminal, and not shown as one of a cell's."""
    before, sys.displayhook = sys.displayhook, sys.__displayhook__
    try:
        yield
    finally:
        sys.displayhook = before


def _put(names: dict[str, Any], name: str, thing: Any) -> None:
    if thing is _ABSENT:
        names.pop(name, None)
    else:
        names[name] = thing


def _imported(name: str, again: bool) -> types.ModuleType:
    importlib.invalidate_caches()
    module = importlib.import_module(name)
    return importlib.reload(module) if again else module


class _Interruptible:
    """Only the student's own code can be interrupted; an interrupt that comes late must not stop the server.

    While a cell runs, the handler is Python's own, as in a notebook. For a call, which is often over sooner than a
    handler is set, ours only looks whether one is going on.
    """

    def __init__(self) -> None:
        self._calls = 0

    @contextlib.contextmanager
    def cell(self) -> Iterator[None]:
        """A cell runs in the body."""
        signal.signal(signal.SIGINT, signal.default_int_handler)
        try:
            yield
        finally:
            signal.signal(signal.SIGINT, self._stop)

    def __enter__(self) -> None:
        self._calls += 1

    def __exit__(self, *_: object) -> None:
        self._calls -= 1

    def _stop(self, *_: object) -> None:
        if self._calls:
            raise KeyboardInterrupt


def _described(error: BaseException, encoder: Encoder) -> messages.Error | messages.YourObject:
    """An exception with the student's own lines and with what it was raised from."""
    described = encoder.error(error)
    if isinstance(described, messages.Error):
        described.message = " ".join(filter(None, (described.message, explanation(error))))
        described.lines = _student_lines(error.__traceback__)
        if error.__cause__ is not None:
            described.cause = encoder.error(error.__cause__)
    return described


def _student_lines(trace: types.TracebackType | None) -> list[str]:
    frames = [frame for frame in traceback.extract_tb(trace, limit=50) if "/ipykernel_" in frame.filename]
    return [f"line {frame.lineno} of {frame.name}: {frame.line}"[:300] for frame in frames[-5:]]


def detach_standard_streams() -> None:
    """Code that writes to the descriptors themselves writes to nowhere."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(nowhere, descriptor)
    sys.stdin = open(os.devnull)  # noqa: SIM115, PTH123 - for the life of the process
