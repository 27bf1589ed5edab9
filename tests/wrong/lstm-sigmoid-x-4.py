def sigmoid(x):
    return int(x>=0)
