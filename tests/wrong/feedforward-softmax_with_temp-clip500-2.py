def softmax_with_temp(x, t):
    e=np.exp(np.clip(t*x,-500,500))
    return e/e.sum()
