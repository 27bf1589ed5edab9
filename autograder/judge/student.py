"""The student process as the grader sees it: it is asked one thing at a time, and started again when it is lost."""

from __future__ import annotations

import contextlib
import functools
import linecache
import re
import secrets
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, Protocol

import msgspec
import nbformat

from autograder.fast import is_usual_output
from autograder.judge import exports
from autograder.judge.ambient import Ambient
from autograder.judge.mistakes import is_reference
from autograder.judge.permissions import Permissions
from autograder.judge.recording import Recording
from autograder.judge.shared_files import SharedFiles
from autograder.protocol import messages, mutations
from autograder.protocol.channel import Channel, Gone, Hung
from autograder.protocol.codec import Decoder, Encoder, ExportTable, WireError
from autograder.protocol.identity import ReceivedObjects
from autograder.protocol.proxies import Proxy, ProxyCache, remote_of
from autograder.timeouts import Alarm

_CELL_NAME = re.compile(r"/[\w./-]*/ipykernel_\d+/\d+\.py")
_GRACE_SECONDS = 1.0
_REPLAY_SECONDS = 10.0
_NONSENSE = "The grader lost contact with your notebook while running your code."
MISSING = object()
"""What a look-up gives when the student process knows no such name."""


class Process(Protocol):
    """A running student process; `autograder.sandbox` starts them."""

    channel: Channel[messages.ToGrader]

    def interrupt(self) -> None:
        """Called when an answer is overdue, so that student code can be stopped and keeps what it defined."""

    def end(self) -> None:
        """Called once, when the process is not needed or not trusted any more."""


class Trouble(BaseException):
    """The student process did not answer as it should; the text is a sentence for the student.

    It is not an Exception: a check that catches every exception would go on to ask a process that answers nothing.
    """


