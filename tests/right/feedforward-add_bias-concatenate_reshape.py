def add_bias(x):
    return np.concatenate((x.reshape(-1),np.array([1])))
