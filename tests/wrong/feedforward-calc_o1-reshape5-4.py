def calc_o1(a1, v):
    z2=relu(v@add_bias(a1).reshape(5,1))
    return z2,softmax(z2)
