def input_gate(h,x):
    return 1-forget_gate(h,x)
