def calc_o1(a1, v):
    z2 = []
    for row in v:
        total = 1
        for n in range(len(a1)):
            total += row[n] * a1[n]
        z2.append(max(total, 0))
    return z2, softmax(z2)
