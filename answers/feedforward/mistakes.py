"""What goes wrong in a feedforward pass worked by hand."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograder.judge.mistakes import Solution

_W = "np.array([[1, 0, -1], [0, 1, -1], [-1, 0, -1], [0, -1, -1]])"
_V = "np.array([[1, 1, 1, 1, 0], [-1, -1, -1, -1, 2]])"
_OTHER_W = "np.array([[1.0, 0.5, -1.0], [0.25, 1.0, -1.5], [-1.0, 0.75, -0.5], [0.5, -1.0, 1.0]])"
_OTHER_V = "np.array([[1.0, 0.5, -1.5, 1.0, 0.25], [-1.0, -0.25, 1.0, 0.5, 2.0]])"
_THIRD_W = "np.array([[1.5, -0.5, 2.0], [-1.0, 0.75, 0.5], [0.5, 1.0, -3.0], [2.0, -1.0, 1.25]])"
_THIRD_V = "np.array([[0.5, 1.0, 0.25, -1.0, 0.75], [0.25, -0.5, 1.0, 0.5, -1.25]])"


def _shape(_: int, x: Any, *more: Any) -> str:
    shape = np.shape(x)
    if isinstance(x, list | tuple):
        return "the input is a list"
    if np.size(x) == 0:
        return "the input is empty"
    if len(shape) == 2 and shape[1] == 1:
        return "the input is a column"
    if len(shape) == 2 and shape[0] == 1:
        return "the input is a row of shape (1, n)"
    if len(shape) > 1:
        return "the input is a table"
    return "the input has negative values only" if np.max(x) < 0 else ""


def _layers(_: int, x: Any, w: Any, v: Any) -> str:
    if np.ndim(x) > 1:
        return "x is a column"
    if (np.shape(w), np.shape(v)) != ((4, 3), (2, 5)):
        return "the layers have other sizes than in this notebook"
    return "no hidden unit is on" if np.all(np.asarray(w) @ np.append(x, 1) <= 0) else ""


def _output_layer(_: int, a1: Any, v: Any) -> str:
    if np.shape(v) != (2, 5):
        return "the layers have other sizes than in this notebook"
    return "a1 is a list" if isinstance(a1, list) else "a1 is an array"


def _scores(_: int, x: Any, t: float) -> str:
    if np.max(np.abs(t * np.asarray(x, dtype=float)), initial=0) > 700:
        return "t * x is so large or so small that its exponential cannot be stored"
    if t <= 0:
        return "t is negative" if t < 0 else "t is 0"
    return "x is a column" if np.ndim(x) > 1 else ""


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
        "np.array([1.0, -3.75, 0.25, 2.5])",
    ),
    other_calls=(
        "np.array([[-1.5, 2.5], [0.75, -3.0]])",
        "np.array([[-1.5], [2.5]])",
        "np.array([])",
    ),
    circumstance=_shape,
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
        "np.array([[1.5, -2.0], [3.0, 0.5]])",
    ),
    circumstance=_shape,
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
        f"np.array([2.0, -3.0]), {_OTHER_W}, {_OTHER_V}",
        f"np.array([0.5, 1.5]), {_THIRD_W}, {_THIRD_V}",
        f"np.array([3, 14]), {_W}, {_V}",
    ),
    other_calls=(
        "np.array([2.0]), np.array([[3.0, -1.0]]), np.array([[-1.0, 1.0], [1.0, 0.5], [0.5, 2.0]])",
        "np.array([[0.5], [1.5]]), np.array([[1.0, 2.0, -1.0], [-1.0, 0.5, 0.75]]), "
        "np.array([[0.5, 1.0, -0.5], [-1.0, 0.25, 1.0], [1.5, 1.0, 0.75]])",
    ),
    steps={"z1": 0, "a1": 1, "z2": 2, "a2": 3},
    circumstance=_layers,
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
        "[2, 0.5, 0.25, 1], np.array([[0.5, 1.0, -2.0, 0.25, 1.5], [-1.0, 0.5, 2.0, 1.0, 0.75]])",
    ),
    other_calls=(
        "[2.0, 1.0], np.array([[1.0, -3.0, 0.5], [2.0, 0.25, -1.0], [0.5, 1.0, 1.0]])",
        "np.array([1.5]), np.array([[0.5, 1.0], [-2.0, 1.0]])",
    ),
    steps={"z2": 0, "a2": 1},
    circumstance=_output_layer,
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
        "np.array([2000.0, 0.0]), 1",
        "np.array([-900.0, -899.0]), 1",
    ),
    circumstance=_scores,
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
        "A little of the negative values is left, as in a so-called leaky relu. Here they should become exactly 0.",
        ("np.maximum(z, 0)", "np.where(z > 0, z, 0.01 * z)"),
    ),
    RELU.variant(
        "identity",
        "The values are returned unchanged: negative values are not replaced.",
        ("np.maximum(z, 0)", "np.array(z)"),
    ),
    RELU.variant(
        "step",
        "This says whether a value is positive; relu also keeps how large it is.",
        ("np.maximum(z, 0)", "np.where(z > 0, 1, 0)"),
    ),
    RELU.variant(
        "minimum",
        "The two cases are swapped: positive values become 0, and negative values stay.",
        ("np.maximum(z, 0)", "np.minimum(z, 0)"),
    ),
    RELU.variant(
        "in-place",
        "The values are right, but the function changes the array that it was given.",
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
    RELU.variant(
        "largest",
        "Only the largest value is returned. Each value should be compared with 0 on its own.",
        ("np.maximum(z, 0)", "np.max(z)"),
    ),
    RELU.variant(
        "largest-of-axis",
        "The largest values along an axis are returned. Each value should be compared with 0 on its own.",
        ("np.maximum(z, 0)", "np.max(z, 0)"),
    ),
    RELU.variant(
        "smallest",
        "Only the smallest value is returned. Each value should be compared with 0 on its own.",
        ("np.maximum(z, 0)", "np.min(z)"),
    ),
    RELU.variant(
        "all-zero",
        "As soon as one value is negative, all become 0. Each value should be compared with 0 on its own.",
        ("np.maximum(z, 0)", "np.zeros_like(z) if np.min(z, initial=0) < 0 else np.array(z)"),
    ),
    RELU.variant(
        "dropped-zeros",
        "Values that are not positive are left out instead of replaced, so the result is too short.",
        ("np.maximum(z, 0)", "z[z > 0]"),
    ),
    RELU.variant(
        "threshold",
        "Small positive values become 0 too; only negative values should.",
        ("np.maximum(z, 0)", "np.where(z >= 1, z, 0)"),
    ),
    RELU.variant(
        "mirrored",
        "Positive values become 0 here, and negative ones lose their sign.",
        ("np.maximum(z, 0)", "np.maximum(-z, 0)"),
    ),
    RELU.variant(
        "negated",
        "Positive values become negative here; they should stay as they are.",
        ("np.maximum(z, 0)", "np.minimum(-z, 0)"),
    ),
    RELU.variant(
        "capped",
        "Values above 1 are cut off at 1; relu has no upper limit.",
        ("np.maximum(z, 0)", "np.clip(z, 0, 1)"),
    ),
    RELU.variant(
        "not-negative",
        "This says whether a value is at least 0; relu also keeps how large it is.",
        ("np.maximum(z, 0)", "np.where(z >= 0, 1, 0)"),
    ),
    RELU.variant(
        "signs",
        "Only the signs are left; relu keeps how large a positive value is.",
        ("np.maximum(z, 0)", "np.sign(z)"),
    ),
    RELU.variant(
        "negative-one",
        "Negative values become -1 at least, not 0.",
        ("np.maximum(z, 0)", "np.maximum(z, -1)"),
    ),
    RELU.variant(
        "sigmoid",
        "This is the logistic function, which squeezes values between 0 and 1; relu does not.",
        ("np.maximum(z, 0)", "1 / (1 + np.exp(-z))"),
    ),
    RELU.variant(
        "tanh",
        "This is the hyperbolic tangent, which squeezes values between -1 and 1; relu does not.",
        ("np.maximum(z, 0)", "np.tanh(z)"),
    ),
    RELU.variant(
        "softplus",
        "This is softplus, a smooth version of relu; relu itself has a corner at 0.",
        ("np.maximum(z, 0)", "np.log(1 + np.exp(z))"),
    ),
    RELU.variant(
        "squared",
        "Positive values are squared here; they should stay as they are.",
        ("np.maximum(z, 0)", "np.maximum(z, 0) ** 2"),
    ),
    RELU.variant(
        "total",
        "The values are added up to one number; relu returns one number for each of them.",
        ("np.maximum(z, 0)", "np.sum(np.maximum(z, 0))"),
    ),
    RELU.variant(
        "first",
        "Only the first value is returned. If there is a loop, does it reach its end before `return`?",
        ("np.maximum(z, 0)", "np.maximum(np.ravel(z)[0], 0)"),
    ),
    RELU.variant(
        "last",
        "Only the last value is returned. What happens to the values before it?",
        ("np.maximum(z, 0)", "np.maximum(np.ravel(z)[-1], 0)"),
    ),
    ADD_BIAS.variant(
        "front",
        "The 1 is in front of the values; the bias is the last column of the weights, so the 1 belongs at the end.",
        ("np.append(x, 1)", "np.append(1, x)"),
    ),
    ADD_BIAS.variant(
        "zero",
        "The last entry is 0, and 0 times a bias is 0: with this entry a bias has no effect.",
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
        "There is a 1 for every value, but a unit has only one bias.",
        ("np.append(x, 1)", "np.append(x, np.ones_like(x))"),
    ),
    ADD_BIAS.variant(
        "truncated",
        "Decimals of the input are cut off: the values should stay as they are.",
        ("np.append(x, 1)", "np.append(x, 1).astype(int)"),
    ),
    ADD_BIAS.variant(
        "minus-one",
        "The last entry is -1, so a bias would be subtracted; which number leaves it as it is?",
        ("np.append(x, 1)", "np.append(x, -1)"),
    ),
    ADD_BIAS.variant(
        "replaced",
        "The 1 replaces the last value; it should come after all values.",
        ("np.append(x, 1)", "np.append(np.ravel(x)[:-1], 1)"),
    ),
    ADD_BIAS.variant(
        "first-only",
        "Only the first value is kept; all values should be there, and then the 1.",
        ("np.append(x, 1)", "np.append(np.ravel(x)[0], 1)"),
    ),
    ADD_BIAS.variant(
        "first-two",
        "Only the first two values are kept; there may be any number of them.",
        ("np.append(x, 1)", "np.append(np.ravel(x)[:2], 1)"),
    ),
    ADD_BIAS.variant(
        "first-of-rows",
        "Of each row of a table only the first value is kept.",
        ("np.append(x, 1)", "np.append([np.ravel(row)[0] for row in x], 1)"),
    ),
    ADD_BIAS.variant(
        "twice",
        "There are two entries of 1 at the end, but a unit has only one bias.",
        ("np.append(x, 1)", "np.append(x, [1, 1])"),
    ),
    ADD_BIAS.variant(
        "both-ends",
        "There is a 1 in front too; only the one at the end belongs there.",
        ("np.append(x, 1)", "np.append(np.append(1, x), 1)"),
    ),
    ADD_BIAS.variant(
        "only-one",
        "Only the 1 is returned; the values should come before it.",
        ("np.append(x, 1)", "np.ones(1)"),
    ),
    ADD_BIAS.variant(
        "all-ones",
        "All entries are 1: the values are lost.",
        ("np.append(x, 1)", "np.ones(np.size(x) + 1)"),
    ),
    ADD_BIAS.variant(
        "doubled",
        "All values appear twice, and there is no 1 for the bias.",
        ("np.append(x, 1)", "np.append(x, x)"),
    ),
    ADD_BIAS.variant(
        "added-and-appended",
        "The 1 is appended, but the values have grown by 1 too.",
        ("np.append(x, 1)", "np.append(np.ravel(x) + 1, 1)"),
    ),
    ADD_BIAS.variant(
        "sum-appended",
        "The last entry is the sum of the values; it should always be 1.",
        ("np.append(x, 1)", "np.append(x, np.sum(x))"),
    ),
    ADD_BIAS.variant(
        "bias-multiplied",
        "All values are added up to one number with the 1; each should stay an entry of its own.",
        ("np.append(x, 1)", "np.sum(x) + 1"),
    ),
    FORWARD.variant(
        "no-hidden-relu",
        "a1 has negative values: something is missing between z1 and a1.",
        ("a1 = relu(z1)", "a1 = z1"),
    ),
    FORWARD.variant(
        "no-output-relu",
        "The scores z2 can be negative here; which function is applied at the output too?",
        ("relu(v @ add_bias(a1))", "v @ add_bias(a1)"),
    ),
    FORWARD.variant(
        "softmax-before-relu",
        "The probabilities are made from the scores as they were before the last relu.",
        ("softmax(z2)", "softmax(v @ add_bias(a1))"),
    ),
    FORWARD.variant(
        "from-z1",
        "The second layer is computed from z1; which of z1 and a1 goes on to the output?",
        ("add_bias(a1)", "add_bias(z1)"),
    ),
    FORWARD.variant(
        "no-input-bias",
        "The hidden units have no bias: the last column of w has no effect.",
        ("w @ add_bias(x)", "w[:, :-1] @ np.ravel(x)"),
    ),
    FORWARD.variant(
        "no-output-bias",
        "The output units have no bias: the last column of v has no effect.",
        ("v @ add_bias(a1)", "v[:, :-1] @ a1"),
    ),
    FORWARD.variant(
        "bias-first",
        "The first column of the weights is used as the bias; which column holds the biases?",
        ("add_bias(x)", "np.append(1, x)"),
        ("add_bias(a1)", "np.append(1, a1)"),
    ),
    FORWARD.variant(
        "a1-with-bias",
        "a1 is one entry too long: return it as it is before the 1 for the bias is appended.",
        ("relu(z1)", "add_bias(relu(z1))"),
        ("v @ add_bias(a1)", "v @ a1"),
    ),
    FORWARD.variant(
        "z1-overwritten",
        "z1 is returned without its negative values; it should be the input of relu, not its output.",
        ("a1 = relu(z1)", "a1 = z1\n    a1[a1 < 0] = 0"),
    ),
    FORWARD.variant(
        "sigmoid-output",
        "The logistic function is applied to each score separately, so the outputs do not sum to 1.",
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
        "The results are right, but a1 is returned before z1 and a2 before z2.",
        ("return z1, a1, z2, a2", "return a1, z1, a2, z2"),
    ),
    FORWARD.variant(
        "own-weights",
        "The notebook's own weights are used instead of the arguments w and v.",
        ("    z1 = w", f"    w = {_W}\n    v = {_V}\n    z1 = w"),
    ),
    FORWARD.variant(
        "own-w",
        "The notebook's own hidden weights are used instead of the argument w.",
        ("    z1 = w", f"    w = {_W}\n    z1 = w"),
    ),
    FORWARD.variant(
        "own-v",
        "The notebook's own output weights are used instead of the argument v.",
        ("    z1 = w", f"    v = {_V}\n    z1 = w"),
    ),
    FORWARD.variant(
        "no-bias",
        "No unit has a bias: the last columns of w and v have no effect.",
        ("add_bias(x)", "np.append(x, 0)"),
        ("add_bias(a1)", "np.append(a1, 0)"),
    ),
    FORWARD.variant(
        "bias-subtracted",
        "The biases are subtracted in both layers; they should be added.",
        ("add_bias(x)", "np.append(x, -1)"),
        ("add_bias(a1)", "np.append(a1, -1)"),
    ),
    FORWARD.variant(
        "hidden-bias-subtracted",
        "The biases of the hidden units are subtracted; they should be added.",
        ("add_bias(x)", "np.append(x, -1)"),
    ),
    FORWARD.variant(
        "output-bias-subtracted",
        "The biases of the output units are subtracted; they should be added.",
        ("add_bias(a1)", "np.append(a1, -1)"),
    ),
    FORWARD.variant(
        "one-for-bias",
        "1 is added to every sum in place of the unit's bias, which is the last entry of its row.",
        ("w @ add_bias(x)", "w[:, :-1] @ np.ravel(x) + 1"),
        ("v @ add_bias(a1)", "v[:, :-1] @ a1 + 1"),
    ),
    FORWARD.variant(
        "one-for-hidden-bias",
        "1 is added to z1 in place of each hidden unit's bias, the last entry of its row of w.",
        ("w @ add_bias(x)", "w[:, :-1] @ np.ravel(x) + 1"),
    ),
    FORWARD.variant(
        "one-for-output-bias",
        "1 is added to the scores in place of each output unit's bias, the last entry of its row of v.",
        ("v @ add_bias(a1)", "v[:, :-1] @ a1 + 1"),
    ),
    FORWARD.variant(
        "hidden-bias-first",
        "In the hidden layer the first column of the weights is used as the bias; which column holds the biases?",
        ("add_bias(x)", "np.append(1, x)"),
    ),
    FORWARD.variant(
        "output-bias-first",
        "In the output layer the first column of the weights is used as the bias; which column holds the biases?",
        ("add_bias(a1)", "np.append(1, a1)"),
    ),
    FORWARD.variant(
        "no-relu",
        "There is no relu at all: a1 and z2 can be negative here.",
        ("relu(z1)", "z1"),
        ("relu(v @ add_bias(a1))", "v @ add_bias(a1)"),
    ),
    FORWARD.variant(
        "abs-hidden",
        "Negative values of z1 lose their sign in a1; what should they become instead?",
        ("relu(z1)", "np.abs(z1)"),
    ),
    FORWARD.variant(
        "sigmoid-hidden",
        "a1 is made with the logistic function; which function belongs to the hidden units here?",
        ("relu(z1)", "1 / (1 + np.exp(-z1))"),
    ),
    FORWARD.variant(
        "tanh-hidden",
        "a1 is made with tanh; which function belongs to the hidden units here?",
        ("relu(z1)", "np.tanh(z1)"),
    ),
    FORWARD.variant(
        "softmax-hidden",
        "a1 is made with softmax; which function belongs to the hidden units here?",
        ("relu(z1)", "softmax(z1)"),
    ),
    FORWARD.variant(
        "step-hidden",
        "a1 only says which units are on; it should also say how strongly.",
        ("relu(z1)", "np.where(z1 > 0, 1, 0)"),
    ),
    FORWARD.variant(
        "z2-before-relu",
        "The z2 that is returned is the one before its relu.",
        ("return z1, a1, z2, a2", "return z1, a1, v @ add_bias(a1), a2"),
    ),
    FORWARD.variant(
        "softmax-each",
        "Each probability is 1: softmax is applied to every score separately.",
        ("softmax(z2)", "np.ones_like(z2, dtype=float)"),
    ),
    FORWARD.variant(
        "softmax-of-a1",
        "The probabilities are made from the hidden activations; which scores should they be made from?",
        ("softmax(z2)", "softmax(a1)"),
    ),
    FORWARD.variant(
        "hard-choice",
        "a2 only says which class wins; it should say how probable each class is.",
        ("softmax(z2)", "np.where(z2 == np.max(z2), 1.0, 0.0)"),
    ),
    FORWARD.variant(
        "softmax-as-z2",
        "z2 holds probabilities already; it should hold the scores.",
        ("relu(v @ add_bias(a1))", "softmax(v @ add_bias(a1))"),
        ("softmax(z2)", "relu(z2)"),
    ),
    FORWARD.variant(
        "softmax-twice",
        "z2 holds probabilities already; it should hold the scores.",
        ("relu(v @ add_bias(a1))", "softmax(relu(v @ add_bias(a1)))"),
    ),
    FORWARD.variant(
        "argmax",
        "a2 is the number of a class; it should say how probable each class is.",
        ("softmax(z2)", "np.argmax(z2)"),
    ),
    FORWARD.variant(
        "no-softmax",
        "a2 is the same as z2: the scores have not been made into probabilities.",
        ("softmax(z2)", "z2"),
    ),
    FORWARD.variant(
        "sums-first",
        "The results are right, but both sums are returned before both activations.",
        ("return z1, a1, z2, a2", "return z1, z2, a1, a2"),
    ),
    FORWARD.variant(
        "backwards",
        "The results are right, but the last one is returned first.",
        ("return z1, a1, z2, a2", "return a2, z2, a1, z1"),
    ),
    FORWARD.variant(
        "output-first",
        "The results are right, but those of the output are returned before those of the hidden units.",
        ("return z1, a1, z2, a2", "return z2, a2, z1, a1"),
    ),
    FORWARD.variant(
        "only-a2",
        "Only a2 is returned; the task asks for z1, a1 and z2 too.",
        ("return z1, a1, z2, a2", "return a2"),
    ),
    FORWARD.variant(
        "no-z1",
        "z1 is not among the results.",
        ("return z1, a1, z2, a2", "return a1, z2, a2"),
    ),
    FORWARD.variant(
        "only-activations",
        "z1 and z2 are not among the results.",
        ("return z1, a1, z2, a2", "return a1, a2"),
    ),
    CALC_O1.variant(
        "no-relu",
        "The scores z2 can be negative here; which function follows the weighted sums?",
        ("relu(v @ add_bias(a1))", "v @ add_bias(a1)"),
    ),
    CALC_O1.variant(
        "softmax-before-relu",
        "The probabilities are made from the scores as they were before the relu.",
        ("softmax(z2)", "softmax(v @ add_bias(a1))"),
    ),
    CALC_O1.variant(
        "no-bias",
        "The output units have no bias: the last column of v has no effect.",
        ("v @ add_bias(a1)", "v[:, :-1] @ np.ravel(a1)"),
    ),
    CALC_O1.variant(
        "bias-first",
        "The first column of the weights is used as the bias; which column holds the biases?",
        ("add_bias(a1)", "np.append(1, a1)"),
    ),
    CALC_O1.variant(
        "sigmoid-output",
        "The logistic function is applied to each score separately, so the outputs do not sum to 1.",
        ("softmax(z2)", "1 / (1 + np.exp(-z2))"),
    ),
    CALC_O1.variant(
        "shares",
        "The outputs are shares of the scores themselves; the exponential is missing.",
        ("softmax(z2)", "z2 / np.sum(z2)"),
    ),
    CALC_O1.variant(
        "order",
        "The two results are right, but they are returned in the other order.",
        ("return z2, a2", "return a2, z2"),
    ),
    CALC_O1.variant(
        "only-a2",
        "Only the probabilities are returned; the task asks for the scores z2 too.",
        ("return z2, a2", "return a2"),
    ),
    CALC_O1.variant(
        "bias-subtracted",
        "The bias is subtracted; it should be added.",
        ("add_bias(a1)", "np.append(a1, -1)"),
    ),
    CALC_O1.variant(
        "one-for-bias",
        "1 is added to every sum in place of the unit's bias, which is the last entry of its row of v.",
        ("v @ add_bias(a1)", "v[:, :-1] @ np.ravel(a1) + 1"),
    ),
    CALC_O1.variant(
        "own-v",
        "The notebook's own output weights are used instead of the argument v.",
        ("    z2 = relu", f"    v = {_V}\n    z2 = relu"),
    ),
    CALC_O1.variant(
        "abs",
        "Negative sums lose their sign; what should they become instead?",
        ("relu(v @ add_bias(a1))", "np.abs(v @ add_bias(a1))"),
    ),
    CALC_O1.variant(
        "not-normalised",
        "a2 is positive, but it does not sum to 1.",
        ("softmax(z2)", "np.exp(z2)"),
    ),
    CALC_O1.variant(
        "softmax-of-a1",
        "The probabilities are made from a1; which scores should they be made from?",
        ("softmax(z2)", "softmax(a1)"),
    ),
    CALC_O1.variant(
        "softmax-each",
        "Each probability is 1: softmax is applied to every score separately.",
        ("softmax(z2)", "np.ones_like(z2, dtype=float)"),
    ),
    CALC_O1.variant(
        "hard-choice",
        "a2 only says which class wins; it should say how probable each class is.",
        ("softmax(z2)", "np.where(z2 == np.max(z2), 1.0, 0.0)"),
    ),
    CALC_O1.variant(
        "softmax-as-z2",
        "z2 holds probabilities already; it should hold the scores.",
        ("relu(v @ add_bias(a1))", "softmax(v @ add_bias(a1))"),
        ("softmax(z2)", "relu(z2)"),
    ),
    CALC_O1.variant(
        "softmax-twice",
        "z2 holds probabilities already; it should hold the scores.",
        ("relu(v @ add_bias(a1))", "softmax(relu(v @ add_bias(a1)))"),
    ),
    CALC_O1.variant(
        "argmax",
        "a2 is the number of a class; it should say how probable each class is.",
        ("softmax(z2)", "np.argmax(z2)"),
    ),
    CALC_O1.variant(
        "no-softmax",
        "a2 is the same as z2: the scores have not been made into probabilities.",
        ("softmax(z2)", "z2"),
    ),
    CALC_O1.variant(
        "z2-before-relu",
        "The z2 that is returned is the one before its relu.",
        ("return z2, a2", "return v @ add_bias(a1), a2"),
    ),
    CALC_O1.variant(
        "only-z2",
        "Only the scores are returned; the task asks for the probabilities a2 too.",
        ("return z2, a2", "return z2"),
    ),
    CALC_O1.variant(
        "a1-too",
        "a1 is returned too, but the task asks only for z2 and a2.",
        ("return z2, a2", "return a1, z2, a2"),
    ),
    CALC_O1.variant(
        "a1-for-z2",
        "a1 is returned where the task asks for z2.",
        ("return z2, a2", "return a1, a2"),
    ),
    SOFTMAX.variant(
        "divided",
        "The scores are divided by t. Many books do so, but look at the formula here.",
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
        'For large scores the exponentials are too large to store. The paragraph "A trap" shows how to avoid this.',
        ("scores - np.max(scores)", "scores"),
    ),
    SOFTMAX.variant(
        "max-of-x",
        "When t is negative, the number that is subtracted is not the largest of the scores.",
        ("np.max(scores)", "t * np.max(x)"),
    ),
    SOFTMAX.variant(
        "max-before-t",
        "The largest x is subtracted, but the exponents are made of t times x.",
        ("np.max(scores)", "np.max(x)"),
    ),
    SOFTMAX.variant(
        "max-of-sizes",
        "The largest score without its sign is subtracted; for negative scores that is far too much.",
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
        "The largest value comes out as 1, so all of them together give more than 1.",
        ("np.sum(powers)", "np.max(powers)"),
    ),
    SOFTMAX.variant(
        "in-place",
        "The function changes the array that it was given: the array is multiplied by t.",
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
    SOFTMAX.variant(
        "t-above",
        "t is used above the fraction line only; the sum below must be made of the same powers.",
        ("scores - np.max(scores)", "scores"),
        ("return powers / np.sum(powers)", "return powers / np.sum(np.exp(x))"),
    ),
    SOFTMAX.variant(
        "t-below",
        "t is used below the fraction line only; the powers above must be made with t too.",
        ("scores - np.max(scores)", "scores"),
        ("return powers / np.sum(powers)", "return np.exp(x) / np.sum(powers)"),
    ),
    SOFTMAX.variant(
        "t-cancels",
        "The powers are multiplied by t above and below, so t cancels out; it belongs in the exponent.",
        ("t * x", "x"),
        ("return powers / np.sum(powers)", "return t * powers / np.sum(t * powers)"),
    ),
    SOFTMAX.variant(
        "mean",
        "The powers are divided by their number, not by their sum.",
        ("scores - np.max(scores)", "scores"),
        ("return powers / np.sum(powers)", "return powers / len(powers)"),
    ),
    SOFTMAX.variant(
        "average",
        "The powers are divided by their average, so the results do not sum to 1.",
        ("return powers / np.sum(powers)", "return powers / np.mean(powers)"),
    ),
    SOFTMAX.variant(
        "max-above",
        "The largest is subtracted above the fraction line only; below it must be the same number.",
        ("return powers / np.sum(powers)", "return powers / np.sum(np.exp(scores))"),
    ),
    SOFTMAX.variant(
        "max-below",
        "The largest is subtracted below the fraction line only; above it must be the same number.",
        ("return powers / np.sum(powers)", "return np.exp(scores) / np.sum(powers)"),
    ),
    SOFTMAX.variant(
        "exp-of-sum",
        "The scores are added up before the exponential; the powers themselves should be added up.",
        ("scores - np.max(scores)", "scores"),
        ("return powers / np.sum(powers)", "return powers / np.exp(np.sum(scores))"),
    ),
    SOFTMAX.variant(
        "shares",
        "These are shares of the scores themselves; the exponential is missing.",
        ("scores - np.max(scores)", "scores"),
        ("np.exp(scores)", "scores"),
    ),
    SOFTMAX.variant(
        "score-above",
        "The score itself is above the fraction line; it should be the power of e that the sum below is made of.",
        ("return powers", "return scores"),
    ),
    SOFTMAX.variant(
        "score-above-without-largest",
        "The score itself is above the fraction line; it should be e to the power of the score.",
        ("scores - np.max(scores)", "scores"),
        ("return powers", "return scores"),
    ),
    SOFTMAX.variant(
        "base-two",
        "The powers are powers of 2; they should be powers of e.",
        ("np.exp(scores - np.max(scores))", "2.0 ** (scores - np.max(scores))"),
    ),
    SOFTMAX.variant(
        "sign",
        "The order is reversed: there is a minus sign in the exponent.",
        ("t * x", "-t * x"),
    ),
    SOFTMAX.variant(
        "smallest",
        "The smallest score is subtracted; for scores that are far apart the powers still grow too large.",
        ("np.max(scores)", "np.min(scores)"),
    ),
    SOFTMAX.variant(
        "mean-subtracted",
        "The average score is subtracted; for scores that are far apart the powers still grow too large.",
        ("np.max(scores)", "np.mean(scores)"),
    ),
    SOFTMAX.variant(
        "max-added",
        "The largest score is added to all; the powers grow even larger.",
        ("np.exp(scores - np.max(scores))", "np.exp(scores + np.max(scores))"),
    ),
    SOFTMAX.variant(
        "sigmoid",
        "The logistic function is applied to each score separately, so the results do not sum to 1.",
        ("return powers / np.sum(powers)", "return 1 / (1 + np.exp(-scores))"),
    ),
    SOFTMAX.variant(
        "clipped",
        "Large exponents are cut off at a limit, so different scores get the same probability.",
        ("scores - np.max(scores)", "scores"),
        ("np.exp(scores)", "np.exp(np.clip(scores, -500, 500))"),
    ),
    SOFTMAX.variant(
        "to-the-t",
        "The probabilities are raised to the power of t, so they do not sum to 1 any more.",
        ("t * x", "x"),
        ("return powers / np.sum(powers)", "return (powers / np.sum(powers)) ** t"),
    ),
    SOFTMAX.variant(
        "t-times-sum",
        "The sum below the fraction line is multiplied by t; it should be the sum of the powers above.",
        ("scores - np.max(scores)", "scores"),
        ("return powers / np.sum(powers)", "return powers / np.sum(t * np.exp(x))"),
    ),
    SOFTMAX.variant(
        "subtracted-late",
        "Something is subtracted after the exponential; it should be subtracted in the exponent.",
        ("np.exp(scores - np.max(scores))", "np.exp(scores) - np.max(scores)"),
    ),
    SOFTMAX.variant(
        "shares-of-x",
        "These are shares of x itself; the exponential of the scores is missing.",
        ("scores - np.max(scores)", "scores"),
        ("np.exp(scores)", "1.0 * x"),
    ),
    SOFTMAX.variant(
        "divided-plainly",
        "The scores are divided by t. Many books do so, but look at the formula here.",
        ("t * x", "x / t"),
        ("scores - np.max(scores)", "scores"),
    ),
    SOFTMAX.variant(
        "outside-plainly",
        "t multiplies the probabilities; it belongs to the scores.",
        ("t * x", "x"),
        ("scores - np.max(scores)", "scores"),
        ("return powers / np.sum(powers)", "return t * powers / np.sum(powers)"),
    ),
    SOFTMAX.variant(
        "t-cancels-plainly",
        "The powers are multiplied by t above and below, so t cancels out; it belongs in the exponent.",
        ("t * x", "x"),
        ("scores - np.max(scores)", "scores"),
        ("return powers / np.sum(powers)", "return t * powers / np.sum(t * powers)"),
    ),
    SOFTMAX.variant(
        "t-times-powers",
        "The powers above the fraction line are multiplied by t; it belongs in the exponent.",
        ("t * x", "x"),
        ("scores - np.max(scores)", "scores"),
        ("return powers / np.sum(powers)", "return t * powers / np.sum(np.exp(t * x))"),
    ),
    SOFTMAX.variant(
        "ignored-plainly",
        "The result is the same for every t: t is not used where it matters.",
        ("t * x", "x"),
        ("scores - np.max(scores)", "scores"),
    ),
    SOFTMAX.variant(
        "sign-plainly",
        "The order is reversed: there is a minus sign in the exponent.",
        ("t * x", "-t * x"),
        ("scores - np.max(scores)", "scores"),
    ),
    SOFTMAX.variant(
        "power-plainly",
        "The scores are raised to the power of t; how does t enter the formula?",
        ("t * x", "x**t"),
        ("scores - np.max(scores)", "scores"),
    ),
    SOFTMAX.variant(
        "added",
        "t is added to the scores; look at the formula again.",
        ("t * x", "t + x"),
        ("scores - np.max(scores)", "scores"),
    ),
    SOFTMAX.variant(
        "base-two-plainly",
        "The powers are powers of 2; they should be powers of e.",
        ("np.exp(scores - np.max(scores))", "2.0**scores"),
    ),
    SOFTMAX.variant(
        "to-the-t-plainly",
        "The probabilities are raised to the power of t, so they do not sum to 1 any more.",
        ("t * x", "x"),
        ("scores - np.max(scores)", "scores"),
        ("return powers / np.sum(powers)", "return (powers / np.sum(powers)) ** t"),
    ),
    SOFTMAX.variant(
        "average-plainly",
        "The powers are divided by their average, so the results do not sum to 1.",
        ("scores - np.max(scores)", "scores"),
        ("return powers / np.sum(powers)", "return powers / np.mean(powers)"),
    ),
    SOFTMAX.variant(
        "mean-shifted",
        "The powers are divided by their number, not by their sum.",
        ("return powers / np.sum(powers)", "return powers / len(powers)"),
    ),
    SOFTMAX.variant(
        "by-the-largest-plainly",
        "The largest value comes out as 1, so all of them together give more than 1.",
        ("scores - np.max(scores)", "scores"),
        ("return powers / np.sum(powers)", "return powers / np.max(powers)"),
    ),
    SOFTMAX.variant(
        "upside-down",
        "The fraction is upside down: the sum is above the line.",
        ("return powers / np.sum(powers)", "return np.sum(powers) / powers"),
    ),
    SOFTMAX.variant(
        "upside-down-plainly",
        "The fraction is upside down: the sum is above the line.",
        ("scores - np.max(scores)", "scores"),
        ("return powers / np.sum(powers)", "return np.sum(powers) / powers"),
    ),
    SOFTMAX.variant(
        "in-place-plainly",
        "The function changes the array that it was given: the array is multiplied by t.",
        ("scores = t * x", "scores = x\n    scores *= t"),
        ("scores - np.max(scores)", "scores"),
    ),
    SOFTMAX.variant(
        "flattened-plainly",
        "The values are right, but the shape of x is lost.",
        ("t * x", "t * np.ravel(x)"),
        ("scores - np.max(scores)", "scores"),
    ),
    SOFTMAX.variant(
        "last-axis-plainly",
        "Each row is normalised on its own, so a column comes out as ones.",
        ("scores - np.max(scores)", "scores"),
        ("np.sum(powers)", "np.sum(powers, axis=-1, keepdims=True)"),
    ),
    SOFTMAX.variant(
        "rounded",
        "The result is rounded to two digits; all digits are needed.",
        ("return powers / np.sum(powers)", "return np.round(powers / np.sum(powers), 2)"),
    ),
    SOFTMAX.variant(
        "rounded-plainly",
        "The result is rounded to two digits; all digits are needed.",
        ("scores - np.max(scores)", "scores"),
        ("return powers / np.sum(powers)", "return np.round(powers / np.sum(powers), 2)"),
    ),
    SOFTMAX.variant(
        "largest-only",
        "Only the largest probability is returned; there should be one for each score.",
        ("return powers / np.sum(powers)", "return np.max(powers / np.sum(powers))"),
    ),
)
