"""What a check finds of IPython: `get_ipython()`, magics, commands, `display`.

The grader is no notebook. Magics that only change how a notebook looks do nothing; those that run Python run it; any
other cannot be judged, so that the check is named as one that cannot be judged before a class is graded.
"""

from __future__ import annotations

import types
from collections.abc import Callable, MutableMapping
from pathlib import Path
from typing import Any

from IPython.utils.capture import capture_output
from IPython.utils.text import SList

from autograder.judge.texts import CannotBeJudged

_OF_THE_PAGE = frozenset(
    (
        *("matplotlib", "precision", "config", "load_ext", "reload_ext", "autoreload", "aimport", "colors", "xmode"),
        *(
            "autosave",
            "pdb",
            "pprint",
            "doctest_mode",
            "pip",
            "conda",
            "mamba",
            "uv",
            "automagic",
            "alias",
            "watermark",
        ),
        *("logstart", "logstop", "logoff", "logon", "store", "html", "HTML", "js", "javascript", "latex", "markdown"),
        *("svg", "watermark"),
    )
)
_LISTS_NAMES = frozenset(("who", "who_ls", "whos"))


class ZMQInteractiveShell:
    """The shell of the notebook, as far as a check may ask it; the name is that of a kernel's shell."""

    def __init__(self, names: MutableMapping[str, Any], run: Callable[[str], object]) -> None:
        self.user_ns = self.user_global_ns = names
        self._run = run

    def run_line_magic(self, name: str, line: str, _stack_depth: int = 1) -> Any:
        """What `%name line` gives; raises CannotBeJudged for a magic that means nothing here."""
        if name in _LISTS_NAMES:
            return sorted(each for each in self.user_ns if not each.startswith("_"))
        if name == "run":
            self._run(Path(line.split()[0]).read_text())
        elif name in ("time", "timeit", "prun"):
            self._run(line)
        elif name not in _OF_THE_PAGE:
            raise _refused(f"%{name}")
        return None

    def run_cell_magic(self, name: str, line: str, cell: str) -> None:
        """Do what `%%name line` does with the cell below; raises CannotBeJudged for a magic that means nothing here."""
        if name == "capture":
            with capture_output() as captured:
                self._run(cell)
            if words := [word for word in line.split() if not word.startswith("-")]:
                self.user_ns[words[-1]] = captured
        elif name == "writefile":
            Path(line.split()[-1]).write_text(cell)
        elif name not in _OF_THE_PAGE:
            raise CannotBeJudged(
                f"the magic %%{name} cannot be used in a cell that the grader runs. Write it in Python"
            )

    def run_cell(self, text: str, *_: Any, **__: Any) -> types.SimpleNamespace:
        """Run a text as a cell; says whether it succeeded, as IPython does."""
        error: Exception | None = None
        try:
            self._run(text)
        except Exception as raised:
            error = raised
        return types.SimpleNamespace(success=error is None, error_in_exec=error, error_before_exec=None, result=None)

    def system(self, _: str) -> None:
        """No command is run."""

    def getoutput(self, _: str, *__: Any, **___: Any) -> Any:
        """The output of no command."""
        return SList()

    def ex(self, text: str) -> None:
        """Run a text."""
        self._run(text)


def _refused(magic: str) -> CannotBeJudged:
    return CannotBeJudged(f"the magic {magic} cannot be used in a cell that the grader runs. Write it in Python")


def display(*things: Any, **_: Any) -> None:
    """Displays nothing: what an author's cell shows is shown in the student process."""
