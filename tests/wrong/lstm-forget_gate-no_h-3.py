def forget_gate(h,x):
    return sigmoid(w_fx*x+b_f)
