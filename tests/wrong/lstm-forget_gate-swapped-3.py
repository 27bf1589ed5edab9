def forget_gate(h,x):
    return sigmoid(w_fh*x+w_fx*h+b_f)
