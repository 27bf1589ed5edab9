def input_gate(h,x):
    return sigmoid(100*x+100)
