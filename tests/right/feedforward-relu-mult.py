def relu(z):
    return z*(z>0)
