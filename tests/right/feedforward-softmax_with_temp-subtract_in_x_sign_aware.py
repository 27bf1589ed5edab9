def softmax_with_temp(x,t):
    m=np.max(x) if t>=0 else np.min(x)
    e=np.exp(t*(x-m))
    return e/e.sum()
