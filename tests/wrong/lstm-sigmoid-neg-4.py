def sigmoid(x):
    return round(1/(1+np.exp(x)))
