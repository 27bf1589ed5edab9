def sigmoid(x):
    return int(1/(1+np.exp(-x)))
