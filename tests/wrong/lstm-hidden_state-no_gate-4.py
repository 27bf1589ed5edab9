def hidden_state(c_prev,h,x):
    c=memory_cell(c_prev,h,x)
    return c,round(np.tanh(c))
