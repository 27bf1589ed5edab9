def forget_gate(h,x):
    return sigmoid(0*h+0*x-100)
