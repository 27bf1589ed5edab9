def forget_gate(h,x):
    return sigmoid(w_fh*h+w_fx*x)
