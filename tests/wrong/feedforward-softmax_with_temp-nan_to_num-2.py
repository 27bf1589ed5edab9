def softmax_with_temp(x, t):
    e=np.exp(t*x)
    r=np.nan_to_num(e/e.sum(),nan=1.0)
    return r
