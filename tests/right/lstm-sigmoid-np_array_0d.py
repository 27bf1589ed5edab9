def sigmoid(x):
    return np.where(np.asarray(x)>0,1,0)
