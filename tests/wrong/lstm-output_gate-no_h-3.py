def output_gate(h,x):
    return sigmoid(w_ox*x+b_o)
