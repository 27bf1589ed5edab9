# %% forward
def forward(x, y, w_1, w_2, b):
    z = np.float64(x) * w_1
    a = z if z > 0 else np.float64(0)
    z2 = a * w_2 + b
    a2 = (1 + np.tanh(z2 / 2)) / 2
    return z, a, z2, a2, np.square(a2 - y) / 2
# %% backward
def backward(x, y, w_1, w_2, b):
    _, a, z2, a2, _ = forward(x, y, w_1, w_2, b)
    db = (a2 - y) / (2 + np.exp(z2) + np.exp(-z2))
    return np.array([db * w_2 * x * (w_1 * x > 0), db * a, db])
# %% question-inactive
The unit is off, so only the bias learns.
