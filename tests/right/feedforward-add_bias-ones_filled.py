def add_bias(x):
    longer = np.ones(x.size + 1)
    longer[: x.size] = x.flatten()
    return longer
