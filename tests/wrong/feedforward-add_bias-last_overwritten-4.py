def add_bias(x):
    values = np.array(x, dtype=float).flatten()
    values[-1] = 1
    return values
