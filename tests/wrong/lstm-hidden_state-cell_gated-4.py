def hidden_state(c_prev,h,x):
    o=output_gate(h,x)
    c=o*memory_cell(c_prev,h,x)
    return c,o*round(np.tanh(c))
