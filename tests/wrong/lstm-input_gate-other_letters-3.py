def input_gate(h,x):
    return sigmoid(w_oh*h+w_ox*x+b_o)
