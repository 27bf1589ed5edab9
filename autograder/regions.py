"""The lines of a check that are not handed out."""

from __future__ import annotations

_BEGIN, _END = "### BEGIN HIDDEN TESTS", "### END HIDDEN TESTS"


def hidden_lines(source: str) -> frozenset[int]:
    """The numbers, from 1, of the lines of hidden regions, markers included; an open region goes to the end."""
    hidden, is_inside = set(), False
    for number, line in enumerate(source.split("\n"), 1):
        is_inside = is_inside or _BEGIN in line
        if is_inside:
            hidden.add(number)
        is_inside = is_inside and _END not in line
    return frozenset(hidden)


def without_hidden(source: str) -> str:
    """What is left of `source` when its hidden regions are taken away."""
    hidden = hidden_lines(source)
    return "\n".join(line for number, line in enumerate(source.split("\n"), 1) if number not in hidden)


def blanked(source: str) -> str:
    """The same with an empty line in place of each that was taken away, so that the others keep their numbers."""
    hidden = hidden_lines(source)
    return "\n".join("" if number in hidden else line for number, line in enumerate(source.split("\n"), 1))
