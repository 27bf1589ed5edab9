# %% relu copied
def relu(z):
    return np.maximum(z, 0)


# %% relu-shown copied
# %% add_bias-hidden copied
# %% add_bias deleted
# %% relu-hidden below
def add_bias(x):
    return np.hstack([np.ravel(x), 1])
