"""The answers to an assignment: the reference that checks compare with, and the wrong answers that are known.

They lie in `answers/<assignment>/` of a course, as `reference.py` and `mistakes.py`, and travel as text.
An assignment needs neither; without mistakes only verdicts are given.
"""

from __future__ import annotations

import builtins
import functools
import importlib
import symtable
import sys
import types
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from importlib.util import spec_from_loader
from pathlib import Path
from typing import Any

from autograder.judge.modules import TextLoader
from autograder.judge.variants import Variant, variants
from autograder.models import CourseError

_PACKAGE = "answers"


def read_answers(root: Path, assignment: str) -> dict[str, str]:
    """The texts of the modules in `answers/<assignment>/` of the course below `root`, by name."""
    folder = root / _PACKAGE / assignment
    try:
        return {path.stem: path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.py"))}
    except (OSError, UnicodeDecodeError) as error:
        raise CourseError(f"cannot be read ({error}).", folder, "Correct this and try again.") from None


def install(assignment: str, texts: Mapping[str, str]) -> None:
    """Let checks import these modules, as `answers.<assignment>.<module>`."""
    if texts and _FINDER.texts.get(assignment) != texts:
        _FINDER.texts[assignment] = dict(texts)
        package = f"{_PACKAGE}.{assignment}"
        for name in [name for name in sys.modules if name == package or name.startswith(f"{package}.")]:
            del sys.modules[name]
        catalogue.cache_clear()
    if _FINDER.texts and _FINDER not in sys.meta_path:
        sys.meta_path.insert(0, _FINDER)


def is_reference(thing: object) -> bool:
    """Whether `thing` is a function of a reference, or a method there, whose objects never change."""
    package, _, module = str(getattr(thing, "__module__", "")).rpartition(".")
    return module == "reference" and package.startswith(f"{_PACKAGE}.")


class _Finder(MetaPathFinder):
    """Finds what was installed."""

    def __init__(self) -> None:
        self.texts: dict[str, dict[str, str]] = {}

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: types.ModuleType | None = None
    ) -> ModuleSpec | None:
        package, *rest = name.split(".")
        if package != _PACKAGE or len(rest) > 2 or (rest and rest[0] not in self.texts):
            return None
        if len(rest) == 2 and rest[1] not in self.texts[rest[0]]:
            return None
        is_module = len(rest) == 2
        return spec_from_loader(name, TextLoader(self.texts[rest[0]][rest[1]] if is_module else "", not is_module))


_FINDER = _Finder()


@dataclass(frozen=True)
class Mistake:
    """A wrong answer that students really give.

    `sentence` helps the student who gave it, without the right answer; `place` is the section of the notebook to read
    again, and `source` is the answer as a student writes it.
    """

    name: str
    function: str
    sentence: str
    place: str
    source: str

    @property
    def is_variant(self) -> bool:
        """Whether it was made from the right answer, not written down."""
        return _VARIANT in self.name


@dataclass(frozen=True)
class Solution:
    """A right answer as a student may write it, from which mistakes differ by what they get wrong.

    `calls` are calls on which mistakes show, as the text of their arguments or a pair of that and the names that have
    other values meanwhile: `autograder build` makes hints of them that help in the notebook. `other_calls` are some
    that not every answer can take, of another shape for example.

    `steps` gives the place in its result of each value that it computes on the way, in the order of computing. Where
    the result is a list with one item for each step, `each` names such an item instead. `circumstance` puts into words
    what a student may know of a call: it is given the number of the step from 0, and the arguments.
    """

    function: str
    place: str
    source: str
    calls: Sequence[str | tuple[str, Mapping[str, float]]] = ()
    other_calls: Sequence[str | tuple[str, Mapping[str, float]]] = ()
    steps: Mapping[str, int] = field(default_factory=dict)
    each: str = ""
    circumstance: Callable[..., str] | None = None

    @property
    def is_in_steps(self) -> bool:
        """Whether it has steps, so that the first wrong one can be named."""
        return bool(self.steps or self.each)

    @property
    def parts(self) -> tuple[str, ...]:
        """The names of the values it returns, in their order; none when it returns a single one."""
        return tuple(sorted(self.steps, key=lambda name: self.steps[name]))

    def variant(self, name: str, sentence: str, *edits: tuple[str, str]) -> Mistake:
        """The mistake that writes the first of each pair, which must be there, as the second instead."""
        source = self.source
        for right, wrong in edits:
            if right not in source:
                raise ValueError(f"{self.function} has no '{right}'")
            source = source.replace(right, wrong)
        return Mistake(f"{self.function}-{name}", self.function, sentence, self.place, source)


