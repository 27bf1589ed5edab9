def calc_o1(a1, v_):
    z2=relu(v@add_bias(a1))
    return z2,softmax(z2)
