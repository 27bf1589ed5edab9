def hidden_state(c_prev,h,x):
    c=memory_cell(c_prev,h,x)
    return output_gate(h,x)*round(np.tanh(c)),c
