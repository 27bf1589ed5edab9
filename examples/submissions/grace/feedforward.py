# %% relu
def relu(z):
    """Everything right, and nothing the way the document has it."""
    z = np.asarray(z)
    return (z + np.abs(z)) / 2
# %% add_bias
import warnings

def add_bias(x):
    warnings.warn("a warning costs nothing")
    values = np.ones(np.size(x) + 1)
    values[:-1] = np.asarray(x).reshape(-1)
    return values
# %% forward
def weighted_sums(weights, inputs):
    return [sum(a * b for a, b in zip(row, list(np.ravel(inputs)) + [1.0])) for row in weights]

def forward(x, w, v):
    z1 = weighted_sums(w, x)
    a1 = [max(z, 0.0) for z in z1]
    z2 = [max(z, 0.0) for z in weighted_sums(v, a1)]
    total = sum(np.exp(z - max(z2)) for z in z2)
    return [z1, a1, z2, [np.exp(z - max(z2)) / total for z in z2]]
# %% calc_o1
def calc_o1(a1, v):
    column = np.concatenate([np.asarray(a1, dtype=float).reshape(-1, 1), [[1.0]]])
    z2 = np.clip(np.matmul(v, column), 0, None)
    return z2, softmax(z2, axis=0)
# %% softmax_with_temp
softmax_with_temp = lambda x, t: softmax(np.multiply(t, x))
# %% question-boundary
A corner needs a unit that switches, and units switch only on the dashed lines.
