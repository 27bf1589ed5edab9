"""Wrong answers made from a right one."""

from __future__ import annotations

import ast

import pytest

from autograder.judge.variants import Variant, variants

_GATE = "def forget_gate(h, x):\n    total = w_fh * h + w_fx * x + b_f\n    return sigmoid(total)\n"
_RNN = """\
def rnn(seq):
    c, h = 0, 0
    states = []
    for x in seq:
        c, h = hidden_state(c, h, x)
        states.append(h)
    return states
"""
_PAIR = "def pair(x, y):\n    half = x / y\n    return half, -half\n"
_NAMES = frozenset({"w_fh", "w_fx", "b_f", "w_ix", "sigmoid", "hidden_state"})


def _made(source: str, parts: tuple[str, ...] = ()) -> tuple[Variant, ...]:
    return variants(source, _NAMES, parts)


@pytest.mark.parametrize(
    ("source", "wrong", "sentence"),
    [
        (_GATE, "total = w_fh * h + w_fx * x - b_f", "`b_f` is subtracted where it should be added."),
        (_GATE, "total = w_fh * h + w_fx * x\n", "The term `b_f` is missing."),
        (_GATE, "total = w_fh * h + w_ix * x + b_f", "`w_ix` is used where another value belongs."),
        (_GATE, "return total", "`sigmoid` has no effect on the result."),
        (_GATE, "return 1 - sigmoid(total)", "The result is 1 minus what it should be."),
        (_RNN, "states.append(h)\n        return states", "`return` is inside the loop"),
        (_RNN, "for x in seq[:-1]:", "The last value of the sequence is left out."),
        (_RNN, "h, c = hidden_state(c, h, x)", "The values that `hidden_state` returns are unpacked"),
        (_RNN, "c, h = hidden_state(h, c, x)", "Two arguments of `hidden_state` are in the wrong order."),
        (_PAIR, "half = y / x", "Numerator and denominator are swapped."),
        (_PAIR, "half = x\n", "A divisor is missing"),
        (_PAIR, "return (-half, half)", "The results are returned in the wrong order. The right order is: half"),
        (_PAIR, "return (half, half)", "A minus sign is missing."),
    ],
)
def test_a_slip_in_one_place_is_among_the_variants(source: str, wrong: str, sentence: str) -> None:
    """With a sentence that says what is wrong."""
    found = [
        each.sentence for each in _made(source, ("half", "other") if source is _PAIR else ()) if wrong in each.source
    ]
    assert any(each.startswith(sentence) for each in found), found


@pytest.mark.parametrize("source", [_GATE, _RNN, _PAIR])
def test_every_variant_defines_the_function_in_another_way(source: str) -> None:
    """None is the right answer, none is made twice."""
    right, made = ast.unparse(ast.parse(source)), _made(source)
    assert len({each.source for each in made}) == len({each.name for each in made}) == len(made) > 20
    for each in made:
        assert each.source != right
        assert ast.parse(each.source).body[0].name == ast.parse(source).body[0].name  # type: ignore[attr-defined]


def test_no_variant_runs_for_ever() -> None:
    """A list that grows while it is read, or that holds itself, would stop whoever tries it."""
    for each in _made(_RNN):
        assert "for x in states" not in each.source
        assert "seq.append" not in each.source
        assert "states.append(states" not in each.source
    assert _made("def f(x):\n    while x > 1:\n        x = x / 2\n    return x\n") == ()


def test_a_sentence_names_only_what_the_student_knows() -> None:
    """Arguments and names of the notebook; a variable of the right answer is nobody's business."""
    assert all("total" not in each.sentence for each in _made(_GATE))
    assert any("`x`" in each.sentence for each in _made(_GATE))


def test_variants_are_the_same_every_time() -> None:
    """A mistake is entered by its name, and looked up by it later."""
    variants.cache_clear()
    first = _made(_GATE)
    variants.cache_clear()
    assert first == _made(_GATE)
