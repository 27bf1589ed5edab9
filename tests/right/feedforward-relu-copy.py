def relu(z):
    out=z.copy()
    out[out<0]=0
    return out
