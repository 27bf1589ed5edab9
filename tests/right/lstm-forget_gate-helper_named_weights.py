def weights(h,x):
    return w_fh*h+w_fx*x+b_f
def forget_gate(h,x):
    return sigmoid(weights(h,x))
