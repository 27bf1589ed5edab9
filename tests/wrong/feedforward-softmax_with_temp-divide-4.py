def softmax_with_temp(x, t):
    z=x/t
    e=np.exp(z-np.max(z))
    return e/e.sum()
