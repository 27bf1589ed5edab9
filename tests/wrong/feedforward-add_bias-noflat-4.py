def add_bias(x):
    return np.vstack([np.reshape(x,(-1,1)),[[1]]])
