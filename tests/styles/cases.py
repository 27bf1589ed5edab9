"""Reading the corpus: each file of `corpus/` is a theme, its cells marked as Jupytext marks them.

# %% style: what is tried
# %% given      a locked cell, where there is one
# %% right      what a student wrote
# %% wrong      what another wrote
# %% answers    the names the assignment asks for, where they are not all that `right` defines
# %% check      the grade cell
# %% instead    in `different.py`: the grade cell to write instead
"""

from __future__ import annotations

import ast
from dataclasses import dataclass
from pathlib import Path

CORPUS = Path(__file__).parent / "corpus"


@dataclass(frozen=True)
class Case:
    """One style: its cells by kind, under the theme it belongs to."""

    theme: str
    title: str
    cells: dict[str, str]

    @property
    def answers(self) -> list[str]:
        """The functions and classes that the assignment asks for, which are the grade ids of its answer cells."""
        if "answers" in self.cells:
            return self.cells["answers"].split()
        kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
        return [node.name for node in ast.parse(self.cells["right"]).body if isinstance(node, kinds)] or ["answer"]

    def __str__(self) -> str:
        return f"{self.theme}: {self.title}"


def read() -> list[Case]:
    """Every style of the corpus, by theme."""
    cases = []
    for path in sorted(CORPUS.glob("*.py")):
        for text in path.read_text().split("# %% style: ")[1:]:
            title, *cells = text.split("# %% ")
            cases.append(Case(path.stem, title.strip(), dict(_kind_and_source(cell) for cell in cells)))
    return cases


def _kind_and_source(cell: str) -> tuple[str, str]:
    kind, _, source = cell.partition("\n")
    return kind.strip(), source.strip()
