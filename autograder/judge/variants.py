"""Wrong answers that differ from a right one in one place: what a slip of the pen makes of it.

Students make more mistakes than anybody writes down. Most of them change one thing: a sign, a name, a factor that is
missing, a `return` inside the loop. They are made here from the text of a right answer, each with a sentence that is
true of it.
"""

from __future__ import annotations

import ast
import functools
import hashlib
import itertools
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

_SIGNS: dict[type[ast.operator], tuple[tuple[type[ast.operator], str], ...]] = {
    ast.Add: (
        (ast.Sub, "A value is subtracted where it should be added."),
        (ast.Mult, "Two values are multiplied where they should be added."),
    ),
    ast.Sub: (
        (ast.Add, "A value is added where it should be subtracted."),
        (ast.Mult, "Two values are multiplied where one should be subtracted from the other."),
    ),
    ast.Mult: (
        (ast.Add, "Two values are added where they should be multiplied."),
        (ast.Sub, "A value is subtracted where it should be multiplied."),
        (ast.Div, "A value is divided by another where it should be multiplied."),
    ),
    ast.Div: (
        (ast.Mult, "Two values are multiplied where one should be divided by the other."),
        (ast.Sub, "A value is subtracted where the other should be divided by it."),
        (ast.FloorDiv, "The result of a division is rounded down to a whole number."),
    ),
    ast.Pow: ((ast.Mult, "A value is multiplied by the exponent where it should be raised to a power."),),
    ast.MatMult: ((ast.Mult, "`*` multiplies element by element; a weighted sum needs `@`."),),
}
_COMPARISONS: dict[type[ast.cmpop], tuple[tuple[type[ast.cmpop], str], ...]] = {
    ast.Gt: (
        (ast.Lt, "A comparison goes the wrong way."),
        (ast.GtE, "A comparison gives the wrong result when the two values are equal."),
    ),
    ast.GtE: (
        (ast.LtE, "A comparison goes the wrong way."),
        (ast.Gt, "A comparison gives the wrong result when the two values are equal."),
    ),
}
_MOST, _MOST_ORDERS = 1500, 24


@dataclass(frozen=True)
class Variant:
    """A wrong answer made from a right one: its text, and what is wrong with it."""

    source: str
    sentence: str

    @property
    def name(self) -> str:
        """A name that stays the same as long as the text does."""
        return hashlib.sha256(self.source.encode()).hexdigest()[:10]


@functools.cache
def variants(source: str, names: frozenset[str], parts: tuple[str, ...] = ()) -> tuple[Variant, ...]:
    """The answers that differ from `source`, a function, in one place; simpler explanations come first.

    Args:
        source: a right answer.
        names: what a student knows besides the arguments: names that the notebook gives, functions it asks for. Only
            these and the arguments are named in a sentence.
        parts: the names of the values it returns, in order, if it returns a tuple.

    """
    tree = ast.parse(source)
    (function,) = tree.body
    assert isinstance(function, ast.FunctionDef)
    maker = _Maker(tree, function, names, parts)
    right, found = ast.unparse(tree), dict[str, str]()
    surely_ends = _ends_whatever_changes(tree)
    for sentence, text in maker.all():
        if text != right and text not in found and (surely_ends or _ends(text)):
            found[text] = sentence
    return tuple(Variant(text, sentence) for text, sentence in itertools.islice(found.items(), _MOST))


@dataclass(frozen=True)
class _Place:
    """The place of an expression in its parent."""

    parent: ast.AST
    field: str
    index: int | None

    @property
    def node(self) -> ast.AST:
        value = getattr(self.parent, self.field)
        found: ast.AST = value if self.index is None else value[self.index]
        return found

    def put(self, node: ast.AST) -> None:
        """Put another node there."""
        if self.index is None:
            setattr(self.parent, self.field, node)
        else:
            getattr(self.parent, self.field)[self.index] = node


