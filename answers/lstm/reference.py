"""An LSTM cell whose gates are rounded to open or closed, as the document writes it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import scipy.special


def sigmoid(x: float) -> int:
    """The logistic function rounded half to even, as Python's `round` does: 0 or 1, and `sigmoid(0) == 0`."""
    return round(float(scipy.special.expit(x)))


@dataclass(frozen=True)
class Cell:
    """One LSTM cell on scalars; the defaults are the document's weights.

    `w_?h` multiplies the hidden state, `w_?x` the input, `b_?` is the bias; f, i, o, c stand for the forget, input
    and output gates and the candidate.
    """

    w_fh: float = 0
    w_ih: float = 0
    w_oh: float = 0
    w_ch: float = -100
    w_fx: float = 0
    w_ix: float = 100
    w_ox: float = 100
    w_cx: float = 50
    b_f: float = -100
    b_i: float = 100
    b_o: float = 0
    b_c: float = 0

    def forget_gate(self, h: float, x: float) -> int:
        """1 where the old cell value is kept, else 0."""
        return sigmoid(self.w_fh * h + self.w_fx * x + self.b_f)

    def input_gate(self, h: float, x: float) -> int:
        """1 where the candidate is let in, else 0."""
        return sigmoid(self.w_ih * h + self.w_ix * x + self.b_i)

    def output_gate(self, h: float, x: float) -> int:
        """1 where the cell value is shown, else 0."""
        return sigmoid(self.w_oh * h + self.w_ox * x + self.b_o)

    def memory_cell(self, c_prev: float, h: float, x: float) -> float:
        """The new cell value: what is kept of `c_prev` plus what is let in of the rounded candidate."""
        candidate = round(float(np.tanh(self.w_ch * h + self.w_cx * x + self.b_c)))
        return self.forget_gate(h, x) * c_prev + self.input_gate(h, x) * candidate

    def hidden_state(self, c_prev: float, h: float, x: float) -> tuple[float, float]:
        """`(c_new, h_new)`, where `h_new` shows the rounded tanh of the *new* cell value."""
        c_new = self.memory_cell(c_prev, h, x)
        return c_new, self.output_gate(h, x) * round(float(np.tanh(c_new)))

    def rnn(self, seq: Iterable[float]) -> list[float]:
        """The hidden state after each value of `seq`, from c = h = 0."""
        c: float = 0
        h: float = 0
        states = []
        for x in seq:
            c, h = self.hidden_state(c, h, x)
            states.append(h)
        return states


_document = Cell()
forget_gate = _document.forget_gate
input_gate = _document.input_gate
output_gate = _document.output_gate
memory_cell = _document.memory_cell
hidden_state = _document.hidden_state
rnn = _document.rnn
