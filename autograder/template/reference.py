"""The right answers: hidden checks compare with them, and no student process ever sees them."""

from __future__ import annotations

import math


def area(radius: float) -> float:
    """The area of a circle with this radius."""
    return math.pi * radius**2


def ring_area(inner: float, outer: float) -> float:
    """The area between two circles with the same centre."""
    return area(outer) - area(inner)
