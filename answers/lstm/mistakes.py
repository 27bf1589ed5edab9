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
        (-1, -4, -2, 2, -2, 3, -1, -1.5, 4, -2, 3, -0.5),  # sums of exactly 0
        (2, -1, 1, -3, 3, -1, 3, 2, 0, 3, 1, -1),  # c and h both matter for several steps
        (0, 0, 3, 0, 0, 0, 0, 2, 1, 1, -4, 0),  # both gates open, so that c grows beyond 1
    )
]
"""Weights with which each gate opens and closes, by h and by x."""


def _calls(*arguments: str) -> list[tuple[str, dict[str, float]]]:
    """Calls with these arguments, for all weights."""
    return [(each, weights) for weights in _WEIGHTS for each in arguments]


def _sign_of(_: int, x: float) -> str:
    return "x is 0" if x == 0 else "x is positive" if x > 0 else "x is negative"


def _state_at(_: int, h: float, x: float) -> str:
    return "h is 0" if h == 0 else "h is not 0"


def _step_from(step: int, c_prev: float, h: float, x: float) -> str:
    return _state_at(step, h, x)


SIGMOID = Solution(
    "sigmoid",
    "1. `sigmoid`",
    """\
def sigmoid(x):
    return round(1 / (1 + np.exp(-x)))
""",
    calls=(
        "2",
        "-2",
        "0.4",
        "-0.4",
        "0.7",
        "1.5",
        "-6",
        "6",
        "30",
        "-30",
        "0.01",
        "-0.01",
        "40",
    ),  # int(...) is 1 at 40
    other_calls=("0",),
    circumstance=_sign_of,
)


def _gate(number: int, name: str, letter: str) -> Solution:
    return Solution(
        f"{name}_gate",
        f"{number}. `{name}_gate`",
        f"""\
def {name}_gate(h, x):
    return sigmoid(w_{letter}h * h + w_{letter}x * x + b_{letter})
""",
        calls=_calls("1, 1", "0, 1", "1, 0", "-1, 2", "0, 0", "-1, 0.5", "1, 2", "0, 2", "0, -2", "1, 0.5"),
        circumstance=_state_at,
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
    circumstance=_step_from,
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
    calls=_calls("2.5, 1, 1", "1.5, 0, 1", "-2, -1, 0.5", "0.3, 1, -1", "0.25, 0, 0", "1, 0, 1"),
    steps={"c_new": 0, "h_new": 1},
    circumstance=_step_from,
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
    calls=_calls("[1, 0, 1, 1, 1]", "[0, 0, 1, -1, 1, 1, 0]", "[1, 1, -1, -1, -1]", "[1]", "[0, 0, 1, 0, 0, 0]"),
    other_calls=["[]"],  # for which a list made in the loop is not there
    each="hidden state",
    circumstance=_input_at,
)
SOLUTIONS = (SIGMOID, FORGET_GATE, INPUT_GATE, OUTPUT_GATE, MEMORY_CELL, HIDDEN_STATE, RNN)

_OWNERS = {"f": "forget gate", "i": "input gate", "o": "output gate", "c": "candidate"}


