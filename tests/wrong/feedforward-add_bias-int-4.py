def add_bias(x):
    return np.append(x,1).astype(int)
