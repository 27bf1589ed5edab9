def softmax_with_temp(x, t):
    return softmax(np.ravel(t*x))
