def hidden_state(c_prev,h,x):
    c=memory_cell(c_prev,h,x)
    return c,output_gate(c,x)*round(np.tanh(c))
