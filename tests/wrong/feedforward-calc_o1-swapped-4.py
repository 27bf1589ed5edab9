def calc_o1(a1, v):
    z2=relu(v@add_bias(a1))
    return softmax(z2),z2
