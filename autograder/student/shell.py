"""The shell in which a student's cells run: a Jupyter kernel's own, whose messages become a cell's outputs here."""

from __future__ import annotations

import ast
import asyncio
import bdb
import builtins
import contextlib
import fnmatch
import getpass
import io
import json
import pdb
import pickle
import sys
import types
from collections import UserDict
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

import IPython.core.debugger
from ipykernel.eventloops import loop_map
from ipykernel.kernelbase import Kernel
from ipykernel.zmqshell import ZMQInteractiveShell
from IPython.core.error import UsageError
from IPython.core.formatters import DisplayFormatter
from IPython.utils.text import LSString, SList
from jupyter_client.session import Session
from traitlets.config import Config

from autograder.student.fast import Compiler, is_python, may_await, remember_colors
from autograder.student.figures import NO_WINDOWS, show_at_end_of_cells
from autograder.student.limits import explanation
from autograder.student.outputs import Outputs, error
from autograder.student.programs import say_not_run, start_nothing

_LARGEST = 2**63


class OutStream(io.TextIOBase):
    """Replaces sys.stdout or sys.stderr, with the class name of a kernel's; like that, it has no `buffer`."""

    encoding = "UTF-8"

    def __init__(self, name: str, outputs: Outputs) -> None:
        self.name = name
        self._outputs = outputs

    def write(self, text: str) -> int:
        """Write text; raises TypeError for anything else."""
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text)}")
        self._outputs.write(self.name, text)
        return len(text)

    def flush(self) -> None:
        """Let what was written come before what follows, also on the other stream."""
        self._outputs.flush(self.name)

    def writable(self) -> bool:
        """It is."""
        return True


class _Session(Session):  # type: ignore[misc] # jupyter_client has no types here
    """A kernel's session that keeps what is displayed instead of sending it."""

    outputs: Outputs

    def send(self, _socket: Any, message: dict[str, Any], *_: Any, **__: Any) -> None:
        """Keep one message; raises TypeError, as a kernel does, when it holds what JSON cannot."""
        content = json.loads(self.pack(message["content"]), parse_int=_integer)
        display_id = (content.get("transient") or {}).get("display_id")
        match message["header"]["msg_type"]:
            case "clear_output":
                self.outputs.clear(content["wait"])
            case "update_display_data":
                self.outputs.update(display_id, content["data"], content["metadata"])
            case "display_data":
                self.outputs.update(display_id, content["data"], content["metadata"])
                shown = {"output_type": "display_data", "data": content["data"], "metadata": content["metadata"]}
                self.outputs.add(shown, display_id)
            case "execute_result":
                self.outputs.add({"output_type": "execute_result", **content})


class _Loop(asyncio.SelectorEventLoop):
    """An event loop that counts as running while a cell runs, as a kernel's does."""

    def is_running(self) -> bool:
        """Whether it runs, or a cell does that awaits nothing."""
        return super().is_running() or asyncio._get_running_loop() is self


class _Store(UserDict[str, Any]):
    """What a shell keeps for later sessions, of which there are none: not every process may write into a folder."""

    def __setitem__(self, key: str, value: Any) -> None:
        self.data[key] = pickle.dumps(value)

    def __getitem__(self, key: str) -> Any:
        return pickle.loads(self.data[key])

    def __delitem__(self, key: str) -> None:
        self.data.pop(key, None)

    def keys(self, pattern: str = "*") -> list[str]:  # type: ignore[override]
        """The names of what is kept, of those that match a pattern."""
        return fnmatch.filter(self.data, pattern)


