def calc_o1(a1, v):
    a1 = list(a1) + [1]
    z2 = relu(np.dot(v, a1))
    return z2, np.exp(z2) / sum(np.exp(z2))
