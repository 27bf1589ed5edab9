def softmax_with_temp(x, t):
    z=t*x
    e=np.exp(z-np.max(np.abs(z)))
    return e/e.sum()