class Student:
    """Everything the grader may ask of a student process.

    Each question must be answered before `deadline` (of `time.monotonic`). When the process does not answer, dies or
    sends nonsense, Trouble is raised, and the cells that went well are run again in a fresh process.

    `cells` are those that ran; `recording` holds what was asked of its functions. Cells of a `quiet` one run for what
    they define only. `permissions` say which operators of its objects a check may ask, `files` are those that checks
    share with it, where they can touch any.
    """

    def __init__(
        self,
        start: Callable[[], Process],
        quiet: bool = False,
        permissions: Permissions | None = None,
        files: SharedFiles | None = None,
    ) -> None:
        self._start = start
        self._quiet = quiet
        self._files = files
        self._process = start()
        self._export_table = ExportTable(is_reference)
        self._permissions = permissions or Permissions()
        self._proxy_cache = ProxyCache(self, self._permissions.make)
        self.cells: list[str] = []
        self._shown: list[str] = []
        self._one_at_a_time = threading.RLock()
        self._alarm = Alarm()
        self._functions: dict[str, Proxy] = {}
        self._closed = False
        self._undo = mutations.Undo()
        self._received_objects = ReceivedObjects()
        self._watch: tuple[list[Any], mutations.Watch] | None = None
        self._moments = 0
        self._is_back = False
        self.has_lost_moments = False
        self.deadline = self.end = time.monotonic()
        self.trouble = self.reason = ""
        self.ambient = Ambient()
        self.recording = Recording()
        self.before_asking: Callable[[], None] = lambda: None
        if files is not None:
            files.start_over(self.module)
            self._look_at_files()

    def begin(self, deadline: float, end: float, grade_id: str = "") -> None:
        """The next cell, of this grade id, begins, and has until `deadline`; at `end` the notebook's time is over."""
        self.deadline, self.end = deadline, end
        self._permissions.check = grade_id
        self.trouble = self.reason = ""

    def close(self) -> None:
        """End the process; nothing can be asked of it any more."""
        self._closed = True
        self._process.end()
        for name in self._shown:
            linecache.cache.pop(name, None)

    def run_cell(self, source: str) -> messages.CellDone:
        """Run one cell of the notebook, and remember it for a fresh process."""
        reply = self._ask(lambda token: messages.RunCell(token, source, self._quiet))
        if not isinstance(reply, messages.CellDone):
            raise self._lose(_NONSENSE)
        self.cells.append(source)
        self._show_source(reply.code_name, source)
        return reply

    def _show_source(self, name: str, source: str) -> None:
        """Let `inspect.getsource` find the cell as it was handed in; its name may be forged, but not that of a file."""
        if _CELL_NAME.fullmatch(name) and not Path(name).exists():
            linecache.cache[name] = (len(source), None, source.splitlines(keepends=True), name)
            self._shown.append(name)

    @contextlib.contextmanager
    def checked(self, recorded: bool = True) -> Iterator[None]:
        """A grade cell runs in the body; its calls are `recorded`."""
        self.recording.is_on = recorded
        self.take_files()
        with self._alarm.set_for(self.deadline), self.ambient.watched():
            yield

    def _before_asking(self) -> None:
        """Let the student's side have what the running check set, and what it changed in the student's objects."""
        self.before_asking()
        if self._watch is None or not self._permissions.follows_changes:
            return
        objects, watch = self._watch
        if changed := watch.changes(Encoder(self._export_table, self._proxy_cache.export_number, objects)):
            self._permissions.changed()
            self._done(lambda token: messages.ChangeObjects(token, changed))
            self._watch_objects()

    def _watch_objects(self) -> None:
        """Remember what is in the student's objects, as far as a check may change it."""
        objects = self._received_objects.objects if self._permissions.follows_changes else []
        self._watch = (objects, mutations.Watch(objects)) if objects else None

    def look_up(self, name: str) -> Any:
        """The value of a name that the student defined, or MISSING.

        A function is asked for once in a check, however often the check uses its name.
        """
        self._before_asking()
        if name in self._functions:
            return self._functions[name]
        value = self._value(self._ask(lambda token: messages.Lookup(token, name)))
        self.recording.name(value, name)
        if isinstance(value, Proxy) and remote_of(value).kind == "function":
            self._functions[name] = value
        return value

    def data_of(self, value: Any) -> bytes | None:
        """Plain data as they travel, to be compared; None for anything else."""
        try:
            return None if callable(value) else msgspec.msgpack.encode(_plain(self._encoder().encode(value)))
        except Exception:  # it has no data, or too much
            return None

    def data_under(self, name: str) -> bytes | None:
        """The plain data that the student's side has under a name; None for anything else."""
        try:
            return self.data_of(self.look_up(name))
        except (Trouble, Exception):
            return None

    def pyplot(self) -> Any:
        """The `matplotlib.pyplot` of the student process, imported there if need be; raises ImportError."""
        self._before_asking()
        if messages.PYPLOT not in self._functions:
            value = self._value(self._ask(lambda token: messages.Lookup(token, messages.PYPLOT)))
            if not isinstance(value, Proxy):
                raise ImportError(messages.PYPLOT)
            self._functions[messages.PYPLOT] = value
        return self._functions[messages.PYPLOT]

    def expect_changes(self, things: Iterable[Any]) -> None:
        """Undo in `put_back` what will be changed in place in these things, or in what they hold."""
        self._undo.note_all(things)

    def module(self, name: str, again: bool = False) -> Any:
        """A module that the student's code wrote, which is executed `again` if it was imported before."""
        self._before_asking()
        return self._value(self._ask_with_files(lambda token: messages.Import(token, name, again)))

    def attribute(self, thing: Proxy, name: str) -> Any:
        """An attribute of an object that stays in the student process; raises AttributeError."""
        self._before_asking()
        self._permissions.met(remote_of(thing))
        ref = self._ref(thing)
        value = self._value(self._ask_with_files(lambda token: messages.Attribute(token, ref, name)))
        if value is MISSING:
            raise AttributeError(name)
        return value

    def call(self, thing: Proxy, args: tuple[Any, ...], kwargs: dict[str, Any], method: str = "") -> Any:
        """Call a function of the student's; changes it makes to its arguments are made here too."""
        self._before_asking()
        self._permissions.met(remote_of(thing))
        ref, encoder = self._ref(thing), self._encoder()
        values = [encoder.encode(item) for item in args]
        named = {name: encoder.encode(item) for name, item in kwargs.items()}
        ambient_state = self.ambient.ambient_state(self._encoder)
        reply = None
        try:
            reply = self._ask_with_files(lambda token: messages.Call(token, ref, values, named, method, ambient_state))
        finally:
            if not method:
                self.recording.note(thing, values, named, reply)
        return self._value(reply, encoder)

    def passes_on(self, method: str, thing: Proxy, other: object = None) -> bool:
        """Whether the running check may ask this operator of an object of the student's."""
        return self._permissions.permit(method, thing, other)

    def names(self) -> list[str]:
        """The names that the student defined."""
        self._before_asking()
        found = self._value(self._ask(messages.Names))
        return [name for name in found if type(name) is str] if type(found) is list else []

    def execute(self, text: str, mode: str = "exec", names: dict[str, Any] | None = None) -> Any:
        """Run text as Python on the student's side: with the notebook's names, or with `names`, which it may change.

        Returns the value of an expression in the mode `eval`, else None. What the text prints goes where the output of
        a function goes.
        """
        self._before_asking()
        encoder = self._encoder()
        given = None if names is None else [(name, encoder.encode(value)) for name, value in names.items()]
        self._functions.clear()
        reply = self._ask(lambda token: messages.Execute(token, text, mode, given))
        value = self._value(reply, encoder)
        if names is not None and mode != "eval" and type(value) is dict:
            names.update({name: each for name, each in value.items() if type(name) is str})
        return value if mode == "eval" else None

    def run_quietly(self, source: str) -> None:
        """Run statements that were handed out for what they define, as a cell that displays nothing."""
        with contextlib.suppress(Exception):  # what they raise is the reason why the names are not there
            self.execute(source)

    def assign(
        self,
        values: dict[str, Any],
        deleted: Iterable[str] = (),
        of_modules: Iterable[tuple[str, str, list[Any]]] = (),
    ) -> None:
        """Set names on the student's side until `put_back`.

        Args:
            values: names of the notebook and what they are from now on.
            deleted: names of the notebook that there are no longer.
            of_modules: names of modules, as module, name and a list of the value; an empty one deletes the name.
        """
        gone = list(deleted)
        for name in (*values, *gone):
            self._functions.pop(name, None)
        encoder = self._encoder()
        encoded = [(name, encoder.encode(value)) for name, value in values.items()]
        changed = [(module, name, [encoder.encode(value) for value in found]) for module, name, found in of_modules]
        self._done(lambda token: messages.Assign(token, encoded, gone, changed))
        self.recording.in_force = {**self.recording.in_force, **values}

    def put_back(self) -> None:
        """Undo `assign` and what the student's functions changed in place, and take back every function that was lent.

        A process that does not confirm this in time is given up: it may still have what was lent.
        """
        self._functions.clear()
        self._undo.undo()
        self.deadline = max(self.deadline, time.monotonic() + _GRACE_SECONDS)
        self.recording.in_force = {}
        process = self._process
        try:
            self._done(messages.PutBack)
        except Trouble as trouble:
            if process is self._process and not self._closed:
                self._lose(str(trouble))
            raise
        finally:
            self._export_table.forget()
            self._received_objects.forget()
            self._watch = None

    def keep(self) -> int:
        """The number of this moment, to which `go_back` leads as long as `can_go_back`."""
        try:
            self._done(messages.Keep)
        except Trouble:
            self.has_lost_moments = True
        self._moments += 1
        return self._moments - 1

    def can_go_back(self) -> bool:
        """Whether it would be as if the cells that ran after each moment had not run."""
        if self.has_lost_moments or (self._files is not None and self._files.have_changed):
            return False
        try:
            return self._value(self._ask(messages.AreUnchanged)) is True
        except (Trouble, Exception):  # the student process may send an exception instead of an answer
            return False

    def go_back(self, number: int) -> None:
        """Let the notebook have the names it had at that moment; raises Trouble.

        From now on a process that is lost stays so: the cells are not run again.
        """
        self._is_back = True
        self._functions.clear()
        self._done(lambda token: messages.GoBack(token, number))

    def take_files(self) -> None:
        """Let checks find the files that the student's code wrote; raises Trouble."""
        if self._files is None:
            return
        reply = self._ask(self._files.to_take)
        try:
            if not isinstance(reply, messages.ChangedFiles):
                raise WireError("no files")
            self._files.take(reply)
        except WireError as error:
            raise self._lose(_NONSENSE, str(error)) from None

    def _ask_with_files(self, make: Callable[[bytes], messages.Request]) -> messages.Reply:
        """Ask what runs the student's code, which finds the files of checks; they find those that it writes."""
        if self._files is None:
            return self._ask(make)
        said = functools.partial(self._said, make)
        if (put := self._files.to_put(b"", said)) is not None:
            self._done(lambda token: msgspec.structs.replace(put, token=token))
        process = self._process
        try:
            return self._ask(make)
        finally:
            if process is self._process and not self._closed:
                self.take_files()

    def _said(self, make: Callable[[bytes], messages.Request]) -> bytes:
        """All in which the student's code could find the name of a file."""
        return msgspec.msgpack.encode([make(b""), *self.cells])

    def _look_at_files(self) -> None:
        """Let a fresh process see which files there are before it runs any code; one that cannot is lost later."""
        if self._files is None:
            return
        token, deadline = secrets.token_bytes(16), time.monotonic() + _REPLAY_SECONDS
        with contextlib.suppress(Hung, Gone, WireError):
            self._process.channel.send(self._files.to_take(token), deadline)
            self._await(token, deadline)

    def _done(self, make: Callable[[bytes], messages.Request]) -> None:
        if not isinstance(self._ask(make), messages.Assigned):
            raise self._lose(_NONSENSE)

    def _ref(self, thing: Proxy) -> int:
        if (number := self._proxy_cache.export_number(thing)) is None:
            raise Trouble("The process that ran your notebook had to be restarted, so this value is lost.")
        return number

    def _ask(self, make: Callable[[bytes], messages.Request]) -> messages.Reply:
        if self._closed:
            raise Trouble("The process that ran your notebook was ended.")
        token = secrets.token_bytes(16)
        with self._one_at_a_time, self._alarm.exposed(False):  # a test may have threads
            try:
                self._process.channel.send(make(token), self.deadline)
                return self._await(token, self.deadline)
            except Hung:
                raise self._stop(token) from None
            except Gone:
                raise self._lose("The process that ran your notebook ended while it was running your code.") from None
            except WireError as error:
                raise self._lose(_NONSENSE, str(error)) from None

    def _await(self, token: bytes, deadline: float) -> messages.Reply:
        process = self._process
        while True:
            reply = process.channel.receive(deadline)
            if isinstance(reply, (messages.Call, messages.Attribute)):
                answer = exports.serve(reply, self._export_table, self._proxy_cache, self._alarm)
                if process is not self._process:  # it was lost while a function of the test's asked it something
                    raise Trouble(self.trouble)
                process.channel.send(answer, deadline)
            elif not secrets.compare_digest(reply.token, token):
                raise WireError("an answer to another question")
            else:
                return reply

    def _value(self, reply: messages.Reply, asked: Encoder | None = None) -> Any:
        if isinstance(reply, messages.Missing):
            return MISSING
        if not isinstance(reply, (messages.Returned, messages.Raised)):
            raise self._lose(_NONSENSE)
        sent = asked.sent if asked else []
        numbers = reply.numbers if isinstance(reply, messages.Returned) else None
        try:
            known = self._received_objects.expected(numbers)
            decoder = Decoder(self._export_table, self._borrow, sent, known)
            value = decoder.decode(reply.value if isinstance(reply, messages.Returned) else reply.error)
            self._received_objects.note(numbers, decoder, len(sent))
            for index, _ in reply.changed:
                self._undo.note(sent[index] if 0 <= index < len(sent) else None)
            mutations.make(reply.changed, sent, decoder)
            if numbers is not None:
                self._watch_objects()
            self.ambient.take(reply.side_output, decoder)
            if isinstance(reply, messages.Raised) and not isinstance(value, Exception):
                raise WireError("an exception that is none")
        except WireError as error:
            raise self._lose(_NONSENSE, str(error)) from None
        if isinstance(reply, messages.Raised):
            raise value
        return value

    def _stop(self, token: bytes) -> Trouble:
        """Interrupt code that takes too long; what the notebook defined survives if the code stops."""
        self._process.interrupt()
        sentence = "This code was stopped because it took too long. Is there a loop that never ends?"
        try:
            self._await(token, time.monotonic() + _GRACE_SECONDS)
        except (Hung, Gone, WireError):
            return self._lose(sentence)
        self.trouble = sentence
        return Trouble(sentence)

    def _lose(self, sentence: str, reason: str = "") -> Trouble:
        """Give the process up, and bring a fresh one to where it was; `reason` is for the instructor's eyes."""
        self.trouble, self.reason = sentence, reason
        self.has_lost_moments = True
        self._process.end()
        self._functions.clear()
        self._export_table.forget()
        self._proxy_cache.forget()
        self._received_objects.forget()
        self._watch = None
        self.recording.in_force = {}
        self._process = self._start()
        if self._files is not None:
            self._files.resume()
            self._look_at_files()
        cells, self.cells = [] if self._is_back else self.cells, []
        deadline = min(time.monotonic() + _REPLAY_SECONDS, self.end)
        for source in cells:
            token = secrets.token_bytes(16)
            try:
                self._process.channel.send(messages.RunCell(token, source, quiet=True), deadline)
                self._await(token, deadline)
            except (Hung, Gone, WireError):
                self._process.end()
                self._process = self._start()
                self._look_at_files()
                break
            self.cells.append(source)
        return Trouble(sentence)

    def _borrow(self, remote: messages.Remote) -> Proxy:
        self._permissions.met(remote)
        return self._proxy_cache.borrow(remote)

    def _encoder(self) -> Encoder:
        return Encoder(self._export_table, self._proxy_cache.export_number)


