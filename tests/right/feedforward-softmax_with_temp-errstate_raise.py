np.seterr(all="raise")
def softmax_with_temp(x,t):
    z=t*x
    e=np.exp(np.maximum(z-z.max(),-700))
    return e/e.sum()
