def softmax_with_temp(x, t):
    e=np.exp(t*x-t*np.max(x))
    return e/e.sum()