class _Maker:
    """Changes one place of a function at a time."""

    def __init__(
        self, tree: ast.Module, function: ast.FunctionDef, names: frozenset[str], parts: Sequence[str]
    ) -> None:
        self._tree, self._function, self._parts = tree, function, parts
        self._arguments = [argument.arg for argument in function.args.args]
        self._locals = sorted(
            {node.id for node in ast.walk(function) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
        )
        self._given = sorted(names)
        self._public: Collection[str] = {*self._arguments, *names, *parts}

    def all(self) -> Iterator[tuple[str, str]]:
        """Sentences and texts."""
        places = [place for place in _places(self._function) if isinstance(place.node, ast.expr)]
        for edits in (
            self._structure,
            self._operators,
            self._missing,
            self._brackets,
            self._results,
            self._numbers,
            self._names,
        ):
            yield from edits(places)

    def _changed(self, place: _Place, node: ast.AST, sentence: str) -> Iterator[tuple[str, str]]:
        before = place.node
        place.put(node)
        try:
            yield sentence, ast.unparse(self._tree)
        finally:
            place.put(before)

    def _said(self, node: ast.AST) -> str:
        """An expression as a student would know it; empty when it is one of the right answer's own."""
        used = {each.id for each in ast.walk(node) if isinstance(each, ast.Name)} - {"np"}
        return f"`{ast.unparse(node)}`" if used and used <= set(self._public) and _is_short(node) else ""

    def _structure(self, _: list[_Place]) -> Iterator[tuple[str, str]]:
        """Loops, and what is unpacked."""
        body = self._function.body
        for at, statement in enumerate(body):
            if isinstance(statement, ast.For):
                yield from self._loop(body, at, statement)
        for node in ast.walk(self._function):
            if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Tuple):
                yield from self._unpacked(node)

    def _loop(self, body: list[ast.stmt], at: int, loop: ast.For) -> Iterator[tuple[str, str]]:
        steps, after = list(loop.body), body[at + 1 :]
        yield from self._rearranged(
            loop,
            [*steps, *after],
            body[:at],
            [],
            "`return` is inside the loop, so the loop ends after its first step.",
        )
        for first in range(at):
            yield from self._rearranged(
                loop,
                [body[first], *steps],
                [*body[:first], *body[first + 1 : at]],
                after,
                "A value that should be kept from step to step is reset at every step; set it once, before the loop.",
            )
        yield from self._rearranged(
            loop, steps[::-1], body[:at], after, "The steps inside the loop are in the wrong order."
        )
        for part, sentence in (
            ("[:-1]", "The last value of the sequence is left out."),
            ("[1:]", "The first value of the sequence is left out."),
            ("[::-1]", "The sequence is read from its end."),
        ):
            shorter = ast.parse(ast.unparse(loop.iter) + part, mode="eval").body
            yield from self._changed(_Place(loop, "iter", None), shorter, sentence)

    def _rearranged(
        self, loop: ast.For, inside: list[ast.stmt], before: list[ast.stmt], after: list[ast.stmt], sentence: str
    ) -> Iterator[tuple[str, str]]:
        """The function with other statements in its loop, before it and after it."""
        body, kept_body, kept_loop = self._function.body, list(self._function.body), list(loop.body)
        loop.body[:], body[:] = inside, [*before, loop, *after]
        try:
            yield sentence, ast.unparse(self._tree)
        finally:
            loop.body[:], body[:] = kept_loop, kept_body

    def _unpacked(self, statement: ast.Assign) -> Iterator[tuple[str, str]]:
        target = statement.targets[0]
        if isinstance(target, ast.Tuple) and isinstance(statement.value, ast.Call) and len(target.elts) == 2:
            words = f"The values that `{ast.unparse(statement.value.func)}` returns are unpacked in the wrong order."
            swapped = ast.Tuple(target.elts[::-1], ast.Store())
            yield from self._changed(_Place(statement, "targets", 0), swapped, words)

    def _operators(self, places: list[_Place]) -> Iterator[tuple[str, str]]:
        for place in places:
            node = place.node
            if isinstance(node, ast.BinOp):
                for kind, sentence in _SIGNS.get(type(node.op), ()):
                    said = self._said(node.right) if type(node.op) is ast.Add and kind is ast.Sub else ""
                    words = f"{said} is subtracted where it should be added." if said else sentence
                    yield from self._changed(place, ast.BinOp(node.left, kind(), node.right), words)
                if isinstance(node.op, ast.Sub | ast.Div):
                    words = "Numerator and denominator are swapped."
                    words = words if isinstance(node.op, ast.Div) else "The two values of a subtraction are swapped."
                    yield from self._changed(place, ast.BinOp(node.right, node.op, node.left), words)
            if isinstance(node, ast.Compare):
                for other, words in _COMPARISONS.get(type(node.ops[0]), ()):
                    yield from self._changed(place, ast.Compare(node.left, [other()], node.comparators), words)
            if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
                yield from self._changed(place, node.operand, "A minus sign is missing.")
            if isinstance(node, ast.IfExp):
                swapped = ast.IfExp(node.test, node.orelse, node.body)
                yield from self._changed(place, swapped, "The two cases of a condition are swapped.")

    def _missing(self, places: list[_Place]) -> Iterator[tuple[str, str]]:
        for place in places:
            node = place.node
            if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Mult | ast.Sub):
                kind = "factor" if isinstance(node.op, ast.Mult) else "term"
                for kept, lost in ((node.left, node.right), (node.right, node.left)):
                    if isinstance(node.op, ast.Sub) and kept is node.right:
                        continue
                    said = self._said(lost)
                    words = f"The {kind} {said} is missing." if said else f"A {kind} is missing."
                    yield from self._changed(place, kept, words)
            if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div):
                yield from self._changed(place, node.left, "A divisor is missing: nothing is divided.")
                yield from self._changed(place, node.right, "Only the divisor is used: the value to divide is missing.")
            if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Pow):
                yield from self._changed(place, node.left, "A power is missing.")
            if isinstance(node, ast.Call) and node.args:
                yield from self._call(place, node)
            if isinstance(node, ast.IfExp):
                for kept in (node.body, node.orelse):
                    yield from self._changed(place, kept, "The same case of a condition is always used.")

    def _call(self, place: _Place, node: ast.Call) -> Iterator[tuple[str, str]]:
        called = ast.unparse(node.func)
        is_own = called in self._given or called.startswith("np.") or called in ("round", "softmax", "max")
        if len(node.args) == 1 or called.startswith("np.") or called == "max":
            for argument in node.args:
                if not isinstance(argument, ast.Constant):
                    yield from self._changed(
                        place,
                        argument,
                        f"`{called}` has no effect on the result."
                        if is_own
                        else "A function has no effect on the result.",
                    )
        for order in list(itertools.permutations(node.args))[1:_MOST_ORDERS]:
            swapped = ast.Call(node.func, list(order), node.keywords)
            count = sum(one is not other for one, other in zip(order, node.args, strict=True))
            words = "Two arguments" if count == 2 else "The arguments"
            yield from self._changed(place, swapped, f"{words} of `{called}` are in the wrong order.")
        for other_name in self._given:
            if called in self._given and other_name != called and "gate" in called and "gate" in other_name:
                call = ast.Call(ast.Name(other_name, ast.Load()), node.args, node.keywords)
                yield from self._changed(place, call, f"`{other_name}` is called where another function belongs.")

    def _brackets(self, places: list[_Place]) -> Iterator[tuple[str, str]]:
        """Brackets that end too early, are missing, or stand around too much."""
        words = "Brackets are missing or in the wrong place, so the steps of the calculation are in the wrong order."
        for place in places:
            node = place.node
            if isinstance(node, ast.Call) and len(node.args) == 1 and isinstance(sum_ := node.args[0], ast.BinOp):
                called = ast.unparse(node.func)
                early = f"The brackets of `{called}` end too early: it should be applied to the whole expression."
                for inside, outside in _splits(sum_):
                    call = ast.Call(node.func, [inside], [])
                    yield from self._changed(place, ast.BinOp(call, sum_.op, outside), early)
            if isinstance(node, ast.BinOp):
                for changed in _other_brackets(node):
                    yield from self._changed(place, changed, words)

    def _results(self, _: list[_Place]) -> Iterator[tuple[str, str]]:
        """What is returned."""
        for statement in ast.walk(self._function):
            if isinstance(statement, ast.Return) and statement.value is not None:
                place = _Place(statement, "value", None)
                if isinstance(statement.value, ast.Tuple):
                    yield from self._tuple(place, statement.value)
                else:
                    yield from self._wrapped(place, statement.value, "")

    def _tuple(self, place: _Place, node: ast.Tuple) -> Iterator[tuple[str, str]]:
        names = self._parts if len(self._parts) == len(node.elts) else [""] * len(node.elts)
        said = f" The right order is: {', '.join(names)}." if all(names) else ""
        orders: list[Sequence[int]] = list(itertools.permutations(range(len(node.elts))))
        for order in orders[1:]:
            elements: list[ast.expr] = [node.elts[at] for at in order]
            words = f"The results are returned in the wrong order.{said}"
            yield from self._changed(place, ast.Tuple(elements, ast.Load()), words)
        for at, part in enumerate(node.elts):
            yield from self._wrapped(_Place(node, "elts", at), part, names[at])
            for other in self._locals:
                if not isinstance(part, ast.Name) or other != part.id:
                    words = f"`{other}` is returned" if other in self._public else "Another value is returned"
                    words += f" where the task asks for `{names[at]}`." if names[at] else " where it does not belong."
                    yield from self._changed(_Place(node, "elts", at), ast.Name(other, ast.Load()), words)

    def _wrapped(self, place: _Place, node: ast.expr, name: str) -> Iterator[tuple[str, str]]:
        result = f"`{name}`" if name else "The result"
        for pattern, words in (
            ("-({})", f"{result} has the wrong sign."),
            ("1 - ({})", f"{result} is 1 minus what it should be."),
            ("2 * ({})", f"{result} is twice as large as it should be."),
            ("({}) / 2", f"{result} is half as large as it should be."),
            ("np.abs({})", f"The sign of {result[0].lower() + result[1:]} is lost."),
            ("np.round({})", f"{result} is rounded to a whole number."),
            ("np.round({}, 1)", f"{result} is rounded."),
            ("np.round({}, 2)", f"{result} is rounded."),
            ("np.round({}, 3)", f"{result} is rounded."),
            ("np.round({}, 4)", f"{result} is rounded."),
            ("np.trunc({})", f"The decimals of {result[0].lower() + result[1:]} are cut off."),
            ("np.ceil({})", f"{result} is rounded up."),
            ("np.sum({})", f"{result} is added up to one number."),
            ("np.max({})", f"Only the largest number of {result[0].lower() + result[1:]} is kept."),
            ("np.sort({})", f"{result} is sorted, so its order is lost."),
            ("({})[::-1]", f"{result} is in reverse order."),
            ("({})[:-1]", f"The last entry of {result[0].lower() + result[1:]} is missing."),
            ("({})[1:]", f"The first entry of {result[0].lower() + result[1:]} is missing."),
            ("({})[-1]", f"Only the last entry of {result[0].lower() + result[1:]} is kept."),
            ("({})[0]", f"Only the first entry of {result[0].lower() + result[1:]} is kept."),
            ("np.append({}, 1)", f"{result} has a 1 at its end that does not belong there."),
            ("np.ravel({})", f"The shape of {result[0].lower() + result[1:]} is lost: it has only one dimension."),
            ("np.reshape({}, (-1, 1))", f"{result} is a column, but it should have one dimension."),
            ("np.reshape({}, (1, -1))", f"{result} is a table with one row, but it should have one dimension."),
            ("0 * ({})", f"{result} is always 0."),
        ):
            wrapped = ast.parse(pattern.format(ast.unparse(node)), mode="eval").body
            yield from self._changed(place, wrapped, words)
        for argument in self._arguments:
            text = ast.unparse(node)
            for pattern, said in (
                ("({}) * {}", "is a factor"),
                ("({}) + {}", "is added"),
                ("({}) - {}", "is subtracted"),
            ):
                extra = ast.parse(pattern.format(text, argument), mode="eval").body
                where = f"of `{name}`" if name else "of the result"
                words = f"`{argument}` {said} at the end {where}, where it does not belong."
                yield from self._changed(place, extra, words)
            words = f"`{argument}` is returned unchanged"
            words += f" where the task asks for `{name}`." if name else "."
            yield from self._changed(place, ast.Name(argument, ast.Load()), words)

    def _numbers(self, places: list[_Place]) -> Iterator[tuple[str, str]]:
        for place in places:
            node = place.node
            if (
                isinstance(node, ast.Constant)
                and isinstance(node.value, int | float)
                and not isinstance(node.value, bool)
            ):
                for other in (0, 1, -1, 2, node.value + 1, -node.value):
                    words = f"The number {other} is used where another number belongs."
                    yield from self._changed(place, ast.Constant(other), words)
            elif isinstance(node, ast.BinOp | ast.Call | ast.Name) and not isinstance(
                getattr(node, "ctx", None), ast.Store
            ):
                if isinstance(place.parent, ast.Call) and place.field == "func":
                    continue
                text, said = ast.unparse(node), self._said(node)
                for pattern, words in (
                    ("-({})", f"{said or 'An intermediate value'} has the wrong sign."),
                    ("np.round({})", f"{said or 'An intermediate value'} is rounded too early."),
                ):
                    yield from self._changed(place, ast.parse(pattern.format(text), mode="eval").body, words)

    def _names(self, places: list[_Place]) -> Iterator[tuple[str, str]]:
        known = [*self._arguments, *self._given, *self._locals]
        for place in places:
            node = place.node
            if not isinstance(node, ast.Name) or not isinstance(node.ctx, ast.Load) or node.id == "np":
                continue
            if isinstance(place.parent, ast.Call) and place.field == "func":
                continue
            for other in known:
                if other == node.id or other not in self._public:
                    continue  # nothing helpful can be said of a name that only the right answer has
                if _is_function(other, self._given) and not _is_function(node.id, self._given):
                    continue
                words = f"`{other}` is used where another value belongs."
                yield from self._changed(place, ast.Name(other, ast.Load()), words)


