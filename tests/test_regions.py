"""What is hidden is hidden to the last line, and nothing else is."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from autograder.notebook import hidden_lines, without_hidden

BEGIN, END = "    ### BEGIN HIDDEN TESTS", "### END HIDDEN TESTS"
lines = st.lists(st.sampled_from(["a = 1", "", BEGIN, END, "# b"]), max_size=8)


def test_a_region_is_hidden_with_its_markers() -> None:
    """Two regions, with a line shown between them."""
    source = "\n".join(["shown", BEGIN, "secret", END, "between", BEGIN, "secret", END])
    assert hidden_lines(source) == {2, 3, 4, 6, 7, 8}
    assert without_hidden(source) == "shown\nbetween"


def test_an_open_region_hides_all_that_follows() -> None:
    """Whoever forgot the end did not mean to show it."""
    assert without_hidden(f"shown\n{BEGIN}\nsecret\nmore") == "shown"


@given(lines)
def test_what_is_left_has_nothing_to_hide(source: list[str]) -> None:
    """Whatever markers stand where."""
    left = without_hidden("\n".join(source))
    assert not hidden_lines(left)
    assert left.split("\n") == [
        line for number, line in enumerate(source, 1) if number not in hidden_lines("\n".join(source))
    ] or (not left)
