"""Wrong answers made by machine: a right one with one slip, or with two at once.

A slip is an operator, a number or a loop that is changed, as cosmic-ray does it; or a statement that is forgotten, runs
twice or in the wrong order, or reads another name: what cosmic-ray has no operator for.
"""

from __future__ import annotations

import ast
import contextlib
import random
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from itertools import chain, combinations, count, pairwise

from cosmic_ray.mutating import mutate_code
from cosmic_ray.plugins import get_operator, operator_names

_OPERATORS = [get_operator(name)() for name in operator_names() if not get_operator(name).arguments()]
_BODIES = ("body", "orelse")
_Statement = ast.Assign | ast.AugAssign | ast.Expr


@dataclass(frozen=True)
class Answer:
    """What a student might write into the answer cell of `function`."""

    assignment: str
    function: str
    source: str


@dataclass(frozen=True)
class Slip:
    """A change of a source: `text` stands where the characters from `start` to `end` were; `words` tell it."""

    start: int
    end: int
    text: str
    words: str

    def is_beside(self, other: Slip) -> bool:
        """Whether both can be made at once, since they change different places."""
        first, second = sorted((self, other), key=lambda slip: (slip.start, slip.end))
        is_added = first.start == first.end or second.start == second.end
        return first.end < second.start or (first.end == second.start and not is_added)


def mutant(right: Answer, *slips: Slip) -> Answer:
    """The answer with these slips in it."""
    source = right.source
    for slip in sorted(slips, key=lambda slip: slip.start, reverse=True):
        source = source[: slip.start] + slip.text + source[slip.end :]
    return Answer(right.assignment, right.function, source)


def term_slips(right: Answer) -> Iterator[Slip]:
    """One operator, number or loop changed: each way once that is valid Python, told by the line as it is then."""
    return _each_once(right, (_between(right.source, source) for source in _mutated(right.source)))


def statement_slips(right: Answer, kin: Collection[Collection[str]] = ()) -> Iterator[Slip]:
    """One statement changed as a whole, or one name in it: each way once that is valid Python.

    A name is replaced by others of its function, and by its `kin`, such as the other weights.
    """
    text = _Text(right.source)
    ways: list[Callable[[_Text], Iterator[Slip]]] = [_forgotten, _twice, _in_each_step, _swapped, _one_by_one, _clipped]
    return _each_once(right, chain(*(way(text) for way in ways), _other_names(text, kin)))


def pairs(slips: Collection[Slip], seed: str, most: int | None = None) -> list[tuple[Slip, Slip]]:
    """Two slips at once: all pairs, or at most so many of them drawn by lot, the same ones each time."""
    both = [(one, other) for one, other in combinations(slips, 2) if one.is_beside(other)]
    return both if most is None or len(both) <= most else random.Random(seed).sample(both, most)


def is_the_same(one: Answer, other: Answer) -> bool:
    """Whether two answers differ in nothing but the order of the terms of their sums and products."""
    return _normal(ast.parse(one.source)) == _normal(ast.parse(other.source))


def is_python(source: str) -> bool:
    """Whether it can be compiled."""
    with contextlib.suppress(SyntaxError):
        compile(source, "<mutant>", "exec")
        return True
    return False


def _each_once(right: Answer, slips: Iterator[Slip]) -> Iterator[Slip]:
    seen = {right.source}
    for slip in slips:
        source = mutant(right, slip).source
        if source not in seen and is_python(source):
            seen.add(source)
            yield slip


def _mutated(source: str) -> Iterator[str]:
    for operator in _OPERATORS:
        for occurrence in count():
            if (mutated := mutate_code(source, operator, occurrence)) is None:
                break
            yield mutated


def _between(source: str, mutated: str) -> Slip:
    """The slip that makes one source the other."""
    most = min(len(source), len(mutated))
    start = next((at for at in range(most) if source[at] != mutated[at]), most)
    same = next((at for at in range(most - start) if source[-1 - at] != mutated[-1 - at]), most - start)
    before = set(source.splitlines())
    words = " / ".join(line.strip() for line in mutated.splitlines() if line not in before)
    return Slip(start, len(source) - same, mutated[start : len(mutated) - same], words)


