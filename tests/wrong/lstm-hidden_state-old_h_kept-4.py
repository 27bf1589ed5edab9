def hidden_state(c_prev,h,x):
    c=memory_cell(c_prev,h,x)
    if output_gate(h,x): h=round(np.tanh(c))
    return c,h
