def hidden(a1): return add_bias(a1)
def calc_o1(a1,v):
    z=relu(v@hidden(a1))
    return z,softmax(z)
