"""What goes wrong in a forward pass with its loss and in the chain of derivatives back through it."""

from __future__ import annotations

from autograder.judge.mistakes import Solution


def _hidden_unit(_: int, x: float, y: float, w_1: float, w_2: float, b: float) -> str:
    return "the hidden unit is on" if w_1 * x > 0 else "the hidden unit is off"


FORWARD = Solution(
    "forward",
    "1. `forward`",
    """\
def forward(x, y, w_1, w_2, b):
    z_1 = w_1 * x
    a_1 = max(0, z_1)
    z_2 = w_2 * a_1 + b
    a_2 = 1 / (1 + np.exp(-z_2))
    loss = (y - a_2) ** 2 / 2
    return z_1, a_1, z_2, a_2, loss
""",
    calls=(
        "2.0, 0.0, 0.5, 1.5, -1.0",
        "1.0, 1.0, -3.0, 2.0, 0.5",
        "-1.5, 0.5, -0.75, -2.0, 0.25",
        "3, 1, 0.01, -5, -1",
        "0.5, 3.0, 1.5, 0.5, 0.75",
    ),
    steps={"z_1": 0, "a_1": 1, "z_2": 2, "a_2": 3, "loss": 4},
    circumstance=_hidden_unit,
)
BACKWARD = Solution(
    "backward",
    "2. `backward`",
    """\
def backward(x, y, w_1, w_2, b):
    z_1, a_1, z_2, a_2, loss = forward(x, y, w_1, w_2, b)
    dloss_a2 = -(y - a_2)
    dloss_z2 = dloss_a2 * a_2 * (1 - a_2)
    dloss_a1 = dloss_z2 * w_2
    dloss_z1 = dloss_a1 * (1 if z_1 > 0 else 0)
    return dloss_z1 * x, dloss_z2 * a_1, dloss_z2
""",
    calls=(
        "2.0, 0.0, 0.5, 3.0, -1.5",
        "1.0, 1.0, -3.0, 2.0, 0.5",
        "-1.5, 0.5, -0.75, -2.0, 0.25",
        "3, 1, 0.01, -5, -1",
        "0.5, 3.0, 1.5, 0.5, 0.75",
        "2.0, 1.0, 0.0, 1.5, 0.5",
    ),
    steps={"dloss_b": 2, "dloss_w2": 1, "dloss_w1": 0},
    circumstance=_hidden_unit,
)
SOLUTIONS = (FORWARD, BACKWARD)

