def hidden_state(c_prev, h, x):
    c_prev = memory_cell(c_prev, h, x)
    return c_prev, output_gate(h, x) * round(np.tanh(memory_cell(c_prev, h, x)))
