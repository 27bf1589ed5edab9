def add_bias(x):
    x=np.ravel(x)
    return np.array([x[0],x[1],1])
