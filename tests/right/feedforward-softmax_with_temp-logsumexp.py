from scipy.special import logsumexp
def softmax_with_temp(x,t):
    return np.exp(t*x-logsumexp(t*x))
