def hidden_state(c_prev,h,x):
    c=np.asarray(memory_cell(c_prev,h,x))
    return [c,np.asarray(output_gate(h,x)*np.round(np.tanh(c)))]