class Shell(ZMQInteractiveShell):
    """A Jupyter kernel's shell without a kernel: it has no sockets, no threads and no front end to ask for input."""

    outputs: Outputs
    _loop: asyncio.AbstractEventLoop | None = None
    _transformed: tuple[str, str] | None = None
    _own_transformers: list[list[Any]] | None = None
    _is_quiet = False

    def run(self, source: str, quiet: bool = False) -> tuple[list[dict[str, Any]], bool]:
        """Run one cell; returns its outputs, of which there are none when it runs `quiet`, and whether it raised."""
        self._is_quiet = quiet
        if self._loop is None:  # only now: an event loop must not be shared by forks
            self._loop = _Loop()
            asyncio.set_event_loop(self._loop)
            self.home_dir, self.starting_dir = str(Path.home()), str(Path.cwd())
            self.user_ns["_dh"][:] = [Path.cwd()]  # `%cd -` leads there
            sys.stdout, sys.stderr = OutStream("stdout", self.outputs), OutStream("stderr", self.outputs)
        nobody = types.SimpleNamespace(_allow_stdin=False)
        builtins.input = types.MethodType(Kernel.raw_input, nobody)
        getpass.getpass = types.MethodType(Kernel.getpass, nobody)
        self.outputs.start()
        self._transformed = None
        try:
            with self.compile.running(source):
                success = self._run(source, self._loop)
        except Exception as broken:  # the student's code broke the shell itself
            self._showtraceback(type(broken), broken, [f"{type(broken).__name__} in the shell"])
            success = False
        self.payload_manager.clear_payload()
        return [] if quiet else self.outputs.finish(), not success

    def remember(self, source: str) -> None:
        """Compile a cell that will run in every process forked from this one; one that is not plain Python is left."""
        if is_python(source):
            self.compile.remember(source, self._transform(source))

    def transform_cell(self, raw_cell: str) -> str:
        """The Python of a cell, worked out once in a run, since it takes long; a kernel does so twice."""
        if self._transformed is None or self._transformed[0] != raw_cell:
            self._transformed = raw_cell, self._transform(raw_cell)
        return self._transformed[1]

    def transform_ast(self, node: ast.Module) -> ast.Module:
        """The statements of a cell, after what the student's code does to them."""
        if self.ast_transformers:
            self.compile.forget()
        return super().transform_ast(node)  # type: ignore[no-any-return, no-untyped-call]

    def should_run_async(self, raw_cell: str, **how: Any) -> bool:
        """Whether a cell awaits something."""
        return may_await(how["transformed_cell"] or raw_cell) and super().should_run_async(raw_cell, **how)

    def _transform(self, source: str) -> str:
        if is_python(source) and self._transformers() == self._own_transformers:
            return source if source.endswith("\n") else f"{source}\n"
        return super().transform_cell(source)  # type: ignore[no-any-return, no-untyped-call]

    def _transformers(self) -> list[list[Any]]:
        """What changes a cell's source: IPython's own, and what a cell adds."""
        manager = self.input_transformer_manager
        before = [manager.cleanup_transforms, manager.line_transforms, manager.token_transformers]
        return [[*each] for each in (*before, self.input_transformers_post)]

    def _run(self, source: str, loop: asyncio.AbstractEventLoop) -> bool:
        """Run a cell as a kernel does: with an event loop that runs, awaiting only what needs it."""
        try:
            transformed, failure = self.transform_cell(source), None
        except Exception:  # a cell that cannot even be read is reported when it is run
            transformed, failure = source, sys.exc_info()
        how = {"transformed_cell": transformed, "preprocessing_exc_tuple": failure}
        if self.should_run_async(source, **how):
            return self._await(self._run_async(source, how), loop)
        asyncio._set_running_loop(loop)
        try:
            result = self.run_cell(source, store_history=True)  # type: ignore[no-untyped-call]
            return bool(result.success)
        finally:
            asyncio._set_running_loop(None)

    async def _run_async(self, source: str, how: dict[str, Any]) -> bool:
        result = None
        try:
            result = await self.run_cell_async(source, store_history=True, **how)
        finally:
            self.events.trigger("post_execute")
            self.events.trigger("post_run_cell", result)
        return bool(result.success)

    @staticmethod
    def _await(running: Coroutine[Any, Any, bool], loop: asyncio.AbstractEventLoop) -> bool:
        task = loop.create_task(running)
        try:
            return loop.run_until_complete(task)
        except KeyboardInterrupt:  # it came while everything was waiting
            task.cancel()
            return loop.run_until_complete(task)

    def showtraceback(self, exc_tuple: Any = None, *args: Any, **kwargs: Any) -> None:
        """Show the exception; to describe it takes longer than to run most cells, so a quiet cell does not."""
        if self._is_quiet:
            with contextlib.suppress(ValueError):  # there is none
                self._get_exc_info(exc_tuple)  # type: ignore[no-untyped-call]  # remembers it in `sys`, as a kernel does
            return
        super().showtraceback(exc_tuple, *args, **kwargs)

    def _showtraceback(self, etype: type[BaseException], evalue: BaseException, stb: list[str]) -> None:
        try:
            message = str(evalue)
        except Exception:  # the student's exception decides what its text raises
            message = "an exception without a text"
        self._last_traceback = stb
        reason = explanation(evalue)
        self.outputs.add(error(etype.__name__, message, [*stb, reason] if reason else list(stb)))

    def _format_exception_for_storage(self, *_: Any, **__: Any) -> list[str]:
        """There is no history to keep a traceback in."""
        return []

    def init_display_formatter(self) -> None:
        """As in a kernel, but for quiet cells."""
        self.display_formatter = _Formatter(parent=self)
        self.configurables.append(self.display_formatter)

    def enable_gui(self, gui: str | None = None) -> None:
        """There are no windows: a sentence says so, and the cell goes on; raises UsageError for an unknown name."""
        if gui not in loop_map:
            raise UsageError(f"Invalid GUI request {gui!r}, valid ones are:{loop_map.keys()}")
        if loop_map[gui] is not None and gui != "asyncio":
            print(NO_WINDOWS, file=sys.stderr)
        if gui is not None and "matplotlib.pyplot" in sys.modules:
            show_at_end_of_cells(self)

    @property
    def db(self) -> Any:
        """What `%cd`, `%store` and other magics keep."""
        if self._db is None:
            self._db = _Store()  # type: ignore[assignment]
        return self._db

    @db.setter
    def db(self, value: Any) -> None:
        self._db = value

    def system(self, command: str) -> None:
        """No command is run: a sentence says so, and the cell goes on as if it had succeeded and printed nothing."""
        say_not_run(command)
        self.user_ns["_exit_code"] = 0

    system_piped = system_raw = system

    def getoutput(self, command: str, split: bool = True, depth: int = 0) -> SList | LSString:
        """The output of no command, which is empty."""
        self.system(command)
        return SList() if split else LSString("")

    def code_name(self, source: str, number: int) -> str:
        """The name under which tracebacks know the code of a cell that was the `number`-th to run."""
        try:
            return str(self.compile.get_code_name(source, self.transform_cell(source), number))
        except Exception:  # what cannot be transformed did not run
            return ""

    def ask_exit(self) -> None:
        """The cells after `exit` run, as they would one by one in a new kernel."""


