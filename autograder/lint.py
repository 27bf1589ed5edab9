"""The rules for every assignment: the grammar of grade ids, points that add up, no answer handed out.

Grade ids: `<function>` for an answer, `<function>[-<aspect>]-shown` and `-hidden` for its checks, `given-<what>` for
locked cells that both sides run, `question-<what>` for an answer in words.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

import nbformat
from traitlets.config import Config

from autograder.cells import (
    CHECK,
    HIDDEN,
    HIDDEN_TESTS,
    MARK_SCHEME,
    SHOWN,
    SOLUTION,
    Role,
    defined_names,
    grammar,
    is_marker,
    kind_of,
    region_lines,
    regions,
    role,
)
from autograder.config import course_config, house_style
from autograder.judge import partial_credit
from autograder.judge.mistakes import catalogue_at
from autograder.models import CourseError
from autograder.names import names_taken
from autograder.notebook import assignments, content_of, parse_at, require_assignment
from autograder.source_notebook import read_source_notebook

_HEADING = re.compile(r"^## .*?(?:`(?P<function>\w+)`.*)?\((?P<points>\d+) points?\)$", re.MULTILINE)
_TOTAL = re.compile(r"^\*.*, (?P<points>\d+) points\.\*$", re.MULTILINE)
_MARKERS = ("BEGIN SOLUTION", "END SOLUTION", "BEGIN HIDDEN", "END HIDDEN", "MARK SCHEME")
_OWN_WORDS = ("autograder", "from answers")
"""What no released notebook of this course says."""


@dataclass(frozen=True)
class _Cell:
    """An instructor cell of the source, in the words of the rules."""

    role: Role
    source: str
    is_code: bool

    @property
    def grade_id(self) -> str:
        """Its name."""
        return self.role.grade_id

    @property
    def is_code_check(self) -> bool:
        """Whether it is a check that runs."""
        return self.is_code and self.role.is_check


def lint(root: Path, fresh: Mapping[Path, bytes] = MappingProxyType({})) -> list[str]:
    """Every rule that is broken in the course below `root`, one line each, naming the file.

    What gives a secret away is reported for every course, of the notebooks that were handed out and of those in
    `fresh`, which `build` would hand out now. The rules of style are for courses with `c.Build.house_style = True`.
    """
    return list(dict.fromkeys(line for name in assignments(root) for line in _lint_assignment(root, name, fresh)))


def _lint_assignment(root: Path, assignment: str, fresh: Mapping[Path, bytes]) -> Iterator[str]:
    config, roles = course_config(root), list[Role]()
    for path in require_assignment(root, assignment):
        source = read_source_notebook(config, path)
        yield from _lint_notebook(root, config, path, source, fresh)
        roles += [role(cell) for cell in source.cells]
    if house_style(config):
        yield from _answers(root, assignment, roles)


def _lint_notebook(
    root: Path, config: Config, path: Path, source: nbformat.NotebookNode, fresh: Mapping[Path, bytes]
) -> Iterator[str]:
    cells = [_Cell(found, cell.source, cell.cell_type == "code") for cell in source.cells if (found := role(cell))]
    if has_style := house_style(config):
        broken = list(_syntax(cells))
        yield from (f"{path.relative_to(root)}: {line}" for line in broken or _style(source, cells))
        if broken:
            return
    release = Path(config.CourseDirectory.release_directory, path.parent.name, path.name)
    contents = [content_of(root / release)] if (root / release).exists() else []  # a missing one is stale
    for content in {*contents, *(content for name, content in fresh.items() if name == release)}:
        handed_out = parse_at(release, content)
        leaks = _leaks(handed_out, cells) if has_style else _whole_leaks(handed_out, cells)
        yield from (f"{release}: {line}" for line in leaks)


def _style(source: nbformat.NotebookNode, cells: list[_Cell]) -> Iterator[str]:
    for rule in (_grammar, _functions, _hidden_regions, _borrowed_names, _partial_credit):
        yield from rule(cells)
    yield from _points(source, cells)


def _answers(root: Path, assignment: str, roles: list[Role]) -> Iterator[str]:
    """The modules in `answers/` can be used, and are about functions that a notebook asks for."""
    try:
        known = catalogue_at(root, assignment)
    except CourseError as error:
        yield str(error)
        return
    asked = {each.grade_id for each in roles if each.is_answer}
    for function in sorted(known.solutions.keys() - asked) if known else ():
        yield f"answers/{assignment}/mistakes.py: '{function}' is not a function of an answer cell in the notebook"


def _borrowed_names(cells: list[_Cell]) -> Iterator[str]:
    """A check that takes `np` from the student runs what the student bound to it, comparisons included."""
    allowed = {cell.grade_id for cell in cells if cell.role.is_answer}
    for cell in cells:
        if cell.is_code and cell.role.is_given:
            allowed |= defined_names(cell.source)
    for cell in cells:
        for name in sorted(names_taken(cell.source) - allowed) if cell.is_code_check else []:
            yield f"cell '{cell.grade_id}' uses the student's '{name}'; import it in this cell or in a locked one"


def _partial_credit(cells: list[_Cell]) -> Iterator[str]:
    """A check that ends in its points says so, and one that does not say so ends in no number."""
    given = [cell.source for cell in cells if cell.is_code and cell.role.is_given]
    locked = frozenset(name for source in given for name in defined_names(source))
    for cell in cells:
        if not cell.is_code_check:
            continue
        if reason := partial_credit.marked_objection(cell.source, locked):
            yield f"cell '{cell.grade_id}': {reason}"
        if partial_credit.looks_like_points(cell.source):
            yield (
                f"cell '{cell.grade_id}' seems to end in a number, and no line of it says '{partial_credit.MARK}'. "
                "Add that line if the number is its points, else assign the number to a name"
            )


def _syntax(cells: list[_Cell]) -> Iterator[str]:
    for cell in cells:
        if cell.is_code:
            try:
                ast.parse(cell.source)
            except SyntaxError as error:
                yield f"cell '{cell.grade_id}' is not valid Python (line {error.lineno}: {error.msg})"


def _grammar(cells: list[_Cell]) -> Iterator[str]:
    for cell in cells:
        pattern = grammar(cell.role, cell.is_code)
        if not pattern.fullmatch(cell.grade_id):
            yield f"grade id '{cell.grade_id}' does not match the pattern {pattern.pattern}"


def _functions(cells: list[_Cell]) -> Iterator[str]:
    answers = {cell.grade_id: cell for cell in cells if cell.role.is_answer and cell.is_code}
    kinds: dict[str, set[str]] = {name: set() for name in answers}
    for cell in cells:
        if cell.role.is_check and (match := CHECK.fullmatch(cell.grade_id)):
            kinds.setdefault(match["function"], set()).add(match["kind"])
    for name, found in kinds.items():
        for kind in sorted({SHOWN, HIDDEN} - found):
            yield f"function '{name}' has no {kind} checks"
        defined = _defined_functions(answers[name].source) if name in answers else set()
        if name not in defined:
            yield f"no answer cell '{name}' defines the function '{name}'"


def _defined_functions(source: str) -> set[str]:
    return {node.name for node in ast.parse(source).body if isinstance(node, ast.FunctionDef)}


def _hidden_regions(cells: list[_Cell]) -> Iterator[str]:
    """A hidden cell checks in its hidden part; a shown cell may hide replacements of functions there, but no checks."""
    for cell in cells:
        if not cell.is_code_check:
            continue
        hidden = region_lines(cell.source, HIDDEN_TESTS)
        checks = any(
            isinstance(node, ast.Assert) or (isinstance(node, ast.Attribute) and node.attr.startswith("assert_"))
            for node in ast.walk(ast.parse(cell.source))
            if getattr(node, "lineno", 0) in hidden
        )
        if kind_of(cell.grade_id) == HIDDEN and not checks:
            yield f"cell '{cell.grade_id}' has no check in its hidden region"
        if kind_of(cell.grade_id) == SHOWN and checks:
            yield f"cell '{cell.grade_id}' has a check in its hidden region; move it to a '-hidden' cell of its own"


def _points(source: nbformat.NotebookNode, cells: list[_Cell]) -> Iterator[str]:
    """The cells give the points that the headings promise."""
    prose = "\n".join(cell.source for cell in source.cells if cell.cell_type == "markdown")
    promised = {match["function"] or "question": int(match["points"]) for match in _HEADING.finditer(prose)}
    given: dict[str, float] = {}
    for cell in cells:
        if cell.role.is_graded:
            match = CHECK.fullmatch(cell.grade_id)
            owner = match["function"] if match else "question"
            given[owner] = given.get(owner, 0) + cell.role.points
    for owner in sorted(promised.keys() | given.keys()):
        if promised.get(owner) != given.get(owner):
            said, gives = promised.get(owner, 0), given.get(owner, 0)
            yield f"the heading of '{owner}' says {said} points, but its cells give {gives:g}"
    total = _TOTAL.search(prose)
    if total is None or int(total["points"]) != sum(given.values()):
        yield f"the title should say '..., {sum(given.values()):g} points.'"


def _leaks(release: nbformat.NotebookNode, cells: list[_Cell]) -> Iterator[str]:
    text = "\n".join(cell.source for cell in release.cells)
    for marker in (*_MARKERS, *_OWN_WORDS):
        if marker in text:
            yield f"contains '{marker}'"
    handed_out = {line.strip() for line in text.splitlines()}
    for cell in cells:
        for line in _secret_lines(cell):
            if line in handed_out:
                yield f"gives away a line of '{cell.grade_id}': {line}"


def _whole_leaks(release: nbformat.NotebookNode, cells: list[_Cell]) -> Iterator[str]:
    """The same for any course, where a line of a solution may be elsewhere, too: only whole regions are reported."""
    text = "\n".join(cell.source for cell in release.cells if role(cell) or cell.cell_type == "code")
    for marker in _MARKERS:
        if marker in text:
            yield f"contains '{marker}'"
    handed_out = {line.strip() for line in text.splitlines()}
    for cell in cells:
        for words, what in (
            (SOLUTION, "the solution"),
            (HIDDEN_TESTS, "hidden tests"),
            (MARK_SCHEME, "the mark scheme"),
        ):
            for region in regions(cell.source, words):
                lines = [line for each in region.splitlines() if (line := each.strip()) and line[0] != "#"]
                if any(len(line) > len("return x") for line in lines) and handed_out.issuperset(lines):
                    yield f"gives away {what} of '{cell.grade_id}'"


def _secret_lines(cell: _Cell) -> Iterator[str]:
    """The lines that no student may get: of solutions and rubrics those that say something, hidden comparisons."""
    said = [*regions(cell.source, SOLUTION), *regions(cell.source, MARK_SCHEME)]  # a rubric often stands in a solution
    lines = dict.fromkeys(line.strip() for region in said for line in region.splitlines())
    yield from (line for line in lines if len(line) > len("return x") and not is_marker(line))
    for region in regions(cell.source, HIDDEN_TESTS):
        yield from (line.strip() for line in region.splitlines() if "assert" in line or "reference" in line)
