"""The document's LSTM cell on its six sequences, and the properties its parts must have."""

from __future__ import annotations

import math
from decimal import ROUND_HALF_EVEN, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from answers.lstm import reference as lstm

SEQUENCES = [
    ([0, 0, 1, 1, 1, 0], [0, 0, 1, -1, 1, 0]),
    ([1, 1, 0, 1, 1], [1, -1, 0, 1, -1]),
    ([1, 0, 1, 1, 1], [1, 0, 1, -1, 1]),
    ([1, 1, 0, 1, 1, 0, 1, 1, 1], [1, -1, 0, 1, -1, 0, 1, -1, 1]),
    ([1, 0, 0, 1, 1, 0, 1, 1, 1], [1, 0, 0, 1, -1, 0, 1, -1, 1]),
    ([0, 0, 0, 0, 0, 1, 1, 1, 1, 1], [0, 0, 0, 0, 0, 1, -1, 1, -1, 1]),
]
bits = st.lists(st.integers(0, 1))
weight = st.floats(-5, 5)
cells = st.builds(lstm.Cell, *[weight] * 12)


@pytest.mark.parametrize(("seq", "states"), SEQUENCES)
def test_rnn_gives_every_sequence_of_the_document(seq: list[int], states: list[int]) -> None:
    """All six printed sequences of hidden states."""
    assert lstm.rnn(seq) == states


@pytest.mark.parametrize("name", ["forget_gate", "input_gate", "output_gate", "memory_cell", "hidden_state", "rnn"])
def test_the_module_offers_the_cell_of_the_document(name: str) -> None:
    """Each function of the contract is the document's cell's, whose weights are the defaults."""
    assert getattr(lstm, name).__self__ == lstm.Cell()


@given(st.floats(-30, 30))
def test_sigmoid_rounds_half_to_even(x: float) -> None:
    """An oracle in decimal arithmetic."""
    exact = 1 / (1 + Decimal(-x).exp())
    assert lstm.sigmoid(x) == int(exact.quantize(Decimal(1), ROUND_HALF_EVEN)) or abs(x) < 1e-12
    assert lstm.sigmoid(0) == 0


@given(bits)
def test_the_cell_alternates_within_runs_of_ones(seq: list[int]) -> None:
    """What the document's cell computes, said another way: the parity of the ones since the last zero."""
    run, expected = 0, []
    for x in seq:
        run = run + 1 if x else 0
        expected.append(0 if not run else 1 if run % 2 else -1)
    assert lstm.rnn(seq) == expected


@given(cells, weight, weight, weight)
def test_memory_keeps_lets_in_or_does_neither(cell: lstm.Cell, c_prev: float, h: float, x: float) -> None:
    """The new cell value is one of the four that two gates allow."""
    candidate = round(math.tanh(cell.w_ch * h + cell.w_cx * x + cell.b_c))
    allowed = {
        (0, 0): 0.0,
        (0, 1): float(candidate),
        (1, 0): c_prev,
        (1, 1): c_prev + candidate,
    }
    assert cell.memory_cell(c_prev, h, x) == allowed[cell.forget_gate(h, x), cell.input_gate(h, x)]


@given(cells, st.lists(weight, max_size=12))
def test_rnn_is_the_repeated_step_and_causal(cell: lstm.Cell, seq: list[float]) -> None:
    """Reading more of a sequence never changes what was shown before; each state is -1, 0 or 1."""
    states = cell.rnn(seq)
    assert len(states) == len(seq)
    assert set(states) <= {-1, 0, 1}
    for length in range(len(seq)):
        assert cell.rnn(seq[:length]) == states[:length]


def test_a_step_reads_the_state_before_it_and_lets_the_cell_value_grow() -> None:
    """By hand, c is -1, -2, -1, 0, 1: when it is updated, how often, and whether it is clipped makes a difference."""
    weights = {"w_fh": -2, "w_fx": 2, "b_f": 1, "w_ih": -1, "b_i": 2, "w_ox": 1, "b_o": 2, "w_ch": -1, "w_cx": 2}
    cell = lstm.Cell(**{"w_ix": 0, "w_oh": 0, "b_c": 0, **weights})
    assert cell.rnn([-1, -1, 1, 0, 1]) == [-1, -1, -1, 0, 1]
