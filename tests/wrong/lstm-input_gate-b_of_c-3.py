def input_gate(h,x):
    return sigmoid(w_ih*h+w_ix*x+b_c)
