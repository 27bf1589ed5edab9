def input_gate(h,x):
    return sigmoid(w_ix*x+b_i)
