def softmax_with_temp(x, t):
    return np.exp(t * x) / np.sum(np.exp(x))
