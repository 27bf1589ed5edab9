# %% forward
def forward(x, y, w_1, w_2, b):
    z = np.float64(x) * w_1
    a = z if z > 0 else np.float64(0)
    z2 = a * w_2 + b
    a2 = (1 + np.tanh(z2 / 2)) / 2
    return z, a, z2, a2, np.square(a2 - y) / 2
# %% back_to_z2
def back_to_z2(y, a_2):
    return (a_2 - y) * (a_2 - np.square(a_2))
# %% back_to_z1
def back_to_z1(dloss_z2, w_2, z_1):
    return w_2 * dloss_z2 * np.heaviside(z_1, 0)
# %% backward
def backward(x, y, w_1, w_2, b):
    _, a, z2, a2, _ = forward(x, y, w_1, w_2, b)
    db = (a2 - y) / (2 + np.exp(z2) + np.exp(-z2))
    return np.array([db * w_2 * x * (w_1 * x > 0), db * a, db])
# %% step
def step(x, y, w_1, w_2, b, rate):
    return np.array([w_1, w_2, b]) - rate * backward(x, y, w_1, w_2, b)
# %% question-inactive
The unit is off, so only the bias learns.
