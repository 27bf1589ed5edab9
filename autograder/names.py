"""The names in the cells of a notebook: which of them answers define and read, and what checks give to later cells.

In one process all cells share their names. Here the student's cells and the checks run in two processes, and a name
goes over only where the author meant it to be shared, which the author's own answers and what was handed out show.
"""

from __future__ import annotations

import ast
import builtins
import contextlib
import functools
import symtable
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from autograder.cells import answers, blanked, defined_names, function_of, kind_of, role
from autograder.magics import python_of


@dataclass(frozen=True)
class AnswerNames:
    """What the author's answers do with global names.

    `asked_for` are the functions and classes that they define. `read` are names that their code reads and that a check
    may set: those that nothing but a check defines, Python's own (such as `input`), and variables of the answers that
    their functions use. `changed` are names of locked cells whose data they change, such as a list that they fill; only
    who runs them knows these. `defined` are all that their own cells define. `imports` are what cells that are not
    locked import, by name, each with its statement: a check has such a name from there, even if a student sets it.
    """

    asked_for: frozenset[str] = frozenset()
    read: frozenset[str] = frozenset()
    changed: frozenset[str] = frozenset()
    defined: frozenset[str] = frozenset()
    imports: Mapping[str, str] = field(default_factory=dict)


def answer_names(cells: Iterable[Mapping[str, Any]]) -> AnswerNames:
    """The names of the answers among the code cells of a source notebook, which has their solutions."""
    cells = [cell for cell in cells if cell["cell_type"] == "code" and not role(cell).is_check]
    uses = [_uses(cell["source"]) for cell in cells if not role(cell).is_given]
    bound = frozenset[str]().union(*(defined_names(cell["source"]) for cell in cells))
    asked_for = answers(cells).union(*(each.definitions for each in uses))
    free = frozenset[str]().union(*(each.reads for each in uses)) - bound
    variables = frozenset[str]().union(*(each.variables for each in uses))
    of_functions = frozenset[str]().union(*(each.reads_of_functions for each in uses))
    of_answers = (cell["source"] for cell in cells if role(cell).is_answer)
    defined = frozenset[str]().union(*map(defined_names, of_answers))
    imports = {name: text for cell in cells if not role(cell).is_given for name, text in _imports(cell["source"])}
    for name in asked_for | variables:
        imports.pop(name, None)
    return AnswerNames(asked_for, free | (variables & of_functions), defined=defined, imports=imports)


def global_reads(source: str) -> frozenset[str]:
    """The global names that the code of a cell uses, its functions included; none when it is not Python."""
    return _uses(source).reads


def imported_names(source: str) -> frozenset[str]:
    """The names that a cell imports outside of functions."""
    return frozenset(name for name, _ in _imports(source))


def names_taken(source: str) -> frozenset[str]:
    """The global names that the code of a cell uses without defining them, Python's own aside."""
    return global_reads(source) - defined_names(source) - frozenset(dir(builtins))


def handed_out_definitions(check: str, wanted: frozenset[str]) -> str:
    """The statements of a check that define `wanted` names, and what these need of the check; as they were handed out.

    A later cell of the student's may use what a check before it imported or assigned, as in one process. Only whole
    statements that define names are taken: no assertion, no call for its effect, nothing that is hidden.
    """
    try:
        body = ast.parse(python_of(blanked(check))).body
    except SyntaxError:
        return ""
    taken = list[ast.stmt]()
    for statement in reversed(body):
        text = ast.unparse(statement)
        if isinstance(statement, _DEFINING) and defined_names(text) & wanted:
            taken.append(statement)
            wanted |= global_reads(text)
    return "\n".join(ast.unparse(statement) for statement in reversed(taken))


_DEFINING = (
    *(ast.Import, ast.ImportFrom, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef),
    *(ast.Assign, ast.AnnAssign, ast.AugAssign),
)


def _imports(source: str) -> Iterator[tuple[str, str]]:
    """The names that a cell imports outside of functions, each with a statement that does so."""
    with contextlib.suppress(SyntaxError):
        for node in ast.parse(python_of(source)).body:
            if isinstance(node, ast.Import):
                for alias in node.names:
                    yield (alias.asname or alias.name).partition(".")[0], ast.unparse(ast.Import([alias]))
            elif isinstance(node, ast.ImportFrom) and not node.level:
                for alias in node.names:
                    yield alias.asname or alias.name, ast.unparse(ast.ImportFrom(node.module, [alias], 0))


@functools.lru_cache(maxsize=1000)
def set_globally(source: str) -> frozenset[str]:
    """The names that functions of a cell set with `global`."""
    with contextlib.suppress(SyntaxError):
        return frozenset(_set_globally(symtable.symtable(python_of(source), "<cell>", "exec")))
    return frozenset()


def _set_globally(table: symtable.SymbolTable) -> Iterator[str]:
    for child in table.get_children():
        for symbol in child.get_symbols():
            if symbol.is_declared_global() and symbol.is_assigned():
                yield symbol.get_name()
        yield from _set_globally(child)


@dataclass(frozen=True)
class _Uses:
    """What the code of a cell does with global names; `variables` are those that it assigns."""

    definitions: frozenset[str] = frozenset()
    variables: frozenset[str] = frozenset()
    reads: frozenset[str] = frozenset()
    reads_of_functions: frozenset[str] = frozenset()


@functools.lru_cache(maxsize=1000)
def _uses(source: str) -> _Uses:
    with contextlib.suppress(SyntaxError):
        table = symtable.symtable(python_of(source), "<cell>", "exec")
        inner = frozenset(name for child in table.get_children() for name in _reads(child))
        symbols = {symbol.get_name(): symbol for symbol in table.get_symbols()}
        definitions = frozenset(name for name, symbol in symbols.items() if symbol.is_namespace())
        imports = frozenset(name for name, symbol in symbols.items() if symbol.is_imported())
        outer = frozenset(name for name, symbol in symbols.items() if symbol.is_referenced())
        return _Uses(definitions, defined_names(source) - definitions - imports, inner | outer, inner)
    return _Uses()


def _reads(table: symtable.SymbolTable) -> Iterator[str]:
    """The global names that a function or a class uses, and those inside it."""
    for symbol in table.get_symbols():
        if symbol.is_referenced() and symbol.is_global():
            yield symbol.get_name()
    for child in table.get_children():
        yield from _reads(child)


@dataclass(frozen=True)
class Subject:
    """What a check is about: a name that an answer defines, and whether the check calls it; no name where none fits."""

    name: str = ""
    is_called: bool = False


def subject_of(grade_id: str, check: str, asked_for: frozenset[str]) -> Subject:
    """What a check is about, among the names that answers define.

    By convention its grade id begins with it. In any other course it is a name that the check uses: one that its grade
    id contains, else one that it calls, and of several the one that it uses most.
    """
    function = function_of(grade_id)
    if function in asked_for and kind_of(grade_id):
        return Subject(function, is_called=True)
    called, used = Counter[str](), Counter[str]()
    with contextlib.suppress(SyntaxError):
        for node in ast.walk(ast.parse(python_of(check))):
            if isinstance(node, ast.Name) and node.id in asked_for:
                used[node.id] += 1
            elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in asked_for:
                called[node.func.id] += 1
    if not used:
        return Subject()
    name = max(used, key=lambda name: (name == function, name in grade_id, name in called, used[name], len(name)))
    return Subject(name, name in called)
