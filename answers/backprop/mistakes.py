"""What goes wrong in a forward pass, in the chain of derivatives back through it, and in a step of gradient descent."""

from __future__ import annotations

from autograder.judge.mistakes import Solution


def _difference(_: int, y: float, a_2: float) -> str:
    return "the prediction is too large" if a_2 > y else "the prediction is not larger than y"


def _unit(_: int, dloss_z2: float, w_2: float, z_1: float) -> str:
    return "z_1 is positive" if z_1 > 0 else "z_1 is negative" if z_1 < 0 else "z_1 is exactly 0"


def _hidden_unit(_: int, x: float, y: float, w_1: float, w_2: float, b: float, rate: float = 0) -> str:
    if w_1 * x == 0:
        return "z_1 is exactly 0"
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
        "4.0, 1.0, 0.5, 1.5, -3.0",
        "1.0, 1.0, -3.0, 2.0, 0.5",
        "-1.5, 0.5, -0.75, -2.0, 0.25",
        "3, 1, 0.01, -5, -1",
        "0.5, 3.0, 1.5, 0.5, 0.75",
    ),
    steps={"z_1": 0, "a_1": 1, "z_2": 2, "a_2": 3, "loss": 4},
    circumstance=_hidden_unit,
)
BACK_TO_Z2 = Solution(
    "back_to_z2",
    "2. `back_to_z2`",
    """\
def back_to_z2(y, a_2):
    dloss_a2 = -(y - a_2)
    return dloss_a2 * a_2 * (1 - a_2)
""",
    calls=("1.0, 0.5", "0.0, 0.5", "1.0, 0.2", "3.0, 0.9", "0.25, 0.75", "-1.0, 0.6"),
    circumstance=_difference,
)
BACK_TO_Z1 = Solution(
    "back_to_z1",
    "3. `back_to_z1`",
    """\
def back_to_z1(dloss_z2, w_2, z_1):
    dloss_a1 = dloss_z2 * w_2
    return dloss_a1 * (1 if z_1 > 0 else 0)
""",
    calls=(
        "-0.125, 1.5, 2.0",
        "0.3, -2.0, 0.5",
        "0.25, 2.0, 3.0",
        "0.3, -2.0, -0.5",
        "-0.4, -1.5, 0.7",
        "0.35, 2.5, -3.0",
        "0.3, -2.0, 0.0",
    ),
    circumstance=_unit,
)
BACKWARD = Solution(
    "backward",
    "4. `backward`",
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
        "4.0, 1.0, 0.5, 1.5, -3.0",
        "1.0, 1.0, -3.0, 2.0, 0.5",
        "-1.5, 0.5, -0.75, -2.0, 0.25",
        "3, 1, 0.01, -5, -1",
        "0.5, 3.0, 1.5, 0.5, 0.75",
        "2.0, 1.0, 0.0, 1.5, 0.5",
    ),
    steps={"dloss_b": 2, "dloss_w2": 1, "dloss_w1": 0},
    circumstance=_hidden_unit,
)
STEP = Solution(
    "step",
    "5. `step`",
    """\
def step(x, y, w_1, w_2, b, rate):
    dloss_w1, dloss_w2, dloss_b = backward(x, y, w_1, w_2, b)
    return w_1 - rate * dloss_w1, w_2 - rate * dloss_w2, b - rate * dloss_b
""",
    calls=(
        "4.0, 1.0, 0.5, 1.5, -3.0, 0.1",
        "1.0, 0.0, -3.0, 2.0, 0.5, 2.0",
        "-1.5, 0.5, -0.75, -2.0, 0.25, 0.5",
        "0.5, 3.0, 1.5, 0.5, 0.75, 3.0",
    ),
    steps={"new_w_1": 0, "new_w_2": 1, "new_b": 2},
    circumstance=_hidden_unit,
)
SOLUTIONS = (FORWARD, BACK_TO_Z2, BACK_TO_Z1, BACKWARD, STEP)

_CHAIN = Solution(
    "backward",
    "4. `backward`",
    """\
def backward(x, y, w_1, w_2, b):
    z_1, a_1, z_2, a_2, loss = forward(x, y, w_1, w_2, b)
    dloss_z2 = back_to_z2(y, a_2)
    dloss_z1 = back_to_z1(dloss_z2, w_2, z_1)
    return dloss_z1 * x, dloss_z2 * a_1, dloss_z2
""",
)
"""The same answer with the two functions before it, for what goes wrong in calling them."""