MISTAKES = (
    FORWARD.variant(
        "no-half",
        "The loss is twice as large as it should be: look in front of the square.",
        ("(y - a_2) ** 2 / 2", "(y - a_2) ** 2"),
    ),
    FORWARD.variant(
        "absolute-loss",
        "The loss grows with the distance itself here; it should grow with its square.",
        ("(y - a_2) ** 2", "abs(y - a_2)"),
    ),
    FORWARD.variant(
        "cross-entropy",
        "This is another well-known loss, the cross-entropy; here the loss is a square.",
        ("(y - a_2) ** 2 / 2", "-(y * np.log(a_2) + (1 - y) * np.log(1 - a_2))"),
    ),
    FORWARD.variant(
        "no-square",
        "The loss can be negative here, so a prediction that is too large would seem better than a right one.",
        ("(y - a_2) ** 2", "(y - a_2)"),
    ),
    FORWARD.variant(
        "loss-of-z",
        "The loss compares y with the value before the logistic function.",
        ("(y - a_2)", "(y - z_2)"),
    ),
    FORWARD.variant(
        "rounded-loss",
        "The loss is rounded: further steps need all of its digits.",
        ("(y - a_2) ** 2 / 2", "round((y - a_2) ** 2 / 2, 3)"),
    ),
    FORWARD.variant(
        "no-relu",
        "The hidden unit passes negative values on.",
        ("max(0, z_1)", "z_1"),
    ),
    FORWARD.variant(
        "abs",
        "Negative values lose their sign in the hidden unit; what should they become instead?",
        ("max(0, z_1)", "abs(z_1)"),
    ),
    FORWARD.variant(
        "relu-at-output",
        "There is a relu at the output unit, which has a function of its own.",
        ("w_2 * a_1 + b", "max(0, w_2 * a_1 + b)"),
    ),
    FORWARD.variant(
        "no-bias",
        "A term is missing at the output unit: what is left of it when the hidden unit is off?",
        ("w_2 * a_1 + b", "w_2 * a_1"),
    ),
    FORWARD.variant(
        "bias-multiplied",
        "The bias is multiplied by a weight here; to which sum is it added?",
        ("w_2 * a_1 + b", "w_2 * (a_1 + b)"),
    ),
    FORWARD.variant(
        "bias-early",
        "The bias is added at the hidden unit; it belongs to the other one.",
        ("w_1 * x", "w_1 * x + b"),
        ("w_2 * a_1 + b", "w_2 * a_1"),
    ),
    FORWARD.variant(
        "sigmoid-sign",
        "The prediction falls where it should rise: look at the exponent.",
        ("np.exp(-z_2)", "np.exp(z_2)"),
    ),
    FORWARD.variant(
        "no-sigmoid",
        "The prediction can be any number here; something should squeeze it between 0 and 1.",
        ("1 / (1 + np.exp(-z_2))", "z_2"),
    ),
    FORWARD.variant(
        "tanh",
        "The prediction can be negative here: this is not the logistic function.",
        ("1 / (1 + np.exp(-z_2))", "np.tanh(z_2)"),
    ),
    FORWARD.variant(
        "from-z1",
        "The output unit continues from the wrong value of the hidden unit.",
        ("w_2 * a_1", "w_2 * z_1"),
    ),
    FORWARD.variant(
        "no-loss",
        "One value is missing at the end of what is returned.",
        ("a_2, loss\n", "a_2\n"),
    ),
    BACKWARD.variant(
        "sign",
        "All derivatives have the wrong sign: the first one of the chain decides it.",
        ("-(y - a_2)", "y - a_2"),
    ),
    BACKWARD.variant(
        "doubled",
        "All derivatives are twice as large as they should be. What does the half in the loss do?",
        ("-(y - a_2)", "-2 * (y - a_2)"),
    ),
    BACKWARD.variant(
        "loss-itself",
        "The chain begins with the loss; it should begin with the loss's derivative.",
        ("-(y - a_2)", "loss"),
    ),
    BACKWARD.variant(
        "no-sigmoid",
        "One link of the chain is missing: the logistic function has a derivative too.",
        ("dloss_a2 * a_2 * (1 - a_2)", "dloss_a2"),
    ),
    BACKWARD.variant(
        "half-sigmoid",
        "Only half of the logistic function's derivative is there.",
        ("dloss_a2 * a_2 * (1 - a_2)", "dloss_a2 * (1 - a_2)"),
    ),
    BACKWARD.variant(
        "sigmoid-at-z",
        "The logistic function's derivative is written with its value, not with what went into it.",
        ("a_2 * (1 - a_2)", "z_2 * (1 - z_2)"),
    ),
    BACKWARD.variant(
        "tanh",
        "This is the derivative of tanh, not of the logistic function.",
        ("a_2 * (1 - a_2)", "(1 - a_2**2)"),
    ),
    BACKWARD.variant(
        "always-on",
        "The derivative passes through the hidden unit as if it were always on.",
        ("(1 if z_1 > 0 else 0)", "1"),
    ),
    BACKWARD.variant(
        "corner",
        "At exactly 0 relu has a corner; which derivative do we take there?",
        ("z_1 > 0", "z_1 >= 0"),
    ),
    BACKWARD.variant(
        "relu-of-w1",
        "Whether the hidden unit is on is read off its weight alone.",
        ("z_1 > 0", "w_1 > 0"),
    ),
    BACKWARD.variant(
        "relu-of-x",
        "Whether the hidden unit is on is read off its input alone.",
        ("z_1 > 0", "x > 0"),
    ),
    BACKWARD.variant(
        "relu-value",
        "What is multiplied here is relu's value; the chain needs its derivative.",
        ("(1 if z_1 > 0 else 0)", "a_1"),
    ),
    BACKWARD.variant(
        "no-w2",
        "On the way back to the hidden unit a factor is missing.",
        ("dloss_z2 * w_2", "dloss_z2"),
    ),
    BACKWARD.variant(
        "w1-for-w2",
        "On the way back to the hidden unit the wrong weight is met.",
        ("dloss_z2 * w_2", "dloss_z2 * w_1"),
    ),
    BACKWARD.variant(
        "no-x",
        "The chain stops before the last factor: on what else does z_1 depend linearly?",
        ("dloss_z1 * x", "dloss_z1"),
    ),
    BACKWARD.variant(
        "no-a1",
        "The derivative by w_2 lacks a factor: what does w_2 multiply?",
        ("dloss_z2 * a_1", "dloss_z2"),
    ),
    BACKWARD.variant(
        "z1-for-a1",
        "The derivative by w_2 uses the hidden unit's value before relu.",
        ("dloss_z2 * a_1", "dloss_z2 * z_1"),
    ),
    BACKWARD.variant(
        "x-for-a1",
        "The derivative by w_2 uses the network's input; what does w_2 multiply?",
        ("dloss_z2 * a_1", "dloss_z2 * x"),
    ),
    BACKWARD.variant(
        "b-by-prediction",
        "The derivative by b stops one link too early in the chain.",
        ("a_1, dloss_z2\n", "a_1, dloss_a2\n"),
    ),
    BACKWARD.variant(
        "order-swapped",
        "The derivatives by the two weights stand in each other's place.",
        ("dloss_z1 * x, dloss_z2 * a_1,", "dloss_z2 * a_1, dloss_z1 * x,"),
    ),
    BACKWARD.variant(
        "order-reversed",
        "The derivatives stand in the order in which they are computed; which order is asked for?",
        ("dloss_z1 * x, dloss_z2 * a_1, dloss_z2", "dloss_z2, dloss_z2 * a_1, dloss_z1 * x"),
    ),
    BACKWARD.variant(
        "rounded",
        "The derivatives are rounded, so small ones vanish.",
        (
            "dloss_z1 * x, dloss_z2 * a_1, dloss_z2",
            "round(dloss_z1 * x, 3), round(dloss_z2 * a_1, 3), round(dloss_z2, 3)",
        ),
    ),
)