def _gate_mistakes(gate: Solution, letter: str, with_given_weights: str, by_hand: str) -> Iterator[Mistake]:
    """What goes wrong in each of the three gates."""
    of_h, of_x, bias = f"w_{letter}h * h", f"w_{letter}x * x", f"b_{letter}"
    total = f"{of_h} + {of_x} + {bias}"
    right = f"sigmoid({total})"
    numbers = "Other weights have no effect on this gate: are there numbers where the names should be?"
    if gate is FORGET_GATE:  # with the given weights it is closed, so that a gate that is always closed does the same
        numbers = "This gate is closed for every input, and other weights have no effect on it."
    for name, sentence, wrong in [
        ("no-bias", "The bias of this gate has no effect.", f"sigmoid({of_h} + {of_x})"),
        ("no-h", "The hidden state has no effect on this gate.", f"sigmoid({of_x} + {bias})"),
        ("no-x", "The input has no effect on this gate.", f"sigmoid({of_h} + {bias})"),
        (
            "swapped",
            "The weight of h is multiplied by x, and the weight of x by h.",
            f"sigmoid(w_{letter}h * x + w_{letter}x * h + {bias})",
        ),
        (
            "minus-bias",
            "The bias has the wrong sign in the sum.",
            f"sigmoid({of_h} + {of_x} - {bias})",
        ),
        (
            "no-weights",
            "The weights have no effect here: h and x go into the sum as they are.",
            f"sigmoid(h + x + {bias})",
        ),
        (
            "added-weights",
            "A weight and its value are added here; a weighted sum multiplies them.",
            f"sigmoid((w_{letter}h + h) * (w_{letter}x + x) + {bias})",
        ),
        (
            "bias-times-x",
            "The bias is multiplied by x here: for x = 0 it has no effect.",
            f"sigmoid({of_h} + (w_{letter}x + {bias}) * x)",
        ),
        (
            "bias-outside",
            "The bias is added after the rounding, so the result is no longer 0 or 1.",
            f"sigmoid({of_h} + {of_x}) + {bias}",
        ),
        (
            "sigmoid-of-each",
            "Each term is rounded by itself before the terms are added; they should be added first.",
            f"sigmoid({of_h}) + sigmoid({of_x}) + sigmoid({bias})",
        ),
        ("numbers", numbers, f"sigmoid({with_given_weights})"),
        (
            "numbers-by-hand",
            "Other weights have no effect: the numbers of the example by hand are used.",
            f"sigmoid({by_hand})",
        ),
        (
            "one-for-both",
            "The arguments h and x have no effect: the sum is taken as if both were 1.",
            f"sigmoid(w_{letter}h + w_{letter}x + {bias})",
        ),
        (
            "open-at-zero",
            "Everything is right except when the sum is exactly 0: this gate is open then.",
            f"int({total} >= 0)",
        ),
        (
            "not-rounded",
            "The gate can be half open here. Which function makes it open or closed?",
            f"1 / (1 + np.exp(-({total})))",
        ),
        (
            "rounded-sum",
            "The weighted sum itself is rounded here; the function that makes 0 or 1 of it is missing.",
            f"round({total})",
        ),
        (
            "times-bias",
            "The bias is multiplied by another term here; it should be added to the sum.",
            f"sigmoid({of_h} + {of_x} * {bias})",
        ),
        (
            "bare",
            "The weights and the bias have no effect: only h and x are added.",
            "sigmoid(h + x)",
        ),
        (
            "sigmoid-of-products",
            "Each product is made 0 or 1 by itself; sigmoid should be applied to the whole sum, with the bias.",
            f"sigmoid({of_h}) + sigmoid({of_x}) + {bias}",
        ),
        ("no-sigmoid", "This is the weighted sum itself, so a function is still missing.", total),
        ("opposite", "The gate is open where it should be closed, and closed where it should be open.", f"1 - {right}"),
        ("times-h", "The gate is multiplied by h, so it is closed whenever h is 0.", f"{right} * h"),
        ("times-x", "The gate is multiplied by x, so it is closed whenever x is 0.", f"{right} * x"),
        ("open", "This gate is open for every input.", "1"),
        *([("shut", "This gate is closed for every input.", "0")] if gate is not FORGET_GATE else []),
        (
            "tanh",
            "This can be -1, but a gate is 0 or 1: it is the candidate that uses tanh.",
            f"round(np.tanh({total}))",
        ),
    ]:
        yield gate.variant(name, sentence, (right, wrong))
    for other, whose in _OWNERS.items():
        if other == letter:
            continue
        sentence = f"All the weights and the bias here are those of the {whose}."
        yield gate.variant(f"weights-of-{other}", sentence, (total, f"w_{other}h * h + w_{other}x * x + b_{other}"))
        for name, sort in ((f"w_{letter}h", "weight of h"), (f"w_{letter}x", "weight of x"), (bias, "bias")):
            borrowed = name.replace(f"_{letter}", f"_{other}")
            sentence = f"The {sort} is that of the {whose}: what does the letter after the underscore say?"
            yield gate.variant(f"{borrowed.replace('_', '-')}", sentence, (name, borrowed))
        for left, own in [
            ("weights", bias),
            ("weight of x and the bias", f"w_{letter}h"),
            ("weight of h and the bias", f"w_{letter}x"),
        ]:
            borrowed = total.replace(f"_{letter}", f"_{other}").replace(own.replace(f"_{letter}", f"_{other}"), own)
            sentence = f"The {left} are those of the {whose}: what does the letter after the underscore say?"
            yield gate.variant(f"of-{other}-but-{own.replace('_', '-')}", sentence, (total, borrowed))
        if other != "c":
            neighbour = f"sigmoid(w_{other}h * h + w_{other}x * x + b_{other})"
            sentence = f"This is the opposite of the {whose}; each gate has weights of its own."
            yield gate.variant(f"opposite-of-{other}", sentence, (right, f"1 - {neighbour}"))


