def input_gate(h,x):
    return sigmoid(w_ih*x+w_ix*h+b_i)
