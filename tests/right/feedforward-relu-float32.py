def relu(z):
    return np.maximum(np.asarray(z,dtype=np.float32),0)