def _splits(node: ast.BinOp) -> Iterator[tuple[ast.expr, ast.expr]]:
    """The ways to end a bracket around terms too early: what is left inside, and what comes after it."""
    left, right = node.left, node.right
    yield left, right
    while isinstance(left, ast.BinOp) and type(left.op) is type(node.op):
        right = ast.BinOp(left.right, node.op, right)
        left = left.left
        yield left, right


def _other_brackets(node: ast.BinOp) -> Iterator[ast.expr]:
    """The same terms and operators, calculated in another order."""
    if isinstance(left := node.left, ast.BinOp):  # (a . b) : c  becomes  a . (b : c)
        yield ast.BinOp(left.left, left.op, ast.BinOp(left.right, node.op, node.right))
    if isinstance(right := node.right, ast.BinOp):  # a . (b : c)  becomes  (a . b) : c
        yield ast.BinOp(ast.BinOp(node.left, node.op, right.left), right.op, right.right)
    if isinstance(node.left, ast.BinOp) and isinstance(node.right, ast.BinOp):  # a b . c d  becomes  a (b . c) d
        middle = ast.BinOp(node.left.right, node.op, node.right.left)
        yield ast.BinOp(ast.BinOp(node.left.left, node.left.op, middle), node.right.op, node.right.right)


