def softmax_with_temp(x, t):
    e=t*np.exp(x-np.max(x))
    return e/e.sum()