class _Text:
    """A source, and where the parts of its syntax stand in it."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.tree = ast.parse(source)
        self._lines = source.splitlines(keepends=True)
        self._starts = [sum(map(len, self._lines[:number])) for number in range(len(self._lines))]

    def span(self, node: ast.stmt | ast.expr) -> tuple[int, int]:
        """Its first character, and the one behind its last."""
        assert node.end_lineno and node.end_col_offset is not None
        return self._place(node.lineno, node.col_offset), self._place(node.end_lineno, node.end_col_offset)

    def of(self, node: ast.stmt | ast.expr) -> str:
        """What stands there."""
        start, end = self.span(node)
        return self.source[start:end]

    def line(self, node: ast.expr) -> str:
        """The line in which it stands."""
        return self._lines[node.lineno - 1].strip()

    def blocks(self) -> Iterator[list[ast.stmt]]:
        """The statements that stand one below the other, without what documents a function."""
        for node in ast.walk(self.tree):
            for body in _BODIES if isinstance(node, ast.FunctionDef | ast.For | ast.While | ast.If) else ():
                yield [each for each in getattr(node, body, []) if not _is_constant(each)]

    def statements(self) -> Iterator[_Statement]:
        """Those of one line that stand in a function."""
        return (each for block in self.blocks() for each in block if isinstance(each, _Statement))

    def read(self, node: ast.AST) -> set[str]:
        """The names and attributes that it reads."""
        return self._names(node, ast.Load)

    def written(self, node: ast.AST) -> set[str]:
        """The names and attributes that it sets."""
        return self._names(node, ast.Store)

    def kept(self, node: ast.stmt) -> list[str]:
        """The states that it sets to something it makes of them."""
        if isinstance(node, ast.Assign):
            targets = set().union(*map(self.written, node.targets))
            return sorted(targets & self.read(node.value))
        return []

    def _names(self, node: ast.AST, kind: type[ast.expr_context]) -> set[str]:
        named = (part for part in ast.walk(node) if isinstance(part, ast.Name | ast.Attribute))
        return {self.of(part) for part in named if isinstance(part.ctx, kind)}

    def _place(self, line: int, byte: int) -> int:
        return self._starts[line - 1] + len(self._lines[line - 1].encode()[:byte].decode())


def _forgotten(text: _Text) -> Iterator[Slip]:
    """A statement that is not there."""
    for each in text.statements():
        yield Slip(*text.span(each), "pass", f"forgotten: {text.of(each)}")


def _twice(text: _Text) -> Iterator[Slip]:
    """A statement that runs twice, where the second time makes a difference: it goes on from what it set."""
    for each in text.statements():
        if not isinstance(each, ast.Assign) or text.kept(each):
            _, end = text.span(each)
            yield Slip(end, end, f"; {text.of(each)}", f"twice: {text.of(each)}")


def _in_each_step(text: _Text) -> Iterator[Slip]:
    """What is set before a loop is set again in each of its steps."""
    for block in text.blocks():
        for at, loop in enumerate(block):
            if not isinstance(loop, ast.For | ast.While):
                continue
            start, _ = text.span(loop.body[0])
            for before in block[:at]:
                if isinstance(before, ast.Assign):
                    yield Slip(start, start, f"{text.of(before)}; ", f"in each step: {text.of(before)}")


def _swapped(text: _Text) -> Iterator[Slip]:
    """Two neighbours that stand the other way round, where the order makes a difference."""
    for one, other in (pair for block in text.blocks() for pair in pairwise(block)):
        both = text.written(one) & (text.read(other) | text.written(other)) or text.written(other) & text.read(one)
        if both or any(isinstance(each, ast.Expr | ast.Return) for each in (one, other)):
            (start, middle), (after, end) = text.span(one), text.span(other)
            source = text.of(other) + text.source[middle:after] + text.of(one)
            words = f"the other way round: {text.of(one).splitlines()[0]} | {text.of(other).splitlines()[0]}"
            yield Slip(start, end, source, words)


def _one_by_one(text: _Text) -> Iterator[Slip]:
    """Two states that one step sets from the old ones, of which the second is set from the new first, either way."""
    for each in text.statements():
        match each:
            case ast.Assign(targets=[ast.Tuple(elts=[first, second])]) if text.kept(each):
                step = text.of(each.value)
                for one, at, other in [(first, 0, second), (second, 1, first)]:
                    source = f"{text.of(one)} = ({step})[{at}]; {text.of(other)} = ({step})[{1 - at}]"
                    yield Slip(*text.span(each), source, f"{text.of(one)} before {text.of(other)}: {text.of(each)}")


def _clipped(text: _Text) -> Iterator[Slip]:
    """A state that is not let grow beyond 1."""
    for each in text.statements():
        for state in text.kept(each):
            _, end = text.span(each)
            yield Slip(end, end, f"; {state} = np.clip({state}, -1, 1)", f"clipped: {state} in {text.of(each)}")


def _other_names(text: _Text, kin: Collection[Collection[str]]) -> Iterator[Slip]:
    """A name where another of its kind should be read."""
    for function in (node for node in ast.walk(text.tree) if isinstance(node, ast.FunctionDef)):
        own = {each.id for each in ast.walk(function) if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store)}
        own |= {argument.arg for argument in function.args.args} - {"self"}
        names = (each for line in function.body for each in ast.walk(line) if isinstance(each, ast.Name))
        for name in names:
            alike = next((kind for kind in (own, *kin) if name.id in kind), ())
            for other in sorted(alike) if isinstance(name.ctx, ast.Load) else ():
                yield Slip(*text.span(name), other, f"{other} for {name.id}: {text.line(name)}")


def _is_constant(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


def _normal(node: object) -> object:
    """Syntax in which such an order makes no difference."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Mult):
        return type(node.op).__name__, *sorted(repr(_normal(term)) for term in _terms(node, type(node.op)))
    if isinstance(node, ast.AST):
        return type(node).__name__, *(_normal(part) for _, part in ast.iter_fields(node))
    return [_normal(part) for part in node] if isinstance(node, list) else repr(node)


def _terms(node: ast.expr, operator: type[ast.operator]) -> Iterator[ast.expr]:
    if isinstance(node, ast.BinOp) and isinstance(node.op, operator):
        yield from _terms(node.left, operator)
        yield from _terms(node.right, operator)
    else:
        yield node
