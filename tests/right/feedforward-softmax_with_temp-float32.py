def softmax_with_temp(x,t):
    z=(t*np.asarray(x)).astype(np.float32)
    return softmax(z)
