def add_bias(x):
    return list(np.ravel(x))+[1]
