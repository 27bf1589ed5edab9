"""What goes wrong in a feedforward pass worked by hand."""

from __future__ import annotations

from autograder.judge.mistakes import Solution

RELU = Solution(
    "relu",
    "1. `relu`",
    """\
def relu(z):
    return np.maximum(z, 0)
""",
    calls=(
        "np.array([-2.5, 0.0, 5.25])",
        "np.array([-4, -1])",
        "np.array([3, 7])",
        "np.array([0.5, -0.25])",
    ),
    other_calls=(
        "np.array([[-1.5, 2.5], [0.75, -3.0]])",
        "np.array([[-1.5], [2.5]])",
        "np.array([])",
    ),
)
ADD_BIAS = Solution(
    "add_bias",
    "2. `add_bias`",
    """\
def add_bias(x):
    return np.append(x, 1)
""",
    calls=(
        "np.array([5.5, 8.25])",
        "np.array([2.5])",
        "np.array([0, 0, 0])",
        "np.array([-1, 2, 7, 4])",
    ),
    other_calls=(
        "np.array([[5.5], [8.0]])",
        "np.array([[1.5, -2.0, 3.0]])",
    ),
)
FORWARD = Solution(
    "forward",
    "3. `forward`",
    """\
def forward(x, w, v):
    z1 = w @ add_bias(x)
    a1 = relu(z1)
    z2 = relu(v @ add_bias(a1))
    a2 = softmax(z2)
    return z1, a1, z2, a2
""",
    calls=(
        "np.array([2.0, -3.0]), np.array([[1.0, 0.5, -1.0], [0.25, 1.0, -1.5], [-1.0, 0.75, -0.5], [0.5, -1.0, 1.0]]), np.array([[1.0, 0.5, -1.5, 1.0, 0.25], [-1.0, -0.25, 1.0, 0.5, 2.0]])",
        "np.array([2.0]), np.array([[3.0, -1.0]]), np.array([[-1.0, 1.0], [1.0, 0.5], [0.5, 2.0]])",
        "np.array([3, 14]), np.array([[1, 0, -1], [0, 1, -1], [-1, 0, -1], [0, -1, -1]]), np.array([[1, 1, 1, 1, 0], [-1, -1, -1, -1, 2]])",
    ),
    other_calls=(
        "np.array([[0.5], [1.5]]), np.array([[1.0, 2.0, -1.0], [-1.0, 0.5, 0.75]]), np.array([[0.5, 1.0, -0.5], [-1.0, 0.25, 1.0], [1.5, 1.0, 0.75]])",
    ),
    steps={"z1": 0, "a1": 1, "z2": 2, "a2": 3},
)
CALC_O1 = Solution(
    "calc_o1",
    "4. `calc_o1`",
    """\
def calc_o1(a1, v):
    z2 = relu(v @ add_bias(a1))
    a2 = softmax(z2)
    return z2, a2
""",
    calls=(
        "[0.5, 0.0, 0.25, 0.0], np.array([[1.0, 1.0, 1.0, 1.0, 0.0], [-1.0, -1.0, -1.0, -1.0, 2.0]])",
        "[1, 1, 1, 1], np.array([[1, 1, 1, 1, 0], [-1, -1, -1, -1, 2]])",
        "[2.0, 1.0], np.array([[1.0, -3.0, 0.5], [2.0, 0.25, -1.0], [0.5, 1.0, 1.0]])",
        "np.array([1.5]), np.array([[0.5, 1.0], [-2.0, 1.0]])",
    ),
    steps={"z2": 0, "a2": 1},
)
SOFTMAX = Solution(
    "softmax_with_temp",
    "5. `softmax_with_temp`",
    """\
def softmax_with_temp(x, t):
    scores = t * x
    powers = np.exp(scores - np.max(scores))
    return powers / np.sum(powers)
""",
    calls=(
        "np.array([2.0, 0.0]), 0.5",
        "np.array([1.0, 2.0, 3.0]), 1",
        "np.array([4.0, -1.0, 7.0]), 0",
        "np.array([1.0, 2.0, 3.5]), -1.5",
    ),
    other_calls=(
        "np.array([[0.5], [1.5]]), 2",
        "np.array([1.0, 2.0]), 1000.0",
        "np.array([1.0, 2.0]), -1000.0",
        "np.array([900.0, 899.0]), 1",
        "np.array([-900.0, -899.0]), 1",
    ),
)
SOLUTIONS = (RELU, ADD_BIAS, FORWARD, CALC_O1, SOFTMAX)

