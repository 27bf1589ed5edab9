def relu(z):
    z[z<0]=0
    return z
