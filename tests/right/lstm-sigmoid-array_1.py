def sigmoid(x):
    return np.round(1/(1+np.exp(-np.atleast_1d(x))))