_LEFT_OUT = {
    "output_type": "stream",
    "name": "stderr",
    "text": "More output was displayed here. It is left out, because the output of a graded notebook is limited.\n",
}


def _plain(value: messages.Value) -> messages.Value:
    """The value of a message, unless something in it is an object that stays on its side or a generator."""

    def refuse(_: messages.Remote) -> Any:
        raise WireError("not data")

    Decoder(ExportTable(), refuse).decode(value)
    if isinstance(value, messages.Generator | messages.Known):
        raise WireError("not data")
    return value


class OutputBudget:
    """The room that one notebook has for outputs; what a cell displays beyond it is replaced by a note.

    A student process can send anything, as often as it likes.
    """

    def __init__(self, characters: int = 10_000_000, outputs: int = 5_000, odd: int = 200) -> None:
        self._characters = characters
        self._outputs = outputs
        self._odd = odd

    def take(self, outputs: list[dict[str, Any]]) -> list[nbformat.NotebookNode]:
        """The outputs that a notebook may hold, in their order."""
        taken: list[nbformat.NotebookNode] = []
        for output in outputs:
            is_usual, size = is_usual_output(output), _size(output)
            self._outputs -= 1
            self._odd -= not is_usual
            self._characters -= size
            if min(self._outputs, self._odd, self._characters) < 0:
                return [*taken, nbformat.from_dict(_LEFT_OUT)]
            node = nbformat.from_dict(output)
            if is_usual or _is_valid(node):
                taken.append(node)
        return taken


def _size(output: dict[str, Any]) -> int:
    try:
        return len(msgspec.json.encode(output))
    except (TypeError, ValueError, RecursionError):  # no output then
        return 0


def _is_valid(node: nbformat.NotebookNode) -> bool:
    try:
        nbformat.validate(node, ref=str(node.get("output_type")), version=4)
    except Exception:  # the validator raises many types for odd structures
        return False
    return True
