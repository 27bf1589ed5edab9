"""What replaces functions of IPython, ipykernel and Pygments gives what they give."""

from __future__ import annotations

import ast
import secrets
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import nbformat
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from ipykernel.compiler import murmur2_x86
from IPython.core.async_helpers import _should_be_async
from IPython.core.inputtransformer2 import TransformerManager
from pygments.formatters import Terminal256Formatter

from autograder.protocol import messages
from autograder.sandbox import ForkServer
from autograder.student.fast import is_python, may_await, murmur2, remember_colors
from autograder.student.limits import cores
from tests.conftest import REPOSITORY

FRAGMENTS = (
    *("%", "%%", "!", "!!", "?", "??", ",", ";", "/", "=", "==", "!=", ">>> ", "... ", "...", "In [1]: ", "   ...: "),
    *(
        "\n",
        "\n\n",
        "    ",
        "\t",
        "\\\n",
        "x",
        "f",
        "a = ",
        "print(x)",
        "timeit",
        "'''",
        '"""',
        "'",
        "#",
        "(",
        ")",
        "[",
        "]",
    ),
    *("def f():\n    ", "return", "await ", "async ", "for i in x:\n", "lambda: 0", "1", " "),
)
cells = st.lists(st.sampled_from(FRAGMENTS), max_size=12).map("".join)


def transformed(cell: str) -> str:
    """What IPython makes of a cell."""
    try:
        return str(TransformerManager().transform_cell(cell))  # type: ignore[no-untyped-call]
    except SyntaxError:  # of its tokenizer; the compiler finds the same
        return f"{cell}\n"


@given(cells)
@example("In [1]: x\ny")
@example("  # indented\nx = 1")
@example("x = \\\n%time")
@example("a = 1\nf?")
@example("def f():\n    \n=")
def test_what_is_taken_for_python_is_left_as_it_is_by_ipython(cell: str) -> None:
    """Cells made of magics, prompts, commands, help and pieces of Python."""
    if is_python(cell):
        assert _compared(transformed(cell)) == _compared(cell)


def _compared(cell: str) -> str:
    """Blanks at the ends of lines, which IPython takes away from what is not Python, change no error."""
    try:
        compile(cell, "<cell>", "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT, dont_inherit=True)
    except (SyntaxError, ValueError):
        return "\n".join(line.rstrip() for line in cell.rstrip().split("\n"))
    return cell.rstrip()


@given(cells)
@example("await f()\nx")
@example("async with f():\n    pass")
def test_what_awaits_something_is_never_missed(cell: str) -> None:
    """The compiler decides; who answers sooner may only say so for sure."""
    assert may_await(cell) or not _should_be_async(cell)


@pytest.mark.parametrize("notebook", sorted((REPOSITORY / "solutions").glob("*/*.ipynb")), ids=lambda path: path.stem)
def test_the_course_itself_goes_the_short_way(notebook: Path) -> None:
    """Every cell of more than one line; a rule that never applies would be right as well."""
    sources = [cell.source for cell in nbformat.read(notebook, as_version=4).cells if cell.cell_type == "code"]
    longer = [source for source in sources if "\n" in source.rstrip()]
    assert longer and all(is_python(source) and not may_await(source) for source in longer)


@given(st.text("a é\n∂😀"), st.integers(0, 2**32 - 1))
def test_cells_get_the_names_that_a_kernel_gives_them(source: str, seed: int) -> None:
    """Messages of errors and warnings contain them."""
    assert murmur2(source.encode(), seed) == murmur2_x86(source, seed)  # type: ignore[no-untyped-call]


REMEMBERED = {
    "definitions and a value": ["import math\n\ndef half(x):\n    return x / 2\n\nhalf(math.e)", "half(3)"],
    "an error in its own line": ["def root(x):\n    return 1 / x\n\nroot(0)\nprint('not reached')", "root(2)"],
    "a syntax error": ["def f(:\n    pass", "print('goes on')"],
    "what cannot be compiled though it can be parsed": ["x = 1\nreturn x", "x"],
    "an import from the future": ["from __future__ import annotations\nx: unknown = 1", "def f(y: other): pass\nf"],
    "a magic": ["%precision 2\n1 / 3\n1 / 3", "1 / 3"],
    "an await": ["import asyncio\nawait asyncio.sleep(0)\nprint('awaited')", "1"],
    "the source of a function": ["import inspect\ndef f():\n    return 1\n", "print(inspect.getsource(f))"],
    "run twice": ["count = globals().get('count', 0) + 1\ncount", "count = globals().get('count', 0) + 1\ncount"],
    "changed by the student's code": [
        "import ast\nclass More(ast.NodeTransformer):\n    def visit_Constant(self, node):\n"
        "        node.value = 7 if node.value == 1 else node.value\n        return node\n"
        "get_ipython().ast_transformers.append(More())",
        "x = 1\nprint(x)",
    ],
}


def displayed(fork_server: ForkServer, cells: Sequence[str]) -> list[object]:
    """What each cell displayed in a fresh process, and whether it raised."""
    process = fork_server.start()
    found: list[object] = []
    try:
        for source in cells:
            deadline = time.monotonic() + 30
            process.channel.send(messages.RunCell(secrets.token_bytes(16), source), deadline)
            reply = process.channel.receive(deadline)
            assert isinstance(reply, messages.CellDone)
            found.append((reply.outputs, reply.raised, reply.execution_count, reply.code_name))
    finally:
        process.end()
    return found


@pytest.mark.parametrize("cells", REMEMBERED.values(), ids=REMEMBERED)
def test_a_remembered_cell_runs_as_if_it_were_compiled_then(fork_server: ForkServer, cells: list[str]) -> None:
    """The same outputs, errors, numbers and names, whether or not its fork server has compiled it before."""
    warm = fork_server.clone(min(cores()))
    try:
        warm.remember(cells)
        assert displayed(warm, cells) == displayed(fork_server, cells)
    finally:
        warm.let_go()


colors = st.integers(0, 255)


@given(colors, colors, colors)
def test_a_remembered_color_is_the_nearest_one(red: int, green: int, blue: int) -> None:
    """In every formatter, also when it is asked again."""
    with pytest.MonkeyPatch.context() as patch:
        original = Terminal256Formatter._closest_color  # type: ignore[attr-defined]
        patch.setattr(Terminal256Formatter, "_closest_color", original)
        nearest = original(Terminal256Formatter(), red, green, blue)
        remember_colors()
        formatter: Any = Terminal256Formatter()
        assert formatter._closest_color(red, green, blue) == formatter._closest_color(red, green, blue) == nearest