MISTAKES = (
    RELU.variant(
        "abs",
        "Negative values lose their sign here; what should they become instead?",
        ("np.maximum(z, 0)", "np.abs(z)"),
    ),
    RELU.variant(
        "leaky",
        "A little of the negative values leaks through. There is a relu that does so, but not this one.",
        ("np.maximum(z, 0)", "np.where(z > 0, z, 0.01 * z)"),
    ),
    RELU.variant(
        "identity",
        "Everything passes as it is, negative values too, so nothing bends.",
        ("np.maximum(z, 0)", "np.array(z)"),
    ),
    RELU.variant(
        "step",
        "This says whether a value is positive; relu also keeps how large it is.",
        ("np.maximum(z, 0)", "np.where(z > 0, 1, 0)"),
    ),
    RELU.variant(
        "minimum",
        "The wrong half passes: look at which values should stay.",
        ("np.maximum(z, 0)", "np.minimum(z, 0)"),
    ),
    RELU.variant(
        "in-place",
        "The values are right, but the caller's own array is overwritten on the way.",
        ("return np.maximum(z, 0)", "z[z < 0] = 0\n    return z"),
    ),
    RELU.variant(
        "flattened",
        "The values are right, but the shape is lost: a column should stay a column.",
        ("np.maximum(z, 0)", "np.maximum(np.ravel(z), 0)"),
    ),
    RELU.variant(
        "dropped",
        "Negative values are left out instead of replaced, so the result is too short.",
        ("np.maximum(z, 0)", "z[z >= 0]"),
    ),
    RELU.variant(
        "truncated",
        "Decimals are cut off: relu does not round anything.",
        ("np.maximum(z, 0)", "np.maximum(z, 0).astype(int)"),
    ),
    RELU.variant(
        "whole",
        "One decision is made for the whole array; relu decides for each element on its own.",
        ("np.maximum(z, 0)", "z if np.max(z, initial=0) > 0 else 0 * z"),
    ),
    ADD_BIAS.variant(
        "front",
        "The 1 stands at the wrong end: where is the bias in each row of the weights?",
        ("np.append(x, 1)", "np.append(1, x)"),
    ),
    ADD_BIAS.variant(
        "zero",
        "Whatever weight the last entry has, it is multiplied away: with this entry a bias has no effect.",
        ("np.append(x, 1)", "np.append(x, 0)"),
    ),
    ADD_BIAS.variant(
        "forgotten",
        "The values are there, but nothing has been added for the bias.",
        ("np.append(x, 1)", "np.ravel(x)"),
    ),
    ADD_BIAS.variant(
        "added",
        "The 1 is added to every value; it should become an entry of its own.",
        ("np.append(x, 1)", "np.ravel(x) + 1"),
    ),
    ADD_BIAS.variant(
        "column",
        "The entries are right, but they form a column; the result has one dimension.",
        ("np.append(x, 1)", "np.append(x, 1).reshape(-1, 1)"),
    ),
    ADD_BIAS.variant(
        "many",
        "There is a 1 for every value; a unit has only one bias.",
        ("np.append(x, 1)", "np.append(x, np.ones_like(x))"),
    ),
    ADD_BIAS.variant(
        "truncated",
        "Decimals of the input are cut off: the values should stay as they are.",
        ("np.append(x, 1)", "np.append(x, 1).astype(int)"),
    ),
    FORWARD.variant(
        "no-hidden-relu",
        "The hidden units do not bend: something is missing between z1 and a1.",
        ("a1 = relu(z1)", "a1 = z1"),
    ),
    FORWARD.variant(
        "no-output-relu",
        "The scores can be negative here; in this network something follows the weights of the output too.",
        ("relu(v @ add_bias(a1))", "v @ add_bias(a1)"),
    ),
    FORWARD.variant(
        "softmax-before-relu",
        "The probabilities are made from the scores as they were before the last relu.",
        ("softmax(z2)", "softmax(v @ add_bias(a1))"),
    ),
    FORWARD.variant(
        "from-z1",
        "The second layer continues from the wrong value of the first: which of the two goes on to the output?",
        ("add_bias(a1)", "add_bias(z1)"),
    ),
    FORWARD.variant(
        "no-input-bias",
        "The hidden units have no bias: the last column of w is not used.",
        ("w @ add_bias(x)", "w[:, :-1] @ np.ravel(x)"),
    ),
    FORWARD.variant(
        "no-output-bias",
        "The output units have no bias: the last column of v is not used.",
        ("v @ add_bias(a1)", "v[:, :-1] @ a1"),
    ),
    FORWARD.variant(
        "bias-first",
        "The first column of the weights meets the bias here; which column should?",
        ("add_bias(x)", "np.append(1, x)"),
        ("add_bias(a1)", "np.append(1, a1)"),
    ),
    FORWARD.variant(
        "a1-with-bias",
        "a1 comes back one entry too long: it should be returned as it is before its bias is appended.",
        ("relu(z1)", "add_bias(relu(z1))"),
        ("v @ add_bias(a1)", "v @ a1"),
    ),
    FORWARD.variant(
        "z1-overwritten",
        "z1 comes back without its negative values: it is overwritten after it was computed.",
        ("a1 = relu(z1)", "a1 = z1\n    a1[a1 < 0] = 0"),
    ),
    FORWARD.variant(
        "sigmoid-output",
        "Each score is squeezed on its own, so the outputs do not sum to 1.",
        ("softmax(z2)", "1 / (1 + np.exp(-z2))"),
    ),
    FORWARD.variant(
        "not-normalised",
        "The outputs are positive, but they do not sum to 1.",
        ("softmax(z2)", "np.exp(z2)"),
    ),
    FORWARD.variant(
        "shares",
        "The outputs are shares of the scores themselves; the exponential is missing.",
        ("softmax(z2)", "z2 / np.sum(z2)"),
    ),
    FORWARD.variant(
        "order",
        "The parts are right, but they are returned in another order: sums come before activations.",
        ("return z1, a1, z2, a2", "return a1, z1, a2, z2"),
    ),
    CALC_O1.variant(
        "no-relu",
        "The scores can be negative here; what follows the weights of the output?",
        ("relu(v @ add_bias(a1))", "v @ add_bias(a1)"),
    ),
    CALC_O1.variant(
        "softmax-before-relu",
        "The probabilities are made from the scores as they were before the relu.",
        ("softmax(z2)", "softmax(v @ add_bias(a1))"),
    ),
    CALC_O1.variant(
        "no-bias",
        "The output units have no bias: the last column of v is not used.",
        ("v @ add_bias(a1)", "v[:, :-1] @ np.ravel(a1)"),
    ),
    CALC_O1.variant(
        "bias-first",
        "The first column of the weights meets the bias here; which column should?",
        ("add_bias(a1)", "np.append(1, a1)"),
    ),
    CALC_O1.variant(
        "sigmoid-output",
        "Each score is squeezed on its own, so the outputs do not sum to 1.",
        ("softmax(z2)", "1 / (1 + np.exp(-z2))"),
    ),
    CALC_O1.variant(
        "shares",
        "The outputs are shares of the scores themselves; the exponential is missing.",
        ("softmax(z2)", "z2 / np.sum(z2)"),
    ),
    CALC_O1.variant(
        "order",
        "The two parts are right, but they are returned in the other order.",
        ("return z2, a2", "return a2, z2"),
    ),
    CALC_O1.variant(
        "only-a2",
        "Only the probabilities are returned; the scores are asked for too.",
        ("return z2, a2", "return a2"),
    ),
    SOFTMAX.variant(
        "divided",
        "The scores are divided by t. Many books do so, but what does t do here?",
        ("t * x", "x / t"),
    ),
    SOFTMAX.variant(
        "ignored",
        "The result is the same for every t: t is not used where it matters.",
        ("t * x", "x"),
    ),
    SOFTMAX.variant(
        "outside",
        "t multiplies the probabilities; it belongs to the scores.",
        ("t * x", "x"),
        ("return powers / np.sum(powers)", "return t * powers / np.sum(powers)"),
    ),
    SOFTMAX.variant(
        "power",
        "The scores are raised to the power of t; how does t enter the formula?",
        ("t * x", "x**t"),
    ),
    SOFTMAX.variant(
        "overflow",
        "For large scores the exponentials grow beyond what a number can hold. The trap in this section has a way out.",
        ("scores - np.max(scores)", "scores"),
    ),
    SOFTMAX.variant(
        "max-of-x",
        "What is subtracted is not the largest of the scores when t is negative.",
        ("np.max(scores)", "t * np.max(x)"),
    ),
    SOFTMAX.variant(
        "max-before-t",
        "The largest x is subtracted, but the exponents are made of t times x.",
        ("np.max(scores)", "np.max(x)"),
    ),
    SOFTMAX.variant(
        "max-of-sizes",
        "What is subtracted is the largest score regardless of sign; for negative scores that is far too much.",
        ("np.max(scores)", "np.max(np.abs(scores))"),
    ),
    SOFTMAX.variant(
        "not-normalised",
        "The values are positive, but they do not sum to 1.",
        ("scores - np.max(scores)", "scores"),
        ("powers / np.sum(powers)", "powers"),
    ),
    SOFTMAX.variant(
        "by-the-largest",
        "The largest value comes out as 1; what should all of them together give?",
        ("np.sum(powers)", "np.max(powers)"),
    ),
    SOFTMAX.variant(
        "in-place",
        "The caller's own array is multiplied by t on the way.",
        ("scores = t * x", "scores = x\n    scores *= t"),
    ),
    SOFTMAX.variant(
        "flattened",
        "The values are right, but the shape of x is lost.",
        ("t * x", "t * np.ravel(x)"),
    ),
    SOFTMAX.variant(
        "last-axis",
        "Each row is normalised on its own, so a column comes out as ones.",
        ("np.max(scores)", "np.max(scores, axis=-1, keepdims=True)"),
        ("np.sum(powers)", "np.sum(powers, axis=-1, keepdims=True)"),
    ),
)