def define(answer: Mistake | Solution, names: Mapping[str, Any]) -> Callable[..., Any]:
    """The function that `answer` defines where `names` are in force."""
    namespace = dict(names)
    exec(code_of(answer.source), namespace)
    function: Callable[..., Any] = namespace[answer.function]
    return function


@functools.cache
def code_of(source: str) -> types.CodeType:
    """The code of an answer, compiled once."""
    return compile(source, "<answer>", "exec", dont_inherit=True)


@dataclass(frozen=True)
class Catalogue:
    """What is known of the answers to one assignment.

    `solutions` are by function, `mistakes` by name.
    """

    solutions: Mapping[str, Solution]
    mistakes: Mapping[str, Mistake]

    def environment(self, given: Mapping[str, Any], in_force: Mapping[str, Any]) -> dict[str, Any]:
        """The names among which an answer is defined to be compared with a student's.

        What it builds on is right: the solutions, with the names that the notebook gives, unless a check had put
        something else in force.
        """
        names = dict(given)
        for solution in self.solutions.values():
            exec(code_of(solution.source), names)
        names.update(in_force)
        return names

    def of(self, function: str) -> list[Mistake]:
        """The mistakes about one function that were written down."""
        return [known for known in self.mistakes.values() if known.function == function]

    def variants_of(self, function: str) -> tuple[Mistake, ...]:
        """Those that differ from the right answer in one place, simpler explanations first.

        They are made, and compiled, when they are first needed, which takes some tenths of a second.
        """
        solution = self.solutions[function]
        return _mistakes_of(function, solution.place, variants(solution.source, self._names, solution.parts))

    def named(self, name: str) -> Mistake | None:
        """The mistake of that name; None when there is none, or no longer."""
        function, is_variant, _ = name.partition(_VARIANT)
        if is_variant and function in self.solutions:
            return next((each for each in self.variants_of(function) if each.name == name), None)
        return self.mistakes.get(name)

    @functools.cached_property
    def _names(self) -> frozenset[str]:
        """The names that the solutions use, their own and Python's aside: what the notebook gives or asks for."""
        used = {name for solution in self.solutions.values() for name in _free_names(solution.source)}
        return frozenset(used - {"np", "softmax"} - set(dir(builtins)))


@functools.cache
def _mistakes_of(function: str, place: str, found: Sequence[Variant]) -> tuple[Mistake, ...]:
    for each in found:
        code_of(each.source)
    return tuple(
        Mistake(f"{function}{_VARIANT}{each.name}", function, each.sentence, place, each.source) for each in found
    )


_VARIANT = "~"
"""What separates a function's name from that of a variant, in a mistake's name."""


def _free_names(source: str) -> set[str]:
    (function,) = symtable.symtable(source, "<answer>", "exec").get_children()
    return {symbol.get_name() for symbol in function.get_symbols() if symbol.is_global()}


@functools.cache
def catalogue(assignment: str) -> Catalogue | None:
    """What is known of an assignment whose answers are installed; None for one without mistakes.

    Raises CourseError when the modules cannot be used.
    """
    if "mistakes" not in _FINDER.texts.get(assignment, {}):
        return None
    try:
        known = importlib.import_module(f"{_PACKAGE}.{assignment}.mistakes")
        importlib.import_module(f"{_PACKAGE}.{assignment}.reference")
        solutions = {solution.function: solution for solution in known.SOLUTIONS}
        return Catalogue(solutions, {mistake.name: mistake for mistake in known.MISTAKES})
    except Exception as error:  # they are Python: they can raise anything
        reason = f"{type(error).__name__}: {error}".splitlines()[0]
        raise CourseError(
            f"cannot be used ({reason}).",
            f"{_PACKAGE}/{assignment}/",
            "Correct mistakes.py or reference.py and try again.",
        ) from error


def catalogue_at(root: Path, assignment: str) -> Catalogue | None:
    """As `catalogue`, for the answers in the course below `root`, which are installed first."""
    install(assignment, read_answers(root, assignment))
    return catalogue(assignment)


def named(assignment: str, name: str) -> Mistake | None:
    """The mistake of that name; None when the assignment has none, or no longer."""
    known = catalogue(assignment)
    return known.named(name) if known else None
