def sigmoid(x):
    return np.float32(np.round(1/(1+np.exp(-float(x)))))
