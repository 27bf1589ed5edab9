"""The names a cell takes from elsewhere and those it gives."""

from __future__ import annotations

import builtins
import symtable
from collections.abc import Iterator


def given(source: str) -> set[str]:
    """The global names that a cell defines, by assignment, definition or import."""
    return {
        symbol.get_name() for symbol in _module(source).get_symbols() if symbol.is_assigned() or symbol.is_imported()
    }


def taken(source: str) -> set[str]:
    """The global names that a cell uses without defining them, Python's own aside; its functions included."""
    own = given(source) | set(dir(builtins))
    return {name for table in _tables(_module(source)) for name in _globals_of(table)} - own


def _module(source: str) -> symtable.SymbolTable:
    return symtable.symtable(source, "<cell>", "exec")


def _tables(table: symtable.SymbolTable) -> Iterator[symtable.SymbolTable]:
    yield table
    for child in table.get_children():
        yield from _tables(child)


def _globals_of(table: symtable.SymbolTable) -> Iterator[str]:
    is_module = table.get_type() == "module"
    for symbol in table.get_symbols():
        if symbol.is_referenced() and (is_module or symbol.is_global()):
            yield symbol.get_name()
