def calc_o1(a1, v):
    a1.append(1)
    z2 = relu(v @ a1)
    return z2, softmax(z2)
