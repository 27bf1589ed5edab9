# %% relu
def relu(z):
    return np.maximum(z, 0)


# %% relu-hidden deleted
# %% add_bias
def add_bias(x):
    return np.append(x, 1)


# %% given-weights deleted
