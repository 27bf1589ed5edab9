"""What a notebook may hold is kept as it is, and nothing else."""

from __future__ import annotations

import contextlib
from typing import Any

import nbformat
from hypothesis import example, given
from hypothesis import strategies as st

from autograder.judge.student import OutputBudget

words = st.text("ab<é\n", max_size=4)
odd = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), words, st.just([]))
texts = st.one_of(words, st.lists(st.one_of(words, odd), max_size=2))
mimes = st.sampled_from(["text/plain", "text/html", "application/json", "application/x+json", "image/png"])
bundles = st.dictionaries(mimes, st.one_of(texts, odd, st.just({"a": 1})), max_size=2)
fields = st.fixed_dictionaries(
    {},
    optional={
        "output_type": st.sampled_from(["stream", "error", "display_data", "execute_result", "pyout"]),
        "name": st.one_of(words, odd),
        "text": st.one_of(texts, odd),
        "ename": st.one_of(words, odd),
        "evalue": st.one_of(words, odd),
        "traceback": st.one_of(texts, odd),
        "data": st.one_of(bundles, odd),
        "metadata": st.one_of(st.just({}), st.just({"width": 5}), odd),
        "execution_count": odd,
        "other": odd,
    },
)


def may_stand_in_a_notebook(output: dict[str, Any]) -> bool:
    """What nbformat's own schema says."""
    with contextlib.suppress(nbformat.ValidationError):
        cell = nbformat.v4.new_code_cell(outputs=[nbformat.from_dict(output)])
        nbformat.validate(nbformat.v4.new_notebook(cells=[cell]))
        return True
    return False


@given(st.lists(fields, max_size=3))
@example([{"output_type": "stream", "name": "stdout", "text": "a"}])
@example([{"output_type": "stream", "name": "stdout", "text": ["a", "b"]}])
@example([{"output_type": "error", "ename": "E", "evalue": "", "traceback": ["a"]}])
@example([{"output_type": "display_data", "data": {"application/json": {"a": 1}}, "metadata": {}}])
@example([{"output_type": "execute_result", "data": {"text/plain": "1"}, "metadata": {}, "execution_count": -1}])
@example([{"output_type": "execute_result", "data": {"text/plain": "1"}, "metadata": {}, "execution_count": 1}])
def test_an_output_is_kept_if_and_only_if_a_notebook_may_hold_it(outputs: list[dict[str, Any]]) -> None:
    """Judged one by one, with nbformat's schema for whole notebooks as the oracle."""
    assert OutputBudget().take(outputs) == [output for output in outputs if may_stand_in_a_notebook(output)]