Shell.__name__ = "ZMQInteractiveShell"  # by which libraries tell a notebook from a terminal


class _Formatter(DisplayFormatter):
    """Describes nothing while a quiet cell runs."""

    def format(self, obj: Any, include: Any = None, exclude: Any = None) -> tuple[dict[str, Any], dict[str, Any]]:
        """The representations of an object, and what is said about each."""
        if self.parent._is_quiet:
            return {}, {}
        return super().format(obj, include, exclude)  # type: ignore[no-any-return, no-untyped-call]


def make_shell() -> Shell:
    """The one shell of this process, its names empty."""
    start_nothing()
    config = Config()
    config.HistoryManager.enabled = False
    shell: Shell = Shell.instance(config=config, compiler_class=Compiler)
    shell.outputs = Outputs()
    shell._own_transformers = shell._transformers()
    session = _Session()
    session.outputs = shell.outputs
    shell.displayhook.session = shell.display_pub.session = session
    shell.extension_manager.load_extension("storemagic")  # a kernel has it from the start
    remember_colors()
    _stop_in_no_debugger()
    _send_without_sendmsg()
    _warm_up(shell)
    return shell


def _stop_in_no_debugger() -> None:
    """Let `breakpoint()` and `set_trace()` go on: nobody is there to type, and Python's error would end the cell."""
    for debugger in (bdb.Bdb, pdb.Pdb, IPython.core.debugger.Pdb):
        debugger.set_trace = lambda *_, **__: None  # type: ignore[method-assign]


def _send_without_sendmsg() -> None:
    """The sandbox refuses `sendmsg`, which can name an address; asyncio, from Python 3.12 on, can do without it."""
    vars(asyncio.selector_events).update(_HAS_SENDMSG=False)


def _warm_up(shell: Shell) -> None:
    """Do before any fork what the first cell and the first traceback do, and forget it."""
    shell.run_cell("1 / 0", store_history=False)  # type: ignore[no-untyped-call]
    for name in ("last_exc", "last_type", "last_value", "last_traceback"):
        vars(sys).pop(name, None)
    shell.last_execution_succeeded, shell.last_execution_result = True, None


def _integer(digits: str) -> int | float:
    """An integer of a notebook, or the nearest number that the wire can carry."""
    return int(digits) if len(digits) < len(str(_LARGEST)) else float(digits)