_MEASURED = Solution(
    "backward",
    "4. `backward`",
    """\
def backward(x, y, w_1, w_2, b):
    def loss(w_1, w_2, b):
        return forward(x, y, w_1, w_2, b)[4]

    nudge, here = 1e-6, loss(w_1, w_2, b)
    return (
        (loss(w_1 + nudge, w_2, b) - here) / nudge,
        (loss(w_1, w_2 + nudge, b) - here) / nudge,
        (loss(w_1, w_2, b + nudge) - here) / nudge,
    )
""",
)
"""An answer that measures: nearly right where the loss has no corner."""

MISTAKES = (
    FORWARD.variant(
        "no-half",
        "The loss is twice as large as it should be: look in front of the square.",
        ("(y - a_2) ** 2 / 2", "(y - a_2) ** 2"),
    ),
    FORWARD.variant(
        "half-inside",
        "The half is inside the square, so the loss is only half as large as it should be.",
        ("(y - a_2) ** 2 / 2", "((y - a_2) / 2) ** 2"),
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
        "The square is missing: the loss can be negative here, so a prediction that is too large seems good.",
        ("(y - a_2) ** 2", "(y - a_2)"),
    ),
    FORWARD.variant(
        "squares",
        "The loss is a difference of two squares here; it should be the square of the difference.",
        ("(y - a_2) ** 2", "(y**2 - a_2**2)"),
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
        "rounded-prediction",
        "The prediction is rounded to 0 or 1, as in the LSTM; here all of its digits are needed.",
        ("1 / (1 + np.exp(-z_2))", "round(1 / (1 + np.exp(-z_2)))"),
    ),
    FORWARD.variant(
        "all-rounded",
        "All values are rounded to three digits: further steps need all of their digits.",
        (
            "return z_1, a_1, z_2, a_2, loss",
            "return tuple(round(float(each), 3) for each in (z_1, a_1, z_2, a_2, loss))",
        ),
    ),
    FORWARD.variant(
        "no-relu",
        "Relu is missing: the hidden unit passes negative values on.",
        ("max(0, z_1)", "z_1"),
    ),
    FORWARD.variant(
        "abs",
        "Negative values lose their sign in the hidden unit; what should they become instead?",
        ("max(0, z_1)", "abs(z_1)"),
    ),
    FORWARD.variant(
        "relu-of-x",
        "Relu is applied to the input, before the weight; it should be applied to z_1.",
        ("z_1 = w_1 * x", "z_1 = w_1 * max(0, x)"),
        ("a_1 = max(0, z_1)", "a_1 = z_1"),
    ),
    FORWARD.variant(
        "relu-at-output",
        "There is a relu at the output unit, which has a function of its own.",
        ("w_2 * a_1 + b", "max(0, w_2 * a_1 + b)"),
    ),
    FORWARD.variant(
        "no-bias",
        "The bias is missing at the output unit: what is left there when the hidden unit is off?",
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
        "bias-twice",
        "The bias is added at both units; it belongs to the output unit only.",
        ("w_1 * x", "w_1 * x + b"),
    ),
    FORWARD.variant(
        "weights-swapped",
        "The two weights are swapped.",
        ("w_2 * a_1", "w_1 * a_1"),
        ("w_1 * x", "w_2 * x"),
    ),
    FORWARD.variant(
        "sigmoid-sign",
        "The prediction falls where it should rise: look at the sign of the exponent.",
        ("np.exp(-z_2)", "np.exp(z_2)"),
    ),
    FORWARD.variant(
        "sigmoid-brackets",
        "Brackets are missing in the logistic function: the division comes before the addition.",
        ("1 / (1 + np.exp(-z_2))", "1 / 1 + np.exp(-z_2)"),
    ),
    FORWARD.variant(
        "sigmoid-no-one",
        "The 1 in the denominator of the logistic function is missing.",
        ("1 / (1 + np.exp(-z_2))", "1 / np.exp(-z_2)"),
    ),
    FORWARD.variant(
        "no-sigmoid",
        "The prediction can be any number here; the logistic function should bring it between 0 and 1.",
        ("1 / (1 + np.exp(-z_2))", "z_2"),
    ),
    FORWARD.variant(
        "sigmoid-at-hidden",
        "The hidden unit has a logistic function here; it should have relu.",
        ("max(0, z_1)", "1 / (1 + np.exp(-z_1))"),
    ),
    FORWARD.variant(
        "tanh",
        "The prediction can be negative here: this is tanh, not the logistic function.",
        ("1 / (1 + np.exp(-z_2))", "np.tanh(z_2)"),
    ),
    FORWARD.variant(
        "from-z1",
        "The output unit continues from z_1, the hidden unit's value before relu.",
        ("w_2 * a_1", "w_2 * z_1"),
    ),
    FORWARD.variant(
        "from-x",
        "The output unit continues from the input; it should continue from the hidden unit.",
        ("w_2 * a_1", "w_2 * x"),
    ),
    FORWARD.variant(
        "no-loss",
        "One value is missing at the end of what is returned.",
        ("a_2, loss\n", "a_2\n"),
    ),
    BACK_TO_Z2.variant(
        "sign",
        "The sign is wrong: when a prediction that is too small grows, does the loss grow or shrink?",
        ("-(y - a_2)", "y - a_2"),
    ),
    BACK_TO_Z2.variant(
        "doubled",
        "It is twice as large as it should be. What does the half in the loss do?",
        ("-(y - a_2)", "-2 * (y - a_2)"),
    ),
    BACK_TO_Z2.variant(
        "halved",
        "It is half as large as it should be: the square's derivative brings a 2 that meets the half in the loss.",
        ("-(y - a_2)", "-(y - a_2) / 2"),
    ),
    BACK_TO_Z2.variant(
        "loss-itself",
        "The chain begins with the loss; it should begin with the loss's derivative.",
        ("-(y - a_2)", "(y - a_2) ** 2 / 2"),
    ),
    BACK_TO_Z2.variant(
        "absolute",
        "The sign of the difference is lost, so predictions that are too large or too small look the same.",
        ("-(y - a_2)", "abs(y - a_2)"),
    ),
    BACK_TO_Z2.variant(
        "no-y",
        "The wanted output y is not used: the loss's derivative compares the prediction with it.",
        ("-(y - a_2)", "a_2"),
    ),
    BACK_TO_Z2.variant(
        "no-sigmoid",
        "One factor of the chain is missing: the logistic function has a derivative too.",
        ("dloss_a2 * a_2 * (1 - a_2)", "dloss_a2"),
    ),
    BACK_TO_Z2.variant(
        "only-sigmoid",
        "Only the logistic function's derivative is there; the loss's own derivative is missing.",
        ("dloss_a2 * a_2 * (1 - a_2)", "a_2 * (1 - a_2)"),
    ),
    BACK_TO_Z2.variant(
        "first-half-of-sigmoid",
        "Only the first factor of the logistic function's derivative is there.",
        ("dloss_a2 * a_2 * (1 - a_2)", "dloss_a2 * a_2"),
    ),
    BACK_TO_Z2.variant(
        "second-half-of-sigmoid",
        "Only the second factor of the logistic function's derivative is there.",
        ("dloss_a2 * a_2 * (1 - a_2)", "dloss_a2 * (1 - a_2)"),
    ),
    BACK_TO_Z2.variant(
        "sigmoid-again",
        "The logistic function is applied once more: a_2 is already its value.",
        ("a_2 * (1 - a_2)", "np.exp(-a_2) / (1 + np.exp(-a_2)) ** 2"),
    ),
    BACK_TO_Z2.variant(
        "tanh",
        "This is the derivative of tanh, not of the logistic function.",
        ("a_2 * (1 - a_2)", "(1 - a_2**2)"),
    ),
    BACK_TO_Z2.variant(
        "added",
        "The two derivatives are added; along a chain they are multiplied.",
        ("dloss_a2 * a_2", "dloss_a2 + a_2"),
    ),
    BACK_TO_Z2.variant(
        "last-brackets",
        "The brackets around the last difference are missing, so only the 1 is a factor.",
        ("(1 - a_2)", "1 - a_2"),
    ),
    BACK_TO_Z2.variant(
        "first-brackets",
        "The brackets around the first difference are missing, so y is not multiplied by anything.",
        ("    dloss_a2 = -(y - a_2)\n", ""),
        ("dloss_a2 * a_2", "-y - a_2 * a_2"),
    ),
    BACK_TO_Z2.variant(
        "squared",
        "The difference is squared here, but the derivative of a square has no square.",
        ("-(y - a_2)", "-((y - a_2) ** 2)"),
    ),
    BACK_TO_Z2.variant(
        "arguments-swapped",
        "The wanted output and the prediction are swapped.",
        ("(y, a_2)", "(a_2, y)"),
    ),
    BACK_TO_Z2.variant(
        "rounded",
        "The derivative is rounded, so small derivatives become 0.",
        ("dloss_a2 * a_2 * (1 - a_2)", "round(dloss_a2 * a_2 * (1 - a_2), 3)"),
    ),
    BACK_TO_Z1.variant(
        "always-on",
        "The derivative passes through the hidden unit as if it were always on.",
        ("(1 if z_1 > 0 else 0)", "1"),
    ),
    BACK_TO_Z1.variant(
        "corner",
        "At exactly 0 relu has a corner; which derivative do we take there?",
        ("z_1 > 0", "z_1 >= 0"),
    ),
    BACK_TO_Z1.variant(
        "off-for-on",
        "The two cases of relu's derivative are swapped.",
        ("1 if z_1 > 0 else 0", "0 if z_1 > 0 else 1"),
    ),
    BACK_TO_Z1.variant(
        "minus-one",
        "Below 0 the slope of relu is taken as -1; relu is flat there.",
        ("(1 if z_1 > 0 else 0)", "np.sign(z_1)"),
    ),
    BACK_TO_Z1.variant(
        "relu-value",
        "The product contains relu's value; it should contain relu's derivative.",
        ("(1 if z_1 > 0 else 0)", "max(0, z_1)"),
    ),
    BACK_TO_Z1.variant(
        "times-z1",
        "The factor is z_1 itself; the chain needs relu's derivative at z_1.",
        ("(1 if z_1 > 0 else 0)", "z_1"),
    ),
    BACK_TO_Z1.variant(
        "sigmoid-derivative",
        "The hidden unit has relu, but the logistic function's derivative is used for it.",
        ("(1 if z_1 > 0 else 0)", "z_1 * (1 - z_1)"),
    ),
    BACK_TO_Z1.variant(
        "relu-of-derivative",
        "Relu is applied to the derivative, so negative derivatives are lost; z_1 should decide what passes.",
        ("dloss_a1 * (1 if z_1 > 0 else 0)", "max(0, dloss_a1)"),
    ),
    BACK_TO_Z1.variant(
        "relu-of-w2",
        "The sign of w_2 decides here whether the derivative passes; the sign of z_1 should.",
        ("z_1 > 0", "w_2 > 0"),
    ),
    BACK_TO_Z1.variant(
        "relu-of-z2",
        "The sign of dloss_z2 decides here whether the derivative passes; the sign of z_1 should.",
        ("z_1 > 0", "dloss_z2 > 0"),
    ),
    BACK_TO_Z1.variant(
        "no-w2",
        "The weight between the two units is missing in the product.",
        ("dloss_z2 * w_2", "dloss_z2"),
    ),
    BACK_TO_Z1.variant(
        "no-dloss-z2",
        "The derivative that comes back from z_2 is missing in the product.",
        ("dloss_z2 * w_2", "w_2"),
    ),
    BACK_TO_Z1.variant(
        "only-slope",
        "Only the slope of relu is returned; the chain multiplies it by the derivative that comes from the right.",
        ("dloss_a1 * (1 if z_1 > 0 else 0)", "1 if z_1 > 0 else 0"),
    ),
    BACK_TO_Z1.variant(
        "added",
        "The derivative and the weight are added; along a chain the factors are multiplied.",
        ("dloss_z2 * w_2", "(dloss_z2 + w_2)"),
    ),
    BACK_TO_Z1.variant(
        "divided",
        "The derivative is divided by the weight; along a chain the factors are multiplied.",
        ("dloss_z2 * w_2", "dloss_z2 / w_2"),
    ),
    BACK_TO_Z1.variant(
        "sign",
        "The sign is wrong: none of the factors of this product changes it.",
        ("dloss_z2 * w_2", "-dloss_z2 * w_2"),
    ),
    BACK_TO_Z1.variant(
        "rounded",
        "The derivative is rounded, so small derivatives become 0.",
        ("dloss_a1 * (1 if z_1 > 0 else 0)", "round(dloss_a1 * (1 if z_1 > 0 else 0), 3)"),
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
        "One factor of the chain is missing: the logistic function has a derivative too.",
        ("dloss_a2 * a_2 * (1 - a_2)", "dloss_a2"),
    ),
    BACKWARD.variant(
        "half-sigmoid",
        "Only the second factor of the logistic function's derivative is there.",
        ("dloss_a2 * a_2 * (1 - a_2)", "dloss_a2 * (1 - a_2)"),
    ),
    BACKWARD.variant(
        "other-half-of-sigmoid",
        "Only the first factor of the logistic function's derivative is there.",
        ("dloss_a2 * a_2 * (1 - a_2)", "dloss_a2 * a_2"),
    ),
    BACKWARD.variant(
        "sigmoid-brackets",
        "The brackets around the last difference of the logistic function's derivative are missing.",
        ("a_2 * (1 - a_2)", "a_2 * 1 - a_2"),
    ),
    BACKWARD.variant(
        "squared",
        "The difference is squared here, but the derivative of a square has no square.",
        ("-(y - a_2)", "-((y - a_2) ** 2)"),
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
        "off-for-on",
        "The two cases of relu's derivative are swapped.",
        ("1 if z_1 > 0 else 0", "0 if z_1 > 0 else 1"),
    ),
    BACKWARD.variant(
        "minus-one",
        "Below 0 the slope of relu is taken as -1; relu is flat there.",
        ("(1 if z_1 > 0 else 0)", "np.sign(z_1)"),
    ),
    BACKWARD.variant(
        "all-off",
        "When the hidden unit is off, all derivatives are 0 here; b does not act through that unit.",
        (
            "return dloss_z1 * x, dloss_z2 * a_1, dloss_z2",
            "return (dloss_z1 * x, dloss_z2 * a_1, dloss_z2) if z_1 > 0 else (0, 0, 0)",
        ),
    ),
    BACKWARD.variant(
        "relu-of-w1",
        "The sign of w_1 alone decides here whether the derivative passes; the sign of z_1 should.",
        ("z_1 > 0", "w_1 > 0"),
    ),
    BACKWARD.variant(
        "relu-of-x",
        "The sign of x alone decides here whether the derivative passes; the sign of z_1 should.",
        ("z_1 > 0", "x > 0"),
    ),
    BACKWARD.variant(
        "relu-of-z2",
        "The sign of z_2 decides here whether the derivative passes; the sign of z_1 should.",
        ("z_1 > 0", "z_2 > 0"),
    ),
    BACKWARD.variant(
        "relu-of-derivative",
        "Relu is applied to the derivative, so negative derivatives are lost; z_1 should decide what passes.",
        ("dloss_a1 * (1 if z_1 > 0 else 0)", "max(0, dloss_a1)"),
    ),
    BACKWARD.variant(
        "relu-value",
        "The product contains relu's value; it should contain relu's derivative.",
        ("(1 if z_1 > 0 else 0)", "a_1"),
    ),
    BACKWARD.variant(
        "times-z1",
        "The factor at the hidden unit is z_1 itself; the chain needs relu's derivative at z_1.",
        ("(1 if z_1 > 0 else 0)", "z_1"),
    ),
    BACKWARD.variant(
        "hidden-sigmoid",
        "The hidden unit has relu, but the logistic function's derivative is used for it.",
        ("(1 if z_1 > 0 else 0)", "a_1 * (1 - a_1)"),
    ),
    BACKWARD.variant(
        "no-w2",
        "On the way back to the hidden unit a factor is missing: the weight between the two units.",
        ("dloss_z2 * w_2", "dloss_z2"),
    ),
    BACKWARD.variant(
        "w1-for-w2",
        "The derivative by z_1 contains w_1 as a factor; going back through w_2, the factor is w_2.",
        ("dloss_z2 * w_2", "dloss_z2 * w_1"),
    ),
    BACKWARD.variant(
        "no-x",
        "The last factor of the derivative by w_1 is missing: what does w_1 multiply?",
        ("dloss_z1 * x", "dloss_z1"),
    ),
    BACKWARD.variant(
        "w1-for-x",
        "The derivative by w_1 has the weight itself as a factor; what does w_1 multiply?",
        ("dloss_z1 * x", "dloss_z1 * w_1"),
    ),
    BACKWARD.variant(
        "hidden-skipped",
        "The derivative by w_1 skips the hidden unit: it should pass w_2 and relu on its way.",
        ("dloss_z1 * x", "dloss_z2 * x"),
    ),
    BACKWARD.variant(
        "no-a1",
        "A factor of the derivative by w_2 is missing: what does w_2 multiply?",
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
        "w2-for-a1",
        "The derivative by w_2 has the weight itself as a factor; what does w_2 multiply?",
        ("dloss_z2 * a_1", "dloss_z2 * w_2"),
    ),
    BACKWARD.variant(
        "w2-too-far",
        "The derivative by w_2 goes back too far, to z_1; w_2 enters at z_2.",
        ("dloss_z2 * a_1", "dloss_z1 * a_1"),
    ),
    BACKWARD.variant(
        "b-by-prediction",
        "A factor of the derivative by b is missing: the logistic function's derivative.",
        ("a_1, dloss_z2\n", "a_1, dloss_a2\n"),
    ),
    BACKWARD.variant(
        "b-times-b",
        "The derivative by b has b itself as a factor; what does b multiply?",
        ("a_1, dloss_z2\n", "a_1, dloss_z2 * b\n"),
    ),
    BACKWARD.variant(
        "b-too-far",
        "The derivative by b goes back too far, to z_1; b enters at z_2.",
        ("a_1, dloss_z2\n", "a_1, dloss_z1\n"),
    ),
    BACKWARD.variant(
        "order-swapped",
        "The derivatives by the two weights are swapped.",
        ("dloss_z1 * x, dloss_z2 * a_1,", "dloss_z2 * a_1, dloss_z1 * x,"),
    ),
    BACKWARD.variant(
        "order-reversed",
        "The derivatives are returned in the order in which they are computed; which order does the task ask for?",
        ("dloss_z1 * x, dloss_z2 * a_1, dloss_z2", "dloss_z2, dloss_z2 * a_1, dloss_z1 * x"),
    ),
    BACKWARD.variant(
        "rounded",
        "The derivatives are rounded, so small derivatives become 0.",
        (
            "dloss_z1 * x, dloss_z2 * a_1, dloss_z2",
            "round(dloss_z1 * x, 3), round(dloss_z2 * a_1, 3), round(dloss_z2, 3)",
        ),
    ),
    BACKWARD.variant(
        "update",
        "These are changed parameters; this task asks only for the derivatives, and the step comes later.",
        (
            "dloss_z1 * x, dloss_z2 * a_1, dloss_z2",
            "w_1 - dloss_z1 * x, w_2 - dloss_z2 * a_1, b - dloss_z2",
        ),
    ),
    _CHAIN.variant(
        "z2-arguments-swapped",
        "The wanted output and the prediction are swapped on the way back to z_2.",
        ("back_to_z2(y, a_2)", "back_to_z2(a_2, y)"),
    ),
    _CHAIN.variant(
        "z2-for-prediction",
        "z_2 is used on the way back where the prediction should be used.",
        ("back_to_z2(y, a_2)", "back_to_z2(y, z_2)"),
    ),
    _CHAIN.variant(
        "loss-for-y",
        "The loss is used on the way back to z_2 where the wanted output should be used.",
        ("back_to_z2(y, a_2)", "back_to_z2(loss, a_2)"),
    ),
    *(
        _MEASURED.variant(
            f"measured-with-nudge-{nudge}",
            "The slopes are measured with a nudge to one side, so they are not exact.",
            ("1e-6", nudge),
        )
        for nudge in ("0.1", "0.01", "1e-3", "1e-4")
    ),
    _MEASURED.variant(
        "measured-on-both-sides",
        "The slopes are measured with nudges up and down: at relu's corner that gives half a slope.",
        ("1e-6", "1e-5"),
        ("- here) / nudge", "- here) / nudge / 2"),
        ("(loss(w_1 + nudge, w_2, b) - here)", "(loss(w_1 + nudge, w_2, b) - loss(w_1 - nudge, w_2, b))"),
        ("(loss(w_1, w_2 + nudge, b) - here)", "(loss(w_1, w_2 + nudge, b) - loss(w_1, w_2 - nudge, b))"),
        ("(loss(w_1, w_2, b + nudge) - here)", "(loss(w_1, w_2, b + nudge) - loss(w_1, w_2, b - nudge))"),
    ),
    STEP.variant(
        "adds",
        "The step goes with the derivatives, so it climbs; it should go downhill, against them.",
        (" - rate", " + rate"),
    ),
    STEP.variant(
        "no-rate",
        "The learning rate is not used: each step is as long as the derivative.",
        ("rate * ", ""),
    ),
    STEP.variant(
        "adds-no-rate",
        "The learning rate is not used, and the step climbs; it should go downhill, against the derivatives.",
        (" - rate * ", " + "),
    ),
    STEP.variant(
        "rate-divides",
        "The derivatives are divided by the learning rate: a smaller rate should make smaller steps.",
        ("rate * dloss_w1", "dloss_w1 / rate"),
        ("rate * dloss_w2", "dloss_w2 / rate"),
        ("rate * dloss_b", "dloss_b / rate"),
    ),
    STEP.variant(
        "rate-added",
        "The learning rate and the derivatives are added; the rate says how long a step is.",
        ("rate * dloss_w1", "(rate + dloss_w1)"),
        ("rate * dloss_w2", "(rate + dloss_w2)"),
        ("rate * dloss_b", "(rate + dloss_b)"),
    ),
    STEP.variant(
        "rate-first",
        "The learning rate is multiplied by the whole difference; it should scale the derivative only.",
        ("w_1 - rate * dloss_w1", "rate * (w_1 - dloss_w1)"),
        ("w_2 - rate * dloss_w2", "rate * (w_2 - dloss_w2)"),
        ("b - rate * dloss_b", "rate * (b - dloss_b)"),
    ),
    STEP.variant(
        "only-changes",
        "Only the lengths of the steps are returned; the task asks for the new parameters.",
        ("w_1 - rate", "rate"),
        ("w_2 - rate", "rate"),
        ("b - rate", "rate"),
    ),
    STEP.variant(
        "only-negative-changes",
        "Only the changes are returned; they still have to be added to the parameters.",
        ("w_1 - rate", "-rate"),
        ("w_2 - rate", "-rate"),
        ("b - rate", "-rate"),
    ),
    STEP.variant(
        "derivatives",
        "The derivatives are returned as they are; the task asks for the new parameters.",
        ("w_1 - rate * ", ""),
        ("w_2 - rate * ", ""),
        ("b - rate * ", ""),
    ),
    STEP.variant(
        "wrong-way-round",
        "The two values of the subtraction are swapped, so the parameters change their sign.",
        ("w_1 - rate * dloss_w1", "rate * dloss_w1 - w_1"),
        ("w_2 - rate * dloss_w2", "rate * dloss_w2 - w_2"),
        ("b - rate * dloss_b", "rate * dloss_b - b"),
    ),
    STEP.variant(
        "multiplied",
        "The parameters are multiplied by the length of the step; it should be taken away from them.",
        (" - rate", " * rate"),
    ),
    STEP.variant(
        "shrinks",
        "The parameters appear in the step as factors: they shrink or grow instead of moving by the step.",
        ("rate * dloss_w1", "rate * dloss_w1 * w_1"),
        ("rate * dloss_w2", "rate * dloss_w2 * w_2"),
        ("rate * dloss_b", "rate * dloss_b * b"),
    ),
    STEP.variant(
        "order-reversed",
        "The new parameters are in reverse order.",
        (
            "w_1 - rate * dloss_w1, w_2 - rate * dloss_w2, b - rate * dloss_b",
            "b - rate * dloss_b, w_2 - rate * dloss_w2, w_1 - rate * dloss_w1",
        ),
    ),
    STEP.variant(
        "order-swapped",
        "The new weights are swapped.",
        ("w_1 - rate * dloss_w1, w_2 - rate * dloss_w2", "w_2 - rate * dloss_w2, w_1 - rate * dloss_w1"),
    ),
    STEP.variant(
        "derivatives-swapped",
        "Each weight moves by the derivative of the other: in which order does `backward` return them?",
        ("dloss_w1, dloss_w2, dloss_b =", "dloss_w2, dloss_w1, dloss_b ="),
    ),
    STEP.variant(
        "derivatives-reversed",
        "The derivatives are unpacked in reverse order: in which order does `backward` return them?",
        ("dloss_w1, dloss_w2, dloss_b =", "dloss_b, dloss_w2, dloss_w1 ="),
    ),
    STEP.variant(
        "one-derivative",
        "All three parameters move by the same derivative, the one by w_1.",
        ("rate * dloss_w2", "rate * dloss_w1"),
        ("rate * dloss_b", "rate * dloss_w1"),
    ),
    STEP.variant(
        "unchanged",
        "The parameters are returned unchanged: return the new values. A line without `=` changes nothing.",
        (" - rate * dloss_w1", ""),
        (" - rate * dloss_w2", ""),
        (" - rate * dloss_b", ""),
    ),
    STEP.variant(
        "bias-stays",
        "The bias stays as it is; it takes a step too.",
        ("b - rate * dloss_b", "b"),
    ),
    STEP.variant(
        "weights-stay",
        "Only the bias moves; the weights take a step too.",
        ("w_1 - rate * dloss_w1", "w_1"),
        ("w_2 - rate * dloss_w2", "w_2"),
    ),
    STEP.variant(
        "one-after-the-other",
        "Later derivatives use parameters that have moved already; all belong to the old parameters.",
        (
            "    dloss_w1, dloss_w2, dloss_b = backward(x, y, w_1, w_2, b)\n",
            "    w_1 = w_1 - rate * backward(x, y, w_1, w_2, b)[0]\n"
            "    w_2 = w_2 - rate * backward(x, y, w_1, w_2, b)[1]\n"
            "    b = b - rate * backward(x, y, w_1, w_2, b)[2]\n",
        ),
        ("w_1 - rate * dloss_w1, w_2 - rate * dloss_w2, b - rate * dloss_b", "w_1, w_2, b"),
    ),
    STEP.variant(
        "two-steps",
        "Two steps are taken, one after the other; the task asks for one.",
        (
            "    return w_1 - rate * dloss_w1, w_2 - rate * dloss_w2, b - rate * dloss_b",
            "    w_1, w_2, b = w_1 - rate * dloss_w1, w_2 - rate * dloss_w2, b - rate * dloss_b\n"
            "    dloss_w1, dloss_w2, dloss_b = backward(x, y, w_1, w_2, b)\n"
            "    return w_1 - rate * dloss_w1, w_2 - rate * dloss_w2, b - rate * dloss_b",
        ),
    ),
    STEP.variant(
        "by-the-loss",
        "The parameters move by the loss; each should move by its derivative.",
        (
            "dloss_w1, dloss_w2, dloss_b = backward(x, y, w_1, w_2, b)",
            "dloss_w1 = dloss_w2 = dloss_b = forward(x, y, w_1, w_2, b)[4]",
        ),
    ),
    STEP.variant(
        "only-signs",
        "Only the sign of each derivative is used, so every step is as long as the rate.",
        ("rate * dloss_w1", "rate * np.sign(dloss_w1)"),
        ("rate * dloss_w2", "rate * np.sign(dloss_w2)"),
        ("rate * dloss_b", "rate * np.sign(dloss_b)"),
    ),
    STEP.variant(
        "rounded",
        "The new parameters are rounded, so small steps get lost.",
        (
            "w_1 - rate * dloss_w1, w_2 - rate * dloss_w2, b - rate * dloss_b",
            "round(w_1 - rate * dloss_w1, 3), round(w_2 - rate * dloss_w2, 3), round(b - rate * dloss_b, 3)",
        ),
    ),
)
