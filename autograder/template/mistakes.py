"""Wrong answers that students are known to give, and the sentence that each of them gets.

A variant is the right answer with one piece of its text replaced: `(this, by this)`. The first word is its name, the
sentence says what is misunderstood, and never what the right line is.
"""

from __future__ import annotations

from autograder.judge.mistakes import Solution

AREA = Solution(
    "area",
    "1. `area`",
    """\
def area(radius):
    return math.pi * radius ** 2
""",
    calls=("1", "2", "0.5", "0"),
)
RING_AREA = Solution(
    "ring_area",
    "2. `ring_area`",
    """\
def ring_area(inner, outer):
    return area(outer) - area(inner)
""",
    calls=("1, 2", "0, 3", "1, 1", "0.5, 4"),
)
SOLUTIONS = (AREA, RING_AREA)
MISTAKES = (
    AREA.variant("not-squared", "The radius is not squared.", ("radius ** 2", "radius")),
    AREA.variant("circumference", "This is the length of the circle's border.", ("radius ** 2", "radius * 2")),
    AREA.variant("diameter", "The diameter is squared in place of the radius.", ("radius ** 2", "(2 * radius) ** 2")),
    RING_AREA.variant(
        "radii-subtracted",
        "The radii are subtracted before the area is computed.",
        ("area(outer) - area(inner)", "area(outer - inner)"),
    ),
    RING_AREA.variant(
        "order",
        "The larger area is subtracted from the smaller one.",
        ("(outer) - area(inner)", "(inner) - area(outer)"),
    ),
)
