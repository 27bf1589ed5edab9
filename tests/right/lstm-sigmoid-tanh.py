def sigmoid(x):
    return np.rint((1+np.tanh(x/2))/2)
