"""The libraries that the author's notebook imports: they are imported once for a class, and not by each submission."""

from __future__ import annotations

import ast
import contextlib
import re
import sys
from collections.abc import Iterable, Mapping

from autograder.magics import python_of
from autograder.protocol.libraries import is_installed

_IMPORT = re.compile(r"^\s*(?:import|from|%matplotlib|%pylab|%load_ext|%run|%reload_ext)\b", re.MULTILINE)


def has_imports(source: str) -> bool:
    """Whether a cell imports something, which may take long when nobody has done it before."""
    return _IMPORT.search(source) is not None


def libraries(sources: Iterable[str], files: Mapping[str, bytes]) -> tuple[str, ...]:
    """The modules of installed packages that code imports, itself or by modules among the `files` beside it.

    A module that lies beside a notebook is never among them, even if an installed one has its name.
    """
    beside = {name.partition("/")[0].removesuffix(".py") for name in files if name.endswith(".py")}
    texts = [content.decode(errors="replace") for name, content in files.items() if name.endswith(".py")]
    found: set[str] = set()
    for text in [*sources, *texts]:
        with contextlib.suppress(SyntaxError, ValueError, RecursionError):
            found.update(modules_imported(ast.parse(python_of(text))))
    tops = {name.partition(".")[0] for name in found} - beside - sys.stdlib_module_names
    installed = {top for top in tops if is_installed(top)}
    return tuple(sorted(name for name in found if name.partition(".")[0] in installed))


def modules_imported(code: ast.Module) -> Iterable[str]:
    """The names of modules; one that `from` imports may be a module or not."""
    for node in ast.walk(code):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names if alias.name != "*")