MISTAKES = (
    SIGMOID.variant(
        "not-rounded",
        "This is the logistic function itself: its value still has to become 0 or 1.",
        ("round(1 / (1 + np.exp(-x)))", "1 / (1 + np.exp(-x))"),
    ),
    SIGMOID.variant(
        "half-up",
        "Everything is right except for x = 0, where the fraction is exactly 0.5.",
        ("round(1 / (1 + np.exp(-x)))", "int(1 / (1 + np.exp(-x)) + 0.5)"),
    ),
    SIGMOID.variant(
        "always-0",
        "It gives 0 for every x. Is x in the exponent, with a minus sign?",
        ("round(1 / (1 + np.exp(-x)))", "0"),
    ),
    SIGMOID.variant(
        "floor",
        "The decimals are cut off here, so a fraction such as 0.88 becomes 0. That is not rounding.",
        ("round(", "int("),
    ),
    SIGMOID.variant(
        "ceiling",
        "It gives 1 for every x: is the fraction rounded up, or is x missing in the exponent?",
        ("round(1 / (1 + np.exp(-x)))", "int(np.ceil(1 / (1 + np.exp(-x))))"),
    ),
    SIGMOID.variant(
        "sign",
        "Positive numbers give 0 and negative ones give 1; it should be the other way round.",
        ("-x", "x"),
    ),
    SIGMOID.variant(
        "brackets",
        "The division comes before the addition here. What is below the line of the fraction?",
        ("1 / (1 + np.exp(-x))", "1 / 1 + np.exp(-x)"),
    ),
    SIGMOID.variant(
        "tanh",
        "This can be -1, but the logistic function lies between 0 and 1.",
        ("1 / (1 + np.exp(-x))", "np.tanh(x)"),
    ),
    SIGMOID.variant(
        "one-digit",
        "The result keeps 1 decimal, but a gate should be 0 or 1.",
        ("round(1 / (1 + np.exp(-x)))", "round(1 / (1 + np.exp(-x)), 1)"),
    ),
    SIGMOID.variant(
        "two-digits",
        "The result keeps 2 decimals, but a gate should be 0 or 1.",
        ("round(1 / (1 + np.exp(-x)))", "round(1 / (1 + np.exp(-x)), 2)"),
    ),
    SIGMOID.variant(
        "three-digits",
        "The result keeps 3 decimals, but a gate should be 0 or 1.",
        ("round(1 / (1 + np.exp(-x)))", "round(1 / (1 + np.exp(-x)), 3)"),
    ),
    SIGMOID.variant(
        "four-digits",
        "The result keeps 4 decimals, but a gate should be 0 or 1.",
        ("round(1 / (1 + np.exp(-x)))", "round(1 / (1 + np.exp(-x)), 4)"),
    ),
    SIGMOID.variant(
        "rounded-inside",
        "The exponential is rounded here; what should be rounded is the whole fraction.",
        ("round(1 / (1 + np.exp(-x)))", "1 / (1 + round(np.exp(-x)))"),
    ),
    SIGMOID.variant(
        "rounded-number",
        "The number x itself is rounded here; there is no fraction at all.",
        ("round(1 / (1 + np.exp(-x)))", "round(x)"),
    ),
    SIGMOID.variant(
        "from-one-half",
        "Numbers from 0 to 0.5 give 0 here, but their fraction is above 0.5.",
        ("round(1 / (1 + np.exp(-x)))", "1 if x > 0.5 else 0"),
    ),
    SIGMOID.variant(
        "from-one",
        "Some numbers between 0 and 1 give 0 here, but their fraction is above 0.5.",
        ("round(1 / (1 + np.exp(-x)))", "1 if x >= 1 else 0"),
    ),
    SIGMOID.variant(
        "opposite",
        "The result is 0 where it should be 1, and 1 where it should be 0.",
        ("round(1 / (1 + np.exp(-x)))", "1 - round(1 / (1 + np.exp(-x)))"),
    ),
    SIGMOID.variant(
        "no-one",
        "The 1 below the line of the fraction has no effect.",
        ("(1 + np.exp(-x))", "np.exp(-x)"),
    ),
    SIGMOID.variant(
        "exponential",
        "Only the exponential is computed, without a fraction.",
        ("round(1 / (1 + np.exp(-x)))", "round(np.exp(-x))"),
    ),
    SIGMOID.variant(
        "minus-one",
        "Below the line the exponential is subtracted; it should be added.",
        ("1 + np.exp", "1 - np.exp"),
    ),
    SIGMOID.variant(
        "times-x",
        "The exponent is multiplied by something: it should be a power of e.",
        ("np.exp(-x)", "np.e * -x"),
    ),
    *_gate_mistakes(FORGET_GATE, "f", "-100", "3 * h - 1"),
    *_gate_mistakes(INPUT_GATE, "i", "100 * x + 100", "4 * x - 2"),
    *_gate_mistakes(OUTPUT_GATE, "o", "100 * x", "3 * x - 2 * h"),
    MEMORY_CELL.variant(
        "not-rounded",
        "The candidate is not rounded, so it is not one of -1, 0 and 1.",
        ("round(np.tanh(w_ch * h + w_cx * x + b_c))", "np.tanh(w_ch * h + w_cx * x + b_c)"),
    ),
    MEMORY_CELL.variant(
        "rounded-last",
        "The rounding is done last, so the old cell value is rounded too.",
        ("round(np.tanh(w_ch * h + w_cx * x + b_c))", "np.tanh(w_ch * h + w_cx * x + b_c)"),
        (
            "return forget_gate(h, x) * c_prev + input_gate(h, x) * candidate",
            "return round(forget_gate(h, x) * c_prev + input_gate(h, x) * candidate)",
        ),
    ),
    MEMORY_CELL.variant(
        "no-past",
        "The old cell value has no effect here: nothing of it is ever kept.",
        ("forget_gate(h, x) * c_prev + ", ""),
    ),
    MEMORY_CELL.variant(
        "always-kept",
        "The old cell value is always kept here. Which gate decides about that?",
        ("forget_gate(h, x) * c_prev", "c_prev"),
    ),
    MEMORY_CELL.variant(
        "always-written",
        "The candidate is always added here. Which gate decides about that?",
        ("input_gate(h, x) * candidate", "candidate"),
    ),
    MEMORY_CELL.variant(
        "gates-swapped",
        "The forget gate decides about the candidate, and the input gate about the old value.",
        ("forget_gate(h, x) * c_prev + input_gate(h, x)", "input_gate(h, x) * c_prev + forget_gate(h, x)"),
    ),
    MEMORY_CELL.variant(
        "coupled",
        "The old value is kept when the input gate is closed; but there is a gate of its own for that.",
        ("forget_gate(h, x)", "(1 - input_gate(h, x))"),
    ),
    MEMORY_CELL.variant(
        "output-gate",
        "The output gate decides about the candidate here; it has no part in the cell value.",
        ("input_gate(h, x)", "output_gate(h, x)"),
    ),
    MEMORY_CELL.variant(
        "no-tanh",
        "The candidate can be any number here: a function that keeps it small is missing.",
        ("np.tanh(w_ch * h + w_cx * x + b_c)", "w_ch * h + w_cx * x + b_c"),
    ),
    MEMORY_CELL.variant(
        "sign",
        "The candidate is the sign of the sum here; for a sum near 0 it should be 0.",
        ("round(np.tanh(w_ch * h + w_cx * x + b_c))", "np.sign(w_ch * h + w_cx * x + b_c)"),
    ),
    MEMORY_CELL.variant(
        "sigmoid",
        "The candidate is never -1 here: the function used for the gates is used for it.",
        ("round(np.tanh(w_ch * h + w_cx * x + b_c))", "sigmoid(w_ch * h + w_cx * x + b_c)"),
    ),
    MEMORY_CELL.variant(
        "no-bias",
        "The bias of the candidate has no effect.",
        (" + b_c", ""),
    ),
    MEMORY_CELL.variant(
        "bias-outside",
        "The bias is added to the rounded candidate; it belongs to the sum in the brackets of tanh.",
        (" + b_c))", ")) + b_c"),
    ),
    MEMORY_CELL.variant(
        "gates-of-weights",
        "Both gates are given their weights; they know these already, and need h and x.",
        ("forget_gate(h, x)", "forget_gate(w_fh, w_fx)"),
        ("input_gate(h, x)", "input_gate(w_ih, w_ix)"),
    ),
    MEMORY_CELL.variant(
        "gates-of-products",
        "h and x are multiplied by weights before the gates get them; the gates do that themselves.",
        ("forget_gate(h, x)", "forget_gate(w_fh * h, w_fx * x)"),
        ("input_gate(h, x)", "input_gate(w_ih * h, w_ix * x)"),
    ),
    MEMORY_CELL.variant(
        "numbers",
        "Other weights have no effect on the candidate: are there numbers where the names should be?",
        ("w_ch * h + w_cx * x + b_c", "-100 * h + 50 * x"),
    ),
    MEMORY_CELL.variant(
        "minus",
        "The candidate is subtracted from what is kept; it should be added.",
        ("c_prev + input", "c_prev - input"),
    ),
    MEMORY_CELL.variant(
        "c-in-candidate",
        "The candidate is computed from the old cell value; it needs the hidden state.",
        ("w_ch * h", "w_ch * c_prev"),
    ),
    MEMORY_CELL.variant(
        "gates-of-c",
        "Both gates are given the old cell value; they need the hidden state.",
        ("forget_gate(h, x)", "forget_gate(c_prev, x)"),
        ("input_gate(h, x)", "input_gate(c_prev, x)"),
    ),
    MEMORY_CELL.variant(
        "forget-gate-of-c",
        "The forget gate is given the old cell value; it needs the hidden state.",
        ("forget_gate(h, x)", "forget_gate(c_prev, x)"),
    ),
    MEMORY_CELL.variant(
        "input-gate-of-c",
        "The input gate is given the old cell value; it needs the hidden state.",
        ("input_gate(h, x)", "input_gate(c_prev, x)"),
    ),
    MEMORY_CELL.variant(
        "gates-x-h",
        "Both gates are given h and x in the wrong order.",
        ("forget_gate(h, x)", "forget_gate(x, h)"),
        ("input_gate(h, x)", "input_gate(x, h)"),
    ),
    MEMORY_CELL.variant(
        "forget-gate-x-h",
        "The forget gate is given h and x in the wrong order.",
        ("forget_gate(h, x)", "forget_gate(x, h)"),
    ),
    MEMORY_CELL.variant(
        "input-gate-x-h",
        "The input gate is given h and x in the wrong order.",
        ("input_gate(h, x)", "input_gate(x, h)"),
    ),
    MEMORY_CELL.variant(
        "all-of-c",
        "The hidden state has no effect: the old cell value is used in its place everywhere.",
        ("w_ch * h", "w_ch * c_prev"),
        ("forget_gate(h, x)", "forget_gate(c_prev, x)"),
        ("input_gate(h, x)", "input_gate(c_prev, x)"),
    ),
    MEMORY_CELL.variant(
        "only-candidate",
        "The candidate alone is returned: neither a gate nor the old value has an effect.",
        ("return forget_gate(h, x) * c_prev + input_gate(h, x) * candidate", "return candidate"),
    ),
    MEMORY_CELL.variant(
        "only-past",
        "The candidate has no effect: nothing new is ever added to the cell.",
        ("return forget_gate(h, x) * c_prev + input_gate(h, x) * candidate", "return forget_gate(h, x) * c_prev"),
    ),
    MEMORY_CELL.variant(
        "no-gates",
        "No gate has an effect: the old value and the candidate are simply added.",
        ("return forget_gate(h, x) * c_prev + input_gate(h, x) * candidate", "return c_prev + candidate"),
    ),
    MEMORY_CELL.variant(
        "rounded-early",
        "The sum is rounded before tanh; the value of tanh should be rounded.",
        ("round(np.tanh(w_ch * h + w_cx * x + b_c))", "np.tanh(round(w_ch * h + w_cx * x + b_c))"),
    ),
    MEMORY_CELL.variant(
        "one-digit",
        "The candidate keeps 1 decimal, so it is not one of -1, 0 and 1.",
        ("+ b_c))", "+ b_c), 1)"),
    ),
    MEMORY_CELL.variant(
        "two-digits",
        "The candidate keeps 2 decimals, so it is not one of -1, 0 and 1.",
        ("+ b_c))", "+ b_c), 2)"),
    ),
    MEMORY_CELL.variant(
        "three-digits",
        "The candidate keeps 3 decimals, so it is not one of -1, 0 and 1.",
        ("+ b_c))", "+ b_c), 3)"),
    ),
    MEMORY_CELL.variant(
        "either-or",
        "It is either the old value or the candidate here; with both gates open it should be their sum.",
        (
            "return forget_gate(h, x) * c_prev + input_gate(h, x) * candidate",
            "return c_prev if forget_gate(h, x) else input_gate(h, x) * candidate",
        ),
    ),
    MEMORY_CELL.variant(
        "or-written",
        "With the input gate open the old value has no effect; with both open it should be added.",
        (
            "return forget_gate(h, x) * c_prev + input_gate(h, x) * candidate",
            "return candidate if input_gate(h, x) else forget_gate(h, x) * c_prev",
        ),
    ),
    MEMORY_CELL.variant(
        "forget-all",
        "The forget gate also decides about the candidate, which is only for the input gate.",
        (
            "return forget_gate(h, x) * c_prev + input_gate(h, x) * candidate",
            "return forget_gate(h, x) * (c_prev + input_gate(h, x) * candidate)",
        ),
    ),
    MEMORY_CELL.variant(
        "input-all",
        "The input gate also decides about the old value, which is only for the forget gate.",
        (
            "return forget_gate(h, x) * c_prev + input_gate(h, x) * candidate",
            "return input_gate(h, x) * (forget_gate(h, x) * c_prev + candidate)",
        ),
    ),
    MEMORY_CELL.variant(
        "one-minus-forget",
        "The candidate is added when the forget gate is closed; but there is a gate of its own for that.",
        ("input_gate(h, x)", "(1 - forget_gate(h, x))"),
    ),
    MEMORY_CELL.variant(
        "forget-shut",
        "The old value is kept when the forget gate is closed; it should be kept when the gate is open.",
        ("forget_gate(h, x)", "(1 - forget_gate(h, x))"),
    ),
    MEMORY_CELL.variant(
        "input-shut",
        "The candidate is added when the input gate is closed; it should be added when the gate is open.",
        ("input_gate(h, x)", "(1 - input_gate(h, x))"),
    ),
    MEMORY_CELL.variant(
        "tanh-of-all",
        "The tanh is taken of the whole sum, so the cell value can never go beyond 1.",
        ("candidate = round(np.tanh(w_ch * h + w_cx * x + b_c))", "candidate = w_ch * h + w_cx * x + b_c"),
        (
            "return forget_gate(h, x) * c_prev + input_gate(h, x) * candidate",
            "return round(np.tanh(forget_gate(h, x) * c_prev + input_gate(h, x) * candidate))",
        ),
    ),
    MEMORY_CELL.variant(
        "tanh-again",
        "The cell value is squeezed by tanh once more; only the candidate should be.",
        (
            "return forget_gate(h, x) * c_prev + input_gate(h, x) * candidate",
            "return round(np.tanh(forget_gate(h, x) * c_prev + input_gate(h, x) * candidate))",
        ),
    ),
    MEMORY_CELL.variant(
        "no-h",
        "The hidden state has no effect on the candidate.",
        ("w_ch * h + ", ""),
    ),
    MEMORY_CELL.variant(
        "no-x",
        "The input has no effect on the candidate.",
        ("w_cx * x + ", ""),
    ),
    MEMORY_CELL.variant(
        "swapped",
        "In the candidate the weight of h is multiplied by x, and the weight of x by h.",
        ("w_ch * h + w_cx * x", "w_ch * x + w_cx * h"),
    ),
    MEMORY_CELL.variant(
        "weights-of-f",
        "The weights and the bias in the candidate are those of the forget gate.",
        ("w_ch * h + w_cx * x + b_c", "w_fh * h + w_fx * x + b_f"),
    ),
    MEMORY_CELL.variant(
        "weights-of-i",
        "The weights and the bias in the candidate are those of the input gate.",
        ("w_ch * h + w_cx * x + b_c", "w_ih * h + w_ix * x + b_i"),
    ),
    MEMORY_CELL.variant(
        "weights-of-o",
        "The weights and the bias in the candidate are those of the output gate.",
        ("w_ch * h + w_cx * x + b_c", "w_oh * h + w_ox * x + b_o"),
    ),
    MEMORY_CELL.variant(
        "gate-of-candidate",
        "The input gate is given the candidate; it needs the hidden state of the step before.",
        ("input_gate(h, x)", "input_gate(candidate, x)"),
    ),
    HIDDEN_STATE.variant(
        "old-cell",
        "The old cell value is shown here; it should be the new one.",
        ("np.tanh(c_new)", "np.tanh(c_prev)"),
    ),
    HIDDEN_STATE.variant(
        "not-rounded",
        "The hidden state is not rounded, so it is not one of -1, 0 and 1.",
        ("round(np.tanh(c_new))", "np.tanh(c_new)"),
    ),
    HIDDEN_STATE.variant(
        "no-gate",
        "The cell value is always shown here. Which gate decides about that?",
        ("output_gate(h, x) * ", ""),
    ),
    HIDDEN_STATE.variant(
        "no-tanh",
        "The hidden state is the cell value itself here: a function between the two is missing.",
        ("round(np.tanh(c_new))", "c_new"),
    ),
    HIDDEN_STATE.variant(
        "sign",
        "The hidden state is the sign of the cell value here; for one near 0 it should be 0.",
        ("round(np.tanh(c_new))", "np.sign(c_new)"),
    ),
    HIDDEN_STATE.variant(
        "order",
        "The two values are right, but they are returned in the other order.",
        ("return c_new, h_new", "return h_new, c_new"),
    ),
    HIDDEN_STATE.variant(
        "gate-of-new-cell",
        "The output gate is given the new cell value; it needs the hidden state of the step before.",
        ("output_gate(h, x)", "output_gate(c_new, x)"),
    ),
    HIDDEN_STATE.variant(
        "forget-gate",
        "The forget gate decides what is shown here; another gate does that.",
        ("output_gate(h, x)", "forget_gate(h, x)"),
    ),
    HIDDEN_STATE.variant(
        "only-h",
        "Only the hidden state is returned; the next step needs the cell value too.",
        ("return c_new, h_new", "return h_new"),
    ),
    HIDDEN_STATE.variant(
        "gate-of-old-cell",
        "The output gate is given the old cell value; it needs the hidden state of the step before.",
        ("output_gate(h, x)", "output_gate(c_prev, x)"),
    ),
    HIDDEN_STATE.variant(
        "gate-of-new-h",
        "The output gate is given a new hidden state; it needs that of the step before.",
        ("output_gate(h, x)", "output_gate(round(np.tanh(c_new)), x)"),
    ),
    HIDDEN_STATE.variant(
        "input-gate",
        "The input gate decides what is shown here; another gate does that.",
        ("output_gate(h, x)", "input_gate(h, x)"),
    ),
    HIDDEN_STATE.variant(
        "memory-arguments",
        "The old cell value and the hidden state are given to `memory_cell` in the wrong order.",
        ("memory_cell(c_prev, h, x)", "memory_cell(h, c_prev, x)"),
    ),
    HIDDEN_STATE.variant(
        "plus",
        "The output gate is added here; it should be multiplied, so that a closed gate gives 0.",
        ("output_gate(h, x) *", "output_gate(h, x) +"),
    ),
    HIDDEN_STATE.variant(
        "old-cell-returned",
        "The old cell value is returned first; it should be the new one.",
        ("return c_new", "return c_prev"),
    ),
    HIDDEN_STATE.variant(
        "cell-gated",
        "The output gate decides about the cell value too; it should only decide about the hidden state.",
        ("return c_new,", "return output_gate(h, x) * c_new,"),
    ),
    HIDDEN_STATE.variant(
        "old-h-kept",
        "When the output gate is closed, the old hidden state stays; it should be 0.",
        (
            "h_new = output_gate(h, x) * round(np.tanh(c_new))",
            "h_new = round(np.tanh(c_new)) if output_gate(h, x) else h",
        ),
    ),
    HIDDEN_STATE.variant(
        "gate-opposite",
        "The cell value is shown when the output gate is closed, and hidden when it is open.",
        ("output_gate(h, x)", "(1 - output_gate(h, x))"),
    ),
    HIDDEN_STATE.variant(
        "rounded-cell",
        "The cell value is rounded, but not squeezed: the hidden state can be larger than 1.",
        ("round(np.tanh(c_new))", "round(c_new)"),
    ),
    HIDDEN_STATE.variant(
        "rounded-early",
        "The cell value is rounded before tanh; the value of tanh should be rounded.",
        ("round(np.tanh(c_new))", "np.tanh(round(c_new))"),
    ),
    HIDDEN_STATE.variant(
        "one-digit",
        "The hidden state keeps 1 decimal, so it is not one of -1, 0 and 1.",
        ("np.tanh(c_new))", "np.tanh(c_new), 1)"),
    ),
    HIDDEN_STATE.variant(
        "two-digits",
        "The hidden state keeps 2 decimals, so it is not one of -1, 0 and 1.",
        ("np.tanh(c_new))", "np.tanh(c_new), 2)"),
    ),
    HIDDEN_STATE.variant(
        "three-digits",
        "The hidden state keeps 3 decimals, so it is not one of -1, 0 and 1.",
        ("np.tanh(c_new))", "np.tanh(c_new), 3)"),
    ),
    HIDDEN_STATE.variant(
        "sigmoid",
        "The hidden state is never -1 here: the function used for the gates is used for it.",
        ("round(np.tanh(c_new))", "sigmoid(c_new)"),
    ),
    HIDDEN_STATE.variant(
        "cell-rounded-too",
        "The returned cell value is squeezed and rounded; the next step needs it as it is.",
        ("return c_new", "return round(np.tanh(c_new))"),
    ),
    HIDDEN_STATE.variant(
        "memory-twice",
        "The cell value is updated twice before it is shown.",
        ("    h_new =", "    c_new = memory_cell(c_new, h, x)\n    h_new ="),
    ),
    HIDDEN_STATE.variant(
        "memory-twice-for-h",
        "The hidden state is made of a cell value that was updated twice.",
        ("round(np.tanh(c_new))", "round(np.tanh(memory_cell(c_new, h, x)))"),
    ),
    HIDDEN_STATE.variant(
        "memory-rotated",
        "The three arguments of `memory_cell` are in the wrong order: the old cell value should come first.",
        ("memory_cell(c_prev, h, x)", "memory_cell(h, x, c_prev)"),
    ),
    HIDDEN_STATE.variant(
        "memory-of-new-h",
        "The cell value is updated with the new hidden state; it needs that of the step before.",
        ("return c_new", "return memory_cell(c_prev, h_new, x)"),
    ),
    HIDDEN_STATE.variant(
        "gate-returned",
        "The gate is returned as the hidden state; what it shows is missing.",
        ("h_new = output_gate(h, x) * round(np.tanh(c_new))", "h_new = output_gate(h, x)"),
    ),
    HIDDEN_STATE.variant(
        "empty-cell",
        "The old cell value has no effect: every step starts with an empty cell.",
        ("memory_cell(c_prev, h, x)", "memory_cell(0, h, x)"),
    ),
    HIDDEN_STATE.variant(
        "only-c",
        "Only the cell value is returned; the task asks for the hidden state too.",
        ("return c_new, h_new", "return c_new"),
    ),
    HIDDEN_STATE.variant(
        "old-h-returned",
        "The old hidden state is returned; it should be the new one.",
        ("return c_new, h_new", "return c_new, h"),
    ),
    HIDDEN_STATE.variant(
        "three",
        "Three values are returned; the old hidden state does not belong there.",
        ("return c_new, h_new", "return c_new, h_new, h"),
    ),
    HIDDEN_STATE.variant(
        "times-h",
        "What is shown is multiplied by the old hidden state, so nothing shows after h = 0.",
        ("h_new = output_gate(h, x) * round(np.tanh(c_new))", "h_new = output_gate(h, x) * round(np.tanh(c_new)) * h"),
    ),
    RNN.variant(
        "c-lost",
        "The cell value is not passed on: every step starts with c = 0.",
        ("hidden_state(c, h, x)", "hidden_state(0, h, x)"),
    ),
    RNN.variant(
        "h-lost",
        "The hidden state is not passed on: every step starts with h = 0.",
        ("hidden_state(c, h, x)", "hidden_state(c, 0, x)"),
    ),
    RNN.variant(
        "state-lost",
        "Nothing is passed on: at every step both c and h are 0 again.",
        ("hidden_state(c, h, x)", "hidden_state(0, 0, x)"),
    ),
    RNN.variant(
        "h-for-c",
        "The next step gets the hidden state twice; one of the two should be the cell value.",
        ("hidden_state(c, h, x)", "hidden_state(h, h, x)"),
    ),
    RNN.variant(
        "swapped",
        "The two values that a step returns are taken in the wrong order.",
        ("c, h = hidden_state", "h, c = hidden_state"),
    ),
    RNN.variant(
        "cell-twice",
        "The cell value is updated twice in each step.",
        ("c, h = hidden", "c = memory_cell(c, h, x)\n        c, h = hidden"),
    ),
    RNN.variant(
        "cell-twice-for-h",
        "The cell value is updated twice before the hidden state is computed.",
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
        "The list holds the cell values, but the task asks for the hidden states.",
        ("append(h)", "append(c)"),
    ),
    RNN.variant(
        "only-last",
        "Only the last hidden state is returned; there should be one for each step.",
        ("return states", "return h"),
    ),
    RNN.variant(
        "with-first",
        "The list begins with the state before the first step, so it has one item too many.",
        ("states = []", "states = [h]"),
    ),
    RNN.variant(
        "reversed",
        "The hidden states are in the list from the last to the first.",
        ("states.append(h)", "states.insert(0, h)"),
    ),
    RNN.variant(
        "backwards",
        "The sequence is read from its end.",
        ("in seq", "in reversed(seq)"),
    ),
    RNN.variant(
        "consumed",
        "The hidden states are right, but the sequence that was given is empty afterwards.",
        ("for x in seq:", "while seq:\n        x = seq.pop(0)"),
    ),
    RNN.variant(
        "pairs",
        "Each item of the list is a pair of cell value and hidden state; the task asks only for the hidden state.",
        ("append(h)", "append((c, h))"),
    ),
    RNN.variant(
        "both",
        "The list holds cell values and hidden states in turn, so it is twice as long as it should be.",
        ("append(h)", "extend([c, h])"),
    ),
    RNN.variant(
        "positions",
        "The positions 0, 1, 2 and so on are read here, but not the values of the sequence.",
        ("in seq", "in range(len(seq))"),
    ),
    RNN.variant(
        "without-last",
        "The last value of the sequence is not read, so the list is one too short.",
        ("in seq", "in seq[:-1]"),
    ),
    RNN.variant(
        "without-first",
        "The first value of the sequence is not read, so the list is one too short.",
        ("in seq", "in seq[1:]"),
    ),
    RNN.variant(
        "before-step",
        "Each step puts the hidden state from before it into the list, so all of them come one step late.",
        (
            "        c, h = hidden_state(c, h, x)\n        states.append(h)\n",
            "        states.append(h)\n        c, h = hidden_state(c, h, x)\n",
        ),
    ),
    RNN.variant(
        "inputs",
        "The list holds the inputs, but the task asks for the hidden states.",
        ("append(h)", "append(x)"),
    ),
    RNN.variant(
        "list-of-last",
        "The list holds only the last hidden state: make it before the loop, and append to it in the loop.",
        ("states.append(h)", "states = [h]"),
    ),
    RNN.variant(
        "all-in-loop",
        "Every step starts again from 0 and an empty list; these belong before the loop.",
        (
            "    c, h = 0, 0\n    states = []\n    for x in seq:",
            "    for x in seq:\n        c, h = 0, 0\n        states = []",
        ),
    ),
    RNN.variant(
        "overwritten",
        "The hidden states are right, but they are written into the sequence that was given.",
        ("    states = []\n    for x in seq:", "    states = seq\n    for at, x in enumerate(seq):"),
        ("states.append(h)", "states[at] = h"),
    ),
    RNN.variant(
        "first-only",
        "Only the first step is taken: `return` is reached before the loop has ended.",
        (
            "        states.append(h)\n    return states",
            "        states.append(h)\n        return states\n    return states",
        ),
    ),
    RNN.variant(
        "arguments",
        "The cell value and the hidden state are given to `hidden_state` in the wrong order.",
        ("hidden_state(c, h, x)", "hidden_state(h, c, x)"),
    ),
    RNN.variant(
        "x-for-h",
        "The hidden state and the input are given to `hidden_state` in the wrong order.",
        ("hidden_state(c, h, x)", "hidden_state(c, x, h)"),
    ),
    RNN.variant(
        "starts-open",
        "The first step starts with h = 1; before anything is read, c and h are 0.",
        ("c, h = 0, 0", "c, h = 0, 1"),
    ),
    RNN.variant(
        "starts-full",
        "The first step starts with c = 1; before anything is read, c and h are 0.",
        ("c, h = 0, 0", "c, h = 1, 0"),
    ),
    RNN.variant(
        "starts-with-first",
        "The first step starts with the first input as hidden state; it should start with h = 0.",
        ("c, h = 0, 0", "c, h = 0, (seq[0] if seq else 0)"),
    ),
    RNN.variant(
        "with-c",
        "The cell value is returned with the list; the task asks only for the list.",
        ("return states", "return c, states"),
    ),
    RNN.variant(
        "sum",
        "The hidden states are added up; they should stay in a list.",
        ("return states", "return sum(states)"),
    ),
    RNN.variant(
        "every-step-twice",
        "Each step is taken twice, so the cell reads each value two times.",
        ("        states", "        c, h = hidden_state(c, h, x)\n        states"),
    ),
    RNN.variant(
        "c-for-h",
        "The next step gets the cell value twice; one of the two should be the hidden state.",
        ("hidden_state(c, h, x)", "hidden_state(c, c, x)"),
    ),
    RNN.variant(
        "doubled",
        "Each hidden state is in the list twice.",
        ("states.append(h)", "states.extend([h, h])"),
    ),
)