def _ends_whatever_changes(tree: ast.AST) -> bool:
    """Whether it has no loop and fills no list: then one change makes none, and `_ends` need not be asked."""
    return not any(
        isinstance(node, ast.While | ast.For | ast.AugAssign)
        or (isinstance(node, ast.Attribute) and node.attr == "append")
        for node in ast.walk(tree)
    )


def _ends(source: str) -> bool:
    """Whether it surely comes to an end, and so does who looks at its result.

    It has no `while`, no loop over a list that grows in it, and no list that becomes an item of itself.
    """
    nodes = list(ast.walk(ast.parse(source)))
    loops = [node for node in nodes if isinstance(node, ast.For)]
    growing = {ast.unparse(node.value) for loop in loops for node in ast.walk(loop) if isinstance(node, ast.Attribute)}
    growing |= {ast.unparse(node.target) for node in nodes if isinstance(node, ast.AugAssign)}
    read = {ast.unparse(loop.iter) for loop in loops}
    nested = any(
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and any(ast.unparse(node.func.value) in ast.unparse(argument) for argument in node.args)
        and ast.unparse(node.func.value) != "np"
        for node in nodes
    )
    return not (nested or read & growing or any(isinstance(node, ast.While) for node in nodes))


def _is_function(name: str, given: Collection[str]) -> bool:
    """Functions that are asked for are never what a number is mistaken for without brackets: that raises."""
    return name in given and not name.startswith(("w_", "b_"))


def _is_short(node: ast.AST) -> bool:
    return sum(1 for _ in ast.walk(node)) <= 12


def _places(node: ast.AST) -> Iterator[_Place]:
    for name, value in ast.iter_fields(node):
        if isinstance(value, list):
            for at, each in enumerate(value):
                if isinstance(each, ast.AST):
                    yield _Place(node, name, at)
                    yield from _places(each)
        elif isinstance(value, ast.AST):
            yield _Place(node, name, None)
            yield from _places(value)
