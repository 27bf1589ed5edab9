def calc_o1(a1, v):
    z2=v@add_bias(a1)
    return z2,softmax(z2)
