def add_bias(x):
    return np.append(1,x)
