"""What goes wrong in an LSTM cell worked by hand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from autograder.judge.mistakes import Mistake, Solution

_NAMES = ["w_fh", "w_ih", "w_oh", "w_ch", "w_fx", "w_ix", "w_ox", "w_cx", "b_f", "b_i", "b_o", "b_c"]
_WEIGHTS = [
    dict(zip(_NAMES, numbers, strict=True))
    for numbers in (
        (0, 0, 0, -100, 0, 100, 100, 50, -100, 100, 0, 0),  # the document's
        (1.5, -2, 0.5, 1, -1, 2.5, 3, -0.75, 0.25, 0.5, -1, 0.5),
        (-2, 1, 2, -0.5, 3, -1.5, -1, 0.5, -0.75, 2, 1.5, -0.25),
        (0.5, 3, -1, 2, 1, 1, -2, -1.5, 2, -0.5, 1, 0.75),
        (3, -1, 1, 1, -2, 0.5, 0.5, 2, -1, 1.5, -0.5, -1),
    )
]
"""Weights with which each gate opens and shuts, by h and by x."""


def _calls(*arguments: str) -> list[tuple[str, dict[str, float]]]:
    """Calls with these arguments, for all weights."""
    return [(each, weights) for weights in _WEIGHTS for each in arguments]


SIGMOID = Solution(
    "sigmoid",
    "1. `sigmoid`",
    """\
def sigmoid(x):
    return round(1 / (1 + np.exp(-x)))
""",
    calls=("2", "-2", "0", "0.4", "-0.4", "1.5", "-6", "30", "-30", "0.01", "-0.01"),
)


def _gate(number: int, name: str, letter: str) -> Solution:
    return Solution(
        f"{name}_gate",
        f"{number}. `{name}_gate`",
        f"""\
def {name}_gate(h, x):
    return sigmoid(w_{letter}h * h + w_{letter}x * x + b_{letter})
""",
        calls=_calls("1, 1", "0, 1", "1, 0", "-1, 2", "0, 0", "-1, 0.5"),
    )


FORGET_GATE, INPUT_GATE, OUTPUT_GATE = _gate(2, "forget", "f"), _gate(3, "input", "i"), _gate(4, "output", "o")
MEMORY_CELL = Solution(
    "memory_cell",
    "5. `memory_cell`",
    """\
def memory_cell(c_prev, h, x):
    candidate = round(np.tanh(w_ch * h + w_cx * x + b_c))
    return forget_gate(h, x) * c_prev + input_gate(h, x) * candidate
""",
    calls=_calls("2.5, 1, 1", "1.5, 0, 1", "-2, -1, 0.5", "3, 1, -1", "0.5, 0, 0"),
)
HIDDEN_STATE = Solution(
    "hidden_state",
    "6. `hidden_state`",
    """\
def hidden_state(c_prev, h, x):
    c_new = memory_cell(c_prev, h, x)
    h_new = output_gate(h, x) * round(np.tanh(c_new))
    return c_new, h_new
""",
    calls=_calls("2.5, 1, 1", "1.5, 0, 1", "-2, -1, 0.5", "0.3, 1, -1", "0.25, 0, 0"),
    steps={"c_new": 0, "h_new": 1},
)


def _input_at(step: int, seq: Sequence[float]) -> str:
    return f"x = {seq[step]:g}" if seq[step] in (0, 1) else ""


RNN = Solution(
    "rnn",
    "7. `rnn`",
    """\
def rnn(seq):
    c, h = 0, 0
    states = []
    for x in seq:
        c, h = hidden_state(c, h, x)
        states.append(h)
    return states
