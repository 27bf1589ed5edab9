def add_bias(x):
    return np.append(np.asarray(x,dtype=np.float32),np.float32(1))
