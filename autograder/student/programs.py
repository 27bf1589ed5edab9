"""Shell commands and magics that start a program: none is started, a sentence says so, and the cell goes on.

An answer seldom needs what `!pip install`, `!ls` or `%%bash` do, but an error there would end the cell before it. The
shell's own methods, by which lines with `!` run, are in `autograder.student.shell`.
"""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable
from typing import Any

from IPython.core.magics.packaging import PackagingMagics
from IPython.core.magics.script import ScriptMagics
from IPython.utils.process import arg_split  # type: ignore[attr-defined]

_LONGEST = 80


def say_not_run(command: str) -> None:
    """Print that a command was not run."""
    first = (command.strip().splitlines() or [""])[0]
    shown = first if len(first) <= _LONGEST else f"{first[:_LONGEST]} ..."
    print(f"While it is graded, a notebook may start no other program, so this was not run: {shown}", file=sys.stderr)


def run_no_scripts() -> None:
    """Let `%%bash` and its like, and `%conda` outside of conda, do as a line with `!` does."""
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
