# %% forward
def forward(x, y, w_1, w_2, b):
    z_1 = w_1 * x
    a_1 = np.maximum(0, z_1)
    z_2 = w_2 * a_1 + b
    a_2 = 1 / (1 + np.exp(-z_2))
    loss = 1/2 * (y - a_2)**2
    return z_1, a_1, z_2, a_2, loss
# %% back_to_z2
def back_to_z2(y, a_2):
    dloss = -(y-a_2)
    da2_z2 = a_2 * (1 - a_2)
    return dloss * da2_z2 # chain rule
# %% back_to_z1
def back_to_z1(dloss_z2, w_2, z_1):
    dz2_a1 = w_2
    dloss_a1 = dloss_z2 * dz2_a1
    da1_z1 = 1 # relu derivative 1 > 0
    return dloss_a1 * da1_z1
# %% backward
def backward(x, y, w_1, w_2, b):
    z_1, a_1, z_2, a_2, loss = forward(x, y, w_1, w_2, b)
    dloss = -(y-a_2)
    da2_z2 = a_2 * (1 - a_2)
    dloss_z2 = dloss * da2_z2 # chain rule

    dz2_a1 = w_2
    dz_w2 = a_1
    dloss_a1 = dloss_z2 * dz2_a1
    dloss_w2 = dloss_z2 * dz_w2

    da1_z1 = 1 # relu derivative 1 > 0
    dloss_z1 = dloss_a1 * da1_z1

    dz1_w1 = x
    dloss_w1 = dloss_z1 * dz1_w1
    return dloss_w1, dloss_w2, dloss_z2
# %% step
def step(x, y, w_1, w_2, b, rate):
    dloss_w1, dloss_w2, dloss_b = backward(x, y, w_1, w_2, b)
    return w_1 - rate * dloss_w1, w_2 - rate * dloss_w2, b - rate * dloss_b
# %% question-inactive
Those of the weights, because relu is flat there.
