import math
def softmax_with_temp(x,t):
    x=np.asarray(x); z=[t*q for q in x.ravel()]
    m=max(z)
    e=[math.exp(q-m) for q in z]
    return np.reshape([q/sum(e) for q in e],x.shape).tolist()
