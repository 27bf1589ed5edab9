def step(x, y, w_1, w_2, b, rate):
    return [p - rate * d for p, d in zip((w_1, w_2, b), backward(x, y, w_1, w_2, b))]
