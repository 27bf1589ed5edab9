def add_bias(x):
    return np.append(x,0)
