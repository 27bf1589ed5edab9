def softmax_with_temp(x, t):
    return softmax(t*x,axis=-1)
