"""The small tools of the shown checks. `autograder build` copies what follows into the cell `given-checks`."""

import base64
import html
import textwrap
from typing import Any

import numpy as np
from IPython.display import HTML, display


class Hint(AssertionError):
    """A failed check, shown as one sentence instead of a traceback."""

    def _render_traceback_(self) -> list[str]:
        return textwrap.wrap(f"Not yet: {self}", 100)


def check(holds: bool, sentence: str) -> None:
    """Raise a Hint with this sentence unless `holds` is true."""
    if not holds:
        raise Hint(sentence)


def check_value(call: str, answer: Any, by_hand: Any, hint: str = "") -> None:
    """Raise a Hint unless `answer`, the value of `call`, is close to the value worked out by hand."""
    check(answer is not None, f"{call} returned None. Does the function end in a return statement?")
    try:
        got = np.asarray(answer, dtype=float)
    except (TypeError, ValueError):
        raise Hint(f"{call} should be made of numbers, but it is {answer!r}.") from None
    want = np.asarray(by_hand, dtype=float)
    if want.ndim == 0 and got.size == 1:
        got = got.reshape(())
    check(got.shape == want.shape, f"{call} has shape {got.shape}, but {want.shape} is expected.")
    check(
        np.allclose(got, want, rtol=1e-5, atol=1e-7),
        f"{call} gives {got.tolist()}, but it should be {want.tolist()}. {hint}",
    )


def parts(call: str, answer: Any, *names: str) -> list[Any]:
    """The parts of an answer; raise a Hint unless there is one for each of these names."""
    try:
        found = list(answer)
    except TypeError:
        found = []
    check(
        len(found) == len(names),
        f"{call} should return {len(names)} things, in this order: {', '.join(names)}.",
    )
    return found


def show(drawing: str, alt: str) -> None:
    """Display an SVG drawing together with its description for those who cannot see it."""
    data = base64.b64encode(drawing.encode()).decode()
    display(
        HTML(f'<img src="data:image/svg+xml;base64,{data}" alt="{html.escape(alt)}" style="max-width: 100%">')
    )
