def softmax_with_temp(x, t):
    e = np.exp(x - np.max(x))
    return t * e / np.sum(t * e)
