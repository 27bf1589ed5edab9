# %% forward
def forward(x, y, w_1, w_2, b):
    z_1 = w_1 * x
    a_1 = max(0, z_1)
    z_2 = w_2 * a_1 + b
    a_2 = 1 / (1 + np.exp(-z_2))
    return z_1, a_1, z_2, a_2, (y - a_2) ** 2


# %% back_to_z2
def back_to_z2(y, a_2):
    return (y - a_2) * a_2 * (1 - a_2)


# %% back_to_z1
def back_to_z1(dloss_z2, w_2, z_1):
    return dloss_z2 * w_2 * max(0, z_1)


# %% backward
def backward(x, y, w_1, w_2, b):
    z_1, a_1, z_2, a_2, _ = forward(x, y, w_1, w_2, b)
    db = (y - a_2) * a_2 * (1 - a_2)
    return db * w_2 * x * (z_1 > 0), db * a_1, db


# %% step
def step(x, y, w_1, w_2, b, rate):
    dw_1, dw_2, db = backward(x, y, w_1, w_2, b)
    return w_1 + rate * dw_1, w_2 + rate * dw_2, b + rate * db
