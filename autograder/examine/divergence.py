"""Where in a computation of several steps a student's values first differ from the reference's."""

from __future__ import annotations

from collections.abc import Iterable

from autograder.examine.agreement import parts, same_part
from autograder.examine.recording import Call, Effect
from autograder.misconceptions import Solution


def divergence(solution: Solution, seen: Iterable[tuple[Call, Effect, Effect]]) -> str:
    """One sentence, from calls with what the student's function did and what it should have done; or nothing.

    Of inputs and values it tells only what the solution's circumstance does.
    """
    told: dict[int | None, set[str]] = {}
    for call, effect, wanted in seen:
        if effect.error or wanted.error or not (solution.steps or solution.each):
            continue
        order = list(solution.steps.values()) or list(range(len(wanted.value)))
        found = parts(effect.value, len(order))
        if found is None:
            return f"There is not one {solution.each} for each step." if solution.each else ""
        step = next((at for at, place in enumerate(order) if not same_part(found[place], wanted.value[place])), None)
        told.setdefault(step, set()).add(
            call.describe(solution.circumstance, step or 0) if solution.circumstance else ""
        )
    if not (differing := [step for step in told if step is not None]):
        return ""
    first = min(differing)
    where = told[first].pop() if len(told[first]) == 1 else ""
    if solution.each:
        sentence = f"The {solution.each} first differs at step {first + 1}"
    else:
        sentence = _first_of(list(solution.steps), first)
        if told.get(None, set()) <= {where}:  # it may differ elsewhere too, where nothing was asked yet
            where = ""
    return f"{sentence}, where {where}." if where else f"{sentence}."


def _first_of(steps: list[str], first: int) -> str:
    *most, last = steps[:first] or [""]
    if not last:
        return f"{steps[0]} differs already"
    agreeing = f"{', '.join(most)} and {last} agree" if most else f"{last} agrees"
    return f"{agreeing}; {steps[first]} is the first that differs"
