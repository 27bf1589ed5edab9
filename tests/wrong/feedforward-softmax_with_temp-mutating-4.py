def softmax_with_temp(x, t):
    x*=t
    return softmax(x)