""",
    calls=_calls("[1, 0, 1, 1, 1]", "[0, 0, 1, -1, 1, 1, 0]", "[1, 1, -1]", "[]", "[1]", "[-1, 0, 1, 1, -1, 1]"),
    each="hidden state",
    circumstance=_input_at,
)
SOLUTIONS = (SIGMOID, FORGET_GATE, INPUT_GATE, OUTPUT_GATE, MEMORY_CELL, HIDDEN_STATE, RNN)


def _gate_slips(gate: Solution, letter: str, with_given_weights: str) -> Iterator[Mistake]:
    """What goes wrong in each of the gates alike."""
    of_h, of_x, bias = f"w_{letter}h * h", f"w_{letter}x * x", f"b_{letter}"
    total = f"{of_h} + {of_x} + {bias}"
    numbers = "Other weights have no effect on this gate: are numbers written where their names should stand?"
    if gate is FORGET_GATE:  # with the given weights it is shut, so that a gate that is always shut does the same
        numbers = "This gate is shut whatever it is given, and other weights have no effect on it."
    for name, sentence, wrong in [
        ("no-bias", "Something is missing in the sum: what is left of it when h and x are 0?", f"{of_h} + {of_x}"),
        ("no-h", "The hidden state has no say in this gate.", f"{of_x} + {bias}"),
        ("no-x", "The input has no say in this gate.", f"{of_h} + {bias}"),
        ("swapped", "Each weight meets the other's partner.", f"w_{letter}h * x + w_{letter}x * h + {bias}"),
        ("minus-bias", "The bias enters the sum with the wrong sign.", f"{of_h} + {of_x} - {bias}"),
        ("bias-of-c", "The bias is that of the candidate.", f"{of_h} + {of_x} + b_c"),
        ("numbers", numbers, with_given_weights),
    ]:
        yield gate.variant(name, sentence, (total, wrong))
    for other, whose in [("f", "forget gate"), ("i", "input gate"), ("o", "output gate"), ("c", "candidate")]:
        if other != letter:
            sentence = f"These are the weights of the {whose}: see what the first letter after w_ says."
            yield gate.variant(f"weights-of-{other}", sentence, (total, f"w_{other}h * h + w_{other}x * x + b_{other}"))
    yield gate.variant(
        "not-rounded",
        "The gate can stand half open here; which function makes it open or shut?",
        (f"sigmoid({total})", f"1 / (1 + np.exp(-({total})))"),
    )
    yield gate.variant("open", "This gate is open whatever it is given.", (f"sigmoid({total})", "1"))
    if gate is not FORGET_GATE:
        yield gate.variant("shut", "This gate is shut whatever it is given.", (f"sigmoid({total})", "0"))
    yield gate.variant(
        "tanh",
        "A gate is 0 or 1, never -1: this is the candidate's function.",
        ("sigmoid(", "round(np.tanh("),
        (bias, f"{bias})"),
    )


MISTAKES = (
    SIGMOID.variant(
        "not-rounded",
        "This is the logistic function itself; something is still to be done with its value.",
        ("round(1 / (1 + np.exp(-x)))", "1 / (1 + np.exp(-x))"),
    ),
    SIGMOID.variant(
        "half-up",
        "All is well but for one value, exactly between the two: Python's own rounding decides there.",
        ("round(1 / (1 + np.exp(-x)))", "int(1 / (1 + np.exp(-x)) + 0.5)"),
    ),
    SIGMOID.variant(
        "floor",
        "Cutting off decimals is not rounding: hardly any fraction gets to 1.",
        ("round(", "int("),
    ),
    SIGMOID.variant(
        "ceiling",
        "Rounding up always is not rounding: hardly any fraction gets to 0.",
        ("round(1 / (1 + np.exp(-x)))", "int(np.ceil(1 / (1 + np.exp(-x))))"),
    ),
    SIGMOID.variant(
        "sign",
        "Large numbers come out as 0 and small ones as 1: look at the exponent.",
        ("-x", "x"),
    ),
    SIGMOID.variant(
        "brackets",
        "Which part of the formula is below the line? Division comes before addition.",
        ("1 / (1 + np.exp(-x))", "1 / 1 + np.exp(-x)"),
    ),
    SIGMOID.variant(
        "tanh",
        "This reaches down to -1; the logistic function lies between 0 and 1.",
        ("1 / (1 + np.exp(-x))", "np.tanh(x)"),
    ),
    *_gate_slips(FORGET_GATE, "f", "-100"),
    *_gate_slips(INPUT_GATE, "i", "100 * x + 100"),
    *_gate_slips(OUTPUT_GATE, "o", "100 * x"),
    MEMORY_CELL.variant(
        "not-rounded",
        "The candidate is not one of -1, 0 and 1: a step is missing.",
        ("round(np.tanh(w_ch * h + w_cx * x + b_c))", "np.tanh(w_ch * h + w_cx * x + b_c)"),
    ),
    MEMORY_CELL.variant(
        "rounded-last",
        "The sum is rounded as a whole, so what was in the cell before is rounded too.",
        ("round(np.tanh(w_ch * h + w_cx * x + b_c))", "np.tanh(w_ch * h + w_cx * x + b_c)"),
        (
            "return forget_gate(h, x) * c_prev + input_gate(h, x) * candidate",
            "return round(forget_gate(h, x) * c_prev + input_gate(h, x) * candidate)",
        ),
    ),
    MEMORY_CELL.variant(
        "no-past",
        "The cell forgets always: what may be kept from the step before has no place here.",
        ("forget_gate(h, x) * c_prev + ", ""),
    ),
    MEMORY_CELL.variant(
        "always-kept",
        "The cell never forgets: who decides whether the old value is kept?",
        ("forget_gate(h, x) * c_prev", "c_prev"),
    ),
    MEMORY_CELL.variant(
        "always-written",
        "The candidate is always written: who decides whether it is let in?",
        ("input_gate(h, x) * candidate", "candidate"),
    ),
    MEMORY_CELL.variant(
        "gates-swapped",
        "Each gate does the other's work.",
        ("forget_gate(h, x) * c_prev + input_gate(h, x)", "input_gate(h, x) * c_prev + forget_gate(h, x)"),
    ),
    MEMORY_CELL.variant(
        "coupled",
        "The input gate decides about the old value as well; in some cells it does, but this one has a gate for that.",
        ("forget_gate(h, x)", "(1 - input_gate(h, x))"),
    ),
    MEMORY_CELL.variant(
        "output-gate",
        "The output gate decides what is written here; its turn comes later.",
        ("input_gate(h, x)", "output_gate(h, x)"),
    ),
    MEMORY_CELL.variant(
        "no-tanh",
        "The candidate can be any number here; what squeezes it?",
        ("np.tanh(w_ch * h + w_cx * x + b_c)", "w_ch * h + w_cx * x + b_c"),
    ),
    MEMORY_CELL.variant(
        "sign",
        "This takes the sign of the sum; a sum near 0 should give the candidate 0.",
        ("round(np.tanh(w_ch * h + w_cx * x + b_c))", "np.sign(w_ch * h + w_cx * x + b_c)"),
    ),
    MEMORY_CELL.variant(
        "sigmoid",
        "The candidate can never be -1 here: which function reaches down to it?",
        ("round(np.tanh(w_ch * h + w_cx * x + b_c))", "sigmoid(w_ch * h + w_cx * x + b_c)"),
    ),
    MEMORY_CELL.variant(
        "no-bias",
        "A term is missing in the candidate: what is left of it when h and x are 0?",
        (" + b_c", ""),
    ),
    MEMORY_CELL.variant(
        "numbers",
        "Other weights have no effect on the candidate: are numbers written where their names should stand?",
        ("w_ch * h + w_cx * x + b_c", "-100 * h + 50 * x"),
    ),
    HIDDEN_STATE.variant(
        "old-cell",
        "What is shown is the cell value of the step before.",
        ("np.tanh(c_new)", "np.tanh(c_prev)"),
    ),
    HIDDEN_STATE.variant(
        "not-rounded",
        "The hidden state is not one of -1, 0 and 1: a step is missing.",
        ("round(np.tanh(c_new))", "np.tanh(c_new)"),
    ),
    HIDDEN_STATE.variant(
        "no-gate",
        "The cell value is always shown: who decides whether it is?",
        ("output_gate(h, x) * ", ""),
    ),
    HIDDEN_STATE.variant(
        "no-tanh",
        "The hidden state can be any number here; what squeezes the cell value?",
        ("round(np.tanh(c_new))", "c_new"),
    ),
    HIDDEN_STATE.variant(
        "sign",
        "This takes the sign of the cell value; one near 0 should show as 0.",
        ("round(np.tanh(c_new))", "np.sign(c_new)"),
    ),
    HIDDEN_STATE.variant(
        "order",
        "The two parts are right, but they are returned in the other order.",
        ("return c_new, h_new", "return h_new, c_new"),
    ),
    HIDDEN_STATE.variant(
        "gate-of-new-cell",
        "The output gate is given the new cell value; it looks at the hidden state of the step before.",
        ("output_gate(h, x)", "output_gate(c_new, x)"),
    ),
    HIDDEN_STATE.variant(
        "forget-gate",
        "It is another gate that decides what is shown.",
        ("output_gate(h, x)", "forget_gate(h, x)"),
    ),
    HIDDEN_STATE.variant(
        "only-h",
        "Only the hidden state is returned; the next step needs the cell value too.",
        ("return c_new, h_new", "return h_new"),
    ),
    RNN.variant(
        "c-lost",
        "The cell value is not handed on: every step starts with an empty cell.",
        ("hidden_state(c, h, x)", "hidden_state(0, h, x)"),
    ),
    RNN.variant(
        "h-lost",
        "The hidden state is not handed on: every step starts as if nothing had been shown.",
        ("hidden_state(c, h, x)", "hidden_state(c, 0, x)"),
    ),
    RNN.variant(
        "state-lost",
        "Nothing is handed on from one step to the next, so each input is read alone.",
        ("hidden_state(c, h, x)", "hidden_state(0, 0, x)"),
    ),
    RNN.variant(
        "h-for-c",
        "The hidden state is handed on in the cell value's place as well.",
        ("hidden_state(c, h, x)", "hidden_state(h, h, x)"),
    ),
    RNN.variant(
        "swapped",
        "What a step returns is taken in the wrong order.",
        ("c, h = hidden_state", "h, c = hidden_state"),
    ),
    RNN.variant(
        "cell-twice",
        "The cell value is updated twice in each step.",
        ("c, h = hidden", "c = memory_cell(c, h, x)\n        c, h = hidden"),
    ),
    RNN.variant(
        "cell-twice-for-h",
        "What is shown is not the step's own cell value: on the way to it the cell is updated once more.",
        ("c, h = hidden_state(c, h, x)", "c = memory_cell(c, h, x)\n        h = hidden_state(c, h, x)[1]"),
    ),
    RNN.variant(
        "cell-of-new-h",
        "The cell value is updated with the new hidden state; it needs the one of the step before.",
        ("c, h = hidden_state(c, h, x)", "h = hidden_state(c, h, x)[1]\n        c = memory_cell(c, h, x)"),
    ),
    RNN.variant(
        "clipped",
        "The cell value is kept between -1 and 1 from step to step; it can grow beyond.",
        ("states.append(h)", "states.append(h)\n        c = max(-1, min(1, c))"),
    ),
    RNN.variant(
        "cells",
        "The list holds the cell values; it is the hidden states that are asked for.",
        ("append(h)", "append(c)"),
    ),
    RNN.variant(
        "only-last",
        "Only the last hidden state is returned; there should be one for each step.",
        ("return states", "return h"),
    ),
    RNN.variant(
        "with-first",
        "The list begins with the state before the first step, so it is one too long.",
        ("states = []", "states = [h]"),
    ),
    RNN.variant(
        "reversed",
        "The hidden states stand in the list from the last to the first.",
        ("states.append(h)", "states.insert(0, h)"),
    ),
    RNN.variant(
        "backwards",
        "The sequence is read from its end.",
        ("in seq", "in reversed(seq)"),
    ),
    RNN.variant(
        "consumed",
        "The hidden states are right, but the caller's own sequence is emptied on the way.",
        ("for x in seq:", "while seq:\n        x = seq.pop(0)"),
    ),
)
