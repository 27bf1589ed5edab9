"""Shell commands, magics and installations that start a program: none is started, and the cell goes on.

An answer seldom needs what `!pip install`, `!ls` or `%%bash` do, but an error there would end the cell before it: a
sentence says what was not run. The shell's own methods, by which lines with `!` run, are in `autograder.student.shell`.
Any other use of `subprocess` raises, since code that starts a program by itself waits for its result.
"""

from __future__ import annotations

import functools
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from IPython.core.magics.packaging import PackagingMagics
from IPython.core.magics.script import ScriptMagics
from IPython.utils.process import arg_split  # type: ignore[attr-defined]

_LONGEST = 80
_INSTALLERS = ("pip", "pip3", "conda", "mamba", "micromamba", "uv")


def say_not_run(command: str) -> None:
    """Print that a command was not run."""
    first = (command.strip().splitlines() or [""])[0]
    shown = first if len(first) <= _LONGEST else f"{first[:_LONGEST]} ..."
    print(f"While a notebook is graded, it cannot start other programs, so this was not run: {shown}", file=sys.stderr)


def start_nothing() -> None:
    """Let `%%bash` and its like, `%conda` outside of conda, and `subprocess` with pip do as a line with `!` does."""
    subprocess.run = _unless_installing(subprocess.run, _completed)
    subprocess.call = _unless_installing(subprocess.call, lambda *_: 0)
    ScriptMagics.shebang = _without_program(ScriptMagics.shebang)  # type: ignore[method-assign]
    for name in ("conda", "mamba", "micromamba"):
        setattr(PackagingMagics, name, _without_installing(name, getattr(PackagingMagics, name)))


def _without_program(shebang: Callable[..., None]) -> Callable[..., None]:
    @functools.wraps(shebang)
    def run(self: Any, line: str, cell: str) -> None:
        options, program = shebang.parser.parse_known_args(arg_split(line))  # type: ignore[attr-defined]
        for name in (options.out, options.err):
            if name:
                self.shell.user_ns[name] = ""
        self.shell.system(f"%%{' '.join(program)}")

    return run


def _without_installing(name: str, magic: Callable[..., None]) -> Callable[..., None]:
    @functools.wraps(magic)
    def install(self: Any, line: str) -> None:
        self.shell.system(f"%{name} {line}")

    return install


def _completed(command: Any, options: Mapping[str, Any]) -> subprocess.CompletedProcess[Any]:
    is_text = any(options.get(name) for name in ("text", "universal_newlines", "encoding", "errors"))
    printed = "" if is_text else b""
    return subprocess.CompletedProcess(command, 0, printed, printed)


def _unless_installing(start: Callable[..., Any], installed: Callable[[Any, Mapping[str, Any]], Any]) -> Any:
    """As `start`; where the command would install something, the result of one that printed nothing."""

    @functools.wraps(start)
    def start_unless_installing(*args: Any, **kwargs: Any) -> Any:
        command = args[0] if args else kwargs.get("args")
        words = command.split() if isinstance(command, str) else _words(command)
        if not any(Path(word).name in _INSTALLERS for word in words):
            return start(*args, **kwargs)
        say_not_run(" ".join(words))
        return installed(command, kwargs)

    return start_unless_installing


def _words(command: Any) -> list[str]:
    return [os.fsdecode(word) for word in command] if isinstance(command, (list, tuple)) else []
