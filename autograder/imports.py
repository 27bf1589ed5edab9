"""The libraries that notebooks import: they are imported once for a class, and not by each submission."""

from __future__ import annotations

import ast
import contextlib
import functools
import re
import sys
from collections.abc import Iterable, Mapping, Sequence

import nbformat

from autograder.cells import is_run, role
from autograder.magics import python_of
from autograder.protocol.libraries import DRAWING, is_drawing, is_installed

_IMPORT = re.compile(r"^\s*(?:import|from|%matplotlib|%pylab|%load_ext|%run|%reload_ext)\b", re.MULTILINE)


def has_imports(source: str) -> bool:
    """Whether a cell imports something, which may take long when nobody has done it before."""
    return _IMPORT.search(source) is not None


def libraries(sources: Iterable[str], files: Mapping[str, bytes], draws_figures: bool) -> tuple[str, ...]:
    """The modules of installed packages that code imports, itself or by modules among the `files` beside it.

    Those that draw are among them only where the notebook `draws_figures`. A module that lies beside a notebook is
    never among them, even if an installed one has its name.
    """
    beside = {name.partition("/")[0].removesuffix(".py") for name in files if name.endswith(".py")}
    texts = [content.decode(errors="replace") for name, content in files.items() if name.endswith(".py")]
    found: set[str] = set()
    for text in [*sources, *texts]:
        if "import" not in text:  # parsing takes most of the time
            continue
        with contextlib.suppress(SyntaxError, ValueError, RecursionError):
            found.update(modules_imported(ast.walk(ast.parse(python_of(text)))))
    tops = {name.partition(".")[0] for name in found} - beside - sys.stdlib_module_names
    installed = {top for top in tops if is_installed(top)}
    wanted = (name for name in found if draws_figures or not is_drawing(name))
    return tuple(sorted(name for name in wanted if name.partition(".")[0] in installed))


def modules_imported(nodes: Iterable[ast.AST]) -> Iterable[str]:
    """The names of modules in the nodes of some code; one that `from` imports may be a module or not."""
    for node in nodes:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names if alias.name != "*")


_DRAWS_AT_ONCE = re.compile(r"^(?:from|import|%) *(?:matplotlib|pylab)", re.MULTILINE)
_COMMENT = re.compile(r"#.*")
_DEFINITION = re.compile(r"^(?:(?:async +)?(?:def|class) +(?P<name>\w+)|(?P<variable>\w+) *=[^=])", re.MULTILINE)


def draws(cells: Sequence[nbformat.NotebookNode], files: Mapping[str, bytes]) -> bool:
    """Whether the code that is run while a notebook is graded speaks of a library that draws figures.

    Args:
        cells: all cells of the notebook. What a locked cell only defines does not count until another cell names it.
        files: what lies beside it.
    """
    words, own, helpers = set(DRAWING), list[str](), list[tuple[str, str]]()
    for cell in cells:
        if cell.cell_type == "code" and is_run(cell):
            if not role(cell).is_given:
                own.append(cell.source)
            elif _DRAWS_AT_ONCE.search(cell.source):
                return True
            else:
                helpers += _definitions(cell.source)
    while new := {name for name, text in helpers if name not in words and _names(text, words)}:
        words |= new
    texts = [*own, *(content.decode(errors="replace") for name, content in files.items() if name.endswith(".py"))]
    return any(_names(_COMMENT.sub("", text), words) for text in texts)


@functools.lru_cache(maxsize=100)
def _definitions(source: str) -> tuple[tuple[str, str], ...]:
    """The functions, classes and variables of a cell, each with the text from its name to the next one."""
    found = list(_DEFINITION.finditer(source))
    ends = [*(each.start() for each in found[1:]), len(source)]
    names = [each["name"] or each["variable"] for each in found]
    return tuple((name, source[each.end() : end]) for name, each, end in zip(names, found, ends, strict=False))


def _names(text: str, words: Iterable[str]) -> bool:
    return any(word in text and re.search(rf"\b{word}\b", text) for word in words)
