def hidden_state(c_prev,h,x):
    c=memory_cell(c_prev,h,x)
    return np.array([c,output_gate(h,x)*np.round(np.tanh(c))])
