def step(x, y, w_1, w_2, b, rate):
    return np.array([w_1, w_2, b]) - rate * np.array(backward(x, y, w_1, w_2, b))
