"""The document's propagation and derivatives, and derivatives against measured slopes."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from answers.backprop.reference import back_to_z1, back_to_z2, backward, forward, step

DOCUMENT = (3, 1, 0.01, -5, -1)
number = st.floats(-3, 3)


def test_forward_gives_every_figure_of_the_document() -> None:
    """The four values to all printed digits, the loss to three."""
    *values, loss = forward(*DOCUMENT)
    assert values == [0.03, 0.03, -1.15, 0.24048908305088898]
    assert round(loss, 3) == 0.288


def test_backward_gives_every_figure_of_the_document() -> None:
    """2.081 belongs to w_1, -0.004 to w_2, -0.139 to b."""
    assert [round(derivative, 3) for derivative in backward(*DOCUMENT)] == [2.081, -0.004, -0.139]


@given(number, number, number, number, number)
def test_derivatives_are_the_slopes_of_the_loss(x: float, y: float, w_1: float, w_2: float, b: float) -> None:
    """Central differences, away from relu's corner."""
    nudge = 1e-5
    assume(abs(w_1 * x) > 2 * nudge * max(1, abs(x)))
    parameters = (w_1, w_2, b)
    for at, derivative in enumerate(backward(x, y, *parameters)):
        up, down = list(parameters), list(parameters)
        up[at] += nudge
        down[at] -= nudge
        slope = (forward(x, y, *up)[4] - forward(x, y, *down)[4]) / (2 * nudge)
        assert derivative == pytest.approx(slope, rel=1e-4, abs=1e-7)


@given(number, number, number, number)
def test_a_hidden_unit_that_is_off_teaches_no_weight(x: float, y: float, w_2: float, b: float) -> None:
    """At and below relu's corner both weights have derivative 0, and only the bias may not."""
    dloss_w1, dloss_w2, _ = backward(x, y, -abs(x), w_2, b) if x > 0 else backward(x, y, abs(x), w_2, b)
    assert dloss_w1 == 0
    assert dloss_w2 == 0


def test_the_way_back_of_the_worked_example() -> None:
    """The numbers that the notebook works out by hand."""
    example = (4, 1, 0.5, 1.5, -3)
    assert forward(*example) == (2, 2, 0, 0.5, 0.125)
    assert back_to_z2(1, 0.5) == -0.125
    assert back_to_z1(-0.125, 1.5, 2) == -0.1875
    assert backward(*example) == (-0.75, -0.25, -0.125)
    assert step(*example, 0.1) == pytest.approx((0.575, 1.525, -2.9875))


def test_one_step_with_the_documents_numbers_switches_the_hidden_unit_off() -> None:
    """With rate 0.01 w_1 becomes negative; from then on only the bias moves."""
    w_1, w_2, b = step(*DOCUMENT, 0.01)
    assert round(w_1, 4) == -0.0108
    later = step(3, 1, w_1, w_2, b, 0.01)
    assert later[:2] == (w_1, w_2) and later[2] > b


@given(number, number, number, number, number)
def test_a_small_step_does_not_make_the_loss_larger(x: float, y: float, w_1: float, w_2: float, b: float) -> None:
    """Away from relu's corner."""
    assume(abs(w_1 * x) > 1e-3)
    assert forward(x, y, *step(x, y, w_1, w_2, b, 1e-5))[4] <= forward(x, y, w_1, w_2, b)[4] + 1e-12
