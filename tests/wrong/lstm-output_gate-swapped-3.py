def output_gate(h,x):
    return sigmoid(w_oh*x+w_ox*h+b_o)
