def relu(z):
    return np.maximum(np.ravel(z),0)
