def softmax_with_temp(x, t):
    e=np.exp(np.longdouble(t)*x)
    return e/e.sum()
