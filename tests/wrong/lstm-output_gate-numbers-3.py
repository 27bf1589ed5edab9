def output_gate(h,x):
    return sigmoid(100*x)
