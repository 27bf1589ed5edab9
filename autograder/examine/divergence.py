"""Where in a computation of several steps a student's values first differ from the reference's."""

from __future__ import annotations

from collections.abc import Iterable

from autograder.examine.agreement import parts, same_part
from autograder.examine.recording import Call, Effect
from autograder.misconceptions import Solution


def divergence(solution: Solution, seen: Iterable[tuple[Call, Effect, Effect]]) -> str:
    """One sentence, from calls with what the student's function did and what it should have done; or nothing.

    Of inputs it tells no more than the solution's circumstance does, and of values nothing.
    """
    if not solution.is_in_steps:
        return ""
    differing: dict[int, set[str]] = {}
    agreeing: set[str] = set()
    for call, effect, wanted in seen:
        if effect.error or wanted.error:
            continue
        order = [*solution.steps.values()] or [*range(len(wanted.value))]
        if (found := parts(effect.value, len(order))) is None:
            return f"There is not one {solution.each} for each step." if solution.each else ""
        step = next((at for at, place in enumerate(order) if not same_part(found[place], wanted.value[place])), None)
        if step is not None:
            differing.setdefault(step, set()).add(call.describe(solution.circumstance, step))
        elif solution.steps:
            agreeing.add(call.describe(solution.circumstance, 0))
    if not differing:
        return ""
    first = min(differing)
    if solution.each:
        return f"The {solution.each} first differs at step {first + 1}{_where(differing[first])}."
    return f"{_first_of([*solution.steps], first)}{_where(differing[first]) if agreeing - differing[first] else ''}."


def _where(circumstances: set[str]) -> str:
    """The circumstance, if there is but one."""
    (told, *more) = circumstances
    return f", where {told}" if told and not more else ""


def _first_of(steps: list[str], first: int) -> str:
    if first == 0:
        return f"{steps[0]} differs already"
    *most, last = steps[:first]
    agreeing = f"{', '.join(most)} and {last} agree" if most else f"{last} agrees"
    return f"{agreeing}; {steps[first]} is the first that differs"
