def calc_o1(a1, v):
    s=sum(a1)
    z2=relu(np.array([s,2-s]))
    return z2,softmax(z2)
